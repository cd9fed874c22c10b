"""What is drawn beside the numbers: the cell, the chart, the scale of the timeline and the order of the units."""

import math
from collections.abc import Callable

import pytest
from gatestep.scenarios import find
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import UNICODE, Look
from gatestep.tui.source.make import scenario_subject
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.base.late import LateView
from gatestep.tui.views.stepper.order import MEANINGS
from gatestep.tui.views.stepper.state import Moment
from pilots import noted, shown, until

Now = Callable[[GatestepApp], Moment]
SIZE = (80, 24)


async def test_orders_units_by_their_effect_here_and_back(app: GatestepApp, now: Now, subject: Subject) -> None:
    assert subject.prediction is not None
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("G", "o")
        effects = abs(subject.prediction.effects(23))
        assert list(now(app).order) == sorted(range(8), key=lambda unit: -effects[unit])
        assert now(app).unit == now(app).order[0]
        await pilot.press("h")
        assert now(app).ordered_at == 23, "the order stays while one steps on"
        await pilot.press("l", *"ooooo")
        assert now(app).order == tuple(range(8))


@pytest.mark.parametrize("model", ["lstm", "gru", "rnn"])
async def test_the_orders_take_turns_each_with_its_numbers_and_its_timestamp(now: Now, model: str) -> None:
    subject = scenario_subject(find("pakistan"), model)
    assert isinstance(subject, Subject)
    app = GatestepApp(Look(UNICODE), subject, t=8)
    expected = ["effect", "activity", "change", *(["saturation", "half-life"] * (model != "rnn"))]
    async with app.run_test(size=SIZE) as pilot:
        for name in expected:
            await pilot.press("o")
            heading, *rows = shown(app, "units").splitlines()
            assert f"▼ {name}@9" in heading
            assert f"units by {MEANINGS[name]}"[:60] in noted(app)
            sizes = [ranks_of(name, row) for row in rows if row.strip()]
            assert sizes == sorted(sizes, reverse=True)
            assert len(sizes) == min(subject.trace.stack.H, len(rows))
        await pilot.press("o")
        assert now(app).order == tuple(range(subject.trace.stack.H))


def ranks_of(name: str, row: str) -> float:
    """The number at the end of a row, by size."""
    text = row.split()[-2 if name == "saturation" else -1]
    return math.inf if text == "∞" else abs(float(text.replace("−", "-")))


async def test_the_cell_takes_the_place_of_the_table_and_escape_gives_it_back(app: GatestepApp, now: Now) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("p", "right", "full_stop")
        assert "inside unit" in shown(app, "cell")
        assert not app.screen.query_one("#units").display
        assert (now(app).t, now(app).phase) == (2, 1)
        await pilot.press("escape")
        assert app.screen.query_one("#units").display
        assert not app.screen.query_one("#cell").display


async def test_on_a_large_terminal_the_cell_stands_beside_the_table_until_it_is_taken_away(app: GatestepApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        assert app.screen.query_one("#cell").display
        assert app.screen.query_one("#units").display
        await pilot.press("p")
        assert not app.screen.query_one("#cell").display
        assert app.screen.query_one("#units").size.width == 120


async def test_the_chart_of_the_unit_comes_after_the_first_frame_and_is_drawn_again_for_another_unit_only(
    app: GatestepApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        chart = app.screen.query_one("#chart", LateView)
        await until(pilot, lambda: "gates and memory" in shown(app, "chart"))
        asked: list[object] = []
        monkeypatch.setattr(LateView, "_begin", lambda self, key, *_: asked.append(key))
        await pilot.press("right", "right", "tab")
        assert asked == []
        assert "gates and memory" in shown(app, "chart")
        await pilot.press("down")
        await pilot.pause()
        assert len(asked) == 1
        assert chart.strips == []


async def test_the_scale_is_set_anew_by_one_key_and_back(app: GatestepApp, now: Now, subject: Subject) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "tab", "tab")
        before = shown(app, "timeline")
        assert "beyond" in before
        await pilot.press("r")
        heading = shown(app, "timeline").splitlines()[0]
        assert "beyond" not in heading
        assert float(heading.split()[-2]) >= abs(subject.trace.layers[0]["cell"]).max()
        await pilot.press("right", "left", "r")
        assert shown(app, "timeline") == before
