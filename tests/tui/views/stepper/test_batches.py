"""[ and ] go through the sequences of a batch: the same network, timestamp and selection on other inputs."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any
from unittest import mock

import numpy as np
import pytest
import torch
from gatestep.engine import parse_edit, run
from gatestep.engine.files import own as files_own
from gatestep.engine.files.own import Own
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import Look
from gatestep.tui.source.edited import with_edits
from gatestep.tui.source.own import own_subject
from gatestep.tui.views.stepper import batches
from gatestep.tui.views.stepper.state import Moment
from pilots import FROM_FILE, noted, shown, until

B, T, I, H = 5, 9, 3, 4  # noqa: E741 (the field's name for the number of inputs)
LENGTHS = [9, 4, 7, 2, 9]


@pytest.fixture
def batch(tmp_path: Path) -> Own:
    """An LSTM of two layers in a file, and a batch beside it."""
    torch.manual_seed(0)
    torch.save(torch.nn.LSTM(I, H, 2).state_dict(), tmp_path / "w.pt")
    np.save(tmp_path / "x.npy", torch.randn(B, T, I).numpy())
    np.save(tmp_path / "lengths.npy", np.array(LENGTHS))
    return Own(tmp_path / "w.pt", tmp_path / "x.npy", layout="batch-first", sequence=1)


def outputs(own: Own) -> list[Any]:
    """Oracle: what torch gives for each sequence, one after the other, in states that are handed on with --carry."""
    assert own.input is not None
    module = torch.nn.LSTM(I, H, 2)
    module.load_state_dict(torch.load(own.weights))
    state, found = None, []
    with torch.no_grad():
        for n, sequence in enumerate(torch.from_numpy(np.load(own.input))):
            whole, state = module(sequence[: LENGTHS[n]] if own.lengths else sequence, state if own.carry else None)
            found.append(whole.numpy())
    return found


@pytest.mark.parametrize("options", [{}, {"carry": True}, {"lengths": "lengths.npy", "carry": True}], ids=str)
async def test_every_sequence_is_torchs(
    batch: Own, options: Any, look: Look, now: Callable[[GatestepApp], Moment]
) -> None:
    if "lengths" in options:
        options = options | {"lengths": batch.weights.with_name(options["lengths"])}
    own = replace(batch, **options)
    right, place = outputs(own), 0
    app = GatestepApp(look, own_subject(own), 0)
    async with app.run_test(size=(120, 40)) as pilot:
        for keys, count in (("]", 1), ("[", -1), ("3]", 3), ("2[", -2), ("]]", 2), ("9[", -3)):
            await pilot.press(*keys)
            await pilot.pause()
            place += count
            assert f"sequence {place + 1} of {B}" in shown(app, "heading")
            assert ("state carried on" in shown(app, "heading")) == own.carry
            trace = now(app).trace
            assert len(trace) == len(right[place])
            np.testing.assert_allclose(trace.top, right[place], atol=2e-6)


async def test_states_through_many_timestamps_are_handed_on_beside_the_screen(
    batch: Own, look: Look, now: Callable[[GatestepApp], Moment]
) -> None:
    """What is computed is the same; meanwhile keys are answered, Esc stays, and what was computed is kept."""
    own, gate, begun = replace(batch, carry=True), Event(), []
    right = outputs(own)

    def held(*given: Any) -> Any:
        begun.append(len(given[1]))
        assert gate.wait(20)
        return run(*given)

    app = GatestepApp(look, own_subject(own), 0)
    with mock.patch.object(batches, "AT_ONCE", 2 * T), mock.patch.object(files_own, "run", held):
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.press("3", "]")
            assert re.fullmatch(r"computing the state handed on to sequence 4: 0 %; Esc stays here", noted(app))
            await pilot.press("]")
            assert "to sequence 5: " in noted(app)
            await pilot.press("escape")
            assert noted(app) == "stopped here; what was computed so far is kept"
            assert "sequence 1 of 5" in shown(app, "heading")
            gate.set()
            await pilot.press("9", "]")
            await until(pilot, lambda: "sequence 5 of 5" in shown(app, "heading"))
            np.testing.assert_allclose(now(app).trace.top, right[4], atol=2e-6)
            done = len(begun)
            await pilot.press("4", "[")
            assert "sequence 1 of 5" in shown(app, "heading")
            await pilot.press("4", "]")
            assert "sequence 5 of 5" in shown(app, "heading")
            assert len(begun) == done


async def test_the_place_is_kept_as_far_as_the_sequence_goes(
    batch: Own, look: Look, now: Callable[[GatestepApp], Moment]
) -> None:
    app = GatestepApp(look, own_subject(replace(batch, lengths=batch.weights.with_name("lengths.npy"))), 0)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("6", "G", "tab", "j", "L", "]")
        await pilot.pause()
        there = now(app)
        assert (there.t, there.unit, there.quantity, there.layer) == (3, 1, "input", "l1")
        assert "sequence 2 of 5" in shown(app, "heading")
        await pilot.press("]")
        await pilot.pause()
        assert now(app).t == 3


async def test_the_ends_of_the_batch_are_said(batch: Own, look: Look, now: Callable[[GatestepApp], Moment]) -> None:
    app = GatestepApp(look, own_subject(batch), 0)
    async with app.run_test(size=(80, 24)) as pilot:
        before = now(app).subject
        await pilot.press("[")
        assert noted(app) == "this is the first of the 5 sequences in x.npy"
        assert now(app).subject is before
        await pilot.press("9", "]", "]")
        assert noted(app) == "this is the last of the 5 sequences in x.npy"
        assert "sequence 5 of 5" in shown(app, "heading")


async def test_edits_go_with_it_and_what_does_not_fit_is_said(
    batch: Own, look: Look, now: Callable[[GatestepApp], Moment]
) -> None:
    own = replace(batch, lengths=batch.weights.with_name("lengths.npy"))
    app = GatestepApp(look, with_edits(own_subject(own), [parse_edit("l1.hidden[2]=0@3")]), 0)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("]")
        await pilot.pause()
        assert "sequence 2 of 5" in shown(app, "heading")
        assert now(app).trace.layers[-1]["hidden"][2, 2] == 0
        await pilot.press("2", "]")
        await pilot.pause()
        assert "at column" in noted(app)
        assert "sequence 2 of 5" in shown(app, "heading")


async def test_without_a_batch_the_keys_say_so(
    batch: Own, app: GatestepApp, look: Look, now: Callable[[GatestepApp], Moment]
) -> None:
    async with app.run_test(size=(200, 50)) as pilot:
        assert "] sequence" not in shown(app, "footer")
        await pilot.press("]")
        assert noted(app) == "this is not a batch of sequences; --input FILE takes one"
    assert FROM_FILE.cannot("sequences") == "its input file holds this one sequence"
    other = GatestepApp(look, own_subject(batch), 0)
    async with other.run_test(size=(200, 50)):
        assert "] sequence" in shown(other, "footer")
