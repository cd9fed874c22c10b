"""The weights of a stack of recurrent layers, read from PyTorch's state-dict names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .arrays import LARGEST, Floats, as_floats, frozen
from .cells import CELLS, PEEPHOLES, Cell
from .errors import BadInput

NAME = re.compile(
    r"(?:(?P<prefix>.*)\.)?(?P<kind>weight_ih|weight_hh|bias_ih|bias_hh|weight_hr|weight_peephole)"
    r"(?:_l(?P<layer>[0-9]{1,4})(?P<reverse>_reverse)?)?"
)
"""`weight_ih_l0`, `encoder.lstm.bias_hh_l1_reverse`, and the unnumbered names of torch.nn.LSTMCell."""


@dataclass(frozen=True)
class CellWeights:
    """One direction of one layer; G gates of H units over I inputs, rows in PyTorch's order.

    `U` (G*H, I) acts on the input, `W` (G*H, H) on the previous hidden state; `bias_ih` and `bias_hh` are (G*H,).
    `peepholes` (3, H) act on the memory, rows in the order of PEEPHOLES; None where there are none.
    """

    name: str
    cell: Cell
    U: Floats
    W: Floats
    bias_ih: Floats
    bias_hh: Floats
    peepholes: Floats | None = None
    reverse: bool = False

    @property
    def H(self) -> int:
        """The number of units."""
        return int(self.W.shape[1])

    @property
    def I(self) -> int:  # noqa: E743 (the symbol of the equations)
        """The number of inputs."""
        return int(self.U.shape[1])

    @property
    def parameters(self) -> int:
        """How many numbers training adjusts; a coupled gate has no peepholes of its own."""
        looking = 0 if self.peepholes is None else sum(gate in self.cell.rows for gate in PEEPHOLES)
        return self.U.size + self.W.size + self.bias_ih.size + self.bias_hh.size + looking * self.H

    @property
    def tensors(self) -> dict[str, Floats]:
        """Every array by PyTorch's name, without the layer: `weight_ih` (G*H, I) and so on."""
        own = {"weight_ih": self.U, "weight_hh": self.W, "bias_ih": self.bias_ih, "bias_hh": self.bias_hh}
        return own if self.peepholes is None else own | {"weight_peephole": self.peepholes}

    def row(self, gate: str, unit: int) -> int:
        """Return the row of `U`, `W` and the biases that belongs to `unit` of `gate`."""
        return self.cell.rows.index(gate) * self.H + unit


@dataclass(frozen=True)
class Stack:
    """A recurrent network: layers, each with one direction or two. `layers[l][d]` are the weights."""

    cell: Cell
    layers: tuple[tuple[CellWeights, ...], ...]

    @property
    def I(self) -> int:  # noqa: E743
        """The number of inputs of the first layer."""
        return self.layers[0][0].I

    @property
    def H(self) -> int:
        """The number of units of each direction."""
        return self.layers[0][0].H

    @property
    def flat(self) -> tuple[CellWeights, ...]:
        """Every direction of every layer, in PyTorch's order of initial states."""
        return tuple(weights for layer in self.layers for weights in layer)

    @property
    def parameters(self) -> int:
        """How many numbers training adjusts."""
        return sum(weights.parameters for weights in self.flat)


def stack_from_tensors(tensors: Mapping[str, Any], source: str, cell: str | None = None) -> Stack:
    """Build a `Stack` from tensors in PyTorch's names; other tensors are passed over.

    `source` is what error messages call the file. `cell` is a name in CELLS, or None to tell it by the rows of the
    weights: H are an RNN's, 3*H a GRU's, 4*H an LSTM's, with or without peepholes. A coupled cell has to be named. It
    has 3*H rows, those of its own gates in the order input, forget, candidate, output; of 4*H rows, those of the
    coupled gate are left out. Missing biases are zero. Raises BadInput for unknown layouts, shapes that do not fit and
    non-finite values.
    """
    found = _by_layer(tensors, source)
    numbers = sorted({layer for layer, _ in found})
    if numbers != list(range(len(numbers))):
        raise BadInput(f"{source}: has layers {numbers}; layers must be numbered from 0 without gaps")
    directions = [False, True] if (0, True) in found else [False]
    layers: list[tuple[CellWeights, ...]] = []
    if cell is not None and cell not in CELLS:
        raise BadInput(f"{source}: {cell} is not a cell that there is; it must be {' or '.join(CELLS)}")
    kind = CELLS[cell] if cell else None
    for layer in numbers:
        row = []
        for reverse in directions:
            if (layer, reverse) not in found:
                raise BadInput(f"{source}: layer {layer} has no {'reverse' if reverse else 'forward'} direction")
            weights = _cell_weights(found[layer, reverse], layer, reverse, kind, source)
            kind = weights.cell
            row.append(weights)
        layers.append(tuple(row))
    if len(found) != len(numbers) * len(directions):
        raise BadInput(f"{source}: some layers have a reverse direction and others do not; all or none must")
    assert kind is not None
    _check_widths(layers, source)
    return Stack(kind, tuple(layers))


def _by_layer(tensors: Mapping[str, Any], source: str) -> dict[tuple[int, bool], dict[str, tuple[str, Any]]]:
    """Sort tensors by (layer, reverse) and kind; each is kept with the name it has in the file."""
    found: dict[tuple[int, bool], dict[str, tuple[str, Any]]] = {}
    prefixes: dict[str, None] = {}
    for name, tensor in tensors.items():
        match = NAME.fullmatch(name)
        if not match:
            continue
        if match["kind"] == "weight_hr":
            raise BadInput(f"{source}: {name} is a projection (proj_size), which is not supported; use proj_size=0")
        prefixes[match["prefix"] or ""] = None
        place = (int(match["layer"] or 0), bool(match["reverse"]))
        named = found.setdefault(place, {})
        if match["kind"] in named and len(prefixes) == 1:
            other = named[match["kind"]][0]
            raise BadInput(
                f"{source}: {other} and {name} are one tensor by two names; save the one to look at by itself"
            )
        named[match["kind"]] = (name, tensor)
    if not found:
        names = ", ".join(list(tensors)[:4]) or "no tensors at all"
        raise BadInput(f"{source}: has no weight_ih_l0 in PyTorch's names, with or without a prefix; it has {names}")
    if len(prefixes) > 1:
        names = ", ".join(f'"{p}"' for p in prefixes)
        raise BadInput(f"{source}: holds several recurrent networks ({names}); save the one to look at by itself")
    return found


def _cell_weights(
    named: Mapping[str, tuple[str, Any]], layer: int, reverse: bool, kind: Cell | None, source: str
) -> CellWeights:
    suffix = "_reverse" if reverse else ""
    for needed in ("weight_ih", "weight_hh"):
        if needed not in named:
            raise BadInput(f"{source}: {needed}_l{layer}{suffix} is missing")
    arrays = {k: as_floats(tensor, f"{source}: {name}") for k, (name, tensor) in named.items()}
    label = {k: name for k, (name, _) in named.items()}
    for key in ("weight_ih", "weight_hh"):
        if arrays[key].ndim != 2 or 0 in arrays[key].shape:
            raise BadInput(f"{source}: {label[key]} has shape {arrays[key].shape}; it must be a matrix (G*H, inputs)")
    rows, H = arrays["weight_hh"].shape
    shape = f"{source}: {label['weight_hh']} has shape ({rows}, {H})"
    if kind is None:
        kind = _told(rows, H, label.get("weight_peephole"), source, shape)
    if rows not in [G * H for G in _gates_in_file(kind)]:
        raise BadInput(f"{shape}; {kind.name} must have {' or '.join(f'({G}*H, H)' for G in _gates_in_file(kind))}")
    if arrays["weight_ih"].shape[0] != rows:
        raise BadInput(f"{source}: {label['weight_ih']} has shape {arrays['weight_ih'].shape}; with "
                       f"{label['weight_hh']} ({rows}, {H}) it must have {rows} rows")  # fmt: skip
    for key in ("bias_ih", "bias_hh"):
        arrays.setdefault(key, frozen(np.zeros(rows)))
        if arrays[key].shape != (rows,):
            raise BadInput(f"{source}: {label[key]} has shape {arrays[key].shape}; it must be ({rows},)")
    U, W, b_ih, b_hh = (_own_rows(arrays[key], kind, H) for key in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
    if (np.abs(W, dtype=np.float64).sum(axis=1) + np.abs(b_hh, dtype=np.float64)).max() > LARGEST / 16:
        raise BadInput(
            f"{source}: {label['weight_hh']} is too large to multiply in float32; its rows must sum below 2e37"
        )
    peepholes = _peepholes(arrays.get("weight_peephole"), label.get("weight_peephole"), kind, H, source)
    if peepholes is None and kind.peepholes == "must":
        raise BadInput(f"{source}: weight_peephole_l{layer}{suffix} is missing; {kind.name} has one, (3, H)")
    return CellWeights(f"l{layer}{suffix}", kind, U, W, b_ih, b_hh, peepholes, reverse)


def _told(rows: int, H: int, peephole: str | None, source: str, shape: str) -> Cell:
    """The cell that weights of so many rows are; `peephole` is what their peepholes are called, if they have any."""
    cells = {1: "rnn", 3: "gru", 4: "lstm" if peephole is None else "peephole"}
    if rows % H or rows // H not in cells:
        wanted = " or ".join(f"({n}*H, H) for {cells[n]}" for n in cells)
        raise BadInput(f"{shape}; it must be {wanted}")
    if peephole is not None and rows == 3 * H:
        raise BadInput(f"{source}: has 3*H rows and {peephole}; say which gate is coupled, as --cell coupled-input or "
                       "--cell coupled-forget")  # fmt: skip
    return CELLS[cells[rows // H]]


def _gates_in_file(cell: Cell) -> tuple[int, ...]:
    """How many gates' rows a file of this cell can have."""
    return (len(cell.rows), len(cell.rows) + 1) if cell.coupled else (len(cell.rows),)


def _own_rows(array: Floats, cell: Cell, H: int) -> Floats:
    """Return the rows of the gates that `cell` has of its own; a coupled gate's are left out."""
    if len(array) == len(cell.rows) * H:
        return array
    every = dict(zip(CELLS["lstm"].rows, np.split(array, 4), strict=True))
    return frozen(np.concatenate([every[gate] for gate in cell.rows]))


def _peepholes(array: Floats | None, label: str | None, cell: Cell, H: int, source: str) -> Floats | None:
    """Return the peepholes (3, H) as they are used: the row of a coupled gate, which has no sum, is zero."""
    if array is None:
        return None
    if cell.peepholes == "never":
        hint = "; --cell peephole reads it" if cell.name == "lstm" else ""
        raise BadInput(f"{source}: {label}: {cell.name} has no peepholes; remove the tensor{hint}")
    if array.shape != (3, H):
        raise BadInput(f"{source}: {label} has shape {array.shape}; it must be (3, {H}), rows {', '.join(PEEPHOLES)}")
    used = np.array([gate in cell.rows for gate in PEEPHOLES])
    return frozen(array * used[:, None])


def _check_widths(layers: list[tuple[CellWeights, ...]], source: str) -> None:
    """Each layer must take as many inputs as the layer below gives."""
    H = layers[0][0].H
    for number, layer in enumerate(layers):
        wanted = layers[0][0].I if number == 0 else H * len(layer)
        for w in layer:
            if w.H != H or wanted != w.I:
                raise BadInput(
                    f"{source}: layer {w.name} has {w.H} units over {w.I} inputs; it must have {H} over {wanted}"
                )
