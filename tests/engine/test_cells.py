"""The equations on their own: on NumPy arrays and on torch tensors, one timestamp or all of them."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from gatestep.engine import CELLS, QUANTITIES, Cell
from gatestep.engine.run.walk import step_through

STATES = ("hidden", "cell")


def looking(cell: Cell, H: int = 3, seed: int = 0, peepholes: bool = True, xp: Any = np.asarray) -> Any:
    """What a cell looks at inside a timestamp: peepholes where it may have them, and the weights of a product."""
    rng = np.random.default_rng(seed)
    p = xp(rng.normal(size=(3, H))) if peepholes and cell.peepholes != "never" else None
    W, bias = xp(rng.normal(size=(len(cell.rows) * H, H))), xp(rng.normal(size=len(cell.rows) * H))
    return SimpleNamespace(peepholes=p, projection=None, W=W, bias_hh=bias)


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_speaks_of_known_quantities_only(name: str) -> None:
    cell = CELLS[name]
    assert cell.name == name
    assert set(cell.quantities) <= set(QUANTITIES)
    assert {*cell.rows, *cell.states, *(cell.coupled or ())} == set(cell.quantities)
    assert cell.memory_state in (*cell.states, None)


def test_lstm_rows_are_in_torchs_order() -> None:
    assert CELLS["lstm"].rows == ("input", "forget", "candidate", "output")


def test_gru_rows_are_in_torchs_order() -> None:
    assert CELLS["gru"].rows == ("reset", "update", "candidate")


@pytest.mark.parametrize("name", CELLS)
def test_a_step_computes_every_quantity(name: str) -> None:
    cell, H = CELLS[name], 3
    x, r = (np.full(len(cell.rows) * H, v) for v in (0.5, -0.25))
    q = cell.step(x, r, np.ones(H), looking(cell, H))
    assert set(q) == set(cell.quantities)
    assert {array.shape for array in q.values()} == {(H,)}


def test_an_lstm_step_reads_like_the_equations() -> None:
    i, f, g, o, c = 0.1, -0.2, 0.3, 0.4, 0.7
    q = CELLS["lstm"].step(np.array([i, f, g, o]), np.zeros(4), np.array([c]))

    def s(z: float) -> float:
        return float(1 / (1 + np.exp(-z)))

    new = s(f) * c + s(i) * np.tanh(g)
    expected = {"input": s(i), "forget": s(f), "candidate": np.tanh(g), "output": s(o), "cell": new}
    expected["hidden"] = s(o) * np.tanh(new)
    assert {name: float(v[0]) for name, v in q.items()} == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize("name", CELLS)
def test_all_timestamps_at_once_are_the_timestamps_one_by_one(name: str) -> None:
    cell, rng = CELLS[name], np.random.default_rng(0)
    x, r = rng.normal(size=(2, 5, len(cell.rows) * 3))
    m, w = rng.normal(size=(5, 3)), looking(cell)
    whole = cell.step(x, r, m, w)
    for t in range(5):
        for quantity, array in cell.step(x[t], r[t], m[t], w).items():
            np.testing.assert_allclose(whole[quantity][t], array, rtol=0, atol=1e-15)


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("peepholes", [False, True])
def test_a_step_on_torch_tensors_is_the_step_on_numpy_arrays(name: str, peepholes: bool) -> None:
    cell, rng = CELLS[name], np.random.default_rng(0)
    x, r = rng.normal(size=(2, 5, len(cell.rows) * 3))
    m = rng.normal(size=(5, 3))
    ours = cell.step(x, r, m, looking(cell, peepholes=peepholes))
    xs, rs, ms = (torch.from_numpy(array) for array in (x, r, m))
    theirs = cell.step(xs, rs, ms, looking(cell, peepholes=peepholes, xp=torch.from_numpy))
    assert set(ours) == set(theirs)
    for quantity, array in ours.items():
        np.testing.assert_allclose(theirs[quantity].numpy(), array, rtol=0, atol=1e-15)


@pytest.mark.parametrize("name", ["lstm", "rnn", "gru"])
def test_gradients_through_the_equations_are_torchs_own(name: str) -> None:
    cell, T, width, H = CELLS[name], 7, 3, 4
    torch.manual_seed(0)
    module = {"lstm": torch.nn.LSTM, "rnn": torch.nn.RNN, "gru": torch.nn.GRU}[name](width, H).double()
    inputs = torch.randn(T, width, dtype=torch.float64, requires_grad=True)
    first = tuple(torch.randn(1, H, dtype=torch.float64, requires_grad=True) for _ in cell.states)
    leaves = [inputs, *first, *module.parameters()]

    x = inputs @ module.weight_ih_l0.T + module.bias_ih_l0
    initial = {state: h[0] for state, h in zip(cell.states, first, strict=True)}
    W, bias = module.weight_hh_l0, module.bias_hh_l0
    weights = SimpleNamespace(cell=cell, W=W, bias_hh=bias, peepholes=None, projection=None)
    ours = step_through(weights, x, initial)["hidden"]
    theirs, _ = module(inputs, first if len(first) > 1 else first[0])

    torch.testing.assert_close(ours, theirs, atol=1e-12, rtol=0)
    for mine, torchs in zip(
        torch.autograd.grad((ours**2).sum(), leaves), torch.autograd.grad((theirs**2).sum(), leaves), strict=True
    ):
        assert torchs.abs().max() > 0
        torch.testing.assert_close(mine, torchs, atol=1e-12, rtol=0)
