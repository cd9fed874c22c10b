"""Recurrent networks in ONNX models: the nodes LSTM, GRU and RNN, wherever they stand, with their weights.

The file is read by our `protobuf`, not by the onnx package, which takes all of a model into memory, is a hundred times
as large, and opens the files that external data names.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import BadInput
from .contents import Contents, Recurrent, Tensor
from .listing import Listing
from .onnxends import before, behind, graphs
from .onnxgraph import DTYPES, Graph, Stored, label, numbers, read_model, understood
from .onnxnetworks import Network, is_recurrent
from .opening import opened, size_of
from .protobuf import Malformed, Wire
from .recurrent import LEAF, networks_in

FEWEST_PARTS, BYTES_A_PART = 500_000, 8
"""A model may have FEWEST_PARTS fields, or one for every so many bytes where that is more."""


def read_onnx(path: Path) -> Contents:
    """Return what an ONNX model holds: each recurrent node as a network of its own, and the other stored tensors.

    Raises BadInput for what is no such file, is damaged, or keeps numbers in other files.
    """
    with opened(path) as file, understood(path):
        size = size_of(file)
        model = read_model(Wire(file, max(FEWEST_PARTS, size // BYTES_A_PART)), size)
        every = list(graphs(model.graph))
        if not any(graph.nodes for graph in every):
            raise Malformed("it has no nodes")
        for graph in every:
            _check_here(path, graph)
        found = [
            Network(path, file, size, graph, node) for graph in every for node in graph.nodes if is_recurrent(node)
        ]
        networks = [_with_ends(one, one.recurrent(name)) for one, name in zip(found, _names(found), strict=True)]
        networks += [
            Recurrent(label(node), {}, refused="is in a function of the model; inline its functions first")
            for function in model.functions
            for node in function.nodes
            if is_recurrent(node)
        ]
        used = {id(tensor) for one in found for tensor in one.used}
        others = {
            graph.name + name: _stored(path, tensor)
            for graph in every
            for name, tensor in graph.tensors.items()
            if id(tensor) not in used
        }
    if not networks and any(LEAF.fullmatch(name.rpartition(".")[2]) for name in others):
        by_name = networks_in(Listing("", others), str(path))
        why = "the model computes it by single operations, not by a node of ONNX"
        networks = [replace(one, options=("--cell",), because=why) for one in by_name.networks]
        others = dict(by_name.others)
    return Contents(f"ONNX model ({model.producer})" if model.producer else "ONNX model", tuple(networks), others)


def _check_here(path: Path, graph: Graph) -> None:
    """Raise BadInput where a tensor's numbers are in another file."""
    inside = [value for node in graph.nodes for value in node.attributes.values() if isinstance(value, Stored)]
    for tensor in (*graph.tensors.values(), *inside):
        if tensor.elsewhere:
            raise BadInput(f"{path}: keeps {tensor.name or 'a constant'} in another file (external data), which is not "
                           "opened; save one file, as torch.onnx.export(..., external_data=False) does")  # fmt: skip


def _with_ends(network: Network, recurrent: Recurrent) -> Recurrent:
    """The network with what the graph computes before and behind it."""
    if recurrent.refused:
        return recurrent
    table, fed = before(network)
    return replace(recurrent, behind=behind(network), table=table, fed=fed)


def _names(found: list[Network]) -> Iterator[str]:
    """What each network is called: the path to its node; numbered where two would have one name."""
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
