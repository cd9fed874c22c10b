"""Similar passages on the screen: what `gatestep similar` finds, walked through by keys."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import numpy as np
import pytest
from gatestep.engine.files.own import Own
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import UNICODE, Look
from gatestep.tui.source.own import own_subject
from gatestep.tui.views.base.prompt import Prompt
from gatestep.tui.views.similar import screen as screens
from gatestep.tui.views.similar.screen import SimilarScreen
from gatestep.tui.views.similar.state import SimilarPage
from gatestep.tui.views.stepper.screen import StepperScreen
from numbermade import made
from pilots import noted, shown, until
from textual.pilot import Pilot

if TYPE_CHECKING:
    from tests.tui.conftest import Command


def page(app: GatestepApp) -> SimilarPage:
    assert isinstance(app.screen, SimilarScreen)
    return app.screen.state


async def opened(pilot: Pilot[Any], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause()
    await until(pilot, lambda: pilot.app.screen.state.found or pilot.app.screen.state.failed)  # type: ignore[attr-defined]


async def test_two_presses_mark_a_passage_and_it_finds_what_the_command_finds(
    app: GatestepApp, gatestep: "Command"
) -> None:
    right = json.loads(gatestep("similar", "pakistan", "--steps", "8:9", "--json").out)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("9", "G", "V")
        assert "the passage begins here" in noted(app)
        assert "marked from 9" in shown(app, "heading")
        await opened(pilot, "left", "V")
        found = page(app).found
        assert found is not None
        assert "passages like 8 to 9" in shown(app, "heading")
        places = [(None if p.sequence is None else p.sequence + 1, p.t + 1) for p in found.places]
        assert places == [(one["sequence"], one["t"]) for one in right["places"]]
        first = right["standing"][0]
        assert f"{100 * first['there'] / len(places):.1f} %" in shown(app, "standing")
        assert f"{len(places):,} of {right['looked_at']:,} other places" in shown(app, "standing")


async def test_threshold_and_units_are_changed_and_asked_again(app: GatestepApp, gatestep: "Command") -> None:
    options = ("--steps", "9", "--threshold", ".4", "--units", "1,4", "--json")
    right = json.loads(gatestep("similar", "pakistan", *options).out)
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot, "9", "G", "V", "V")
        before = page(app).found
        await opened(pilot, "minus")
        assert page(app).threshold == 0.4
        assert page(app).found is not before
        await pilot.press("u")
        app.screen.query_one(Prompt).field.value = "0,99"
        await pilot.press("enter")
        assert "99" in str(app.screen.query_one("#wrong").render())
        app.screen.query_one(Prompt).field.value = ":"
        await opened(pilot, "enter")
        assert page(app).units is None
        await pilot.press("u")
        app.screen.query_one(Prompt).field.value = "1,4"
        await opened(pilot, "enter")
        found = page(app).found
        assert found is not None
        assert len(found.places) == len(right["places"])
        assert [unit for _, unit, _ in found.on] == [one["unit"] for one in right["on"]]
        await opened(pilot, "9", "plus")
        assert "no unit is on" in shown(app, "on")
        assert "next" not in shown(app, "footer")
        await pilot.press("enter")
        assert "no unit is on" in noted(app)
        await opened(pilot, "9", "minus", "tab")
        assert page(app).here.quantity == "forget"


async def test_the_places_are_walked_and_enter_goes_there(app: GatestepApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot, "9", "G", "V", "V")
        count = len(page(app).places)
        leads = [tuple(page(app).words(p)[: p.t + 1]) for p in page(app).places]
        assert len(set(leads)) == count > 1
        await pilot.press("n", "2", "n", "N")
        assert page(app).index == 2
        await pilot.press("N", "N", "N")
        assert page(app).index == count - 1, "around the end"
        await pilot.press("g", "n")
        place = page(app).place
        assert place is not None
        words = page(app).words(place)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, StepperScreen)
        there = app.screen.state
        assert (there.trace.tokens, there.t) == (tuple(words), place.t)
        await pilot.press("q")
        await pilot.pause()
        assert isinstance(app.screen, SimilarScreen)


async def test_a_place_in_this_sentence_is_gone_to_in_the_stepper_below(app: GatestepApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot, "1", "1", "G", "V", "V")
        own = next(n for n, place in enumerate(page(app).places) if place.sequence is None)
        t = page(app).places[own].t
        await pilot.press(*str(own), "n", "enter") if own else await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, StepperScreen)
        assert app.screen.state.t == t


async def test_esc_takes_the_mark_away(app: GatestepApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("V", "right", "escape")
        await pilot.pause()
        assert "marked" not in shown(app, "heading")
        assert isinstance(app.screen, StepperScreen)


async def test_over_a_batch_of_numbers_it_looks_in_every_sequence_as_the_command_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gatestep: "Command"
) -> None:
    monkeypatch.chdir(tmp_path)
    made(tmp_path, dense=0, inputs=3)
    np.save("x.npy", np.random.default_rng(0).normal(size=(3, 9, 3)) * 3)
    own = ("model.pt", "--input", "x.npy", "--layout", "batch-first", "--sequence", "2")
    right = json.loads(gatestep("similar", *own, "--steps", "5", "--threshold", ".1", "--units", "0,1", "--json").out)
    assert {place["sequence"] for place in right["places"]} >= {1, 3}
    subject = own_subject(Own(Path("model.pt"), Path("x.npy"), layout="batch-first", sequence=2))
    app = GatestepApp(Look(UNICODE), subject, 4)
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot, "V", "V", "u", *"0,1", "enter")
        await opened(pilot, "4", "minus")
        found = page(app).found
        assert found is not None
        assert (found.looked_at, page(app).threshold) == (right["looked_at"], 0.1)
        places = [(None if p.sequence is None else p.sequence + 1, p.t + 1) for p in found.places]
        assert places == [(one["sequence"], one["t"]) for one in right["places"]]
        assert "this sequence, 2 other sequences" in shown(app, "standing")
        away = next(n for n, place in enumerate(page(app).places) if place.sequence == 2)
        row = f"sequence 3, {page(app).places[away].t + 1} "
        assert row in shown(app, "places")
        value = page(app).others[2].inputs[page(app).places[away].t, 0]
        assert f"{value:.4f}"[:6] in next(line for line in shown(app, "places").splitlines() if row in line)
        await pilot.press(*(["n"] * away), "enter")
        await pilot.pause()
        assert isinstance(app.screen, StepperScreen)
        assert "sequence 3 of 3" in shown(app, "heading")


async def test_while_it_searches_it_says_how_far_it_is_and_esc_leaves_at_once(app: GatestepApp) -> None:
    go, done = threading.Event(), iter(range(1000))

    def slow(page: SimilarPage, on_progress: Callable[[int, int], object]) -> None:
        while True:
            on_progress(next(done), 2000)
            go.wait(0.02)

    with mock.patch.object(screens, "with_found", slow):
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("V", "V")
            await until(pilot, lambda: "%" in shown(app, "on"))
            assert "looking through everything" in shown(app, "on")
            await pilot.press("minus")
            await until(pilot, lambda: page(app).threshold == 0.4 and "%" in shown(app, "on"))
            (worker,) = [w for w in app.workers if w.is_running]
            await pilot.press("escape")
            assert worker.is_cancelled
            assert isinstance(app.screen, StepperScreen)
            await until(pilot, lambda: not [w for w in app.workers if w.is_running])
