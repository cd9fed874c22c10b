"""Peephole and coupled cells beside the published equations, written out unit by unit in float64, and their limits."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from gatestep.engine import CELLS, Stack, Trace, provenance, run, stack_from_tensors
from gatestep.engine.explain.ledger import ledger

Maker = Callable[..., tuple[Any, Stack]]
Runner = Callable[..., Trace]
Arrays = dict[str, np.ndarray]

VARIANTS = pytest.mark.parametrize("cell", ["peephole", "coupled-input", "coupled-forget"])
COUPLED = pytest.mark.parametrize(
    ("cell", "gate", "other"), [("coupled-input", "i", "f"), ("coupled-forget", "f", "i")]
)
BOTH_WAYS = pytest.mark.parametrize("fused", [False, True], ids=["numpy", "fused"])


def drawn(seed: int = 0, inputs: int = 3, units: int = 4, suffix: str = "l0") -> Arrays:
    """All of one direction's arrays, with the rows of four gates."""
    rng = np.random.default_rng(seed)
    shapes = {"weight_ih": (4 * units, inputs), "weight_hh": (4 * units, units), "bias_ih": (4 * units,),
              "bias_hh": (4 * units,), "weight_peephole": (3, units)}  # fmt: skip
    return {f"{name}_{suffix}": rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


def sigmoid(z: float) -> float:
    return float(1 / (1 + np.exp(-z)))


def by_hand(
    tensors: Mapping[str, np.ndarray],
    x: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
    coupled: str = "",
    suffix: str = "l0",
) -> dict[str, np.ndarray]:
    """Every quantity (T, H), one unit at a time, as Gers & Schmidhuber (2000) and Greff et al. (2017) have it."""
    U, W, b, d, p = (tensors[f"{name}_{suffix}"].astype(np.float64) for name in
                     ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_peephole"))  # fmt: skip
    H, T = W.shape[1], len(x)
    q = {name: np.zeros((T, H)) for name in ("input", "forget", "candidate", "output", "cell", "hidden")}
    h, c = h.astype(np.float64), c.astype(np.float64)
    for t in range(T):
        for j in range(H):
            z = [U[k * H + j] @ x[t] + W[k * H + j] @ h + b[k * H + j] + d[k * H + j] for k in range(4)]
            i, f = sigmoid(z[0] + p[0, j] * c[j]), sigmoid(z[1] + p[1, j] * c[j])
            if coupled == "i":
                i = 1 - f
            if coupled == "f":
                f = 1 - i
            g = np.tanh(z[2])
            new = f * c[j] + i * g
            o = sigmoid(z[3] + p[2, j] * new)
            row = {"input": i, "forget": f, "candidate": g, "output": o, "cell": new, "hidden": o * np.tanh(new)}
            for name, value in row.items():
                q[name][t, j] = value
        h, c = q["hidden"][t], q["cell"][t]
    return q


@VARIANTS
@pytest.mark.parametrize(("inputs", "units", "seed"), [(1, 1, 0), (3, 4, 1), (2, 9, 2)])
def test_every_quantity_is_what_the_published_equations_give(cell: str, inputs: int, units: int, seed: int) -> None:
    tensors, rng = drawn(seed, inputs, units), np.random.default_rng(seed)
    x, h, c = rng.normal(size=(25, inputs)).astype("f"), rng.normal(size=units), 2 * rng.normal(size=units)
    trace = run(stack_from_tensors(tensors, "made", cell), x, {"h0": h[None], "c0": c[None]})
    coupled = {"coupled-input": "i", "coupled-forget": "f"}.get(cell, "")
    for name, array in by_hand(tensors, x, h, c, coupled).items():
        np.testing.assert_allclose(trace.layer("l0")[name], array, rtol=1e-6, atol=2e-6, err_msg=name)


@VARIANTS
def test_layers_and_directions_are_stacked_as_torch_stacks_them(cell: str) -> None:
    suffixes = {"l0": 3, "l0_reverse": 3, "l1": 8, "l1_reverse": 8}
    parts = {suffix: drawn(n, inputs, 4, suffix) for n, (suffix, inputs) in enumerate(suffixes.items())}
    tensors = {name: array for part in parts.values() for name, array in part.items()}
    x, states = (
        np.random.default_rng(9).normal(size=(12, 3)).astype("f"),
        np.random.default_rng(8).normal(size=(2, 4, 4)),
    )
    trace = run(stack_from_tensors(tensors, "made", cell), x, {"h0": states[0], "c0": states[1]})
    coupled = {"coupled-input": "i", "coupled-forget": "f"}.get(cell, "")
    below = x.astype(np.float64)
    for layer in range(2):
        sides = []
        for reverse in range(2):
            suffix, n = f"l{layer}" + "_reverse" * reverse, 2 * layer + reverse
            turn = slice(None, None, -1 if reverse else 1)
            q = by_hand(tensors, below[turn], states[0, n], states[1, n], coupled, suffix)
            for name, array in q.items():
                np.testing.assert_allclose(trace.layer(suffix)[name], array[turn], rtol=1e-6, atol=5e-6, err_msg=name)
            sides.append(q["hidden"][turn])
        below = np.concatenate(sides, axis=1)


@BOTH_WAYS
def test_peepholes_of_zero_are_none(fused: bool, make_network: Maker, run_by: Runner) -> None:
    _, lstm = make_network(units=5)
    tensors = {f"{kind}_l0": array for kind, array in lstm.flat[0].tensors.items()}
    closed = stack_from_tensors(tensors | {"weight_peephole_l0": np.zeros((3, 5))}, "made", "peephole")
    x = np.random.default_rng(0).normal(size=(30, 3))
    one, other = run_by(lstm, x, fused=fused), run_by(closed, x, fused=fused)
    for name, array in one.quantities.items():
        np.testing.assert_allclose(other.quantities[name], array, rtol=0, atol=1e-6, err_msg=name)


@BOTH_WAYS
@COUPLED
def test_a_coupled_cell_is_the_lstm_whose_gates_mirror_each_other(
    cell: str, gate: str, other: str, fused: bool, run_by: Runner
) -> None:
    """sigmoid(-z) is 1 - sigmoid(z), so rows of the opposite sign tie an LSTM's two gates."""
    rows = {"i": slice(0, 4), "f": slice(4, 8)}
    tensors = {name: array.copy() for name, array in drawn().items() if "peephole" not in name}
    for array in tensors.values():
        array[rows[gate]] = -array[rows[other]]
    x = np.random.default_rng(0).normal(size=(40, 3))
    lstm, tied = (run_by(stack_from_tensors(tensors, "made", kind), x, fused=fused) for kind in ("lstm", cell))
    for name, array in lstm.quantities.items():
        np.testing.assert_allclose(tied.quantities[name], array, rtol=0, atol=1e-6, err_msg=name)


@COUPLED
@BOTH_WAYS
def test_coupled_gates_add_up_to_one(cell: str, gate: str, other: str, fused: bool, run_by: Runner) -> None:
    tensors = {name: array for name, array in drawn().items() if "peephole" not in name}
    q = run_by(stack_from_tensors(tensors, "made", cell), np.ones((5, 3)), fused=fused).layer("l0")
    np.testing.assert_allclose(q["input"] + q["forget"], 1, rtol=0, atol=1e-7)


def test_a_peephole_looks_at_the_memory_before_and_the_output_gate_at_the_memory_after() -> None:
    trace = run(stack_from_tensors(drawn(), "made", "peephole"), np.ones((3, 3)), {"c0": np.full((1, 4), 2.0)})
    cell = trace.layer("l0")["cell"]
    for gate, row, seen in (("input", 0, 2.0), ("forget", 1, 2.0), ("output", 2, cell[0, 1])):
        term = ledger(trace, 0, 1, gate).terms[-1]
        assert (term.source, term.index) == ("peephole", 1)
        assert term.weight == pytest.approx(drawn()["weight_peephole_l0"][row, 1])
        assert term.value == pytest.approx(seen)
    assert ledger(trace, 1, 1, "forget").terms[-1].value == cell[0, 1]
    assert [t.source for t in ledger(trace, 0, 1, "candidate").terms].count("peephole") == 0


@COUPLED
def test_a_coupled_gate_is_one_minus_the_other(cell: str, gate: str, other: str) -> None:
    names = {"i": "input", "f": "forget"}
    trace = run(stack_from_tensors(drawn(), "made", cell), np.ones((3, 3)))
    book = ledger(trace, 2, 1, names[gate])
    one, minus = book.terms
    assert (one.source, one.product, minus.source, minus.weight) == ("one", 1.0, "other", -1.0)
    assert minus.value == trace.layer("l0")[names[other]][2, 1]
    assert (book.activation, book.factor, book.total) == ("", 1.0, book.value)


def test_a_grus_candidate_has_the_reset_gate_times_the_recurrent_part(make_network: Maker) -> None:
    _, stack = make_network("gru")
    trace = run(stack, np.random.default_rng(0).normal(size=(4, 3)))
    w, layer = stack.flat[0], trace.layer("l0")
    book, row = ledger(trace, 2, 1, "candidate"), w.row("candidate", 1)
    reset = float(layer["reset"][2, 1])
    assert [term.scale for term in book.terms] == [1.0] * 4 + [reset] * 5
    recurrent = float(w.bias_hh[row]) + float(w.W[row].astype(float) @ layer["hidden"][1])
    assert book.from_source("recurrent bias") + book.from_source("hidden") == pytest.approx(reset * recurrent, abs=1e-6)
    assert book.from_source("bias") == float(w.bias_ih[row])
    kept, written = ledger(trace, 2, 1, "hidden").terms
    update = layer["update"][2, 1]
    assert (kept.weight, kept.value) == (update, layer["hidden"][1, 1])
    assert (written.weight, written.value) == (1 - update, layer["candidate"][2, 1])


def test_in_a_gru_the_update_gate_keeps_what_was_written(make_network: Maker) -> None:
    trace = run(make_network("gru")[1], np.random.default_rng(0).normal(size=(6, 3)), {"h0": np.full((1, 4), 0.5)})
    layer = trace.layer("l0")
    z, g = layer["update"][:, 2].astype(float), layer["candidate"][:, 2].astype(float)
    found = provenance(layer, 5, 2)
    np.testing.assert_allclose(found.written, [(1 - z[k]) * g[k] * z[k + 1 :].prod() for k in range(6)], atol=1e-6)
    assert found.initial == pytest.approx(0.5 * z.prod(), abs=1e-6)


def test_every_cell_has_its_parts_in_the_order_in_which_they_are_computed() -> None:
    assert CELLS["gru"].quantities == ("reset", "update", "candidate", "hidden")
    assert CELLS["coupled-forget"].quantities == ("input", "candidate", "forget", "cell", "output", "hidden")
    for name in ("peephole", "coupled-input"):
        assert CELLS[name].parts == CELLS["lstm"].parts
