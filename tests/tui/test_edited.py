"""That a run is edited is said on every screen that shows it, and nowhere else."""

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from gatestep.engine import parse_edit
from gatestep.tui import keys
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.opening import screen_of
from gatestep.tui.source.edited import with_edits
from gatestep.tui.source.lookup import Lookup
from gatestep.tui.source.subject import Subject
from gatestep.tui.training import process
from gatestep.tui.views.breakpoints.make import breakpoint_list
from gatestep.tui.views.compare.make import with_original
from gatestep.tui.views.edits.state import EditsPage
from gatestep.tui.views.gates import panels as gates
from gatestep.tui.views.gates.make import gate_statistics, gates_over_all
from gatestep.tui.views.grid.state import grid_of
from gatestep.tui.views.hits.state import hit_list
from gatestep.tui.views.learning.state import learning_from
from gatestep.tui.views.overview.state import Overview
from gatestep.tui.views.similar.state import similar_to
from gatestep.tui.views.stepper.state import Moment, first_moment
from gatestep.tui.views.unit import panels as unit
from gatestep.tui.views.unit.make import unit_page
from pilots import shown

OF_AN_EDITED_RUN: dict[str, Callable[[Moment], Any]] = {
    keys.STEPPER: lambda here: here.subject,
    keys.COMPARE: with_original,
    keys.GATES: gate_statistics,
    keys.UNIT: unit_page,
    keys.OVERVIEW: Overview,
    keys.EDITS: EditsPage,
    keys.GRID: grid_of,
    keys.SIMILAR: lambda here: similar_to(here, 8, 9),
    keys.HITS: lambda here: hit_list(here, Lookup(here.subject, "?flips")),
    keys.BREAKPOINTS: lambda here: breakpoint_list(here, ()),
    keys.LEARNING: learning_from,
}
OF_NO_RUN_THAT_IS_EDITED = {
    keys.PICKER,
    keys.NETWORKS,
    keys.CHART,
    keys.FORECAST,
    keys.DAY,
    keys.EXPERIMENT,
    keys.DENSE,
    keys.CHECKPOINT,
    keys.GRADIENTS,
}


@pytest.fixture(autouse=True)
def training_without_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a training come to no checkpoint, for in that the run is not edited."""
    monkeypatch.setattr(process, "start", lambda line: subprocess.Popen(["sleep", "600"], pass_fds=[line]))


@pytest.fixture(scope="module")
def here(subject: Subject) -> Moment:
    edits = [parse_edit("forget[2]=1@5"), parse_edit("input[3]=0@9:12")]
    return first_moment(with_edits(subject, edits), 8)


def test_every_screen_shows_an_edited_run_or_cannot() -> None:
    places = {where for action in keys.ACTIONS for where in action.where}
    assert {*OF_AN_EDITED_RUN} | OF_NO_RUN_THAT_IS_EDITED == places
    assert not {*OF_AN_EDITED_RUN} & OF_NO_RUN_THAT_IS_EDITED


async def test_the_heading_says_at_all_times_that_a_run_is_edited(app: GatestepApp, here: Moment) -> None:
    for look in (Look(UNICODE), Look(ASCII, "none")):
        app = GatestepApp(look)
        async with app.run_test(size=(80, 24)) as pilot:
            for where, made in OF_AN_EDITED_RUN.items():
                await app.push_screen(screen_of(made(here), look, 8))
                await pilot.pause()
                assert app.where == where
                top = shown(app).splitlines()[0]
                assert "edited: 2 edits" in top, where
                assert "pakistan" in top
                app.pop_screen()
                await pilot.pause()


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("edits", [("hidden=1e38",), ("candidate=1e38", "candidate*=1e38"), ("cell[2]*=1e38@9:",)])
async def test_every_screen_draws_what_is_no_number(edits: Sequence[str], subject: Subject) -> None:
    changed = with_edits(subject, [parse_edit(text) for text in edits])
    here = replace(first_moment(changed, 11), unit=2, quantity="cell")
    assert not np.isfinite(changed.trace.layers[0]["cell"][11, 2]) or "hidden" in edits[0]
    app = GatestepApp(Look(UNICODE))
    async with app.run_test(size=(120, 40)) as pilot:
        for where, made in OF_AN_EDITED_RUN.items():
            record = made(here)
            await app.push_screen(screen_of(here if where == keys.STEPPER else record, app.look, 11))
            await app.workers.wait_for_complete()
            await pilot.pause()
            assert app.where == where
            assert "edited" in shown(app)
            app.pop_screen()
            await pilot.pause()


def test_gradients_are_of_no_edited_run(here: Moment) -> None:
    assert "this run is edited" in here.cannot("gradients")


def test_what_is_shown_beside_an_edited_run_says_that_it_has_no_edits(here: Moment) -> None:
    def text(lines: Any) -> str:
        return "\n".join("".join(s.text for s in line) for line in lines)

    page = unit_page(here)
    assert "others unedited" in text(unit.traces(page, 120, 8, Look(UNICODE)))
    assert "held-out sentences, unedited" in text(unit.scores(page, 80, 4, Look(UNICODE)))
    statistics = gate_statistics(here)
    found = replace(statistics, found=gates_over_all(statistics))
    assert "timestamps, unedited" in text(gates.heading(found, 120, 1, Look(UNICODE)))
