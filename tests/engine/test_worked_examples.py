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


def published(cell: str, U: Sequence[Any], W: Sequence[Any], b: Sequence[Any], **more: Any) -> Stack:
    """A cell from the blocks of its gates in the order of its rows; the biases `b` are those of the input."""
    tensors = {"weight_ih_l0": np.concatenate([np.reshape(block, (len(W[0]), -1)) for block in U]),
               "weight_hh_l0": np.concatenate([np.array(block) for block in W]),
               "bias_ih_l0": np.concatenate([np.array(block) for block in b])}  # fmt: skip
    return stack_from_tensors(tensors | {f"{name}_l0": np.array(array) for name, array in more.items()}, "made", cell)


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


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("example", [0, 1])
def test_onnx_runtime_gru(example: int, reverse: bool) -> None:
    """ONNX Runtime's GRU with `linear_before_reset`, PyTorch's form: two examples of two timestamps, three units."""
    x = [[[-0.1], [-0.3]], [[0.2], [0.4]]][example]
    stack = published(
        "gru",
        U=[[0.2, 0.3, 0.1], [0.1, 0.2, 0.3], [0.3, 0.1, 0.2]],
        W=[np.full((3, 3), 0.1)] * 3,
        b=[[-0.2, -0.02, 0.02], [-0.01, 0.1, 0.01], [0.3, -0.3, -0.3]],
        bias_hh=[0.05, -0.7, 0.3, -0.03, 0.5, -0.7, 0.07, -0.03, 0.5],
    )
    printed = [
        [[0.15024948, -0.11097029, -0.02121867], [0.19538902, -0.19016478, -0.05644283]],
        [[0.18887489, -0.09747667, 0.02093463], [0.30856851, -0.15190377, 0.05999807]],
    ]
    backwards = [
        [[0.20910699, -0.18880953, -0.04005555], [0.12252139, -0.12032216, -0.05064924]],
        [[0.29700265, -0.15308119, 0.04537245], [0.21249877, -0.08884402, 0.04751285]],
    ]
    if reverse:  # the same weights in the other direction alone
        hidden, expected = run(stack, x[::-1]).top[::-1], backwards[example]
    else:
        hidden, expected = run(stack, x).top, printed[example]
    np.testing.assert_allclose(hidden, expected, rtol=0, atol=1e-6)


ONNX_U = {"input": [[-0.494659, 0.0453352], [-0.487793, 0.417264]],
          "output": [[-0.0175329, 0.489074], [-0.446013, 0.414029]],
          "forget": [[-0.0091708, -0.255364], [-0.106952, -0.266717]],
          "candidate": [[-0.0888852, -0.428709], [-0.283349, 0.208792]]}  # fmt: skip
ONNX_W = {"input": [[0.146626, -0.0620289], [-0.0815302, 0.100482]],
          "output": [[-0.219535, -0.306635], [-0.28515, -0.314112]],
          "forget": [[-0.228172, 0.405972], [0.31576, 0.281487]],
          "candidate": [[-0.394864, 0.42111], [-0.386624, -0.390225]]}  # fmt: skip
ONNX_B = {"input": [0.381619, 0.0323954], "output": [-0.14449, 0.420804],
          "forget": [-0.258721, 0.45056], "candidate": [-0.250755, 0.0967895]}  # fmt: skip
ONNX_P = {"input": [0.2345, 0.5235], "output": [0.4378, 0.3475], "forget": [0.8927, 0.3456]}


@pytest.mark.parametrize(
    ("cell", "bias", "hidden", "cell_state"),
    [
        ("peephole", 1.0, [[-0.0251062475, 0.0561261699], [-0.03277518, 0.05935364]], [-0.0780206, 0.098829]),
        ("peephole", 0.0, [[0.04154162, 0.01969122], [0.05298181, 0.0030589]], [0.11169686, 0.00625722]),
        ("coupled-forget", 1.0, [[-0.02510626, 0.05612619], [-0.0314321, 0.05087372]], [-0.07474898, 0.08480116]),
    ],
    ids=["peepholes", "peepholes without biases", "input_forget"],
)
def test_onnx_runtime_peepholes(cell: str, bias: float, hidden: Any, cell_state: Any) -> None:
    """ONNX Runtime's LSTM with peepholes, and with them and its forget gate coupled to the input gate."""
    gates = CELLS["lstm"].rows
    stack = published(
        cell,
        U=[ONNX_U[gate] for gate in gates],
        W=[ONNX_W[gate] for gate in gates],
        b=[bias * np.array(ONNX_B[gate]) for gate in gates],
        weight_peephole=[ONNX_P[gate] for gate in ("input", "forget", "output")],
    )
    trace = run(stack, [[-0.455351, -0.276391], [-0.185934, -0.269585]])
    np.testing.assert_allclose(trace.top, hidden, rtol=0, atol=1e-6)
    np.testing.assert_allclose(trace[1]["l0.cell"], cell_state, rtol=0, atol=1e-6)


def test_tensorflow_lite_coupled_input_with_peepholes() -> None:
    """TensorFlow Lite's LSTM with `use_cifg` and `use_peephole`: three timestamps, four units, printed to 8 places."""
    stack = published(
        "coupled-input",
        U=[
            [-0.55291498, -0.42866567, 0.13056988, -0.3633365, -0.22755712, 0.28253698, 0.24407166, 0.33826375],
            [-0.49770179, -0.27711356, -0.09624726, 0.05100781, 0.04717243, 0.48944736, -0.38535351, -0.17212132],
            [0.10725588, -0.02335852, -0.55932593, -0.09426838, -0.44257352, 0.54939759, 0.01533556, 0.42751634],
        ],
        W=[
            [[-0.13832897, -0.0515101, -0.2359007, -0.16661474], [-0.14340827, 0.36986142, 0.23414481, 0.55899],
             [0.10798943, -0.41174671, 0.17751795, -0.34484994], [-0.35874045, -0.11352962, 0.27268326, 0.54058349]],
            [[0.54066205, -0.32668582, -0.43562764, -0.56094903], [0.42957711, 0.01841056, -0.32764608, -0.33027974],
             [-0.10826075, 0.20675004, 0.19069612, -0.03026325], [-0.54532051, 0.33003211, 0.44901288, 0.21193194]],
            [[0.41613156, 0.42610586, -0.16495961, -0.5663873], [0.30579174, -0.05115908, -0.33941799, 0.23364776],
             [0.11178309, 0.09481031, -0.26424935, 0.46261835], [0.50248802, 0.26114327, -0.43736315, 0.33149987]],
        ],
        b=[[1.0] * 4, [0.0] * 4, [0.0] * 4],
        weight_peephole=[
            [9.0] * 4,  # the coupled gate has none; what stands here must not matter
            [0.47485286, -0.51955009, -0.24458408, 0.31544167],
            [-0.17135078, 0.82760304, 0.85573703, -0.77109635],
        ],
    )  # fmt: skip
    printed = [
        [-0.36444446, -0.00352185, 0.12886585, -0.05163646],
        [-0.42312205, -0.01218222, 0.24201041, -0.08124574],
        [-0.358325, -0.04621704, 0.21641694, -0.06471302],
    ]
    np.testing.assert_allclose(run(stack, [[2, 3], [3, 4], [1, 1]]).top, printed, rtol=0, atol=1e-6)
