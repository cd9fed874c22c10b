"""The picture of the cell: its numbers are those of the trace, its parts light up in order, and every cell has one."""

from dataclasses import replace

import numpy as np
import pytest
from gatestep.engine import CELLS, QUANTITIES, edited, ledger, provenance, run, stack_from_tensors
from gatestep.scenarios import find
from gatestep.tui.draw import blocks
from gatestep.tui.draw.lines import plain_text, width_of
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.opening import page_of
from gatestep.tui.source.make import scenario_subject
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.stepper.panels.cell import cell, numbers
from gatestep.tui.views.stepper.state import Moment, first_moment
from pilots import FROM_FILE
from randomly import random_subject

LOOK = Look(UNICODE)
LOOKS = [LOOK, Look(ASCII), Look(UNICODE, "16"), Look(UNICODE, "none"), Look(ASCII, "none", plain=True)]
EVERY = pytest.mark.parametrize("name", CELLS)


def drawn(moment: Moment, width: int = 60, look: Look = LOOK) -> str:
    return plain_text(cell(moment, width, 13, look))


@EVERY
def test_every_number_in_the_picture_is_the_traces(name: str) -> None:
    subject = random_subject(name, words=True)
    layer = subject.trace.layers[0]
    for t in range(6):
        for unit in range(5):
            moment = replace(first_moment(subject, t), unit=unit)
            picture = drawn(moment)
            for quantity in layer.cell.quantities:
                value, symbol = float(layer[quantity][t, unit]), QUANTITIES[quantity].symbol
                text = LOOK.amount(value) if layer.quantity(quantity).signed else LOOK.share(value)
                assert f"{symbol} {text}" in picture
            for state in layer.cell.states:
                if state == (layer.cell.memory_state or ""):
                    assert f"{QUANTITIES[state].symbol}′ {LOOK.amount(float(layer.before(t, state)[unit]))}" in picture
            assert 'x "' in picture


@pytest.mark.parametrize("name", [name for name, kind in CELLS.items() if kind.memory_state])
def test_what_is_kept_and_what_is_added_make_the_memory(name: str) -> None:
    subject = random_subject(name)
    layer = subject.trace.layers[0]
    memory = layer.cell.memory_state or ""
    for t in range(6):
        for unit in range(5):
            values = numbers(replace(first_moment(subject, t), unit=unit), LOOK).values
            kept, added = values[blocks.CARRIED], values[blocks.WRITTEN]
            assert kept is not None
            assert added is not None
            assert kept + added == pytest.approx(float(layer[memory][t, unit]), abs=1e-5)
            by = provenance(layer, t, unit)
            assert added == pytest.approx(by.by(t), abs=1e-5), "what is added is what this timestamp wrote"
            if memory == "cell":
                o = float(layer["output"][t, unit])
                assert values[blocks.SQUASHED] == pytest.approx(np.tanh(float(layer["cell"][t, unit])), abs=1e-5)
                assert o * (values[blocks.SQUASHED] or 0) == pytest.approx(float(layer["hidden"][t, unit]), abs=1e-5)


@pytest.mark.parametrize("name", ["rnn", "gru", "gru-before"])
def test_the_parts_of_a_sum_make_the_candidate(name: str) -> None:
    subject = random_subject(name)
    layer = subject.trace.layers[0]
    what = "candidate" if "candidate" in layer.cell.quantities else "hidden"
    for t in range(6):
        values = numbers(replace(first_moment(subject, t), unit=2), LOOK).values
        total = (values[blocks.FROM_INPUT] or 0) + (values[blocks.FROM_STATE] or 0)
        assert total == pytest.approx(ledger(subject.trace, t, 2, what).total, abs=1e-5)
        assert np.tanh(total) == pytest.approx(float(layer[what][t, 2]), abs=1e-5)


@EVERY
@pytest.mark.parametrize("look", LOOKS, ids=["256", "ascii", "16", "none", "plain"])
@pytest.mark.parametrize("width", [blocks.WIDTH, 60, 72, 110])
def test_a_picture_keeps_its_size_and_spells_what_the_terminal_can(name: str, look: Look, width: int) -> None:
    moment = first_moment(random_subject(name, words=True), 3)
    for phase in range(moment.parts + 1):
        lines = cell(replace(moment, phase=phase), width, 13, look)
        assert len(lines) == 1 + blocks.rows_of(moment.layer_trace.weights)
        assert all(width_of(line) <= width for line in lines)
        assert look.glyphs.unicode or plain_text(lines).isascii()


@EVERY
@pytest.mark.parametrize("look", LOOKS, ids=["256", "ascii", "16", "none", "plain"])
def test_the_parts_light_up_in_order_and_what_is_not_computed_is_dots(name: str, look: Look) -> None:
    moment = first_moment(random_subject(name), 3)
    layer, seen = moment.layer_trace, []
    for phase in range(moment.parts + 1):
        there = replace(moment, phase=phase)
        picture = plain_text(cell(there, 60, 13, look))
        seen.append(picture)
        for quantity in layer.cell.quantities:
            value = float(layer[quantity][3, 0])
            text = look.amount(value) if layer.quantity(quantity).signed else look.share(value)
            shown = f"{layer.quantity(quantity).symbol} {text}" in picture
            assert shown == there.computed(quantity)
        assert (look.glyphs.pending * 4 in picture) == (phase < moment.parts)
    assert len(set(seen)) == len(seen), "each part changes the picture, also without colour"


@EVERY
def test_a_part_changes_few_cells_of_the_picture(name: str) -> None:
    moment = first_moment(random_subject(name), 3)
    for step in (replace(moment, t=4), replace(moment, phase=max(moment.parts - 1, 0))):
        one, other = drawn(moment).splitlines(), drawn(step).splitlines()
        changed = sum(
            a != b for x, y in zip(one, other, strict=True) for a, b in zip(x.ljust(60), y.ljust(60), strict=True)
        )
        assert changed <= 130


def test_while_it_plays_the_parts_that_are_lit_are_told_and_no_others(moment: Moment) -> None:
    lit = drawn(replace(moment, lit=2))
    assert lit == drawn(replace(moment, phase=2))
    assert drawn(moment) == drawn(replace(moment, lit=0))


def test_what_is_shown_of_a_projection_is_told_before_it() -> None:
    rng = np.random.default_rng(0)
    tensors = {"weight_ih_l0": rng.normal(size=(20, 3)), "weight_hh_l0": rng.normal(size=(20, 2)),
               "weight_hr_l0": rng.normal(size=(2, 5))}  # fmt: skip
    subject = Subject("p", "LSTM", run(stack_from_tensors(tensors, "random"), rng.normal(size=(6, 3))), FROM_FILE)
    layer = subject.trace.layers[0]
    shown = float(layer["output"][3, 4] * np.tanh(layer["cell"][3, 4]))
    picture = drawn(replace(first_moment(subject, 3), unit=4))
    assert LOOK.amount(shown) in picture
    assert "R" in picture
    assert f"h {LOOK.amount(float(layer['hidden'][3, 1]))}" in drawn(replace(first_moment(subject, 3), unit=1))


def test_what_was_set_by_hand_is_told(moment: Moment) -> None:
    trace = moment.trace
    changed = edited(trace, ["forget[2]=1@9"])
    there = replace(moment, subject=replace(moment.subject, trace=changed), unit=2)
    assert "by hand: f" in drawn(there)
    assert "f 1.00" in drawn(there)
    assert "by hand" not in drawn(replace(there, unit=3))


def test_the_page_of_text_has_the_picture() -> None:
    subject = scenario_subject(find("pakistan"))
    page = page_of(subject, 8, Look(UNICODE, plain=True))
    assert "inside unit 5, LSTM" in page
    assert 'x "Pakistan"' in page


def test_where_there_is_no_room_it_says_what_it_needs(moment: Moment) -> None:
    assert "needs 48 columns" in drawn(moment, 40)
