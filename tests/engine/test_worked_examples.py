"""Numbers that others have published, step by step, for networks small enough to do by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from gatestep.engine import CELLS, Readout, Stack, Trace, run, stack_from_tensors
from gatestep.engine.trace import softmax

Gate = tuple[Any, Any, Any]
"""(what acts on x, what acts on h, the bias): rows are units."""


def lstm(**gates: Gate) -> Stack:
    """An LSTM from its gates, by name."""
    U, W, b = (
        np.concatenate([np.array(gates[name][part], dtype=float) for name in CELLS["lstm"].rows]) for part in range(3)
    )
    return stack_from_tensors({"weight_ih_l0": U, "weight_hh_l0": W, "bias_ih_l0": b}, "published")


def one_unit(x: Sequence[float] | float, h: float, b: float) -> Gate:
    return [x] if isinstance(x, Sequence) else [[x]], [[h]], [b]


def expect(trace: Trace, printed: Mapping[str, Sequence[float]], decimals: int) -> None:
    """Unit 0 of every named quantity is what was printed, to half a unit of the last place and float32's rounding."""
    for name, values in printed.items():
        ours = trace.quantities[f"l0.{name}"][:, 0]
        np.testing.assert_allclose(ours, values, rtol=0, atol=0.5 * 10**-decimals + 3e-7, err_msg=name)


def test_gomez() -> None:
    """Gomez, "Backpropagating an LSTM: A Numerical Example": two inputs, one unit, two timestamps."""
    stack = lstm(
        candidate=one_unit([0.45, 0.25], 0.15, 0.20),
        input=one_unit([0.95, 0.80], 0.80, 0.65),
        forget=one_unit([0.70, 0.45], 0.10, 0.15),
        output=one_unit([0.60, 0.40], 0.25, 0.10),
    )
    printed = {
        "candidate": (0.817754, 0.849804),
        "input": (0.960834, 0.981184),
        "forget": (0.851953, 0.870302),
        "output": (0.817574, 0.849933),
        "cell": (0.785726, 1.517633),
        "hidden": (0.536313, 0.771981),
    }
    expect(run(stack, [[1, 2], [0.5, 3]]), printed, 6)


def test_scalar_trace_with_every_gate() -> None:
    """A published scalar trace with zero biases, x = 1, 2, 3 and y = 4h, every gate printed to four places."""
    stack = lstm(
        forget=one_unit(0.5, 0.1, 0),
        input=one_unit(0.6, 0.2, 0),
        candidate=one_unit(0.7, 0.3, 0),
        output=one_unit(0.8, 0.4, 0),
    )
    printed = {
        "forget": (0.6225, 0.7361, 0.8269),
        "input": (0.6457, 0.7775, 0.8730),
        "candidate": (0.6044, 0.9009, 0.9798),
        "cell": (0.3902, 0.9877, 1.6721),
        "output": (0.6900, 0.8459, 0.9344),
        "hidden": (0.2564, 0.6398, 0.8707),
    }
    trace = run(stack, [[1], [2], [3]])
    expect(trace, printed, 4)
    y = Readout(np.array([[4]], np.float32), np.zeros(1, np.float32)).scores(trace.top)
    assert float(y[-1, 0]) == pytest.approx(3.4827, abs=0.5e-4)


STATQUEST = lstm(
    forget=one_unit(1.63, 2.70, 1.62),
    input=one_unit(1.65, 2.00, 0.62),
    candidate=one_unit(0.94, 1.41, -0.32),
    output=one_unit(-0.19, 4.38, 0.59),
)


@pytest.mark.parametrize(
    ("days", "cell", "hidden"),
    [
        (
            (0, 0.5, 0.25, 1),
            (-0.201247, -0.202193, -0.324621, 0.015270),
            (-0.127755, -0.096522, -0.166218, 0.006393),
        ),
        (
            (1, 0.5, 0.25, 1),
            (0.499521, 0.913569, 1.480604, 2.409093),
            (0.276438, 0.611733, 0.867005, 0.969393),
        ),
    ],
    ids=["company A", "company B"],
)
def test_statquest_companies(days: Sequence[float], cell: Sequence[float], hidden: Sequence[float]) -> None:
    """StatQuest's two companies, which differ on the first day only."""
    expect(run(STATQUEST, [[x] for x in days]), {"cell": cell, "hidden": hidden}, 6)


def test_statquest_step() -> None:
    """One step of StatQuest's network from c = 2 and h = 1."""
    states = {"h0": [[1]], "c0": [[2]]}
    printed = {"forget": 0.997401, "input": 0.986211, "candidate": 0.966087, "cell": 2.947567, "output": 0.991674}
    printed["hidden"] = 0.986229
    expect(run(STATQUEST, [[1]], states), {name: [value] for name, value in printed.items()}, 6)
    expect(run(STATQUEST, [[-10]], states), {"forget": [0.000006]}, 6)


def test_one_step_of_two_units() -> None:
    """A published first step of two units from zero states without biases, printed to three places."""
    none, zero = [[0, 0], [0, 0]], [0, 0]
    stack = lstm(
        forget=([[0.5, 0.3], [0.1, 0.4]], none, zero),
        input=([[0.2, 0.1], [0.3, 0.2]], none, zero),
        candidate=([[0.4, 0.2], [0.2, 0.5]], none, zero),
        output=([[0.1, 0.3], [0.4, 0.1]], none, zero),
    )
    printed = {
        "forget": (0.657, 0.574),
        "input": (0.562, 0.599),
        "candidate": (0.462, 0.422),
        "output": (0.562, 0.611),
        "cell": (0.260, 0.253),
        "hidden": (0.143, 0.151),
    }
    trace = run(stack, [[1, 0.5]])
    for name, values in printed.items():
        np.testing.assert_allclose(trace[0][f"l0.{name}"], values, rtol=0, atol=0.5e-3, err_msg=name)


A_NEXT_4 = (
    "-0.66408471 0.0036921 0.02088357 0.22834167 -0.85575339 0.00138482 0.76566531 0.34631421 -0.00215674 0.43827275"
)
C_NEXT_2 = (
    "0.63267805 1.00570849 0.35504474 0.20690913 -1.64566718 0.11832942 0.76449811 -0.0981561 -0.74348425 -0.26810932"
)
YT_1 = "0.79913913 0.15986619 0.22412122 0.15606108 0.97057211 0.31146381 0.00943007 0.12666353 0.39380172 0.07828381"


def test_deeplearning_ai_cell_forward() -> None:
    """deeplearning.ai, `lstm_cell_forward`: one step of ten examples with seeded random weights.

    There each W acts on h and x stacked, so its first five columns are W here and its last three U.
    """
    rng = np.random.RandomState(1)
    x, a, c = rng.randn(3, 10), rng.randn(5, 10), rng.randn(5, 10)
    stacked = {}
    for gate in ("forget", "input", "output", "candidate"):
        W = rng.randn(5, 8)
        stacked[gate] = (W[:, 5:], W[:, :5], rng.randn(5, 1)[:, 0])
    Wy, by = rng.randn(2, 5), rng.randn(2, 1)
    U, W, b = (np.concatenate([stacked[gate][part] for gate in CELLS["lstm"].rows]) for part in range(3))

    q = CELLS["lstm"].step(x.T @ U.T + b, a.T @ W.T, c.T)  # ten examples stand where timestamps would
    for ours, printed in (
        (q["hidden"][:, 4], A_NEXT_4),
        (q["cell"][:, 2], C_NEXT_2),
        (softmax(q["hidden"] @ Wy.T + by.T)[:, 1], YT_1),
    ):
        np.testing.assert_allclose(ours, [float(v) for v in printed.split()], rtol=0, atol=0.51e-8)

    stack = lstm(**stacked)
    for n in range(10):
        trace = run(stack, x[None, :, n], {"h0": a[None, :, n], "c0": c[None, :, n]})
        np.testing.assert_allclose(trace[0]["l0.hidden"], q["hidden"][n], rtol=0, atol=1e-6)
        np.testing.assert_allclose(trace[0]["l0.cell"], q["cell"][n], rtol=0, atol=1e-6)
