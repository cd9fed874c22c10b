"""Small ONNX models of one recurrent node, made with onnx, and what onnxruntime computes for them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from gatestep.engine.files.contents import Recurrent
from gatestep.engine.files.onnxfiles import read_onnx
from onnx import TensorProto, helper, numpy_helper

T, I, H = 7, 3, 4  # noqa: E741
GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}
Array = np.ndarray[Any, Any]


def drawn_weights(op: str, D: int = 1, peepholes: bool = False, seed: int = 0) -> dict[str, Array]:
    """W (D, G*H, I), R (D, G*H, H), B (D, 2*G*H) and P (D, 3*H) of a node."""
    rng, G = np.random.default_rng(seed), GATES[op]
    shapes = {"W": (D, G * H, I), "R": (D, G * H, H), "B": (D, 2 * G * H)} | ({"P": (D, 3 * H)} if peepholes else {})
    return {name: (rng.normal(size=shape) * 0.5).astype(np.float32) for name, shape in shapes.items()}


def node(op: str, weights: Sequence[str] = ("W", "R", "B"), output: str = "Y", **attributes: Any) -> Any:
    """A recurrent node over X; a weight called P stands where peepholes do."""
    inputs = ["X", *(name for name in weights if name != "P")]
    inputs += ["", "", "", "P"] if "P" in weights else []
    return helper.make_node(op, inputs, [output], name="rnn", hidden_size=H, **attributes)


def model(nodes: Sequence[Any], stored: dict[str, Array], inputs: Sequence[Any] = (), output: str = "Y") -> Any:
    """A model of these nodes with X (T, 1, I) as its input, and `stored` arrays by name."""
    x = helper.make_tensor_value_info("X", TensorProto.FLOAT, [T, 1, I])
    y = helper.make_tensor_value_info(output, TensorProto.FLOAT, None)
    initializers = [numpy_helper.from_array(array, name) for name, array in stored.items()]
    graph = helper.make_graph(list(nodes), "graph", [x, *inputs], [y], initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8, producer_name="tests")


def write(path: Path, made: Any) -> Path:
    """Write a model, and return where."""
    path.write_bytes(made.SerializeToString())
    return path


def computed(path: Path, x: Array, **others: Any) -> Array:
    """What onnxruntime gives for x (T, I): the hidden states (T, D*H), directions side by side."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (y,) = session.run(None, {"X": x[:, None], **others})
    return np.asarray(y)[:, :, 0].reshape(len(x), -1)


def only(path: Path) -> Recurrent:
    """The one network of a model."""
    (network,) = read_onnx(path).networks
    return network
