"""What the gates over all held-out sentences and the page of a unit look like."""

import pytest
from gatestep.scenarios import find
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.source.make import scenario_subject
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.gates.make import gate_statistics, gates_over_all
from gatestep.tui.views.stepper.state import first_moment
from gatestep.tui.views.unit.make import ablation
from pictures import IN_OTHER_LOOKS, LARGE, MIDDLE, SMALL, Compare, pressing


def gates_over_all_of(subject_of: str, look: Look | None = None, model: str = "lstm") -> GatestepApp:
    """The stepper of a scenario, where the gates over its held-out sentences are found already."""
    subject = scenario_subject(find(subject_of), model)
    assert isinstance(subject, Subject)
    gates_over_all(gate_statistics(first_moment(subject)))
    ablation(first_moment(subject))
    return GatestepApp(look or Look(UNICODE), subject, 0)


def test_statistics(snap_compare: Compare) -> None:
    assert snap_compare(gates_over_all_of("pakistan"), terminal_size=SMALL, run_before=pressing("v"))


def test_statistics_side_by_side(snap_compare: Compare) -> None:
    assert snap_compare(gates_over_all_of("pakistan"), terminal_size=MIDDLE, run_before=pressing("v"))


@IN_OTHER_LOOKS
def test_statistics_in(snap_compare: Compare, look: Look) -> None:
    app = gates_over_all_of("pakistan", look, "gru")
    assert snap_compare(app, terminal_size=SMALL, run_before=pressing("v"), press=("tab", "down", "right"))


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE], ids=["80x24", "120x40", "200x50"])
def test_unit_page(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = gates_over_all_of("pakistan")
    assert snap_compare(app, terminal_size=size, run_before=pressing("9", "G", "u"))


@pytest.mark.parametrize("look", [Look(ASCII), Look(UNICODE, "none")], ids=["ascii", "none"])
def test_unit_page_in(snap_compare: Compare, look: Look) -> None:
    app = gates_over_all_of("dna", look)
    assert snap_compare(app, terminal_size=SMALL, run_before=pressing("7", "G", "u"))


def test_help_of_statistics(snap_compare: Compare) -> None:
    app = gates_over_all_of("pakistan")
    assert snap_compare(app, terminal_size=MIDDLE, run_before=pressing("v"), press=("question_mark",))
