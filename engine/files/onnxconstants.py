"""The value of a name in an ONNX graph, where it comes from numbers in the file that are only moved about.

Weights stand behind a few operations that only cut, join and turn them. These are computed here, and nothing else is.
"""

from collections.abc import Callable
from typing import Any, BinaryIO

import numpy as np

from .onnxgraph import BFLOAT16, DTYPES, Graph, Node, Stored, numbers, source_of
from .protobuf import Malformed

Value = np.ndarray[Any, Any]
DEEPEST = 200
EACH = 1000
"""Bytes that an operation counts for besides those of its value, so that endlessly many end in an error."""


class NotConstant(Exception):
    """A name whose value is computed from the model's inputs, or by an operation that is not computed here."""


class Constants:
    """Values of names in the graphs of one open file, of no more than `most` bytes in all; `used` are their tensors."""

    def __init__(self, file: BinaryIO, most: int):
        self.file, self.left = file, most
        self.used: list[Stored] = []

    def value(self, name: str, graph: Graph, depth: int = 0) -> Value:
        """Return the value of `name` as seen from `graph`, in its own shape. Raises NotConstant or Malformed."""
        if depth > DEEPEST:
            raise Malformed("its weights are computed by too many operations")
        source, where = source_of(name, graph)
        if isinstance(source, Node):
            return self._made(source, name, where, depth)
        if source is None:
            raise NotConstant(f"{name} is an input, or is not in the graph")
        self.used.append(source)
        return self._kept(numbers(self.file, source))

    def is_zero(self, name: str, graph: Graph, depth: int = 0) -> bool:
        """Return whether `name` is zeros of any shape, even of one that depends on the model's input.

        Raises NotConstant where that is unknown, or Malformed.
        """
        maker, where = source_of(name, graph)
        if not isinstance(maker, Node) or maker.op == "Constant":
            return not self.value(name, graph).any()
        if depth > DEEPEST:
            raise Malformed("its state is computed by too many operations")
        if maker.op == "ConstantOfShape":
            filler = maker.attributes.get("value")
            return not isinstance(filler, Stored) or not self._kept(numbers(self.file, filler)).any()
        if maker.op not in MOVING or maker.domain not in ("", "ai.onnx"):
            raise NotConstant(f"{name} is computed by {maker.op}")
        self._kept(np.empty(0))  # counts it
        moved = maker.inputs if maker.op == "Concat" else maker.inputs[:1]
        return all(self.is_zero(one, where, depth + 1) for one in moved)

    def _kept(self, value: Value) -> Value:
        self.left -= value.nbytes + EACH
        if self.left < 0:
            raise Malformed("its weights would take more memory than the file warrants")
        return value

    def _made(self, node: Node, name: str, graph: Graph, depth: int) -> Value:
        """What a node gives as `name`."""
        if node.op not in OPERATIONS or node.domain not in ("", "ai.onnx"):
            raise NotConstant(f"{name} is computed by {node.op}")
        inputs = [self.value(one, graph, depth + 1) if one else None for one in node.inputs]
        try:
            if node.op == "Constant":
                return self._constant(node)
            made = OPERATIONS[node.op](node, inputs, node.outputs.index(name))
        except (Malformed, NotConstant):
            raise
        except Exception as error:
            raise Malformed(f"{name} cannot be computed by {node.op} ({type(error).__name__})") from None
        return self._kept(made)

    def _constant(self, node: Node) -> Value:
        for name, value in node.attributes.items():
            if isinstance(value, Stored):
                return self._kept(numbers(self.file, value))
            if name in ("value_float", "value_floats", "value_int", "value_ints"):
                return np.array(value, np.float32 if "float" in name else np.int64)
        raise NotConstant("it is a constant of another kind")


def _whole(value: Value | None) -> list[int]:
    """A list of whole numbers that an operation takes as an input."""
    return [] if value is None else [int(n) for n in np.asarray(value).reshape(-1)]


def _option(node: Node, inputs: list[Any], name: str, number: int) -> list[int] | None:
    """A list of numbers that is an attribute in old models and an input in newer ones; None where it is left out."""
    if name in node.attributes:
        return [int(n) for n in node.attributes[name]]
    return _whole(inputs[number]) if len(inputs) > number and inputs[number] is not None else None


def _transpose(node: Node, inputs: list[Any], _: int) -> Value:
    return np.transpose(inputs[0], node.attributes.get("perm"))


def _cast(node: Node, inputs: list[Any], _: int) -> Value:
    kind = node.attributes["to"]
    if kind == BFLOAT16 or kind not in DTYPES:
        raise NotConstant(f"it is cast to type {kind}")
    with np.errstate(over="ignore", invalid="ignore"):
        cast: Value = np.asarray(inputs[0]).astype(DTYPES[kind])
    return cast


def _squeeze(node: Node, inputs: list[Any], _: int) -> Value:
    axes = _option(node, inputs, "axes", 1)
    squeezed: Value = np.squeeze(inputs[0], None if axes is None else tuple(axes))
    return squeezed


def _unsqueeze(node: Node, inputs: list[Any], _: int) -> Value:
    return np.expand_dims(inputs[0], tuple(_option(node, inputs, "axes", 1) or ()))


def _reshape(node: Node, inputs: list[Any], _: int) -> Value:
    shape = _option(node, inputs, "shape", 1) or []
    if not node.attributes.get("allowzero"):
        shape = [inputs[0].shape[n] if length == 0 else length for n, length in enumerate(shape)]
    reshaped: Value = inputs[0].reshape(shape)
    return reshaped


def _concat(node: Node, inputs: list[Any], _: int) -> Value:
    return np.concatenate(inputs, axis=node.attributes.get("axis", 1))


def _slice(node: Node, inputs: list[Any], _: int) -> Value:
    starts, ends = _option(node, inputs, "starts", 1) or [], _option(node, inputs, "ends", 2) or []
    axes = _option(node, inputs, "axes", 3) or list(range(len(starts)))
    steps = _option(node, inputs, "steps", 4) or [1] * len(starts)
    cut = [slice(None)] * inputs[0].ndim
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        length = inputs[0].shape[axis]
        before = step < 0 and end < -length  # NumPy would count it from the end once more
        cut[axis] = slice(start, None if before else end, step)
    part: Value = inputs[0][tuple(cut)]
    return part


def _split(node: Node, inputs: list[Any], output: int) -> Value:
    axis, sizes = node.attributes.get("axis", 0), _option(node, inputs, "split", 1)
    length = inputs[0].shape[axis]
    if sizes is None:
        part = -(-length // len(node.outputs))
        sizes = [min(part, length - n * part) for n in range(len(node.outputs))]
    if sum(sizes) != length or len(sizes) != len(node.outputs):
        raise Malformed("a split does not fit what it splits")
    return np.split(inputs[0], np.cumsum(sizes)[:-1], axis)[output]


OPERATIONS: dict[str, Callable[[Node, list[Any], int], Value]] = {
    "Constant": lambda node, inputs, _: inputs[0],  # has no inputs, and is handled before
    "Identity": lambda node, inputs, _: inputs[0],
    "Transpose": _transpose,
    "Cast": _cast,
    "Squeeze": _squeeze,
    "Unsqueeze": _unsqueeze,
    "Reshape": _reshape,
    "Concat": _concat,
    "Slice": _slice,
    "Split": _split,
}
"""What is computed: (node, the values of its inputs, which of its outputs) -> a value."""

MOVING = {*OPERATIONS, "Expand", "Tile"}
"""Operations whose output has no other numbers than their first input, or than all of their inputs."""
