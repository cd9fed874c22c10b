"""What an ONNX graph computes around a recurrent node: the table of its inputs, and the dense layers behind it.

The graph is followed by name from node to node. What only moves numbers about is passed through; what is not
understood ends the path, with a reason.
"""

from collections.abc import Iterator
from dataclasses import replace
from math import isfinite

import numpy as np

from ..activations import Activation, activation, named
from .contents import Tensor
from .onnxconstants import Constants, NotConstant
from .onnxgraph import DTYPES, Graph, Node, Stored, label, source_of, understood
from .onnxnetworks import Network, is_recurrent
from .opening import opened, warranted
from .pieces import Piece

PASSING = {"Identity", "Dropout", "Cast", "Squeeze", "Unsqueeze", "Transpose", "Reshape", "Flatten", "Slice"}
"""Operations whose output is their first input or a part of it, moved about."""

ENDING = {"Softmax", "LogSoftmax", "ArgMax", "TopK", "Shape"}
"""Operations that change no probability, or look at sizes alone."""

FUNCTIONS = {
    "Relu": "relu", "Tanh": "tanh", "Sigmoid": "sigmoid", "Softsign": "softsign", "Softplus": "softplus",
    "Mish": "mish",
}  # fmt: skip
TAKING = {"LeakyRelu": ("leaky_relu", 0.01), "Elu": ("elu", 1.0)}
"""Functions with a parameter alpha: our name, and alpha's default in the standard."""

LONGEST = 60
"""The most nodes on a path."""

Steps = tuple[Activation | Piece, ...]


def behind(network: Network) -> Steps | str:
    """Return the functions and dense layers that read the hidden states, of which the last is a layer; () for none.

    Where something is there that is not computed, return what it is.
    """
    outputs = [*network.node.outputs, "", ""][:2]
    if network.directions > 1:
        outputs[1] = ""  # its last states are of two timestamps
    ways = [_way(network, name) for name in outputs if name and _users(name, network.graph)]
    told = [way for way in ways if way]
    if len(told) > 1:
        return "one of several layers"
    return told[0] if told else ()


def before(network: Network) -> tuple[str, str]:
    """Return (the name of the tensor whose rows the node reads, ""), or ("", what else feeds the node)."""
    name, graph = network.node.input(0), network.graph
    for _ in range(LONGEST):
        source, graph = source_of(name, graph)
        if not isinstance(source, Node):
            return "", f"the model's input {name}"
        if source.op == "Gather" and source.attributes.get("axis", 0) == 0:
            table, _ = source_of(source.input(0), graph)
            if isinstance(table, Stored) and len(table.shape) == 2:
                return graph.name + table.name, ""
        if source.op not in PASSING or source.domain not in ("", "ai.onnx"):
            return "", f"{label(source)} ({source.op})"
        name = source.input(0)
    return "", "a long way of operations"


def _way(network: Network, name: str) -> Steps | str:
    steps: list[Activation | Piece] = []
    for _ in range(LONGEST):
        users = [user for user in _users(name, network.graph) if user.op not in ENDING]
        if not users:
            return _whole(steps)
        user = users[0]
        if len(users) > 1 or not any(user is node for node in network.graph.nodes):
            return "a fork"
        step = _step(network, user, name, steps)
        if isinstance(step, str):
            return step
        if step is not None:
            steps.append(step)
        name = next(iter(user.outputs), "")
    return "a long way of operations"


def _whole(steps: list[Activation | Piece]) -> Steps | str:
    """The steps, which must end in a layer; else what stands in the way."""
    if not any(isinstance(step, Piece) for step in steps):
        return f"the activation {steps[-1].name}" if steps else ()
    return tuple(steps) if isinstance(steps[-1], Piece) else f"the activation {steps[-1].name} of the last layer"


def _step(network: Network, node: Node, name: str, steps: list[Activation | Piece]) -> Activation | Piece | str | None:
    """What a node does to `name`: a step, None for nothing, or a text that names what is not computed."""
    unknown = f"{label(node)} ({node.op})"
    if node.domain not in ("", "ai.onnx"):
        return unknown
    if is_recurrent(node):
        return f"{label(node)} ({node.op})"
    if node.op in {*PASSING, "Gather"} and node.input(0) == name:
        return None
    if node.op in FUNCTIONS and not node.attributes:
        return activation(FUNCTIONS[node.op])
    if node.op in TAKING:
        ours, default = TAKING[node.op]
        alpha = node.attributes.get("alpha", default)
        return named(ours, [alpha]) if isinstance(alpha, float) and isfinite(alpha) else unknown
    if node.op in ("MatMul", "Gemm") and node.input(0) == name:
        return _dense(network, node) or unknown
    last = steps[-1] if steps else None
    if node.op == "Add" and isinstance(last, Piece) and not last.bias:
        other = next((one for one in node.inputs if one != name), "")
        bias = _constant(network, other)
        if bias is not None and bias.shape == (last.shape[0],):
            steps[-1] = replace(last, tensors={**last.tensors, other: bias}, bias=other)
            return None
    return unknown


def _dense(network: Network, node: Node) -> Piece | None:
    """A dense layer with its weights in the file; None for any other product."""
    own, matrix = node.attributes, _constant(network, node.input(1))
    plain = all(own.get(name, usual) == usual for name, usual in (("alpha", 1.0), ("beta", 1.0), ("transA", 0)))
    if matrix is None or len(matrix.shape) != 2 or not plain:
        return None
    turned = not own.get("transB")
    tensors, bias = {node.input(1): matrix}, node.input(2) if node.op == "Gemm" else ""
    if bias:
        vector = _constant(network, bias)
        if vector is None or vector.shape != (matrix.shape[1 if turned else 0],):
            return None
        tensors[bias] = vector
    return Piece(node.input(1), tensors, node.input(1), bias, turned)


def _constant(network: Network, name: str) -> Tensor | None:
    """The tensor called `name` as the graph has it; None where it is computed from the model's input."""
    path, graph, most = network.path, network.graph, warranted(network.size)
    source, _ = source_of(name, graph)
    if isinstance(source, Stored):
        shape = source.shape if source.dtype in DTYPES else None
    else:
        try:
            shape = Constants(network.file, most).value(name, graph).shape
        except NotConstant:
            shape = None
    if shape is None:
        return None

    def read() -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        with opened(path) as file, understood(path):
            return Constants(file, most).value(name, graph).astype(np.float32)

    return Tensor(shape, "float32", read)


def _users(name: str, graph: Graph) -> list[Node]:
    """The nodes that read `name`, also those in graphs inside other nodes."""
    return [node for one in graphs(graph) for node in one.nodes if name in node.inputs]


def graphs(graph: Graph) -> Iterator[Graph]:
    """Yield a graph, and every one inside its nodes."""
    yield graph
    for node in graph.nodes:
        for value in node.attributes.values():
            for one in value if isinstance(value, list) else (value,):
                if isinstance(one, Graph):
                    yield from graphs(one)
