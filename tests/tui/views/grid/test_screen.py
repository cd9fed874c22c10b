"""The patch grid on the screen: its numbers are those of single edits, and Enter makes one of them."""

from typing import Any

import numpy as np
import pytest
from gatestep.engine import BadInput, parse_edit
from gatestep.engine.trace import log_softmax
from gatestep.scenarios import find
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import ASCII, Look
from gatestep.tui.source.edited import with_edits
from gatestep.tui.source.make import scenario_subject
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.base.prompt import Prompt
from gatestep.tui.views.grid import panels
from gatestep.tui.views.grid.make import patched
from gatestep.tui.views.grid.screen import GridScreen
from gatestep.tui.views.grid.state import GridView, grid_of
from gatestep.tui.views.stepper.screen import StepperScreen
from gatestep.tui.views.stepper.state import Moment, first_moment
from pilots import shown, until
from textual.pilot import Pilot

FRANCE = "My name is Ahmad, I live in France, I am a good boy, I am in 5th grade, I am"


def state(app: GatestepApp) -> GridView:
    assert isinstance(app.screen, GridScreen)
    return app.screen.state


def chance(moment: Moment, answer: str) -> float:
    """ln p of a word at the last timestamp."""
    trace = moment.trace
    assert trace.readout is not None
    assert trace.vocabulary is not None
    scores = trace.readout.scores(trace.top[-1]).astype(np.float64)
    return float(log_softmax(scores)[list(trace.vocabulary).index(answer)])


async def opened(pilot: Pilot[Any]) -> None:
    await pilot.press("G", "number_sign")
    await pilot.pause()
    await until(pilot, lambda: isinstance(pilot.app.screen, GridScreen) and pilot.app.screen.state.patched)


async def test_the_selected_effect_is_that_of_the_edit_that_enter_makes(app: GatestepApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot)
        assert "ln p(Pakistani) at 24" in shown(app, "grid")
        await pilot.press("n")
        await pilot.pause()
        here, one = state(app).here, state(app).patched
        assert one is not None
        effect = one.grid.effects[here.t, here.unit]
        assert abs(effect) == np.abs(one.grid.effects).max()
        before = chance(here, "Pakistani")
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, StepperScreen)
        there: Moment = app.screen.state
        assert (there.t, there.unit, there.quantity) == (here.t, here.unit, here.quantity)
        assert len(there.trace.edits) == 1
        assert chance(there, "Pakistani") - before == pytest.approx(effect, abs=1e-4)
        await pilot.press("U")
        await pilot.pause()
        assert not app.screen.state.trace.edits


async def test_it_patches_from_another_sentence_and_asks_about_another_word(app: GatestepApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot)
        await pilot.press("P")
        app.screen.query_one(Prompt).field.value = "I am"
        await pilot.press("enter")
        assert "it has 2 words" in str(app.screen.query_one("#wrong").render())
        app.screen.query_one(Prompt).field.value = FRANCE
        await pilot.press("enter")
        await until(pilot, lambda: state(app).patched)
        await pilot.press("w")
        app.screen.query_one(Prompt).field.value = "Frensh"
        await pilot.press("enter")
        assert "cannot say" in str(app.screen.query_one("#wrong").render())
        app.screen.query_one(Prompt).field.value = "French"
        await pilot.press("enter")
        await until(pilot, lambda: state(app).patched)
        one = state(app).patched
        assert one is not None
        assert one.grid.answer == "French"
        assert np.abs(one.grid.effects[:8]).max() < 1e-5, "until the country both sentences are the same"
        await pilot.press("9", "G", "enter")
        await pilot.pause()
        (edit,) = app.screen.state.trace.edits  # type: ignore[attr-defined]
        assert edit.text.endswith(f'@9=from("{FRANCE}")')


async def test_every_key_moves_and_other_quantities_are_computed(app: GatestepApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("tab")
        await until(pilot, lambda: state(app).patched)
        assert state(app).here.quantity == "input"
        await pilot.press("shift+tab", "g", "right", "right", "left", "down", "down", "up")
        await pilot.pause()
        assert (state(app).here.t, state(app).here.quantity) == (1, "forget")
        assert "forget[3]@2" in shown(app, "selected")
        await pilot.press("n", "n", "N", "m", "3", "G")
        await until(pilot, lambda: state(app).patched)
        assert state(app).here.t == 2
        await pilot.press("99", "q")


async def test_leaving_ends_the_work(app: GatestepApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("G", "number_sign", "q")
        await pilot.pause()
        assert isinstance(app.screen, StepperScreen)
        await until(pilot, lambda: not [w for w in app.workers if w.is_running])


def test_only_timestamps_until_the_word_count(subject: Subject) -> None:
    view = grid_of(first_moment(subject, 9))
    found = patched(view, lambda: None)
    assert found.grid.effects.shape == (10, 8)
    assert view.of(view.here.at(20)).here.t == 9


def test_the_work_can_be_ended(subject: Subject) -> None:
    ticks: list[int] = []

    def tick() -> None:
        ticks.append(1)
        if len(ticks) > 12:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        patched(grid_of(first_moment(subject, 23)), tick)
    assert len(ticks) == 13


def test_it_holds_with_edits_and_on_every_terminal(subject: Subject) -> None:
    changed = with_edits(subject, [parse_edit("forget[2]=1@5")])
    view = grid_of(first_moment(changed, 23))
    view = view.with_found(view, patched(view, lambda: None), "")
    for look in (Look(ASCII), Look(ASCII, "none"), Look(ASCII, plain=True)):
        text = "\n".join("".join(s.text for s in line) for line in panels.grid(view, 80, 12, look))
        assert text.isascii()
        assert "-9 = " in text
    assert "edited: 1 edit" in "".join(s.text for s in panels.heading(view, 100, 1, Look(ASCII))[0])


async def test_without_words_the_key_says_why(look: Look) -> None:
    from pilots import FROM_FILE

    subject = scenario_subject(find("order"))
    assert isinstance(subject, Subject)
    with pytest.raises(BadInput, match="predicts none"):
        grid_of(first_moment(Subject("w", "w", subject.trace, FROM_FILE)))
