"""The patch grid on the screen: its numbers are those of single edits, and Enter makes one of them."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import numpy as np
import pytest
from gatestep.engine import BadInput, parse_edit
from gatestep.engine.files.own import Own
from gatestep.engine.trace import log_softmax
from gatestep.scenarios import find
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import ASCII, Look
from gatestep.tui.source.edited import with_edits
from gatestep.tui.source.make import scenario_subject
from gatestep.tui.source.own import own_subject
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.base.prompt import Prompt
from gatestep.tui.views.grid import make, panels
from gatestep.tui.views.grid.make import patched
from gatestep.tui.views.grid.screen import GridScreen
from gatestep.tui.views.grid.state import GridView, Patched, grid_of
from gatestep.tui.views.stepper.screen import StepperScreen
from gatestep.tui.views.stepper.state import Moment, first_moment
from numbermade import made
from pilots import noted, shown, until
from textual.pilot import Pilot

if TYPE_CHECKING:
    from tests.tui.conftest import Command

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
        assert "Frensh is not among" in str(app.screen.query_one("#wrong").render())
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
        await pilot.press("m")
        assert "to the means already; P takes another sentence" in noted(app)
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
    found = patched(view, lambda done, total: None)
    assert found.grid.effects.shape == (10, 8)
    assert view.of(view.here.at(20)).here.t == 9


def test_the_work_can_be_ended(subject: Subject) -> None:
    ticks: list[int] = []

    def on_progress(done: int, total: int) -> None:
        assert total == 24
        ticks.append(done)
        if len(ticks) > 12:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        patched(grid_of(first_moment(subject, 23)), on_progress)
    assert ticks == [*range(1, 14)]


def test_it_holds_with_edits_and_on_every_terminal(subject: Subject) -> None:
    changed = with_edits(subject, [parse_edit("forget[2]=1@5")])
    view = grid_of(first_moment(changed, 23))
    view = view.with_found(view, patched(view, lambda done, total: None), "")
    for look in (Look(ASCII), Look(ASCII, "none"), Look(ASCII, plain=True)):
        text = "\n".join("".join(s.text for s in line) for line in panels.grid(view, 80, 12, look))
        assert text.isascii()
        assert "-9 = " in text
    assert "edited: 1 edit" in "".join(s.text for s in panels.heading(view, 100, 1, Look(ASCII))[0])


async def test_without_words_the_key_says_why(look: Look) -> None:
    from pilots import FROM_FILE

    subject = scenario_subject(find("order"))
    assert isinstance(subject, Subject)
    with pytest.raises(BadInput, match="gives none"):
        grid_of(first_moment(Subject("w", "w", subject.trace, FROM_FILE)))


@pytest.fixture
def batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Subject:
    """The second of three sequences of numbers, with two outputs, upon two layers."""
    monkeypatch.chdir(tmp_path)
    made(tmp_path, layers=2, dense=0, inputs=3, outputs=2)
    np.save("x.npy", np.random.default_rng(0).normal(size=(3, 6, 3)))
    return own_subject(Own(Path("model.pt"), Path("x.npy"), layout="batch-first", sequence=2))


async def test_over_numbers_it_is_what_the_command_prints(batch: Subject, look: Look, gatestep: "Command") -> None:
    command = ("grid", "model.pt", "--input", "x.npy", "--layout", "batch-first", "--sequence", "2", "--layer", "l0",
               "--quantity", "forget", "--at", "5", "--json")  # fmt: skip
    right = [json.loads(gatestep(*command, "--answer", "0").out)]
    right.append(json.loads(gatestep(*command, "--answer", "1", "--from", "3").out))
    app = GatestepApp(look, batch, 4)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("number_sign")
        await until(pilot, lambda: app.where == "grid" and state(app).patched)
        assert "means over the other sequences" in shown(app, "heading")
        found = [state(app).patched]
        await pilot.press("P", "9", "enter")
        assert "there is no sequence 9" in str(app.screen.query_one("#wrong").render())
        app.screen.query_one(Prompt).field.value = "2"
        await pilot.press("enter")
        assert "this is the sequence that would be patched" in str(app.screen.query_one("#wrong").render())
        app.screen.query_one(Prompt).field.value = "3"
        await pilot.press("enter")
        await until(pilot, lambda: state(app).source == "3" and state(app).patched)
        assert "from sequence 3" in shown(app, "heading")
        await pilot.press("w", "7", "enter")
        assert "there is no output 7" in str(app.screen.query_one("#wrong").render())
        app.screen.query_one(Prompt).field.value = "1"
        await pilot.press("enter")
        await until(pilot, lambda: state(app).answer == "1" and state(app).patched)
        found.append(state(app).patched)
        await pilot.press("n", "enter")
        await pilot.pause()
        assert isinstance(app.screen, StepperScreen)
        edits = [edit.text for edit in app.screen.state.trace.edits]
    for one, expected in zip(found, right, strict=True):
        assert one is not None
        assert (one.grid.answer, one.grid.at, one.grid.base) == (expected["answer"], 4, expected["output"])
        effects = {(e["t"] - 1, e["unit"]): e["effect"] for e in expected["effects"]}
        assert all(one.grid.effects[place] == pytest.approx(effect) for place, effect in effects.items())
    first = right[1]["effects"][0]
    assert edits == [f"l0.forget[{first['unit']}]@{first['t']}=from(3)"]


async def test_while_it_computes_it_says_how_far_it_is_and_q_leaves(app: GatestepApp) -> None:
    go, ticks = threading.Event(), iter(range(100))

    def slow(view: GridView, on_progress: Callable[[int, int], object]) -> None:
        while True:
            on_progress(next(ticks), 200)
            go.wait(0.02)

    with mock.patch.object(make, "patched", slow):
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("G", "number_sign")
            await until(pilot, lambda: "%" in shown(app, "grid"))
            assert "computing" in shown(app, "grid")
            await pilot.press("n")
            assert "still being computed" in noted(app)
            await pilot.press("q")
            await until(pilot, lambda: not [w for w in app.workers if w.is_running])
            assert isinstance(app.screen, StepperScreen)


@pytest.mark.parametrize("effects", [np.full((9, 8), np.nan), np.zeros((9, 8)), np.full((9, 8), np.inf)])
def test_effects_that_are_nothing_or_no_numbers_are_drawn(effects: np.ndarray, subject: Subject) -> None:
    view = grid_of(first_moment(subject, 8))
    one = patched(view, lambda done, total: None)
    view = view.with_found(view, Patched(replace(one.grid, effects=effects), one.values), "").largest(2)
    for look in (Look(ASCII), Look(ASCII, plain=True)):
        for panel in (panels.grid, panels.selected):
            assert "".join(s.text for line in panel(view, 80, 12, look) for s in line).isascii()


def test_changes_too_small_to_print_are_said_to_be_that_and_are_not_drawn(subject: Subject, look: Look) -> None:
    view = grid_of(first_moment(subject, 0))
    view = view.with_found(view, patched(view, lambda done, total: None), "")
    assert view.patched is not None
    assert 0 < np.abs(view.patched.grid.effects).max() < panels.LEAST_SHOWN
    text = "".join(s.text for line in panels.selected(view, 80, 12, look) for s in line)
    assert "0.000 " not in text
    assert text.count("<0.0005") >= 1
    assert look.bar(1, 1) not in text
    drawn = panels.grid(view, 80, 12, look)
    assert len({s.style for line in drawn[1:9] for s in line[1:]}) == 1
