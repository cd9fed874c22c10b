"""Initial states as people keep them: what a framework returned, under its own or the user's names."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import Floats, as_floats
from ..errors import BadInput
from ..trace import Trace
from ..weights import Stack
from .numpyfiles import holds_arrays, members, read_npz
from .opening import opened

NAMES = {
    "h0": ("h0", "h_0", "h", "h_n", "hn", "hx", "hidden", "state_h"),
    "c0": ("c0", "c_0", "c", "c_n", "cn", "cx", "cell", "state_c"),
}
"""What the two states are called, in any case."""

OF_LAYER = re.compile(r"[hc]0_l[0-9]{1,4}(_reverse)?")
"""The name of a state of one direction, for networks whose directions differ in width."""


def read_initial_state(path: Path) -> dict[str, Any]:
    """Return h0 (and c0) of an .npz file or one of torch.save, in the file's own shapes; they may have any of NAMES.

    A tuple of two tensors is (h, c), as torch gives it. Raises BadInput for another kind of file, where h0 is missing,
    and for what is no state.
    """
    arrays = _arrays(path)
    found: dict[str, Any] = {}
    for name, array in arrays.items():
        own = next((own for own, names in NAMES.items() if name.casefold() in names), None)
        own = name if OF_LAYER.fullmatch(name) else own
        if own is None or own in found:
            why = f"{own} occurs twice" if own else f"{name} is not a state"
            raise BadInput(f"{path}: holds {', '.join(list(arrays)[:6])}; {why}: it must hold h0 (and c0 for an LSTM)")
        found[own] = array
    if "h0" not in found and not any(map(OF_LAYER.fullmatch, found)):
        raise BadInput(
            f"{path}: holds {', '.join(list(arrays)[:6]) or 'nothing'}; it must hold h0 (and c0 for an LSTM)"
        )
    return found


def initial_state(path: Path, stack: Stack, sequence: int = 0) -> dict[str, Floats]:
    """Return the states (layers x directions, units) in a file as `run` takes them, those of number `sequence`, from 0.

    Each may be (units,) for one layer, PyTorch's (layers x directions, B, units), or batch-first where nothing else
    fits. Raises BadInput for a state that the cell does not have, one that is missing, and shapes that do not fit.
    """
    return shaped(read_initial_state(path), stack, sequence, str(path))


def shaped(found: Mapping[str, Any], stack: Stack, sequence: int, path: str) -> dict[str, Floats]:
    """Return the states (layers x directions, units) in `found`, by the names h0 and c0, as `initial_state` does.

    Where directions differ in width, `found` has each direction's own, h0_l0 (H,). `path` is what errors call them.
    """
    if not stack.even:
        return {name: as_floats(np.ravel(array), f"{path}: {name}") for name, array in found.items()}
    wanted = ["h0", "c0"] if "cell" in stack.cell.states else ["h0"]
    for name in found:
        if name not in wanted:
            raise BadInput(f"{path}: holds {name}, and {stack.cell.title} has no such state; it must hold h0 alone")
    for name in wanted:
        if name not in found:
            raise BadInput(f"{path}: holds h0 and no c0; {stack.cell.title} carries both on, and a cell state of zeros "
                           "would be another place: save c0 as well (zeros, if that is what it was)")  # fmt: skip
    return {name: _shaped(as_floats(array, f"{path}: {name}"), len(stack.flat), sequence, f"{path}: {name}")
            for name, array in found.items()}  # fmt: skip


def _shaped(array: Floats, count: int, sequence: int, what: str) -> Floats:
    """The state (count, units) of one sequence."""
    if array.ndim == 1 and count == 1:
        return as_floats(array[None], what)
    if array.ndim == 2 and len(array) == count:
        return array
    if array.ndim == 3 and count in array.shape[:2]:
        array = array if len(array) == count else np.swapaxes(array, 0, 1)  # type: ignore[assignment]
        if array.shape[1] == 1:
            return as_floats(array[:, 0], what)
        if sequence < array.shape[1]:
            return as_floats(array[:, sequence], what)
        raise BadInput(f"{what} has shape {array.shape}: there is none for sequence {sequence + 1}")
    raise BadInput(f"{what} has shape {array.shape}; it must be ({count}, units), layers x directions by units, or "
                   f"({count}, B, units) for a batch")  # fmt: skip


def _arrays(path: Path) -> dict[str, Any]:
    with opened(path) as file:
        start = file.read(2)
        file.seek(0)
        names = members(file, path) if start == b"PK" else []
    if names and holds_arrays(names):
        return dict(read_npz(path))
    if names or start[:1] == b"\x80":
        from .torchfiles import read_old_torch, read_torch_zip  # with what reads pickles

        tensors = (read_torch_zip if names else read_old_torch)(path).tensors
        if list(tensors) == ["0", "1"]:
            tensors = dict(zip(("h0", "c0"), tensors.values(), strict=True))
        return {name: tensor.read() for name, tensor in tensors.items()}
    raise BadInput(f"{path}: is neither an .npz archive nor a file of torch.save; an initial state is one, "
                   "with h0 (and c0 for an LSTM)")  # fmt: skip


def last_states(trace: Trace) -> dict[str, Floats]:
    """Return the states after the last timestamp of `trace` as `run` takes them: h0 and c0, (layers x directions, H).

    A reverse direction ends at the first timestamp. Where widths differ each direction has its own, h0_l0 (H,).
    """
    ends: dict[str, Floats] = {}
    for layer in trace.layers:
        for state in layer.weights.cell.states:
            own = {"hidden": "h0", "cell": "c0"}[state]
            ends[f"{own}_{layer.name}"] = np.array(layer[state][0 if layer.weights.reverse else -1])
    if not trace.stack.even:
        return ends
    return {
        own: np.stack([array for name, array in ends.items() if name.startswith(own)])
        for own in ("h0", "c0")
        if any(name.startswith(own) for name in ends)
    }
