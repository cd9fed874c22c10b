"""A panel that a thread draws: what lies ahead is there at once, and nothing is drawn for a screen that was left."""

from threading import Event

import pytest
from gatestep.scenarios import EXPERIMENTS, find
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.lines import Line
from gatestep.tui.draw.look import Look
from gatestep.tui.source.make import scenario_subject
from gatestep.tui.views.base.late import LateView
from gatestep.tui.views.base.messages import Open
from gatestep.tui.views.experiment import panels
from gatestep.tui.views.experiment.screen import ExperimentScreen
from gatestep.tui.views.experiment.state import Trial
from pilots import shown, until

TRIAL = Trial(EXPERIMENTS["gradients"])
SIZES = [(80, 24), (200, 50)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("keys", [("tab",), ("enter",), ("tab", "enter")], ids=" ".join)
async def test_where_a_key_is_likely_to_lead_is_drawn_before_it_is_pressed(
    look: Look, size: tuple[int, int], keys: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = GatestepApp(look, TRIAL)
    async with app.run_test(size=size) as pilot:
        view = app.screen.query_one("#page", LateView)
        await until(pilot, lambda: len(view._ready) == len({id(there.chart) for there in TRIAL.ahead()}))
        monkeypatch.setattr(LateView, "_begin", lambda *_: None)
        before = shown(app, "page")
        await pilot.press(*keys)
        state = app.screen.state  # type: ignore[attr-defined]
        assert shown(app, "page") not in ("", before)
        drawn = panels.page(state, size[0], view.size.height, look)
        assert shown(app, "page") == "\n".join("".join(piece.text for piece in line) for line in drawn)


async def test_nothing_is_drawn_ahead_for_a_screen_that_was_left(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, left = Event(), Event()
    drawn: list[Trial] = []

    def page(state: Trial, width: int, height: int, look: Look) -> list[Line]:
        drawn.append(state)
        begun.set()
        left.wait(30)
        return []

    monkeypatch.setattr(panels, "page", page)
    app = GatestepApp(look, scenario_subject(find("pakistan")), t=0)
    async with app.run_test(size=(80, 24)) as pilot:
        app.post_message(Open(TRIAL))
        await until(pilot, begun.is_set)
        screen = app.screen
        assert isinstance(screen, ExperimentScreen)
        await app.run_action("back")
        await until(pilot, lambda: not screen.is_attached)
        left.set()
        await until(pilot, lambda: not [worker for worker in app.workers if worker.is_running])
        assert drawn == [TRIAL]
