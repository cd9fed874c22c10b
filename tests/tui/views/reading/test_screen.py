"""A large table on the screen: how far it is read, leaving meanwhile, what comes of it, and what is wrong with it."""

import csv
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from gatestep.engine import BadInput
from gatestep.scenarios.forecast import STARBUCKS
from gatestep.tui.app import GatestepApp
from gatestep.tui.commands import run
from gatestep.tui.draw.look import Look
from gatestep.tui.views.forecast.screen import ForecastScreen
from gatestep.tui.views.forecast.state import own_forecasting
from gatestep.tui.views.help.screen import HelpScreen
from gatestep.tui.views.reading import state
from gatestep.tui.views.reading.screen import ReadingScreen
from gatestep.tui.views.reading.state import Reading
from pilots import shown, until

SIZE = (80, 24)


class Slow:
    """A file that is read as far as a test wants."""

    def __init__(self, comes: Any = None) -> None:
        self.goes_on, self.left, self.comes = Event(), Event(), comes

    def read(self, progress: Callable[[float], None]) -> tuple[Any, int | None]:
        try:
            progress(0.42)
            assert self.goes_on.wait(20)
            progress(0.9)
        finally:
            self.left.set()
        if isinstance(self.comes, Exception):
            raise self.comes
        return self.comes, 11


async def test_the_share_is_shown_and_then_what_was_read(look: Look) -> None:
    slow = Slow(own_forecasting(STARBUCKS.series, "own.csv"))
    app = GatestepApp(look, Reading(Path("some/where/own.csv"), slow.read))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "reading own.csv  42 %" in shown(app))
        assert "Esc or q leaves" in shown(app)
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        slow.goes_on.set()
        await until(pilot, lambda: isinstance(app.screen, ForecastScreen))
        assert not any(isinstance(screen, ReadingScreen | HelpScreen) for screen in app.screen_stack)
        await until(pilot, lambda: "Volume day by day" in shown(app))
        assert "day 12 of 253" in shown(app)


@pytest.mark.parametrize("key", ["escape", "q"])
async def test_it_is_left_meanwhile(look: Look, key: str) -> None:
    slow = Slow()
    app = GatestepApp(look, Reading(Path("own.csv"), slow.read))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "42 %" in shown(app))
        await pilot.press(key)
        await until(pilot, lambda: not app.is_running)
    assert (app.return_code, app.return_value) == (0, None)
    slow.goes_on.set()
    assert slow.left.wait(20)


@pytest.mark.parametrize("error", [BadInput("own.csv: row 7 has 2 columns"), ZeroDivisionError()])
async def test_what_is_wrong_ends_it(look: Look, error: Exception) -> None:
    slow = Slow(error)
    slow.goes_on.set()
    app = GatestepApp(look, Reading(Path("own.csv"), slow.read))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: not app.is_running)
    assert app.return_value is error


def test_only_a_large_table_has_the_screen(
    gatestep: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, opened = tmp_path / "own.csv", list[Any]()

    def open_app(glyphs: str, record: Any, t: int | None = None, **_: object) -> int:
        opened.append(record)
        return 0

    monkeypatch.setattr(run, "has_terminal", lambda: True)
    monkeypatch.setattr(run, "open_app", open_app)
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("a", "y"), *((n % 7, n % 11) for n in range(60))])
    arguments = ("run", "--csv", str(path), "--target", "y", "--horizon", "2", "--at", "9")
    assert gatestep(*arguments).code == 0
    assert state.LARGE == 1_000_000
    monkeypatch.setattr(state, "LARGE", 100)
    assert gatestep(*arguments).code == 0
    assert gatestep(*arguments[:-1], "99").code == 0  # what is wrong with it shows when it is read
    small, large, wrong = opened
    told: list[float] = []
    record, t = large.read(told.append)
    assert (record.series.horizon, record.day, t) == (small.series.horizon, small.day, 8) == (2, 8, 8)
    assert told
    with pytest.raises(BadInput, match="--at 99: there is no such timestamp; the sequence has 1 to 60"):
        wrong.read(told.append)
    assert gatestep(*arguments, "--split", "1").code == 0
    assert gatestep(*arguments, "--window", "0").code == 2
