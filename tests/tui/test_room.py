"""Large terminals use their room, and the smallest full one has all that is essential."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gatestep.engine import run, stack_from_tensors
from gatestep.engine.files.own import Own
from gatestep.scenarios import SCENARIOS, find
from gatestep.scenarios.forecast import PAGES, STARBUCKS
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.source.make import scenario_subject
from gatestep.tui.source.own import own_subject
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.charts.state import ChartPage
from gatestep.tui.views.compare.make import compared
from gatestep.tui.views.forecast.state import own_forecasting, shipped_forecasting
from gatestep.tui.views.gates.make import gate_statistics
from gatestep.tui.views.gradients.make import gradient_view
from gatestep.tui.views.learning.state import learning_from
from gatestep.tui.views.overview.state import Overview
from gatestep.tui.views.stepper.state import Moment, first_moment
from gatestep.tui.views.unit.make import unit_page
from pilots import FROM_FILE, shown, until
from room import LARGE_SIZES, assert_uses_its_room, blank_rows


def subject_of(name: str, model: str | None = None) -> Subject:
    subject = scenario_subject(find(name), model)
    assert isinstance(subject, Subject)
    return subject


def unit() -> Any:
    page = unit_page(first_moment(subject_of("pakistan"), 8))
    sizes = range(1, page.sizes + 1)
    return page.with_ablation(page.here.unit, (dict.fromkeys(sizes, 0.9), dict.fromkeys(sizes, 0.4)), "")


def moment(model: str | None = None) -> Moment:
    return first_moment(subject_of("pakistan", model), 8)


def stacked(units: int) -> Subject:
    """Two layers in both directions over numbers."""
    rng, tensors = np.random.default_rng(0), {}
    for layer, inputs in ((0, 3), (1, 2 * units)):
        for side in ("", "_reverse"):
            tensors[f"weight_ih_l{layer}{side}"] = rng.normal(size=(4 * units, inputs))
            tensors[f"weight_hh_l{layer}{side}"] = rng.normal(size=(4 * units, units)) / 10
    return Subject("stacked", "LSTM", run(stack_from_tensors(tensors, "random"), rng.normal(size=(60, 3))), FROM_FILE)


SCREENS: dict[str, Callable[[], Any]] = {
    "lstm": lambda: subject_of("pakistan"),
    "gru": lambda: subject_of("pakistan", "gru"),
    "rnn": lambda: subject_of("pakistan", "rnn"),
    "two sentences": lambda: compared(first_moment(subject_of("order"))),
    "two networks": lambda: compared(first_moment(subject_of("pakistan")), "rnn"),
    "unit page": unit,
    "gate statistics": lambda: gate_statistics(moment()),
    "gate statistics of a gru": lambda: gate_statistics(moment("gru")),
    "gradients": lambda: gradient_view(subject_of("pakistan"), 8),
    "charts": lambda: ChartPage.of(find("order")),
    "overview": lambda: Overview(moment()),
    "overview of a gru": lambda: Overview(moment("gru")),
    "overview of an rnn": lambda: Overview(moment("rnn")),
    "overview of two layers in both directions": lambda: Overview(first_moment(stacked(10), 8)),
    "overview of many units": lambda: Overview(first_moment(stacked(96), 8)),
    "overview of more units": lambda: Overview(first_moment(subject_of("lengths"), 8)),
}
FOUND = ("gate statistics", "gate statistics of a gru", "gradients")
"""The screens that have to wait for what a thread finds."""


@pytest.mark.parametrize("size", LARGE_SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCREENS)
async def test_no_more_than_a_tenth_of_the_rows_is_blank(name: str, size: tuple[int, int]) -> None:
    app = GatestepApp(Look(UNICODE), SCREENS[name](), t=8)
    async with app.run_test(size=size) as pilot:
        if name in ("lstm", "gru", "rnn"):
            await until(pilot, lambda: shown(app, "chart").strip())
        if name in FOUND:
            await until(pilot, lambda: app.screen.state.found)  # type: ignore[attr-defined]
        assert_uses_its_room(app)


@pytest.mark.parametrize("size", LARGE_SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_pages_of_a_forecaster_use_their_room(size: tuple[int, int]) -> None:
    app = GatestepApp(Look(UNICODE), shipped_forecasting(STARBUCKS))
    async with app.run_test(size=size) as pilot:
        seen = set()
        for _ in PAGES:
            seen.add(app.screen.state.page)  # type: ignore[attr-defined]
            assert_uses_its_room(app)
            await pilot.press("tab")
        assert seen == set(PAGES)


async def test_a_network_that_learns_uses_its_room() -> None:
    app = GatestepApp(Look(UNICODE), learning_from(first_moment(subject_of("order"), 3)))
    async with app.run_test(size=LARGE_SIZES[0]) as pilot:
        await until(pilot, lambda: app.screen.state.checkpoint)  # type: ignore[attr-defined]
        for size in LARGE_SIZES:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert_uses_its_room(app)


@pytest.mark.parametrize("size", LARGE_SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("model", STARBUCKS.models)
async def test_the_day_of_a_forecaster_uses_its_room(model: str, size: tuple[int, int]) -> None:
    app = GatestepApp(Look(UNICODE), shipped_forecasting(STARBUCKS, model), STARBUCKS.series.train)
    async with app.run_test(size=size) as pilot:
        await pilot.press("s")
        await until(pilot, lambda: shown(app, "chart").strip())
        assert_uses_its_room(app)
        assert "error" in shown(app, "prediction")
        assert "more" not in shown(app, "prediction")
        assert 'x "09-' in shown(app, "arithmetic"), "the day, not its year"


@pytest.mark.parametrize("size", LARGE_SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCENARIOS)
async def test_at_every_step_of_a_lesson_the_stepper_uses_its_room(name: str, size: tuple[int, int]) -> None:
    app = GatestepApp(Look(UNICODE), subject_of(name))
    async with app.run_test(size=size) as pilot:
        for step in range(len(find(name).lesson)):
            for revealed in (False, True):
                progress = app.screen.state.progress  # type: ignore[attr-defined]
                assert (progress.step, progress.revealed) == (step, revealed)
                await until(pilot, lambda: shown(app, "chart").strip())
                assert_uses_its_room(app)
                await pilot.press("enter")


@pytest.mark.parametrize("size", LARGE_SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("kind", ["one sequence", "a batch", "two layers, both directions"])
async def test_over_numbers_the_stepper_uses_its_room(kind: str, size: tuple[int, int], tmp_path: Path) -> None:
    torch.manual_seed(0)
    stacked = kind == "two layers, both directions"
    module = torch.nn.LSTM(5, 12, num_layers=1 + stacked, bidirectional=stacked)
    torch.save(module.state_dict(), tmp_path / "w.pt")
    batch = kind == "a batch"
    np.save(tmp_path / "x.npy", torch.randn(*([4] if batch else []), 60, 5).numpy())
    layout: Any = {"layout": "batch-first", "sequence": 2} if batch else {}
    own = Own(tmp_path / "w.pt", tmp_path / "x.npy", **layout)
    app = GatestepApp(Look(UNICODE), own_subject(own), t=20)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: shown(app, "chart").strip())
        assert_uses_its_room(app)


@pytest.mark.parametrize("size", LARGE_SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_a_series_on_which_nothing_is_trained_uses_its_room(size: tuple[int, int]) -> None:
    app = GatestepApp(Look(UNICODE), own_forecasting(STARBUCKS.series, "own.csv"))
    async with app.run_test(size=size) as pilot:
        for _ in PAGES[:-1]:  # the scores of baselines alone are few
            assert_uses_its_room(app)
            await pilot.press("tab")


async def test_blank_rows_are_found() -> None:
    app = GatestepApp(Look(UNICODE), subject_of("pakistan"), t=0)
    async with app.run_test(size=(120, 40)):
        app.screen.query_one("#timeline").display = False
        assert len(blank_rows(app)) > 4


@pytest.mark.parametrize("look", [Look(UNICODE), Look(UNICODE, "16"), Look(UNICODE, "none"), Look(ASCII)],
                         ids=["256", "16", "none", "ascii"])  # fmt: skip
async def test_at_80x24_everything_essential_is_there(look: Look) -> None:
    app = GatestepApp(look, subject_of("pakistan"), t=8)
    async with app.run_test(size=(80, 24)):
        table = shown(app, "units").splitlines()
        assert [line[2:5].strip() for line in table[1:9]] == [str(n) for n in range(8)], "all units"
        assert all(symbol in table[0] for symbol in ("forget", "input", "cand", "cell", "output", "h"))
        assert "Pakistan" in shown(app, "sentence")
        assert "= bias" in shown(app, "arithmetic")
        assert "c = " in shown(app, "arithmetic")
        assert "written by" in shown(app, "arithmetic")
        assert "next word" in shown(app, "prediction")
        timeline = shown(app, "timeline").splitlines()
        assert "Pakistan" in timeline[-1]
        assert len(timeline) >= 6
        assert "q quit" in shown(app, "footer")
        assert len(blank_rows(app)) == 0


@pytest.mark.parametrize("size", [(80, 24), *LARGE_SIZES], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_of_a_table_that_is_cut_it_is_said_how_many_there_are(size: tuple[int, int]) -> None:
    app = GatestepApp(Look(UNICODE), subject_of("lengths"), t=8)
    async with app.run_test(size=size):
        heading, *rows = shown(app, "units").splitlines()
        units = app.screen.state.layer_trace.H  # type: ignore[attr-defined]
        told = heading.split()[0]
        count = sum(1 for row in rows if row.strip())
        assert told == ("unit" if count == units else f"{count}/{units}")


async def test_the_overview_has_every_unit(look: Look) -> None:
    app = GatestepApp(look, Overview(first_moment(subject_of("lengths"), 3)))
    async with app.run_test(size=(80, 24)):
        assert f"all {app.screen.state.units} units" in shown(app, "heading")  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", LARGE_SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("look", [Look(UNICODE, "16"), Look(UNICODE, "none"), Look(ASCII)], ids=["16", "none", "ascii"])
async def test_without_shades_the_overview_uses_its_room_too(look: Look, size: tuple[int, int]) -> None:
    app = GatestepApp(look, Overview(moment()))
    async with app.run_test(size=size):
        assert_uses_its_room(app)
