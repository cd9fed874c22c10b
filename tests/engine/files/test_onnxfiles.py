"""ONNX models: each recurrent node gives what onnxruntime gives for it, or says why it cannot."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn import assert_close, normal
from gatestep.engine import run
from gatestep.engine.files.choosing import outline, spelled
from gatestep.engine.files.contents import Recurrent
from gatestep.engine.files.onnxfiles import read_onnx
from gatestep.engine.files.stacks import stack_of
from onnx import TensorProto, helper, numpy_helper
from onnxmade import I, T, computed, drawn_weights, model, node, only, write

X = normal(T, I, seed=3)


def shown(network: Recurrent) -> Any:
    assert not network.refused
    return run(stack_of(network, "file"), X).top


NODES: dict[str, tuple[str, dict[str, Any], str]] = {
    "lstm": ("LSTM", {}, "lstm"),
    "both directions": ("LSTM", {"direction": "bidirectional"}, "lstm"),
    "from the end": ("LSTM", {"direction": "reverse"}, "lstm"),
    "peepholes": ("LSTM", {"peepholes": True}, "peephole"),
    "peepholes in both directions": ("LSTM", {"peepholes": True, "direction": "bidirectional"}, "peephole"),
    "coupled gates": ("LSTM", {"input_forget": 1}, "coupled-forget"),
    "functions": ("LSTM", {"activations": ["HardSigmoid", "Softsign", "LeakyRelu"]}, "lstm"),
    "parameters of functions": ("LSTM", {"activations": ["HardSigmoid", "LeakyRelu", "Affine"],
                                         "activation_alpha": [0.3, 0.05, 0.9], "activation_beta": [0.4, 0.1]}, "lstm"),
    "gru": ("GRU", {"linear_before_reset": 1}, "gru"),
    "gru that resets before": ("GRU", {}, "gru-before"),
    "gru from the end": ("GRU", {"direction": "reverse", "activations": ["Sigmoid", "Relu"]}, "gru-before"),
    "gru in both directions": ("GRU", {"direction": "bidirectional", "linear_before_reset": 1,
                                       "activations": ["Sigmoid", "Elu"] * 2, "activation_alpha": [0.5, 0.5]}, "gru"),
    "rnn": ("RNN", {}, "rnn"),
    "rnn of another function": ("RNN", {"activations": ["Relu"]}, "rnn"),
    "scaled": ("RNN", {"activations": ["ScaledTanh"], "activation_alpha": [0.7], "activation_beta": [1.3]}, "rnn"),
    "thresholds": ("RNN", {"activations": ["ThresholdedRelu"], "activation_alpha": [0.2]}, "rnn"),
    "softplus": ("RNN", {"activations": ["Softplus"]}, "rnn"),
}  # fmt: skip


@pytest.mark.parametrize("name", NODES)
def test_a_node_gives_what_onnxruntime_gives(name: str, tmp_path: Path) -> None:
    op, attributes, cell = NODES[name]
    options = {key: value for key, value in attributes.items() if key != "peepholes"}
    D = 2 if attributes.get("direction") == "bidirectional" else 1
    weights = drawn_weights(op, D, "peepholes" in attributes)
    path = write(tmp_path / "x.onnx", model([node(op, list(weights), **options)], weights))
    contents = read_onnx(path)
    (network,) = contents.networks
    assert (network.name, network.cell, contents.others) == ("rnn", cell, {})
    assert contents.kind == "ONNX model (tests)"
    assert_close(shown(network), computed(path, X))


def test_without_a_bias_it_is_zero(tmp_path: Path) -> None:
    weights = drawn_weights("GRU")
    del weights["B"]
    path = write(tmp_path / "x.onnx", model([node("GRU", ["W", "R"])], weights))
    assert_close(shown(only(path)), computed(path, X))


def constant(name: str, values: list[int]) -> Any:
    return helper.make_node("Constant", [], [name], value=numpy_helper.from_array(np.array(values, np.int64)))


def test_weights_stand_behind_what_exporters_put_before_them(tmp_path: Path) -> None:
    """Everything that only cuts, joins and turns numbers, in one model; each makes a difference to the result."""
    w = drawn_weights("LSTM")
    stored = {
        "w16": w["W"][0].T.astype(np.float16),  # (I, G*H)
        "r": np.concatenate([w["R"][0, :8], np.ones((2, 4), np.float32), w["R"][0, 8:]]),
        "bs": np.stack([w["B"][0, :16], w["B"][0, 16:], w["B"][0, :16]]),
    }
    nodes = [
        helper.make_node("Cast", ["w16"], ["w32"], to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["w32"], ["wt"], perm=[1, 0]),
        constant("zero", [0]),
        helper.make_node("Unsqueeze", ["wt", "zero"], ["W"]),
        *(constant(name, values) for name, values in
          (("a", [0]), ("b", [8]), ("c", [10]), ("d", [2**60]), ("rows", [0]), ("shape", [1, 16, -1]))),
        helper.make_node("Slice", ["r", "a", "b", "rows"], ["r1"]),
        helper.make_node("Slice", ["r", "c", "d", "rows"], ["r2"]),
        helper.make_node("Concat", ["r1", "r2"], ["r3"], axis=0),
        helper.make_node("Reshape", ["r3", "shape"], ["R"]),
        helper.make_node("Split", ["bs"], ["b1", "b2", "b3"], axis=0, num_outputs=3),
        helper.make_node("Concat", ["b1", "b2"], ["b4"], axis=1),
        helper.make_node("Squeeze", ["b4", "zero"], ["b5"]),
        helper.make_node("Unsqueeze", ["b5", "zero"], ["b6"]),
        helper.make_node("Identity", ["b6"], ["B"]),
        node("LSTM"),
    ]  # fmt: skip
    path = write(tmp_path / "x.onnx", model(nodes, stored))
    assert_close(shown(only(path)), computed(path, X))


def test_backward_slices_are_counted_as_onnx_counts(tmp_path: Path) -> None:
    w = drawn_weights("RNN")
    nodes = [constant(name, values) for name, values in (("s", [-1]), ("e", [-(2**60)]), ("axis", [1]), ("step", [-1]))]
    nodes += [helper.make_node("Slice", ["flipped", "s", "e", "axis", "step"], ["W"]), node("RNN")]
    path = write(tmp_path / "x.onnx", model(nodes, {"flipped": w["W"][:, ::-1].copy(), "R": w["R"], "B": w["B"]}))
    assert_close(shown(only(path)), computed(path, X))


def test_nodes_inside_others_are_found_by_their_way(tmp_path: Path) -> None:
    weights = {name: drawn_weights("LSTM", seed=n) for n, name in enumerate(("then", "else"))}
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    branches = {}
    for name, own in weights.items():
        made = [numpy_helper.from_array(array, key) for key, array in own.items() if key != "W"]
        branches[f"{name}_branch"] = helper.make_graph(
            [node("LSTM", [f"W_{name}", "R", "B"], "y")], name, [], [y], made
        )
    chosen = helper.make_node("If", ["choice"], ["Y"], name="rate", **branches)
    choice = helper.make_tensor_value_info("choice", TensorProto.BOOL, [])
    stored = {f"W_{name}": own["W"] for name, own in weights.items()}
    path = write(tmp_path / "x.onnx", model([chosen], stored, [choice]))
    networks = {network.name: network for network in read_onnx(path).networks}
    assert set(networks) == {"rate/then_branch/rnn", "rate/else_branch/rnn"}
    for name, picked in (("then", True), ("else", False)):
        expected = computed(path, X, choice=np.array(picked))
        assert_close(shown(networks[f"rate/{name}_branch/rnn"]), expected)


@pytest.mark.parametrize("op", ["Loop", "Scan"])
def test_nodes_in_bodies_are_found(op: str, tmp_path: Path) -> None:
    w = drawn_weights("GRU")
    state = helper.make_tensor_value_info("s", TensorProto.FLOAT, None)
    y = helper.make_tensor_value_info("Y", TensorProto.FLOAT, None)
    inner = helper.make_graph([node("GRU")], "body", [state], [y])
    made = model([helper.make_node(op, ["n", "go", "X"], ["Y2"], name="loop", body=inner)], w, output="Y2")
    (tmp_path / "x.onnx").write_bytes(made.SerializeToString())  # not one that could run
    assert only(tmp_path / "x.onnx").name == "loop/body/rnn"


def test_one_that_reads_backwards_is_outlined(tmp_path: Path) -> None:
    network = only(write(tmp_path / "x.onnx", model([node("LSTM", direction="reverse")], drawn_weights("LSTM"))))
    own = outline(network)
    assert (own.cell, own.layers, own.directions, own.units) == ("lstm", 1, 1, 4)
    assert own.inputs > 0
    assert spelled(network).startswith("LSTM, 1 layer backwards, 4 units, ")


def test_what_the_model_gives_the_node_is_noted(tmp_path: Path) -> None:
    w = drawn_weights("GRU")
    zeros, ones = np.zeros((1, 1, 4), np.float32), np.ones((1, 1, 4), np.float32)
    lengths = helper.make_tensor_value_info("lengths", TensorProto.INT32, [1])
    for start, count in ((zeros, 1), (ones, 2)):
        gru = helper.make_node("GRU", ["X", "W", "R", "B", "lengths", "h"], ["Y"], name="rnn", hidden_size=4)
        network = only(write(tmp_path / "x.onnx", model([gru], w | {"h": start}, [lengths])))
        assert len(network.notes) == count
        assert "sequence_lens" in network.notes[0]
        assert network.options == (("--initial-state",) if count == 2 else ())
    h = helper.make_tensor_value_info("h", TensorProto.FLOAT, [1, 1, 4])
    gru = helper.make_node("GRU", ["X", "W", "R", "B", "", "h"], ["Y"], name="rnn", hidden_size=4)
    network = only(write(tmp_path / "x.onnx", model([gru], w, [h])))
    assert "begins in zeros" in network.starts
    assert not network.options


def test_zeros_of_the_inputs_own_shape_are_zeros(tmp_path: Path) -> None:
    """As exporters spell them: the batch is cut out of the input's shape."""
    nodes = [
        helper.make_node("Shape", ["X"], ["shape"]),
        *(constant(name, values) for name, values in (("at", [1]), ("one", [1]), ("units", [4]))),
        helper.make_node("Gather", ["shape", "at"], ["batch"]),
        helper.make_node("Concat", ["one", "batch", "units"], ["wanted"], axis=0),
        helper.make_node("ConstantOfShape", ["wanted"], ["zeros"]),
        helper.make_node("Expand", ["zero", "wanted"], ["also"]),
        helper.make_node("Concat", ["zeros", "also"], ["h2"], axis=0),
        helper.make_node("GRU", ["X", "W", "R", "B", "", "h2"], ["Y"], hidden_size=4, direction="bidirectional"),
    ]
    stored = drawn_weights("GRU", 2) | {"zero": np.zeros(1, np.float32)}
    path = write(tmp_path / "x.onnx", model(nodes, stored))
    assert not only(path).starts
    assert_close(shown(only(path)), computed(path, X))
    path = write(tmp_path / "x.onnx", model(nodes, stored | {"zero": np.ones(1, np.float32)}))
    assert "begins in zeros" in only(path).starts


def test_two_nodes_of_one_name_are_told_apart(tmp_path: Path) -> None:
    nodes = [node("RNN"), node("RNN", output="Z")]
    networks = read_onnx(write(tmp_path / "x.onnx", model(nodes, drawn_weights("RNN")))).networks
    assert [network.name for network in networks] == ["rnn#1", "rnn#2"]


def test_a_node_in_a_function_is_named(tmp_path: Path) -> None:
    function = helper.make_function(
        "own", "Layer", ["X", "W", "R", "B"], ["Y"], [node("LSTM")], [helper.make_opsetid("", 18)]
    )
    call = helper.make_node("Layer", ["X", "W", "R", "B"], ["Y"], domain="own")
    made = model([call], drawn_weights("LSTM"))
    made.functions.append(function)
    (tmp_path / "x.onnx").write_bytes(made.SerializeToString())
    assert "function" in only(tmp_path / "x.onnx").refused


@pytest.mark.parametrize("kind", [np.float64, np.float16])
def test_other_types_of_numbers(kind: Any, tmp_path: Path) -> None:
    w = {name: array.astype(kind) for name, array in drawn_weights("LSTM").items()}
    (tmp_path / "x.onnx").write_bytes(model([node("LSTM")], w).SerializeToString())
    tensors = only(tmp_path / "x.onnx").tensors
    assert_close(tensors["weight_ih_l0"].read()[:4], w["W"][0, :4].astype(np.float32))


def test_numbers_one_by_one_in_place_of_raw_bytes(tmp_path: Path) -> None:
    w = drawn_weights("RNN")
    made = model([node("RNN", ["W", "R"])], {})
    half = helper.make_tensor("W", TensorProto.FLOAT16, w["W"].shape, w["W"].astype(np.float16).ravel().tolist())
    full = helper.make_tensor("R", TensorProto.FLOAT, w["R"].shape, w["R"].ravel().tolist())
    brain = helper.make_tensor("other", TensorProto.BFLOAT16, (2,), [1.5, -2.0])
    assert not half.raw_data
    made.graph.initializer.extend([half, full, brain])
    (tmp_path / "x.onnx").write_bytes(made.SerializeToString())
    contents = read_onnx(tmp_path / "x.onnx")
    assert_close(contents.networks[0].tensors["weight_ih_l0"].read(), w["W"][0].astype(np.float16).astype(np.float32))
    assert_close(contents.networks[0].tensors["weight_hh_l0"].read(), w["R"][0])
    assert_close(contents.others["other"].read(), [1.5, -2.0])
