"""ONNX models that are refused: nodes that are not computed here, damaged numbers, and bombs."""

import resource
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from gatestep.engine import BadInput
from gatestep.engine.files.onnxfiles import read_onnx
from onnx import helper
from onnxmade import drawn_weights, model, node, only, write
from watched import watching

MOST_MEMORY = 60_000  # kB


def test_lengths_that_the_model_stores_are_refused(tmp_path: Path) -> None:
    """Behind them a framework gives zeros, and no input can change them."""
    lstm = helper.make_node("LSTM", ["X", "W", "R", "B", "lengths"], ["Y"], name="rnn", hidden_size=4)
    stored = drawn_weights("LSTM") | {"lengths": np.array([4], np.int32)}
    assert (
        "(sequence_lens=[4]), which is not computed" in only(write(tmp_path / "x.onnx", model([lstm], stored))).refused
    )


REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "clip": ("LSTM", {"clip": 0.5}, "clip=0.5"),
    "two functions": ("RNN", {"activations": ["Relu", "Tanh"], "direction": "bidirectional"}, "in both directions"),
    "a function without its parameter": ("RNN", {"activations": ["ThresholdedRelu"]}, "without its parameters"),
    "an unknown function": ("RNN", {"activations": ["Swish"]}, "activation swish"),
    "too many parameters": ("RNN", {"activations": ["Tanh"], "activation_alpha": [1.0]}, "more parameters"),
    "an unknown attribute": ("RNN", {"newer": 1}, "the attribute newer"),
    "a direction": ("RNN", {"direction": "sideways"}, "direction"),
    "a size": ("RNN", {"hidden_size": 5}, "hidden_size is 5"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_computed_is_refused(name: str, tmp_path: Path) -> None:
    op, attributes, why = REFUSED[name]
    weights = drawn_weights(op, 2 if attributes.get("direction") == "bidirectional" else 1)
    inputs = ["X", "W", "R", "B"]
    made = model([helper.make_node(op, inputs, ["Y"], name="rnn", **attributes)], weights)
    (tmp_path / "x.onnx").write_bytes(made.SerializeToString())
    assert why in only(tmp_path / "x.onnx").refused


def test_a_quantized_node_and_computed_weights_are_refused(tmp_path: Path) -> None:
    w = drawn_weights("LSTM")
    quantized = helper.make_node("DynamicQuantizeLSTM", ["X", "W", "R"], ["Y"], domain="com.microsoft")
    computed_weights = [helper.make_node("Mul", ["W", "W"], ["WW"]), node("LSTM", ["WW", "R", "B"])]
    for nodes, why in (
        ([quantized], "DynamicQuantizeLSTM of com.microsoft"),
        (computed_weights, "WW is computed by Mul"),
    ):
        (tmp_path / "x.onnx").write_bytes(model(nodes, w).SerializeToString())
        assert why in only(tmp_path / "x.onnx").refused


def test_numbers_in_another_file_are_refused_and_not_read(tmp_path: Path) -> None:
    made = model([node("LSTM")], drawn_weights("LSTM"))
    onnx.save(made, tmp_path / "x.onnx", save_as_external_data=True, location="beside", size_threshold=0)
    assert (tmp_path / "beside").exists()
    with watching() as files, pytest.raises(BadInput, match=r"x.onnx: keeps [WRB] in another file \(external data\)"):
        read_onnx(tmp_path / "x.onnx")
    assert files == [str(tmp_path / "x.onnx")]


def test_numbers_of_another_type_than_stated_are_refused(tmp_path: Path) -> None:
    made = model([node("RNN", ["W", "R"])], drawn_weights("RNN"))
    made.graph.initializer[0].ClearField("raw_data")
    made.graph.initializer[0].int32_data.extend(range(12))
    (tmp_path / "x.onnx").write_bytes(made.SerializeToString())
    with pytest.raises(BadInput, match="numbers of another type than it says"):
        only(tmp_path / "x.onnx").tensors["weight_ih_l0"].read()


def varint(number: int) -> bytes:
    made = b""
    while number > 0x7F:
        made, number = made + bytes([number & 0x7F | 0x80]), number >> 7
    return made + bytes([number])


def field(number: int, content: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(content)) + content


def nested(depth: int) -> bytes:
    graph = b""
    for _ in range(depth):
        graph = field(1, field(5, field(6, graph)))
    return field(7, graph)


def doubled(times: int, size: int) -> bytes:
    """A W of so many numbers that is joined with itself again and again."""
    nodes = [helper.make_node("Concat", [f"w{n}", f"w{n}"], [f"w{n + 1}"], axis=0) for n in range(times)]
    made = model([*nodes, node("LSTM", [f"w{times}", "R", "B"])], drawn_weights("LSTM") | {"w0": np.ones(size)})
    return bytes(made.SerializeToString())


BOMBS: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "it has no graph"),
    "text": (b"epoch,loss\n1,2\n", "it is not a message"),
    "no nodes": (field(7, b""), "it has no nodes"),
    "a number without end": (b"\xff" * 20, "it is not a message"),
    "a length beyond the end": (varint(7 << 3 | 2) + varint(2**62), "cut short"),
    "nested graphs": (nested(100), "nested too deep"),
    "empty nodes": (field(7, field(1, b"") * 50_000), "too many parts"),
    "a shape that is not there": (
        field(7, field(1, field(4, b"LSTM")) + field(5, b"\x08" + varint(2**40) + field(8, b"W"))), "cut short"),
    "doubled and doubled": (doubled(40, 1000), "more memory than the file warrants"),
    "nothing, doubled and doubled": (doubled(100, 0), "more memory than the file warrants"),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_what_is_no_model_costs_next_to_nothing(name: str, tmp_path: Path) -> None:
    content, why = BOMBS[name]
    path = tmp_path / "x.onnx"
    path.write_bytes(content)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BadInput, match=f"^{path}: is not an ONNX model .*{why}"):
        read_onnx(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < (150_000 if "doubled" in name else MOST_MEMORY)
