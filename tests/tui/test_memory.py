"""What a screen has shown does not stay in memory when the screen is left."""

from collections.abc import Callable
from dataclasses import replace
from threading import Event
from typing import Any
from weakref import ref

import numpy as np
import pytest
from gatestep.engine import run_lazily, stack_from_tensors
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import Look
from gatestep.tui.opening import screen_of
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.base.screen import ViewScreen
from gatestep.tui.views.compare.state import Comparison
from gatestep.tui.views.gates.state import GateStatistics
from gatestep.tui.views.learning.screen import LearningScreen
from gatestep.tui.views.learning.state import Learning
from gatestep.tui.views.stepper.screen import StepperScreen
from gatestep.tui.views.unit.make import ablation
from gatestep.tui.views.unit.screen import UnitScreen
from gatestep.tui.views.unit.state import Cost, UnitPage
from pilots import FROM_FILE, shown, until

pytestmark = pytest.mark.usefixtures("as_in_a_terminal")

T = 1_000_000


async def test_leaving_a_million_step_trace_frees_its_memory(look: Look) -> None:
    rng = np.random.default_rng(0)
    shapes = {"weight_ih_l0": (8, 1), "weight_hh_l0": (8, 2), "bias_ih_l0": (8,), "bias_hh_l0": (8,)}
    tensors = {name: rng.standard_normal(shape, "f4") for name, shape in shapes.items()}
    app = GatestepApp(look)
    async with app.run_test(size=(120, 40)) as pilot:
        trace = run_lazily(stack_from_tensors(tensors, "small"), np.ones((T, 1), "f4"))
        gone = ref(trace)
        await app.push_screen(screen_of(Subject("own.npz", "LSTM 2 units", trace, FROM_FILE), look))
        del trace
        for key in ("right", "5", "right", "tab", "down", "tab", "d", "question_mark", "escape"):
            await pilot.press(key)
        assert str(T) in shown(app).replace(",", "")
        await pilot.press("q")
        await until(pilot, lambda: gone() is None, 10)


@pytest.mark.parametrize("key", ["c", "u", "v", "b"])
async def test_leaving_a_page_frees_what_was_run_for_it(key: str, app: GatestepApp) -> None:
    """Of the subjects that a page shows, only the one that the stepper below shows is still there."""
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(key)
        await until(pilot, lambda: not isinstance(app.screen, StepperScreen))
        await app.workers.wait_for_complete()
        await pilot.press("right", "down", "tab")
        gone = [ref(subject) for subject in _subjects(view(app).state) if subject is not app._opened]
        assert gone or key == "v"
        await pilot.press("q")
        await until(pilot, lambda: not any(trace() for trace in gone), 10)


async def test_a_thread_that_works_on_after_its_page_is_left_frees_what_it_ran(
    app: GatestepApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, left = Event(), Event()

    def slowly(screen: UnitScreen, page: UnitPage) -> Cost:
        begun.set()
        assert left.wait(60)
        return ablation(page.here)

    monkeypatch.setattr(UnitScreen, "find", slowly)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("u")
        await until(pilot, begun.is_set)
        gone = [ref(subject) for subject in _subjects(view(app).state) if subject is not app._opened]
        assert gone
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, StepperScreen))
        await pilot.pause()
        left.set()
        await until(pilot, lambda: not any(trace() for trace in gone), 10)


async def test_going_on_to_another_network_frees_the_one_before(app: GatestepApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("m", "right", "tab")
        gone = ref(view(app).state.subject)
        await pilot.press("m", "right")
        await until(pilot, lambda: gone() is None, 10)


async def test_leaving_a_training_frees_its_checkpoints(
    app: GatestepApp, look: Look, learned: Callable[[], Learning]
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        learning = learned()
        history = replace(
            learning.history, checkpoints=tuple(replace(checkpoint) for checkpoint in learning.history.checkpoints)
        )
        await app.push_screen(LearningScreen(replace(learning, history=history), look))
        del learning, history
        for key in ("less_than_sign", "right", "s", "less_than_sign", "down", "q", "less_than_sign"):
            await pilot.press(key)
        assert isinstance(app.screen, LearningScreen)
        gone = ref(app.screen.state.moment.subject)
        await pilot.press("q")
        await until(pilot, lambda: gone() is None, 10)


def view(app: GatestepApp) -> ViewScreen:
    """The screen that is open."""
    assert isinstance(app.screen, ViewScreen)
    return app.screen


def _subjects(state: Any) -> list[Subject]:
    """Everything that a page shows a trace of."""
    if isinstance(state, Comparison):
        return [moment.subject for moment in state.moments]
    return [state.subject] if isinstance(state, GateStatistics) else list(state.subjects)
