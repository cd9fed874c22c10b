"""What the screens of debugging look like: hits, breakpoints, edits, the patch grid and similar passages."""

from collections.abc import Callable
from typing import Any

import pytest
from gatestep.engine import parse_edit
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.source.breakpoints import Breakpoint
from gatestep.tui.source.edited import done_to, with_change, with_edits
from gatestep.tui.source.lookup import Lookup
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.breakpoints.make import breakpoint_list
from gatestep.tui.views.edits.state import EditsPage
from gatestep.tui.views.grid.make import patched
from gatestep.tui.views.grid.state import GridView, grid_of
from gatestep.tui.views.hits.state import HitList, hit_list
from gatestep.tui.views.similar.make import with_found
from gatestep.tui.views.similar.state import SimilarPage, similar_to
from gatestep.tui.views.stepper.state import Moment, first_moment
from pictures import MIDDLE, SMALL, Compare


@pytest.fixture(scope="module")
def here(subject: Subject) -> Moment:
    """At the country, in a run with two edits, the second of which is off."""
    done = with_edits(subject, [parse_edit("hidden[3]=0"), parse_edit("forget[5]=1@9:12")])
    changed = done_to(done)
    return first_moment(with_change(changed, changed.edits.switched(1)), 8)


def hits(here: Moment) -> HitList:
    lookup = Lookup(here.subject, "?forget < .01")
    for _ in lookup.all():
        pass
    return hit_list(here, lookup)


def grid(here: Moment) -> GridView:
    view = grid_of(here.at(23))
    return view.with_found(view, patched(view, lambda done, total: None), "").largest(2)


def similar(here: Moment) -> SimilarPage:
    return with_found(similar_to(here, 7, 9), lambda done, total: None).with_index(1)


KEPT = (Breakpoint("the prediction is wrong", "wrong"), Breakpoint("loss > 2", "loss > 2", on=False))

SCREENS: dict[str, Callable[[Moment], Any]] = {
    "hits": hits,
    "breakpoints": lambda here: breakpoint_list(here, KEPT, "forget < .01"),
    "edits": lambda here: EditsPage(here, 1),
    "grid": grid,
    "similar": similar,
}


@pytest.fixture(scope="module", params=SCREENS)
def record(request: pytest.FixtureRequest, here: Moment) -> Any:
    """What a screen shows, found already."""
    return SCREENS[request.param](here)


@pytest.mark.parametrize("size", [SMALL, MIDDLE], ids=["80x24", "120x40"])
def test_screen(snap_compare: Compare, record: Any, size: tuple[int, int]) -> None:
    assert snap_compare(GatestepApp(Look(UNICODE), record), terminal_size=size)


@pytest.mark.parametrize("look", [Look(ASCII), Look(UNICODE, "none")], ids=["ascii", "none"])
def test_screen_in(snap_compare: Compare, record: Any, look: Look) -> None:
    assert snap_compare(GatestepApp(look, record), terminal_size=SMALL)
