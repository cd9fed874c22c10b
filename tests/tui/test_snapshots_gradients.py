"""What the backward pass through a sentence and the experiment on gradients look like."""

from dataclasses import replace

import pytest
from gatestep.scenarios import STUDIES, find
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.opening import opened_study
from gatestep.tui.source.make import scenario_subject
from gatestep.tui.views.gradients.make import gradient_view
from gatestep.tui.views.gradients.state import found_for
from pictures import IN_OTHER_LOOKS, MIDDLE, SMALL, Compare


def gradients_of(look: Look | None = None, scenario: str = "pakistan") -> GatestepApp:
    """The backward pass through a sentence, with its gradients."""
    state = gradient_view(scenario_subject(find(scenario)))
    return GatestepApp(look or Look(UNICODE), replace(state, found=found_for(state)))


def experiment(look: Look | None = None) -> GatestepApp:
    return GatestepApp(look or Look(UNICODE), opened_study(STUDIES["gradients"]))


BACK_TO_COUNTRY = ("1", "5", "left")


def test_gradients(snap_compare: Compare) -> None:
    assert snap_compare(gradients_of(), terminal_size=SMALL, press=BACK_TO_COUNTRY)


def test_gradients_at(snap_compare: Compare) -> None:
    assert snap_compare(gradients_of(), terminal_size=MIDDLE, press=BACK_TO_COUNTRY)


def test_gradients_of_the_sum(snap_compare: Compare) -> None:
    assert snap_compare(gradients_of(), terminal_size=SMALL, press=(*BACK_TO_COUNTRY, "tab"))


@IN_OTHER_LOOKS
def test_gradients_in(snap_compare: Compare, look: Look) -> None:
    assert snap_compare(gradients_of(look), terminal_size=SMALL, press=BACK_TO_COUNTRY)


@pytest.mark.parametrize("size", [SMALL, MIDDLE], ids=["80x24", "120x40"])
def test_experiment(snap_compare: Compare, size: tuple[int, int]) -> None:
    keys = ("tab", "tab", "enter", "9", "9", "up", "1", "G")
    assert snap_compare(experiment(), terminal_size=size, press=keys)


@pytest.mark.parametrize("place", [1, 2, 5, 6, 7])
def test_experiment_chart(snap_compare: Compare, place: int) -> None:
    assert snap_compare(experiment(), terminal_size=SMALL, press=(*["tab"] * (place - 1), "enter"))


def test_experiment_in_ascii(snap_compare: Compare) -> None:
    assert snap_compare(experiment(Look(ASCII)), terminal_size=SMALL, press=("tab", "tab", "tab", "f", "g"))


def test_help_of_gradients(snap_compare: Compare) -> None:
    assert snap_compare(gradients_of(), terminal_size=MIDDLE, press=("question_mark",))
