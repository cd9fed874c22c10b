"""Going far in a long sequence: the screen says how far the way is computed, and can be had back at any moment."""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from threading import Event
from typing import Any
from unittest import mock

import numpy as np
import pytest
from gatestep.engine.run import lazy as checkpoints
from gatestep.engine.run.lazy import SPAN, LazyLayer
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import Look
from gatestep.tui.source.make import file_subject
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.stepper import walking
from gatestep.tui.views.stepper.state import Moment
from pilots import noted, until
from textual.pilot import Pilot

T = 100 * SPAN
STRIDE = 10 * SPAN

Now = Callable[[GatestepApp], Moment]


@pytest.fixture
def make_subject(tmp_path: Path) -> Callable[..., Subject]:
    """A maker of subjects with a network of 2 units over T timestamps.

    `both_ways` reads them backwards too; one that `remembers` keeps its memory whole.
    """

    def make(both_ways: bool = False, remembers: bool = False) -> Subject:
        rng, sides = np.random.default_rng(0), ["", "_reverse"][: 1 + both_ways]
        shapes = {"weight_ih_l0": (8, 3), "weight_hh_l0": (8, 2)}
        arrays: dict[str, Any] = {n + s: rng.normal(size=shapes[n]) for n in shapes for s in sides}
        for s in sides:
            arrays |= {"bias_ih_l0" + s: np.repeat([0.0, 30.0 * remembers, 0, 0], 2), "bias_hh_l0" + s: np.zeros(8)}
        np.savez(tmp_path / "w.npz", **arrays)
        np.save(tmp_path / "x.npy", rng.normal(size=(T, 3)))
        return file_subject(tmp_path / "w.npz", tmp_path / "x.npy")

    return make


@pytest.fixture
def gate() -> Iterator[Event]:
    """Until it is set, every walk stands after its first stride."""
    gate, reach = Event(), LazyLayer.reach

    def held(layer: LazyLayer, t: int) -> Iterator[None]:
        for _ in reach(layer, t):
            yield
            assert gate.wait(20)

    with (
        mock.patch.object(LazyLayer, "reach", held),
        mock.patch.object(checkpoints, "STRIDE", STRIDE),
        mock.patch.multiple(walking, AT_ONCE=2 * SPAN, EVERY=0.0),
    ):
        yield gate
        gate.set()


Walking = AbstractAsyncContextManager[tuple[GatestepApp, Pilot[Exception]]]


@pytest.fixture
def walking_to(make_subject: Callable[..., Subject], look: Look, now: Now, gate: Event) -> Callable[..., Walking]:
    """Open an app on its way to the end of the sequence, or wherever `keys` lead, held after its first stride."""

    @asynccontextmanager
    async def walk(
        *keys: str, t: int | None = None, **options: bool
    ) -> AsyncIterator[tuple[GatestepApp, Pilot[Exception]]]:
        app = GatestepApp(look, make_subject(**options), t)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press(*keys)
            await until(pilot, lambda: re.search(r"\b1\d %", noted(app)))
            yield app, pilot

    return walk


async def test_it_says_how_far_it_is_and_then_goes_there(
    walking_to: Callable[..., Walking], now: Now, gate: Event
) -> None:
    async with walking_to("G") as (app, pilot):
        assert re.fullmatch(rf"computing up to timestamp {T}: 1\d %; Esc stays here", noted(app))
        assert now(app).t == 0
        gate.set()
        await until(pilot, lambda: now(app).t == T - 1)
        assert noted(app) == ""
        await pilot.press("g", "G")  # nothing is left to be computed
        assert now(app).t == T - 1


@pytest.mark.parametrize("works", [True, False])
async def test_torch_is_loaded_in_good_time_where_the_way_will_need_it(
    works: bool, make_subject: Callable[..., Subject], subject: Subject, look: Look
) -> None:
    loading = mock.Mock(side_effect=None if works else ImportError("broken"))
    with (
        mock.patch.object(walking, "load_torch", loading),
        mock.patch.object(checkpoints, "kernel_pays", return_value=True),
        mock.patch.object(checkpoints, "torch_is_loaded", return_value=False),
    ):
        forgetful, other = make_subject(), make_subject(both_ways=True, remembers=True)
        for opened, loads in ((subject, 0), (forgetful, 0), (other, 1)):
            app = GatestepApp(look, opened)
            async with app.run_test(size=(80, 24)) as pilot:
                await pilot.pause()
                await app.workers.wait_for_complete()
                assert loading.call_count == loads
                await pilot.press("l")
                assert app.is_running


async def test_esc_stays_and_what_was_computed_is_kept(
    walking_to: Callable[..., Walking], now: Now, gate: Event
) -> None:
    async with walking_to("G") as (app, pilot):
        await pilot.press("escape")
        assert now(app).t == 0
        assert noted(app) == "stopped here; what was computed so far is kept"
        assert now(app).layer_trace.missing(STRIDE) == 0
        gate.set()
        await pilot.pause(0.3)
        assert now(app).t == 0
        assert now(app).layer_trace.missing(T - 1) > 0


async def test_another_move_leaves_the_walk(walking_to: Callable[..., Walking], now: Now, gate: Event) -> None:
    async with walking_to("G") as (app, pilot):
        await pilot.press("l", "l")
        gate.set()
        await pilot.pause(0.3)
        assert now(app).t == 2
        assert noted(app) == ""


async def test_a_short_way_is_walked_at_once(make_subject: Callable[..., Subject], look: Look, now: Now) -> None:
    app = GatestepApp(look, make_subject())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"128G")
        assert now(app).t == 127


async def test_it_opens_at_the_beginning_on_the_way_to_a_far_timestamp(
    walking_to: Callable[..., Walking], now: Now, gate: Event
) -> None:
    async with walking_to(t=T - 5) as (app, pilot):
        assert now(app).t == 0
        gate.set()
        await until(pilot, lambda: now(app).t == T - 5)


async def test_the_way_back_of_the_other_direction_is_computed_before_it_is_shown(
    walking_to: Callable[..., Walking], now: Now, gate: Event
) -> None:
    async with walking_to("L", both_ways=True) as (app, pilot):
        assert noted(app).startswith("computing up to timestamp 1:")
        assert now(app).layer == "l0"
        gate.set()
        await until(pilot, lambda: now(app).layer == "l0_reverse")


async def test_leaving_the_program_leaves_the_walk(walking_to: Callable[..., Walking], now: Now, gate: Event) -> None:
    async with walking_to("G") as (app, pilot):
        layer = now(app).layer_trace
        await pilot.press("q")
        assert app._exit
        gate.set()
    assert layer.missing(T - 1) >= T - 4 * STRIDE


async def test_a_pytorch_that_does_not_work_ends_the_walk_with_its_reason(
    make_subject: Callable[..., Subject], look: Look, now: Now
) -> None:
    app = GatestepApp(look, make_subject())
    with mock.patch.object(LazyLayer, "reach", side_effect=OSError("libtorch is broken")):
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("G")
            await until(pilot, lambda: noted(app) == "PyTorch failed: libtorch is broken")
            assert now(app).t == 0
            await pilot.press("escape")
            assert noted(app) == ""


async def test_esc_on_the_way_through_an_edited_run_leaves_the_run_as_it_was(
    make_subject: Callable[..., Subject], look: Look, now: Now, gate: Event
) -> None:
    app = GatestepApp(look, make_subject(), T - 1)
    gate.set()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: now(app).t == T - 1)
        gate.clear()
        await pilot.press("x")
        await until(pilot, lambda: re.search(r"\b1\d %", noted(app)))
        assert re.fullmatch(rf"computing the edited run up to {T}: 1\d %; Esc leaves it as it was", noted(app))
        await pilot.press("escape")
        assert noted(app) == "stopped here; the run is as it was"
        assert (now(app).t, now(app).trace.edits) == (T - 1, ())
        gate.set()
        await pilot.press("x")
        await until(pilot, lambda: now(app).trace.edits)
        assert now(app).t == T - 1
