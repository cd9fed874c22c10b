"""What the panels say of a GRU, of peepholes and of coupled gates: each cell's own columns, sums and parts."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from gatestep.engine import CELLS, QUANTITIES, activation, ledger, run, stack_from_tensors
from gatestep.scenarios import find
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.equations import equations
from gatestep.tui.draw.lines import plain_text
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.opening import page_of
from gatestep.tui.source.make import origin_of, scenario_subject
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.stepper.panels.arithmetic import arithmetic
from gatestep.tui.views.stepper.panels.heading import heading
from gatestep.tui.views.stepper.panels.units import units
from gatestep.tui.views.stepper.state import Moment, first_moment
from pilots import FROM_FILE
from randomly import random_subject
from rich.cells import cell_len

LOOK = Look(UNICODE)
EVERY = pytest.mark.parametrize("cell", CELLS)
VARIANTS = ("gru", "peephole", "coupled-input", "coupled-forget")


def numbers(text: str) -> list[Decimal]:
    return [Decimal(n.replace("−", "-")) for n in re.findall(r"[+−-]\d*\.\d+", text)]


@EVERY
@pytest.mark.parametrize("words", [False, True])
@pytest.mark.parametrize("width", [80, 200])
def test_the_printed_terms_add_up_to_the_sum_behind_a_gate(cell: str, words: bool, width: int) -> None:
    subject = random_subject(cell, words)
    for t in range(6):
        for unit in range(5):
            for gate in CELLS[cell].rows:
                moment = replace(first_moment(subject, t), unit=unit, quantity=gate)
                line = plain_text(arithmetic(moment, width, 4, LOOK)[1:2])
                assert cell_len(line) <= width
                total, *parts = numbers(re.sub(r'"[^"]*"', "", re.split(r"[za] = ", line, maxsplit=1)[1]))
                assert sum(parts) == total
                assert abs(float(total) - ledger(subject.trace, t, unit, gate).total) <= 0.005001
                looks = CELLS[cell].peepholes != "never" and gate != "candidate"
                assert len(parts) == 3 + looks
                assert (f"  c{'' if gate == 'output' else '′'} " in line) == looks


@pytest.mark.parametrize("cell", [name for name, cell in CELLS.items() if cell.memory_state])
def test_the_printed_sum_of_the_memory_adds_up(cell: str) -> None:
    subject = random_subject(cell)
    for t in range(6):
        moment = replace(first_moment(subject, t), quantity=CELLS[cell].memory_state or "")
        line = plain_text(arithmetic(moment, 200, 4, LOOK)[1:2])
        total, *_, kept, written = numbers(line)
        assert kept + written == total
        assert ("= z·h′ + (1−z)·g =" in line) == (cell in ("gru", "gru-before"))
        assert ("= f·c′ + i·g =" in line) == (cell not in ("gru", "gru-before"))


@pytest.mark.parametrize(("cell", "gate", "other"), [("coupled-input", "i", "f"), ("coupled-forget", "f", "i")])
def test_a_coupled_gate_is_shown_as_one_minus_the_other(cell: str, gate: str, other: str) -> None:
    names = {"i": "input", "f": "forget"}
    subject = random_subject(cell)
    moment = replace(first_moment(subject, 2), unit=1, quantity=names[gate])
    value, beside = (float(subject.trace.layer("l0")[names[name]][2, 1]) for name in (gate, other))
    line = plain_text(arithmetic(moment, 80, 4, LOOK)[1:2])
    assert line == f" {gate} = {LOOK.share(value)} = 1−{other} = 1 − {LOOK.share(beside)}"


def test_a_grus_candidate_is_shown_with_the_reset_gate() -> None:
    subject = random_subject("gru")
    moment = replace(first_moment(subject, 3), unit=2, quantity="candidate")
    lines = arithmetic(moment, 200, 9, LOOK)
    recurrent = sum(map(ledger(subject.trace, 3, 2, "candidate").from_source, ("hidden", "recurrent bias")))
    assert abs(float(numbers(plain_text(lines[1:2]).split("r·(h′+b)")[1])[0]) - recurrent) < 0.011
    reset = LOOK.share(float(subject.trace.layer("l0")["reset"][3, 2]))
    assert f" {reset}×" in plain_text(lines).split("largest of")[1]


@EVERY
def test_the_table_has_a_column_for_every_quantity_and_the_memory_before_and_after(cell: str) -> None:
    moment = first_moment(random_subject(cell), 3)
    header, *rows = plain_text(units(moment, 120, 6, LOOK)).splitlines()
    places = [header.index(f"{name[:4]}") for name in CELLS[cell].quantities]
    assert places == sorted(places)
    symbol = QUANTITIES[CELLS[cell].memory_state or "hidden"].symbol
    assert (f"{symbol}′ → {symbol}" in header) == (CELLS[cell].memory_state is not None)
    assert len(rows) == 5
    assert all((row.count("→") == 1) == (CELLS[cell].memory_state is not None) for row in rows)


@EVERY
def test_stepping_into_goes_through_the_parts_of_the_cell(cell: str) -> None:
    parts = CELLS[cell].parts
    moment = first_moment(random_subject(cell)).at(2, 1)
    seen = []
    for _ in parts:
        shown = {name for name in CELLS[cell].quantities if moment.computed(name)}
        seen.append((moment.part, moment.quantity in parts[moment.part]))
        assert shown == {name for part in list(parts)[: moment.phase] for name in parts[part]}
        if moment.phase < len(parts):
            assert f"{moment.phase}/{len(parts)} {moment.part}" in plain_text(heading(moment, 80, 1, LOOK))
        moment = moment.into(1)
    assert seen == [(part, True) for part in parts]
    assert (moment.t, moment.phase) == (3, 1)


@EVERY
def test_every_equation_is_spelled_in_the_symbols_of_the_cell(cell: str) -> None:
    told = dict(equations(random_subject(cell).trace.stack.flat[0], LOOK))
    assert list(told) == list(CELLS[cell].quantities)
    assert all(line.startswith(f"{QUANTITIES[name].symbol} = ") for name, line in told.items())
    ascii_only = equations(random_subject(cell).trace.stack.flat[0], Look(ASCII))
    assert all(line.isascii() for _, line in ascii_only)


def test_equations_tell_the_cells_apart() -> None:
    told = {cell: dict(equations(random_subject(cell).trace.stack.flat[0], LOOK)) for cell in CELLS}
    assert told["lstm"]["forget"] == "f = σ(b + U x + W h′)"
    assert told["peephole"]["forget"] == "f = σ(b + U x + W h′ + p·c′)"
    assert told["peephole"]["output"] == "o = σ(b + U x + W h′ + p·c)"
    assert told["peephole"]["candidate"] == told["lstm"]["candidate"] == "g = tanh(b + U x + W h′)"
    assert told["coupled-input"]["input"] == "i = 1−f"
    assert told["coupled-forget"]["forget"] == "f = 1−i"
    assert told["gru"]["candidate"] == "g = tanh(b + U x + r·(d + W h′))"
    assert told["gru-before"]["candidate"] == "g = tanh(b + U x + W (r·h′))"
    assert told["gru"]["hidden"] == "h = z·h′ + (1−z)·g"
    assert told["rnn"]["hidden"] == "h = tanh(b + U x + W h′)"


def test_equations_name_the_functions_of_the_cell_and_its_projection() -> None:
    weights = random_subject("lstm").trace.stack.flat[0]
    functions = {
        "gate": activation("hard_sigmoid(0.2)"),
        "candidate": activation("linear"),
        "output": activation("relu"),
    }
    other = replace(weights, cell=weights.cell.with_functions(functions), projection=np.zeros((2, 5), np.float32))
    told = dict(equations(other, LOOK))
    assert told["forget"] == "f = hard_sigmoid(0.2, 0.5)(b + U x + W h′)"
    assert told["candidate"] == "g = b + U x + W h′"
    assert told["hidden"] == "h = R (o·relu(c))"


@pytest.mark.parametrize("model", VARIANTS)
def test_a_page_of_text_tells_all_of_it(model: str) -> None:
    subject = scenario_subject(find("pakistan"), model)
    assert isinstance(subject, Subject)
    told = page_of(subject, 8, Look(UNICODE, plain=True))
    assert f"{CELLS[model].title} {subject.trace.stack.H} units" in told
    assert "written by" in told


async def test_the_next_network_goes_through_all_of_them(
    app: GatestepApp, now: Callable[[GatestepApp], Moment]
) -> None:
    models = find("pakistan").models
    assert set(VARIANTS) < set(models)
    async with app.run_test(size=(80, 24)) as pilot:
        sentence = now(app).trace.tokens
        for model in (*models[1:], models[0]):
            await pilot.press("m")
            assert (origin_of(now(app).subject).model, now(app).trace.tokens) == (model, sentence)
            assert now(app).trace.stack.cell.name == model


def test_a_projection_and_values_beyond_one_are_shown_as_they_are() -> None:
    """A hidden state of two numbers beside five units; and what a relu lets through is not cut to its fraction."""
    rng = np.random.default_rng(0)
    tensors = {"weight_ih_l0": rng.normal(size=(20, 3)), "weight_hh_l0": rng.normal(size=(20, 2)),
               "weight_hr_l0": rng.normal(size=(2, 5))}  # fmt: skip
    projected = Subject("p", "LSTM", run(stack_from_tensors(tensors, "random"), rng.normal(size=(6, 3))), FROM_FILE)
    for unit, hidden in ((1, True), (4, False)):
        moment = replace(first_moment(projected, 3), unit=unit, quantity="hidden")
        told = plain_text(arithmetic(moment, 100, 6, LOOK))
        assert ("h = R (o·tanh(c)), of 2 numbers" in told) == (not hidden)
    grown = {"weight_ih_l0": np.full((1, 1), 3.0), "weight_hh_l0": np.zeros((1, 1))}
    relu = run(stack_from_tensors(grown, "random", "rnn", {"candidate": "relu"}), np.array([[1.09], [500.0]]))
    shown = [plain_text(units(first_moment(Subject("r", "RNN", relu, FROM_FILE), t), 80, 2, LOOK)) for t in (0, 1)]
    assert [text.split()[-1] for text in shown] == ["3", "1500"], "as many places in every row of a column"
