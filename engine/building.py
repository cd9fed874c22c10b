"""A stack built from tensors in PyTorch's state-dict names: every tensor of the module is used or named in an error."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from .activations import activation
from .arrays import LARGEST, Floats, as_floats, frozen, largest
from .cell import Cell
from .cells import CELLS, PEEPHOLES
from .errors import BadInput
from .weights import CellWeights, Stack

NAME = re.compile(
    r"(?:(?P<prefix>.*)\.)?(?P<kind>weight_ih|weight_hh|bias_ih|bias_hh|weight_hr|weight_peephole)"
    r"(?:_l(?P<layer>[0-9]{1,4})(?P<reverse>_reverse)?)?"
)
"""`weight_ih_l0`, `encoder.lstm.bias_hh_l1_reverse`, and the unnumbered names of torch.nn.LSTMCell."""


def stack_from_tensors(
    tensors: Mapping[str, Any], source: str, cell: str | None = None, activations: Mapping[str, str] | None = None
) -> Stack:
    """Build a `Stack` from tensors in PyTorch's names; those of other modules are ignored.

    `source` is what error messages call the file. `cell` is a name in CELLS, or None to detect it from the rows of the
    weights: H are an RNN's, 3*H a GRU's, 4*H an LSTM's, with or without peepholes. A coupled cell has to be named. It
    has 3*H rows, those of its own gates in the order input, forget, candidate, output; of 4*H rows, those of the
    coupled gate are ignored. `activations` are the names of its functions by "gate", "candidate" and "output", as far
    as they are known; an RNN's candidate defaults to torch's tanh, which the stack lists as an assumption.
    Missing biases are zero. Raises BadInput for unknown layouts, shapes that do not fit, non-finite values, and
    tensors of the same module that would be left unused.
    """
    found = _by_layer(tensors, source)
    numbers = sorted({layer for layer, _ in found})
    if numbers != list(range(len(numbers))):
        raise BadInput(f"{source}: has layers {numbers}; layers must be numbered from 0 without gaps")
    directions = [False, True] if (0, True) in found else [False]
    layers: list[tuple[CellWeights, ...]] = []
    if cell is not None and cell not in CELLS:
        raise BadInput(f"{source}: {cell} is an unknown cell; choose from {', '.join(CELLS)}")
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
    return _with_functions(Stack(kind, tuple(layers)), activations or {}, source)


def _with_functions(stack: Stack, activations: Mapping[str, str], source: str) -> Stack:
    """Return `stack` with the functions that are given; in an RNN without one, tanh is an assumption."""
    functions = {use: activation(name, f"{source}: {use} activation") for use, name in activations.items()}
    try:
        cell = stack.cell.with_functions(functions)
    except KeyError as error:
        raise BadInput(f"{source}: {error.args[0]}") from None
    layers = tuple(tuple(replace(w, cell=cell) for w in layer) for layer in stack.layers)
    assumed = ("tanh assumed",) if cell.name == "rnn" and "candidate" not in functions else ()
    return Stack(cell, layers, assumed)


def _by_layer(tensors: Mapping[str, Any], source: str) -> dict[tuple[int, bool], dict[str, tuple[str, Any]]]:
    """Sort tensors by (layer, reverse) and kind; each is kept with the name it has in the file."""
    found: dict[tuple[int, bool], dict[str, tuple[str, Any]]] = {}
    prefixes: dict[str, None] = {}
    for name, tensor in tensors.items():
        match = NAME.fullmatch(name)
        if not match:
            continue
        prefixes[match["prefix"] or ""] = None
        place = (int(match["layer"] or 0), bool(match["reverse"]))
        named = found.setdefault(place, {})
        if match["kind"] in named and len(prefixes) == 1:
            other = named[match["kind"]][0]
            raise BadInput(
                f"{source}: {other} and {name} are one tensor by two names; save one of them to its own file"
            )
        named[match["kind"]] = (name, tensor)
    if not found:
        names = ", ".join(list(tensors)[:4]) or "no tensors at all"
        raise BadInput(f"{source}: has no weight_ih_l0 in PyTorch's names, with or without a prefix; it has {names}")
    if len(prefixes) > 1:
        names = ", ".join(f'"{p}"' for p in prefixes)
        raise BadInput(f"{source}: holds several recurrent networks ({names}); save one of them to its own file")
    (prefix,) = prefixes
    unused = [name for name in tensors if not NAME.fullmatch(name) and _belongs(name, prefix)]
    if unused:
        raise BadInput(f"{source}: {', '.join(unused[:4])} {'belongs' if len(unused) == 1 else 'belong'} to the same "
                       "module and would not be used; the result would be another network's")  # fmt: skip
    return found


def _belongs(name: str, prefix: str) -> bool:
    """Whether the tensor `name` belongs to the module called `prefix`; at the top, names without a dot and norms do."""
    if prefix:
        return name.startswith(f"{prefix}.")
    return "." not in name or re.search(r"(?:^|[._])(?:ln|norm|layer_?norm)", name, re.IGNORECASE) is not None


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
    rows, P = arrays["weight_hh"].shape
    projection = arrays.get("weight_hr")
    H = P if projection is None else _projected_from(projection, P, label, source)
    shape = f"{source}: {label['weight_hh']} has shape ({rows}, {P})"
    if kind is None:
        kind = _cell_of_rows(rows, H, label.get("weight_peephole"), source, shape)
    if projection is not None and kind.memory_state != "cell":
        raise BadInput(f"{source}: {label['weight_hr']}: {kind.name} has no projection; an LSTM may have one")
    if rows not in [G * H for G in _gates_in_file(kind)]:
        raise BadInput(f"{shape}; {kind.name} must have {' or '.join(f'({G}*H, H)' for G in _gates_in_file(kind))}")
    if arrays["weight_ih"].shape[0] != rows:
        raise BadInput(f"{source}: {label['weight_ih']} has shape {arrays['weight_ih'].shape}; with "
                       f"{label['weight_hh']} ({rows}, {P}) it must have {rows} rows")  # fmt: skip
    for key in ("bias_ih", "bias_hh"):
        arrays.setdefault(key, frozen(np.zeros(rows)))
        if arrays[key].shape != (rows,):
            raise BadInput(f"{source}: {label[key]} has shape {arrays[key].shape}; it must be ({rows},)")
    U, W, b_ih, b_hh = (_own_rows(arrays[key], kind, H) for key in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
    if _sums_below(W, b_hh) > LARGEST / 16:
        raise BadInput(
            f"{source}: {label['weight_hh']} is too large to multiply in float32; its rows must sum below 2e37"
        )
    peepholes = _peepholes(arrays.get("weight_peephole"), label.get("weight_peephole"), kind, H, source)
    if peepholes is None and kind.peepholes == "must":
        raise BadInput(f"{source}: weight_peephole_l{layer}{suffix} is missing; {kind.name} has one, (3, H)")
    return CellWeights(f"l{layer}{suffix}", kind, U, W, b_ih, b_hh, peepholes, reverse, projection)


def _sums_below(W: Floats, b: Floats) -> float:
    """A bound of what a row of `W` can sum to with its bias: one that takes no copy of `W`, or the least there is."""
    bound: float = largest(W) * W.shape[1] + largest(b)
    if bound <= LARGEST / 16:
        return bound
    return float((np.abs(W, dtype=np.float64).sum(axis=1) + np.abs(b, dtype=np.float64)).max())


def _projected_from(projection: Floats, P: int, label: Mapping[str, str], source: str) -> int:
    """The number of units H that `projection` (P, H) maps to P numbers."""
    if projection.ndim != 2 or 0 in projection.shape or len(projection) != P:
        raise BadInput(f"{source}: {label['weight_hr']} has shape {projection.shape}; with {label['weight_hh']} of {P} "
                       f"columns it must be ({P}, H)")  # fmt: skip
    return int(projection.shape[1])


def _cell_of_rows(rows: int, H: int, peephole: str | None, source: str, shape: str) -> Cell:
    """The cell whose weights have so many rows; `peephole` is the name of the peephole tensor, if there is one."""
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
    """Return the rows of the gates for which `cell` has weights; a coupled gate's are left out."""
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
    """Refuse a layer that does not take what the layer below gives, and directions of different sizes."""
    gives = layers[0][0].I
    for layer in layers:
        for w in layer:
            if gives != w.I:
                raise BadInput(f"{source}: layer {w.name} takes {w.I} inputs; it must take {gives}")
            if (w.H, w.P) != (layer[0].H, layer[0].P):
                raise BadInput(
                    f"{source}: layer {w.name} has {w.H} units; it must have {layer[0].H}, as {layer[0].name}"
                )
        gives = sum(w.P for w in layer)
