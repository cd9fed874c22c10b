"""Parity with torch's own modules, by both ways of walking through time, and what a run refuses."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from drawn import normal
from gatestep.engine import CELLS as ALL_CELLS
from gatestep.engine import QUANTITIES, Stack, Trace, run
from hypothesis import given
from hypothesis import strategies as st

Maker = Callable[..., tuple[Any, Stack]]
Runner = Callable[..., Trace]

BOTH_WAYS = pytest.mark.parametrize("fused", [False, True], ids=["numpy", "fused"])
CELLS = pytest.mark.parametrize("cell", ALL_CELLS)
TORCHS_CELLS = pytest.mark.parametrize("cell", ["lstm", "rnn", "gru"])
NETWORKS = pytest.mark.parametrize(
    ("width", "units", "options"),
    [
        (1, 1, {}),
        (3, 5, {}),
        (3, 5, {"bias": False}),
        (16, 33, {"num_layers": 2}),
        (2, 4, {"bidirectional": True}),
        (4, 3, {"num_layers": 3, "bidirectional": True}),
        (4, 3, {"num_layers": 3, "bidirectional": True, "bias": False}),
    ],
    ids=lambda value: str(value).replace(" ", ""),
)


def initial_for(stack: Stack) -> dict[str, np.ndarray]:
    names = ("h0", "c0")[: len(stack.cell.states)]
    return {name: normal(len(stack.flat), stack.H, seed=n) for n, name in enumerate(names)}


def by_torch(module: Any, x: np.ndarray, initial: dict[str, np.ndarray]) -> tuple[np.ndarray, list[np.ndarray]]:
    """Torch's own hidden states (T, D) and its last states, each (layers x directions, H)."""
    first = [torch.from_numpy(array) for array in initial.values()]
    with torch.no_grad():
        hidden, last = module(torch.from_numpy(x), *([tuple(first) if len(first) > 1 else first[0]] if first else []))
    return hidden.numpy(), [state.numpy() for state in (last if isinstance(last, tuple) else (last,))]


@BOTH_WAYS
@TORCHS_CELLS
@NETWORKS
@pytest.mark.parametrize("states", [False, True], ids=["zeros", "given"])
def test_hidden_and_last_states_are_torchs(
    cell: str,
    width: int,
    units: int,
    options: dict[str, Any],
    states: bool,
    fused: bool,
    make_network: Maker,
    run_by: Runner,
) -> None:
    module, stack = make_network(cell, width, units, **options)
    x, initial = normal(40, width), initial_for(stack) if states else {}
    trace = run_by(stack, x, initial, fused=fused)
    hidden, last = by_torch(module, x, initial)
    np.testing.assert_allclose(trace.top, hidden, rtol=0, atol=1e-6)
    for state, array in zip(stack.cell.states, last, strict=True):
        ours = [layer[state][0 if layer.weights.reverse else -1] for layer in trace.layers]
        np.testing.assert_allclose(ours, array, rtol=0, atol=1e-6)


@CELLS
@NETWORKS
def test_both_ways_agree_on_every_quantity(
    cell: str, width: int, units: int, options: dict[str, Any], make_network: Maker, run_by: Runner
) -> None:
    _, stack = make_network(cell, width, units, **options)
    x, initial = normal(300, width), initial_for(stack)
    stepped, fused = (run_by(stack, x, initial, fused=way).quantities for way in (False, True))
    assert list(stepped) == list(fused)
    for name, array in stepped.items():
        np.testing.assert_allclose(fused[name], array, rtol=0, atol=1e-6, err_msg=name)


@BOTH_WAYS
@pytest.mark.parametrize("reverse", [False, True])
def test_every_gate_is_what_torchs_own_hidden_states_make_it(
    reverse: bool, fused: bool, make_network: Maker, run_by: Runner
) -> None:
    module, stack = make_network("lstm", 3, 5, bidirectional=True)
    x, initial = normal(30, 3), initial_for(stack)
    trace = run_by(stack, x, initial, fused=fused)
    double = module.double()
    hidden, _ = by_torch(double, x.astype(np.float64), {name: a.astype(np.float64) for name, a in initial.items()})

    suffix = "l0_reverse" if reverse else "l0"
    U, W, b_ih, b_hh = (
        getattr(double, f"{kind}_{suffix}").detach().numpy()
        for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    )
    order = slice(None, None, -1 if reverse else 1)
    h = hidden[:, 5:][order] if reverse else hidden[:, :5]
    before = np.concatenate([initial["h0"][int(reverse)][None], h[:-1]])
    i, f, g, o = np.split(x[order] @ U.T + b_ih + before @ W.T + b_hh, 4, axis=1)
    gates = {"input": 1 / (1 + np.exp(-i)), "forget": 1 / (1 + np.exp(-f)), "candidate": np.tanh(g)}
    gates["output"] = 1 / (1 + np.exp(-o))
    c, cells = initial["c0"][int(reverse)].astype(np.float64), []
    for t in range(len(x)):
        c = gates["forget"][t] * c + gates["input"][t] * gates["candidate"][t]
        cells.append(c)
    for name, array in (gates | {"cell": np.array(cells), "hidden": h}).items():
        np.testing.assert_allclose(trace.layer(suffix)[name][order], array, rtol=0, atol=1e-6, err_msg=name)


@BOTH_WAYS
@CELLS
@given(T=st.integers(2, 200), data=st.data(), seed=st.integers(0, 99))
def test_a_trace_of_a_prefix_is_the_prefix_of_the_trace(
    make_network: Maker, run_by: Runner, cell: str, fused: bool, T: int, data: st.DataObject, seed: int
) -> None:
    _, stack = make_network(cell, seed=seed, num_layers=2)
    cut = data.draw(st.integers(1, T - 1))
    x, initial = normal(T, 3, seed=seed), initial_for(stack)
    whole, prefix = (run_by(stack, x[:n], initial, fused=fused).quantities for n in (T, cut))
    for name, array in whole.items():
        np.testing.assert_allclose(prefix[name], array[:cut], rtol=0, atol=1e-6, err_msg=name)


FINITE = st.floats(width=32, allow_nan=False, allow_infinity=False) | st.sampled_from([3e38, -3e38, 1e38, 0.0, -1e-40])


@BOTH_WAYS
@CELLS
@given(rows=st.lists(st.tuples(FINITE, FINITE, FINITE), min_size=1, max_size=6), seed=st.integers(0, 99))
def test_any_finite_input_leaves_every_quantity_finite_and_in_its_range(
    make_network: Maker, run_by: Runner, cell: str, fused: bool, rows: list[tuple[float, float, float]], seed: int
) -> None:
    _, stack = make_network(cell, seed=seed, scale=6, num_layers=2, bidirectional=True)
    for name, array in run_by(stack, rows, fused=fused).quantities.items():
        assert np.isfinite(array).all(), name
        q = QUANTITIES[name.split(".")[1]]
        if q.low is not None and q.high is not None:
            assert q.low <= array.min(), name
            assert array.max() <= q.high, name


@CELLS
def test_both_ways_agree_where_products_leave_float32(cell: str, make_network: Maker, run_by: Runner) -> None:
    _, stack = make_network(cell, 4, 8, scale=6)
    x = np.random.default_rng(0).choice([3e38, -3e38, 1.0], size=(20, 4))
    stepped, fused = (run_by(stack, x, fused=way).quantities for way in (False, True))
    for name, array in stepped.items():
        np.testing.assert_allclose(fused[name], array, rtol=0, atol=1e-6, err_msg=name)


def test_states_may_have_torchs_batch_in_the_middle(make_network: Maker) -> None:
    _, stack = make_network(num_layers=2)
    initial = initial_for(stack)
    batched = {name: array[:, None] for name, array in initial.items()}
    np.testing.assert_array_equal(run(stack, normal(4, 3), batched).top, run(stack, normal(4, 3), initial).top)


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        (np.zeros((4, 2)), "x.npy: has shape (4, 2); this network takes (T, 3)"),
        (np.zeros(3), "x.npy: has shape (3,); this network takes (T, 3)"),
        (np.zeros((0, 3)), "x.npy: has shape (0, 3); this network takes (T, 3) with at least one timestamp"),
        ([[0, 0, np.nan]], "x.npy has nan at [0, 2]"),
    ],
)
def test_inputs_that_do_not_fit_are_refused(
    inputs: Any, said: str, make_network: Maker, refusal: Callable[..., str]
) -> None:
    assert refusal(run, make_network()[1], inputs, source="x.npy").startswith(said)


@pytest.mark.parametrize(
    ("cell", "initial", "said"),
    [
        ("lstm", {"h0": np.zeros((2, 4))}, "initial state h0 has shape (2, 4); it must be (1, 4)"),
        ("lstm", {"c0": np.zeros(4)}, "initial state c0 has shape (4,); it must be (1, 4)"),
        ("lstm", {"c0": np.full((1, 4), np.inf)}, "initial state c0 has inf at [0, 0]"),
        ("lstm", {"h0": np.full((1, 4), 3e38)}, "initial state h0 is too large to multiply in float32"),
        ("lstm", {"x": np.zeros((1, 4))}, "initial state x is not one that lstm has (h0, c0)"),
        ("rnn", {"c0": np.zeros((1, 4))}, "initial state c0 is not one that rnn has (h0)"),
        ("gru", {"c0": np.zeros((1, 4))}, "initial state c0 is not one that gru has (h0)"),
    ],
)
def test_states_that_do_not_fit_are_refused(
    cell: str, initial: dict[str, Any], said: str, make_network: Maker, refusal: Callable[..., str]
) -> None:
    line = refusal(run, make_network(cell)[1], np.zeros((2, 3)), initial, "s.npz")
    assert line.startswith(f"s.npz: {said}")


@pytest.mark.parametrize("cell", ["lstm", "peephole", "coupled-input", "coupled-forget"])
def test_a_huge_cell_state_is_carried(cell: str, make_network: Maker, run_by: Runner) -> None:
    """Where a gate looks at it, that gate is wide open or closed."""
    _, stack = make_network(cell)
    for fused in (False, True):
        trace = run_by(stack, np.zeros((3, 3)), {"c0": np.full((1, 4), 3e38)}, fused=fused)
        cell_states, forget = trace.quantities["l0.cell"], trace.quantities["l0.forget"]
        assert np.isfinite(cell_states).all()
        assert (cell_states[0] > 1e37).tolist() == (forget[0] > 0.1).tolist()
        assert cell_states[0].max() > 1e37
