"""The nodes LSTM, GRU and RNN of an ONNX graph as networks.

Gates stand in the order i, o, f, c or z, r, h from top to bottom; peepholes in the order i, o, f.
Source: the operators of the ONNX standard, and what onnxruntime computes for them.
"""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from ..arrays import Floats
from ..errors import BadInput
from .contents import Recurrent, Tensor
from .onnxconstants import Constants, NotConstant
from .onnxgraph import DTYPES, KIND, Graph, Node, Stored, source_of, understood
from .opening import opened, warranted
from .protobuf import Malformed

CELLS = {"LSTM": "lstm", "GRU": "gru", "RNN": "rnn"}
ROWS = {"LSTM": (0, 2, 3, 1), "GRU": (1, 0, 2), "RNN": (0,)}
"""PyTorch's rows (i, f, g, o and r, z, n) among those of ONNX."""

PEEPHOLE_ROWS = (0, 2, 1)
SUFFIXES = {"forward": ("",), "reverse": ("_reverse",), "bidirectional": ("", "_reverse")}
KNOWN = {
    "activations", "activation_alpha", "activation_beta", "clip", "direction", "hidden_size", "input_forget", "layout",
    "linear_before_reset", "output_sequence",
}  # fmt: skip
USES = {"LSTM": ("gate", "candidate", "output"), "GRU": ("gate", "candidate"), "RNN": ("candidate",)}
DEFAULTS = {"gate": "sigmoid", "candidate": "tanh", "output": "tanh"}

FUNCTIONS: dict[str, tuple[str, tuple[float | None, ...]]] = {
    "sigmoid": ("sigmoid", ()),
    "tanh": ("tanh", ()),
    "relu": ("relu", ()),
    "softsign": ("softsign", ()),
    "softplus": ("softplus", ()),
    "hardsigmoid": ("hard_sigmoid", (0.2, 0.5)),
    "leakyrelu": ("leaky_relu", (0.01,)),
    "thresholdedrelu": ("thresholded_relu", (None,)),
    "elu": ("elu", (1.0,)),
    "scaledtanh": ("scaled_tanh", (None, None)),
    "affine": ("affine", (None, None)),
}
"""ONNX's functions by their lower-case names: ours, and the defaults of alpha and beta as far as they are taken.

None stands where the standard has no default, or onnxruntime uses another.
"""


class _Refused(Exception):
    """The one sentence that says why the numbers of a node cannot be computed."""


def is_recurrent(node: Node) -> bool:
    """Return whether a node is a recurrent network, including those not computed, such as DynamicQuantizeLSTM."""
    return node.op.endswith(tuple(CELLS))


class Network:
    """A recurrent node, in the words of this project."""

    def __init__(self, path: Path, file: BinaryIO, size: int, graph: Graph, node: Node):
        self.path, self.file, self.size, self.graph, self.node = path, file, size, graph, node
        self.used: list[Stored] = []

    def recurrent(self, name: str) -> Recurrent:
        """Return it as a network called `name`, or refused with what stands in the way."""
        node, tensors = self.node, {}
        try:
            if node.op not in CELLS or node.domain not in ("", "ai.onnx"):
                raise _Refused(f"is {node.op} of {node.domain or 'ONNX'}, which is not computed (a quantized network?)")
            tensors = self._tensors()
            self._check_attributes()
            options = ("--initial-state",) if self._starts == "stored" else ()
            starts = "begins in zeros, not in what the model is given or computes" if self._starts == "unknown" else ""
            return Recurrent(
                name, tensors, self._cell(), self._activations(), self._notes(), options=options, starts=starts
            )
        except _Refused as why:
            return Recurrent(name, tensors, refused=str(why))

    def _check_attributes(self) -> None:
        attributes = self.node.attributes
        unknown = sorted(set(attributes) - KNOWN)
        if unknown:
            raise _Refused(f"has the attribute {', '.join(unknown[:4])}, which is not known")
        if attributes.get("clip"):
            raise _Refused(f"clips its sums (clip={attributes['clip']}), which is not computed")
        if attributes.get("layout", 0) not in (0, 1):
            raise _Refused("has a layout that is not known")
        if self._ends:
            raise _Refused(
                f"stops each sequence at a timestamp that is stored in the model (sequence_lens={self._ends}), which "
                "is not computed"
            )

    @property
    def _ends(self) -> str:
        """The lengths of its sequences where the model stores them, which no input can change; "" where it does not."""
        if not (name := self.node.input(4)):
            return ""
        try:
            return str(Constants(self.file, warranted(self.size)).value(name, self.graph).reshape(-1)[:4].tolist())
        except (NotConstant, Malformed):
            return ""

    @property
    def directions(self) -> int:
        """How many directions it has."""
        return len(SUFFIXES.get(self._direction, ("",)))

    @property
    def _direction(self) -> str:
        return _text(self.node.attributes.get("direction", b"forward")).lower()

    def _cell(self) -> str:
        attributes, cell = self.node.attributes, CELLS[self.node.op]
        if cell == "gru":
            return "gru" if attributes.get("linear_before_reset") else "gru-before"
        if cell == "lstm" and attributes.get("input_forget"):
            return "coupled-forget"
        return "peephole" if cell == "lstm" and self.node.input(7) else cell

    def _tensors(self) -> dict[str, Tensor]:
        """Its weights by PyTorch's names, their shapes checked."""
        op, G = self.node.op, len(ROWS[self.node.op])
        suffixes = SUFFIXES.get(self._direction)
        if suffixes is None:
            raise _Refused("has a direction that is not known")
        D = len(suffixes)
        W, R = self._shape(1), self._shape(2)
        if W is None or R is None or len(R) != 3 or 0 in R or (D, G * R[2], R[2]) != R or W[:2] != R[:2] or len(W) != 3:
            raise _Refused(f"its W and R have shapes {W} and {R}; they must be ({D}, {G}*H, I) and ({D}, {G}*H, H)")
        H = R[2]
        B, P = self._shape(3), self._shape(7) if op == "LSTM" else None
        if B not in (None, (D, 2 * G * H)) or P not in (None, (D, 3 * H)) or 0 in W:
            raise _Refused(f"its B and P have shapes {B} and {P}; they must be ({D}, {2 * G * H}) and ({D}, {3 * H})")
        if self.node.attributes.get("hidden_size", H) != H:
            raise _Refused(f"its hidden_size is {self.node.attributes['hidden_size']}; its weights have {H} units")
        dtype = "float32"
        made: dict[str, Tensor] = {}
        for d, end in enumerate(suffixes):
            rows, suffix = ROWS[op], f"_l0{end}"
            made["weight_ih" + suffix] = Tensor((G * H, W[2]), dtype, self._reader(1, d, slice(None), rows))
            made["weight_hh" + suffix] = Tensor((G * H, H), dtype, self._reader(2, d, slice(None), rows))
            if B is not None:
                made["bias_ih" + suffix] = Tensor((G * H,), dtype, self._reader(3, d, slice(0, G * H), rows))
                made["bias_hh" + suffix] = Tensor((G * H,), dtype, self._reader(3, d, slice(G * H, None), rows))
            if P is not None:
                read = self._reader(7, d, slice(None), PEEPHOLE_ROWS, H)
                made["weight_peephole" + suffix] = Tensor((3, H), dtype, read)
        return made

    def _shape(self, number: int) -> tuple[int, ...] | None:
        """The shape of an input that holds weights; None where it is left out."""
        name = self.node.input(number)
        if not name:
            return None
        tensor, _ = source_of(name, self.graph)
        if isinstance(tensor, Stored):
            self.used.append(tensor)
            if tensor.dtype not in DTYPES:
                raise _Refused(f"its weights {name} are stored as type {tensor.dtype}, which is not read")
            return tensor.shape
        shape: tuple[int, ...] = self._value(self.file, number).shape
        return shape

    def _value(self, file: BinaryIO, number: int) -> np.ndarray[Any, Any]:
        constants = Constants(file, warranted(self.size))
        try:
            value = constants.value(self.node.input(number), self.graph)
            self.used += constants.used
            return value
        except NotConstant as why:
            raise _Refused(f"its weights {self.node.input(number)} are not in the file as they are: {why}") from None

    def _reader(self, number: int, d: int, part: slice, rows: tuple[int, ...], width: int = 0) -> Callable[[], Floats]:
        """A function that reads `part` of direction `d` of an input, its blocks of rows put in the order `rows`.

        With a `width` H, the blocks (H,) become the rows of a matrix (G, H).
        """

        def read() -> Floats:
            with opened(self.path) as file, understood(self.path):
                try:
                    blocks = np.split(self._value(file, number)[d][part], len(rows))
                except (_Refused, IndexError, ValueError):
                    raise BadInput(f"{self.path}: {KIND} any longer; it changed while it was read") from None
                ordered = np.concatenate([blocks[n] for n in rows]).astype(np.float32)
                return ordered.reshape(-1, width) if width else ordered

        return read

    def _activations(self) -> dict[str, str]:
        """The functions by what they are for; the same in both directions."""
        uses = USES[self.node.op]
        attributes = self.node.attributes
        given = [_text(one).lower() for one in _list(attributes.get("activations"))]
        if not given:
            if attributes.get("activation_alpha") or attributes.get("activation_beta"):
                raise _Refused("has parameters of activations, and no activations")
            return {use: DEFAULTS[use] for use in uses}
        alphas, betas = (list(_list(attributes.get(f"activation_{name}"))) for name in ("alpha", "beta"))
        if not all(isinstance(value, float) for value in (*alphas, *betas)):
            raise _Refused("has parameters of activations that are not numbers")
        named = [_function(name, alphas, betas) for name in given]
        D = 2 if self._direction == "bidirectional" else 1
        if len(named) != D * len(uses) or named[: len(uses)] != named[-len(uses) :]:
            raise _Refused(
                f"has the activations {', '.join(given[:8])}; it must have {len(uses)}, equal in both directions"
            )
        if alphas or betas:
            raise _Refused("has more parameters of activations than its activations take")
        return dict(zip(uses, named, strict=False))

    def _notes(self) -> tuple[str, ...]:
        """What its inputs say of how the model runs it."""
        notes = []
        if self.node.attributes.get("layout"):
            notes.append("reads its input batch-first")
        if self.node.input(4):
            notes.append("takes lengths (sequence_lens) with its input")
        if self._starts == "stored":
            notes.append("starts from a state that is stored in the model")
        return tuple(notes)

    @functools.cached_property
    def _starts(self) -> str:
        """What it starts from: "zeros", numbers that are "stored" in the model, or something "unknown"."""
        for number in (5, 6) if self.node.op == "LSTM" else (5,):
            name = self.node.input(number)
            if name:
                constants = Constants(self.file, warranted(self.size))
                try:
                    if constants.is_zero(name, self.graph):
                        continue
                    constants.value(name, self.graph)
                except (NotConstant, Malformed):
                    return "unknown"
                return "stored"
        return "zeros"


def _function(name: str, alphas: list[float], betas: list[float]) -> str:
    """Our spelling of an activation; it takes its parameters from the front of `alphas` and `betas`."""
    if name not in FUNCTIONS:
        raise _Refused(f"has the activation {name}, which is not computed")
    ours, defaults = FUNCTIONS[name]
    told: list[str] = []
    for given, default in zip((alphas, betas), defaults, strict=False):
        value = given.pop(0) if given else default
        if value is None:
            raise _Refused(f"has the activation {name} without its parameters, which have no default that all agree on")
        told.append(f"{value:.9g}")
    return f"{ours}({', '.join(told)})" if told else ours


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
