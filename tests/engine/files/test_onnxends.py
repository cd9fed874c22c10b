"""What an ONNX model computes before and behind its recurrent node is computed as onnxruntime does, or said."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from gatestep.engine import contents, read_model, run
from gatestep.engine.files.own import Own, Ready, prepare
from onnx import TensorProto, helper
from onnxmade import H, I, T, drawn_weights, model, node, write

Refusal = Callable[..., str]
V = 6
RNG = np.random.default_rng(4)
STORED = {
    "table": RNG.normal(size=(V, I)), "fc": RNG.normal(size=(H, V)), "wide": RNG.normal(size=(2 * H, V)),
    "turned": RNG.normal(size=(V, H)), "inner": RNG.normal(size=(H, 5)), "outer": RNG.normal(size=(5, V)),
    "b": RNG.normal(size=V), "half": np.array(0.5), "scale": RNG.normal(size=H),
}  # fmt: skip
NUMBERS = {"axis": np.array([1]), "flat": np.array([0, 0, 2 * H])}
Step = tuple[str, dict[str, Any], str]
LAST = ("Softmax", {"axis": -1}, "")


def made(path: Path, steps: list[Step], before: list[Step] | None = None, D: int = 1) -> Path:
    """Write a model: the rows of a table through `before`, an LSTM, and `steps`, each (op, attributes, more)."""
    nodes, name = [], "X"
    if before is not None:
        nodes, name = [helper.make_node("Gather", ["table", "ids"], ["rows"])], "rows"
        before = [*before, ("Unsqueeze", {}, "axis")]
    for number, (op, attributes, more) in enumerate(before or []):
        nodes.append(helper.make_node(op, [name, *filter(None, [more])], [f"before{number}"], **attributes))
        name = f"before{number}"
    recurrent = node("LSTM", direction="bidirectional" if D == 2 else "forward")
    recurrent.input[0] = name
    nodes.append(recurrent)
    name = "Y"
    for number, (op, attributes, more) in enumerate(steps):
        nodes.append(helper.make_node(op, [name, *more.split()], [f"behind{number}"], op + str(number), **attributes))
        name = f"behind{number}"
    ids = [helper.make_tensor_value_info("ids", TensorProto.INT64, [T])] if before is not None else []
    stored = {**{n: a.astype(np.float32) for n, a in STORED.items()}, **NUMBERS, **drawn_weights("LSTM", D)}
    graph = model(nodes, stored, ids, name)
    if before is not None:
        del graph.graph.input[0]
    return write(path / "model.onnx", graph)


X = RNG.normal(size=(T, I)).astype(np.float32)
IDS = np.array([3, 1, 4, 1, 5, 0, 2])
SQUEEZED: Step = ("Squeeze", {}, "axis")


def ready(path: Path, **more: Any) -> Ready:
    np.save(path.parent / "x.npy", X)
    return prepare(Own(path, path.parent / "x.npy", **more))


COMPUTED: dict[str, tuple[list[Step], int]] = {
    "a product and a sum": ([SQUEEZED, ("MatMul", {}, "fc"), ("Add", {}, "b")], 1),
    "Gemm": ([("Reshape", {}, "narrow"), ("Gemm", {"transB": 1}, "turned b")], 1),
    "both directions": ([("Transpose", {"perm": [0, 2, 1, 3]}, ""),
                         ("Reshape", {}, "flat"), ("MatMul", {}, "wide")], 2),
    "functions": ([SQUEEZED, ("LeakyRelu", {"alpha": 0.3}, ""), ("MatMul", {}, "inner"), ("Tanh", {}, ""),
                   ("MatMul", {}, "outer")], 1),
}  # fmt: skip
NUMBERS["narrow"] = np.array([-1, H])


@pytest.mark.parametrize("name", COMPUTED)
def test_the_readout_is_what_onnxruntime_computes(name: str, tmp_path: Path) -> None:
    steps, D = COMPUTED[name]
    path = made(tmp_path, steps, D=D)
    (expected,) = onnxruntime.InferenceSession(path).run(None, {"X": X[:, None]})
    own = ready(path)
    said = own.numbers.head
    assert said is not None, own.notes
    assert own.notes == ()
    shown = np.array(said.scores(_trace(own)))
    np.testing.assert_allclose(shown, np.asarray(expected).reshape(T, -1), atol=1e-5)


def _trace(own: Ready) -> Any:
    return run(own.stack, own.inputs).top


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([SQUEEZED, ("Mul", {}, "scale"), ("MatMul", {}, "fc")], "Mul1 (Mul) behind the network is not computed"),
        ([SQUEEZED, ("MatMul", {}, "fc"), ("Sigmoid", {}, "")], "the activation sigmoid of the last layer behind"),
        ([SQUEEZED, ("Tanh", {}, "")], "the activation tanh behind"),
        ([("Reshape", {}, "narrow"), ("Gemm", {"alpha": 0.5}, "fc")], "Gemm1 (Gemm) behind"),
        ([SQUEEZED, ("LeakyRelu", {"alpha": float("nan")}, ""), ("MatMul", {}, "fc")], "LeakyRelu1 (LeakyRelu) behind"),
        ([SQUEEZED, ("Elu", {"alpha": [1.0, 2.0]}, ""), ("MatMul", {}, "fc")], "Elu1 (Elu) behind"),
        ([("Reshape", {}, "narrow"), ("Gemm", {"beta": [1.0, 1.0]}, "fc")], "Gemm1 (Gemm) behind"),
        ([SQUEEZED, ("Add", {}, "scale"), ("MatMul", {}, "fc")], "Add1 (Add) behind"),
        ([SQUEEZED, ("MatMul", {}, "fc"), ("Add", {}, "half")], "Add2 (Add) behind"),
    ],
    ids=["scaled", "squashed", "no layer", "half", "no number", "numbers", "halves", "moved", "a number"],
)
def test_what_is_not_computed_is_said(steps: list[Step], said: str, tmp_path: Path) -> None:
    own = ready(made(tmp_path, steps))
    assert own.numbers.head is None
    assert said in own.notes[0]
    assert ready(made(tmp_path, steps), readout="fc").numbers.head is not None


def test_the_rows_of_a_table_are_read_where_nothing_comes_between(tmp_path: Path, refusal: Refusal) -> None:
    path = made(tmp_path, [SQUEEZED, ("MatMul", {}, "fc"), LAST], before=[])
    (expected,) = onnxruntime.InferenceSession(path).run(None, {"ids": IDS})
    text = " ".join(map(str, IDS))
    own = prepare(Own(path, text=text))
    network: Any = own.reader
    found = network.readout.scores(network.trace(own.words or ()).top)
    np.testing.assert_allclose(np.exp(found) / np.exp(found).sum(-1, keepdims=True), expected[:, 0], atol=1e-5)
    made(tmp_path, [SQUEEZED], before=[("Tanh", {}, "")])
    assert "(Tanh) feeds the network, not the rows of an embedding" in refusal(prepare, Own(path, text=text))
    made(tmp_path, [SQUEEZED])
    assert "the model's input X feeds the network" in refusal(prepare, Own(path, text=text))


def test_a_cell_of_single_operations_is_found_by_its_names_and_has_to_be_vouched_for(
    tmp_path: Path, refusal: Refusal
) -> None:
    stored = {"net.weight_ih": np.ones((4 * H, I)), "net.weight_hh": np.ones((4 * H, H))}
    nodes = [helper.make_node("Gemm", ["X", "net.weight_ih"], ["Y"], transB=1)]
    path = write(tmp_path / "m.onnx", model(nodes, {n: a.astype(np.float32) for n, a in stored.items()}))
    (network,) = contents(path).networks
    assert (network.name, network.options) == ("net", ("--cell",))
    assert "by single operations, not by a node of ONNX" in refusal(read_model, path)
    assert read_model(path, cell="lstm").H == H


def test_tensors_that_weights_are_cut_out_of_are_the_networks(tmp_path: Path) -> None:
    weights = drawn_weights("LSTM")
    stored = {"all": np.concatenate([weights["W"], weights["R"]], 2), "R": weights["R"], "B": weights["B"],
              "from": np.array([0]), "to": np.array([I]), "axis": np.array([2])}  # fmt: skip
    nodes = [helper.make_node("Slice", ["all", "from", "to", "axis"], ["W"]), node("LSTM")]
    found = contents(write(tmp_path / "m.onnx", model(nodes, stored)))
    assert not found.others
