"""The graph of an ONNX model: its nodes, and where its tensors are in the file. Nothing is executed.

Sources: onnx.proto of the ONNX project for the numbers of the fields.
"""

import contextlib
import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from ..arrays import filled
from ..errors import BadInput
from .opening import first_line
from .protobuf import BYTES, FIXED32, Malformed, Span, Wire

KIND = "is not an ONNX model"
BFLOAT16 = 16
DTYPES = {
    1: "<f4", 2: "<u1", 3: "<i1", 4: "<u2", 5: "<i2", 6: "<i4", 7: "<i8", 9: "?", 10: "<f2", 11: "<f8", 12: "<u4",
    13: "<u8", 16: "<u2",
}  # fmt: skip
"""NumPy's name of ONNX's types; bfloat16 is read by its two bytes."""

RAW, FLOATS, DOUBLES, WHOLE = 9, 4, 10, (5, 7, 11)
"""The numbers of the fields that can hold a tensor's numbers."""

FIXED = {FLOATS: "<f4", DOUBLES: "<f8"}
DEEPEST, MOST_AXES = 20, 16
PARTS_A_NODE = 10
"""How many fields' worth of memory a node or a tensor takes."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A tensor in the file: its shape, ONNX's number of its type, and where its message is."""

    name: str
    shape: tuple[int, ...]
    dtype: int
    span: Span
    elsewhere: bool = False


@dataclass
class Graph:
    """A graph, or one inside a node of another: `name` is the path to it, "" at the top."""

    name: str = ""
    outer: "Graph | None" = None
    nodes: list["Node"] = field(default_factory=list)
    tensors: dict[str, Stored] = field(default_factory=dict)
    inputs: list[str] = field(default_factory=list)
    makers: dict[str, "Node"] = field(default_factory=dict)


@dataclass(slots=True)
class Node:
    """One operation; `attributes` are int, float, bytes, lists of these, Stored or Graph by name."""

    op: str = ""
    domain: str = ""
    name: str = ""
    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    attributes: dict[str, Any] = field(default_factory=dict)

    def input(self, number: int) -> str:
        """Return the name of an input; "" for one that is left out."""
        return self.inputs[number] if number < len(self.inputs) else ""


@dataclass
class Model:
    """What a file holds: the graph, the bodies of the model's own functions, and what wrote it."""

    graph: Graph
    functions: list[Graph] = field(default_factory=list)
    producer: str = ""


def read_model(wire: Wire, size: int) -> Model:
    """Return the model in a file of `size` bytes. Raises Malformed for anything else."""
    model, spans = Model(Graph()), []
    for number, _, value in wire.fields(Span(0, size)):
        if number == 7:
            spans.append(_span(value))
        elif number == 2:
            model.producer = wire.text(value)[:100]
        elif number == 25:
            function = Graph("function")
            _fill_function(wire, _span(value), function)
            model.functions.append(function)
    if len(spans) != 1:
        raise Malformed("it has no graph")
    _fill(wire, spans[0], model.graph, 0)
    return model


def _span(value: int | Span) -> Span:
    if isinstance(value, int):
        raise Malformed("it has a number where a message belongs")
    return value


def _fill(wire: Wire, span: Span, graph: Graph, depth: int) -> None:
    if depth > DEEPEST:
        raise Malformed("its graphs are nested too deep")
    for number, _, value in wire.fields(span):
        if number == 1:
            _add(graph, _node(wire, _span(value), graph, depth))
        elif number == 5:
            tensor = _stored(wire, _span(value))
            graph.tensors[tensor.name] = tensor
        elif number == 11:
            graph.inputs += [wire.text(text) for inner, _, text in wire.fields(_span(value)) if inner == 1]


def _fill_function(wire: Wire, span: Span, graph: Graph) -> None:
    for number, _, value in wire.fields(span):
        if number == 7:
            _add(graph, _node(wire, _span(value), graph, 0))
        elif number == 4:
            graph.inputs.append(wire.text(value))


def _add(graph: Graph, node: Node) -> None:
    graph.nodes.append(node)
    for output in node.outputs:
        graph.makers[output] = node


def _node(wire: Wire, span: Span, graph: Graph, depth: int) -> Node:
    wire.spend(PARTS_A_NODE)
    node, attributes = Node(), []
    for number, _, value in wire.fields(span):
        match number:
            case 1:
                node.inputs.append(wire.text(value))
            case 2:
                node.outputs.append(wire.text(value))
            case 3:
                node.name = wire.text(value)
            case 4:
                node.op = wire.text(value)
            case 5:
                attributes.append(_span(value))
            case 7:
                node.domain = wire.text(value)
    for attribute in attributes:  # the name of a graph inside needs the node's name and outputs
        _attribute(wire, attribute, node, graph, depth)
    return node


def source_of(name: str, graph: Graph) -> tuple[Node | Stored | None, Graph]:
    """Return what gives `name` as seen from `graph`, None for an input or an unknown name, and the graph it is in."""
    where: Graph | None = graph
    while where is not None:
        source = where.makers.get(name) or where.tensors.get(name)
        if source is not None or name in where.inputs:
            return source, where
        where = where.outer
    return None, graph


def label(node: Node) -> str:
    """Return what a node is called: its name, or that of its first output."""
    return node.name or next((output for output in node.outputs if output), node.op)


def _attribute(wire: Wire, span: Span, node: Node, graph: Graph, depth: int) -> None:
    name = ""
    one: Any = None
    many: list[Any] = []
    inside: list[Span] = []
    for number, kind, value in wire.fields(span):
        match number:
            case 1:
                name = wire.text(value)
            case 2:
                one = _only(_floats(wire, kind, value))
            case 3:
                one = _only(list(wire.numbers(kind, value)))
            case 4:
                one = wire.bytes(value)
            case 5:
                one = _stored(wire, _span(value))
            case 6 | 11:
                inside.append(_span(value))
            case 7:
                many += _floats(wire, kind, value)
            case 8:
                many += wire.numbers(kind, value)
            case 9:
                many.append(wire.bytes(value))
            case 10 | 21 | 22 | 23:
                one = Unread()
    for body in inside:
        one = Graph(f"{graph.name}{label(node)}/{name}/", graph)
        _fill(wire, body, one, depth + 1)
        many.append(one)
    node.attributes[name] = one if one is not None and len(inside) < 2 else many


@contextlib.contextmanager
def understood(path: Path) -> Iterator[None]:
    """Turn what is wrong with the bytes of `path` in the block into BadInput."""
    try:
        yield
    except (Malformed, EOFError, MemoryError) as error:
        raise BadInput(f"{path}: {KIND} ({first_line(error)}); export the model again") from None


class Unread:
    """An attribute of a kind that is not read."""


def _only(values: list[Any]) -> Any:
    if len(values) != 1:
        raise Malformed("it has several numbers where one belongs")
    return values[0]


def _floats(wire: Wire, kind: int, value: int | Span) -> list[float]:
    span = _span(value)
    if len(span) % 4 or (kind == FIXED32 and len(span) != 4):
        raise Malformed("it has a number of another kind")
    wire.spend(len(span) // 4)
    return [float(one) for (one,) in struct.iter_unpack("<f", wire.bytes(span))]


def _stored(wire: Wire, span: Span) -> Stored:
    wire.spend(PARTS_A_NODE)
    shape: list[int] = []
    dtype, name, elsewhere = 0, "", False
    for number, kind, value in wire.fields(span):
        match number:
            case 1:
                shape += wire.numbers(kind, value)
            case 2:
                dtype = value if isinstance(value, int) else 0
            case 3 | 13:
                elsewhere = True
            case 8:
                name = wire.text(value)
            case 14:
                elsewhere = elsewhere or value != 0
    if len(shape) > MOST_AXES or any(n < 0 for n in shape):
        raise Malformed(f"a tensor has shape {tuple(shape[:MOST_AXES])}")
    if not elsewhere and math.prod(shape) > max(len(span), 1):
        raise Malformed(f"a tensor of shape {tuple(shape)} is cut short")
    return Stored(name, tuple(shape), dtype, span, elsewhere)


def numbers(file: BinaryIO, tensor: Stored) -> np.ndarray[Any, Any]:
    """Return the numbers of a tensor in its shape; bfloat16 as float32. Raises Malformed where some are missing."""
    if tensor.dtype not in DTYPES:
        raise Malformed(f"{tensor.name} is stored as type {tensor.dtype}")
    dtype = np.dtype(DTYPES[tensor.dtype])
    wire = Wire(file, 2 * len(tensor.span) + 1)
    data = [field for field in wire.fields(tensor.span) if field[0] in (RAW, FLOATS, DOUBLES, *WHOLE)]
    if len(data) > 1 or any(kind != BYTES for _, kind, _ in data):
        raise Malformed(f"{tensor.name} has its numbers in pieces")
    flat = _flat(wire, *data[0], dtype) if data else np.empty(0, dtype)
    if flat.size != math.prod(tensor.shape):
        raise Malformed(f"{tensor.name} of shape {tensor.shape} has {flat.size} numbers")
    if tensor.dtype == BFLOAT16:
        flat = (flat.astype("<u4") << 16).view("<f4")
    return flat.reshape(tensor.shape)


def _flat(wire: Wire, number: int, kind: int, value: int | Span, dtype: Any) -> np.ndarray[Any, Any]:
    """The numbers in one field of a tensor, (N,)."""
    if number in WHOLE:
        if dtype.kind == "f" and dtype.itemsize != 2:
            raise Malformed("it has numbers of another type than it says")
        whole = np.fromiter(wire.numbers(kind, value), np.int64)
        # Halves are stored as whole numbers with the same bits.
        return whole.astype("<u2").view(dtype) if dtype.kind == "f" else whole.astype(dtype)
    span, stored = _span(value), np.dtype(FIXED.get(number, dtype))
    if len(span) % stored.itemsize or stored != dtype:
        raise Malformed("it has numbers of another type than it says")
    wire.file.seek(span.start)
    return filled(wire.file, stored, (len(span) // stored.itemsize,))
