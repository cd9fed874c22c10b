"""What the screens look like. README and docs show some of these files, so their pictures cannot go stale.

Look at every picture that changed before it is committed.
"""

from typing import Any

import numpy as np
import pytest
from gatestep.engine import run, stack_from_tensors
from gatestep.scenarios import find
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.source.make import scenario_subject
from gatestep.tui.source.subject import Subject
from pictures import IN_OTHER_LOOKS, LARGE, MIDDLE, SMALL, Compare, pressing
from pilots import FROM_FILE

TO_COUNTRY = ("9", "G")


def pakistan(look: Look | None = None, **options: Any) -> GatestepApp:
    """The stepper at the first timestamp, without its lesson."""
    return GatestepApp(look or Look(UNICODE), scenario_subject(find("pakistan"), **options), 0)


def opened(scenario: str, look: Look | None = None, **options: Any) -> GatestepApp:
    """A scenario as it opens, with its lesson."""
    return GatestepApp(look or Look(UNICODE), scenario_subject(find(scenario), **options))


def stack_of_two() -> GatestepApp:
    """A network from a file: two layers both ways, numbers in, no readout."""
    rng = np.random.default_rng(3)
    tensors = {}
    for layer, inputs in ((0, 3), (1, 12)):
        for side in ("", "_reverse"):
            tensors[f"weight_ih_l{layer}{side}"] = rng.normal(size=(24, inputs))
            tensors[f"weight_hh_l{layer}{side}"] = rng.normal(size=(24, 6))
    trace = run(stack_from_tensors(tensors, "random"), rng.normal(size=(60, 3)))
    return GatestepApp(
        Look(UNICODE), Subject("encoder.safetensors", "LSTM 6 units x 2 layers both ways", trace, FROM_FILE), 0
    )


@pytest.mark.parametrize("size", [SMALL, MIDDLE], ids=["80x24", "120x40"])
def test_picker(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(GatestepApp(Look(UNICODE)), terminal_size=size)


def test_stepper(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(), terminal_size=MIDDLE, run_before=pressing(*TO_COUNTRY))


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "200x50"])
def test_stepper_at(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(pakistan(), terminal_size=size, run_before=pressing(*TO_COUNTRY))


def test_stepper_at_the_answer(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(), terminal_size=SMALL, press=("G", "tab", "tab", "tab"))


@pytest.mark.parametrize("model", ["lstm", "peephole", "gru", "rnn"])
def test_cell(snap_compare: Compare, model: str) -> None:
    app = GatestepApp(Look(UNICODE), scenario_subject(find("pakistan"), model), 8)
    assert snap_compare(app, terminal_size=SMALL, press=("p", "full_stop"))


@IN_OTHER_LOOKS
def test_cell_in(snap_compare: Compare, look: Look) -> None:
    assert snap_compare(pakistan(look), terminal_size=SMALL, press=("8", "G", "p", "2", "full_stop"))


@IN_OTHER_LOOKS
def test_stepper_in(snap_compare: Compare, look: Look) -> None:
    assert snap_compare(pakistan(look), terminal_size=MIDDLE, run_before=pressing(*TO_COUNTRY))


def test_all_units(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(), terminal_size=SMALL, press=("9", "G", "z", "o", "down"))


def test_step_into(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(), terminal_size=SMALL, press=("8", "G", "2", "full_stop"))


@pytest.mark.parametrize("parts", [1, 3], ids=["forget", "update"])
def test_step_into_part(snap_compare: Compare, parts: int) -> None:
    assert snap_compare(pakistan(), terminal_size=SMALL, press=("8", "G", str(parts), "full_stop"))


def test_ordered_by_effect(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(), terminal_size=MIDDLE, run_before=pressing("G", "o"))


@pytest.mark.parametrize("size", [SMALL, MIDDLE], ids=["80x24", "120x40"])
def test_help(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(pakistan(), terminal_size=size, run_before=pressing(*TO_COUNTRY, "question_mark"))


def test_light(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(), terminal_size=SMALL, press=(*TO_COUNTRY, "d", "tab", "tab"))


def test_sixteen_colours(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(Look(UNICODE, "16")), terminal_size=SMALL, press=(*TO_COUNTRY, "tab"))


def test_monochrome(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(Look(UNICODE, "none")), terminal_size=SMALL, press=(*TO_COUNTRY, "tab", "tab"))


def test_ascii(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(Look(ASCII)), terminal_size=SMALL, press=(*TO_COUNTRY, "tab", "tab"))


def test_prompt(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(), terminal_size=SMALL, press=("slash", *"Paki"))


def test_nothing_found(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(), terminal_size=SMALL, press=("slash", *"Pakisten", "enter"))


def test_palette(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(), terminal_size=SMALL, press=("ctrl+p",))


def test_unknown_word(snap_compare: Compare) -> None:
    app = pakistan(sentence="My name is Zork, I live in Kenya, I am ____")
    assert snap_compare(app, terminal_size=SMALL, press=("G",))


def test_vanilla_network(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(model="rnn"), terminal_size=SMALL, press=TO_COUNTRY)


@pytest.mark.parametrize("quantity", [0, 2], ids=["reset", "candidate"])
def test_gru(snap_compare: Compare, quantity: int) -> None:
    assert snap_compare(pakistan(model="gru"), terminal_size=SMALL, press=(*TO_COUNTRY, *["tab"] * quantity))


def test_gru_step_into(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(model="gru"), terminal_size=SMALL, press=("8", "G", "2", "full_stop"))


def test_peephole(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(model="peephole"), terminal_size=SMALL, press=TO_COUNTRY)


def test_coupled(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(model="coupled-forget"), terminal_size=SMALL, press=(*TO_COUNTRY, "tab", "tab"))


def test_network_from_a_file(snap_compare: Compare) -> None:
    assert snap_compare(
        stack_of_two(), terminal_size=MIDDLE, run_before=pressing("3", "0", "G", "L", "L", "L", "tab", "tab")
    )


def test_lesson(snap_compare: Compare) -> None:
    assert snap_compare(opened("pakistan"), terminal_size=SMALL, press=("enter", "enter"))


def test_lesson_told(snap_compare: Compare) -> None:
    assert snap_compare(opened("sharing"), terminal_size=MIDDLE, run_before=pressing("enter", "enter", "enter"))


@IN_OTHER_LOOKS
def test_lesson_in(snap_compare: Compare, look: Look) -> None:
    assert snap_compare(opened("ali", look), terminal_size=SMALL, press=("enter", "enter"))


def test_compare(snap_compare: Compare) -> None:
    assert snap_compare(opened("order"), terminal_size=SMALL, press=("3", "G", "c"))


def test_compare_networks(snap_compare: Compare) -> None:
    assert snap_compare(opened("pakistan"), terminal_size=MIDDLE, run_before=pressing("c", "G"))


def test_compare_with_a_dense_network(snap_compare: Compare) -> None:
    assert snap_compare(opened("lengths", model="dense"), terminal_size=SMALL, press=("c", "3", "l"))


@IN_OTHER_LOOKS
def test_compare_in(snap_compare: Compare, look: Look) -> None:
    assert snap_compare(opened("dna", look), terminal_size=SMALL, press=("9", "G", "c", "tab"))


@pytest.mark.parametrize("scenario", ["order", "sharing"], ids=["bag", "places"])
def test_dense(snap_compare: Compare, scenario: str) -> None:
    assert snap_compare(opened(scenario, model="dense"), terminal_size=SMALL, press=("down",))


def test_chart(snap_compare: Compare) -> None:
    assert snap_compare(opened("pakistan"), terminal_size=SMALL, press=("a",))


def test_next_chart_in_ascii(snap_compare: Compare) -> None:
    assert snap_compare(opened("lengths", Look(ASCII)), terminal_size=SMALL, press=("a", "right"))


def test_help_of_a_comparison(snap_compare: Compare) -> None:
    assert snap_compare(opened("order"), terminal_size=MIDDLE, run_before=pressing("c", "question_mark"))


def test_too_small(snap_compare: Compare) -> None:
    assert snap_compare(pakistan(), terminal_size=(60, 15))
