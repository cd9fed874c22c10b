"""Recurrent networks in ONNX models: the nodes LSTM, GRU and RNN, wherever they stand, with their weights.

The file is read by `protobuf` here, not by the onnx package: that one takes all of a model into memory, is a hundred
times as large as this, and goes and opens the files that external data names.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import BadInput
from .contents import Contents, Recurrent, Tensor
from .onnxgraph import DTYPES, Graph, Stored, label, numbers, read_model, understood
from .onnxnetworks import Network, is_recurrent
from .opening import opened, size_of
from .protobuf import Malformed, Wire

FEWEST_PARTS, BYTES_A_PART = 500_000, 8
"""A model may have FEWEST_PARTS fields, or one for every so many bytes where that is more."""


def read_onnx(path: Path) -> Contents:
    """Return what an ONNX model holds: each recurrent node as a network of its own, and the other stored tensors.

    Raises BadInput for what is no such file, is damaged, or keeps numbers in other files.
    """
    with opened(path) as file, understood(path):
        size = size_of(file)
        model = read_model(Wire(file, max(FEWEST_PARTS, size // BYTES_A_PART)), size)
        graphs = list(_graphs(model.graph))
        if not any(graph.nodes for graph in graphs):
            raise Malformed("it has no nodes")
        for graph in graphs:
            _check_here(path, graph)
        found = [
            Network(path, file, size, graph, node) for graph in graphs for node in graph.nodes if is_recurrent(node)
        ]
        networks = [one.recurrent(name) for one, name in zip(found, _names(found), strict=True)]
        networks += [
            Recurrent(label(node), {}, refused="is in a function of the model; inline its functions first")
            for function in model.functions
            for node in function.nodes
            if is_recurrent(node)
        ]
        used = {id(tensor) for one in found for tensor in one.used}
        others = {
            graph.name + name: _stored(path, tensor)
            for graph in graphs
            for name, tensor in graph.tensors.items()
            if id(tensor) not in used
        }
    return Contents(f"ONNX model ({model.producer})" if model.producer else "ONNX model", tuple(networks), others)


def _graphs(graph: Graph) -> Iterator[Graph]:
    """A graph, and every one inside its nodes."""
    yield graph
    for node in graph.nodes:
        for value in node.attributes.values():
            for one in value if isinstance(value, list) else (value,):
                if isinstance(one, Graph):
                    yield from _graphs(one)


def _check_here(path: Path, graph: Graph) -> None:
    """Raise BadInput where a tensor's numbers are in another file."""
    inside = [value for node in graph.nodes for value in node.attributes.values() if isinstance(value, Stored)]
    for tensor in (*graph.tensors.values(), *inside):
        if tensor.elsewhere:
            raise BadInput(f"{path}: keeps {tensor.name or 'a constant'} in another file (external data), which is not "
                           "opened; save the model as one file")  # fmt: skip


def _names(found: list[Network]) -> Iterator[str]:
    """What each network is called: the way to its node; numbered where two would have one name."""
    names = [one.graph.name + label(one.node) for one in found]
    count, so_far = Counter(names), Counter[str]()
    for name in names:
        so_far[name] += 1
        yield f"{name}#{so_far[name]}" if count[name] > 1 else name


def _stored(path: Path, tensor: Stored) -> Tensor:
    """A tensor of the file, to be read when it is asked for."""

    def read() -> Any:
        with opened(path) as file, understood(path):
            return numbers(file, tensor)

    return Tensor(tensor.shape, np.dtype(DTYPES.get(tensor.dtype, "V")).name, read)
