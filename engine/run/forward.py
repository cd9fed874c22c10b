"""Running a stack over a sequence: the equations of `cells`, timestamp after timestamp, layer upon layer."""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np

from ..arrays import LARGEST, Floats, as_floats, frozen
from ..cell import Quantities
from ..errors import BadInput
from ..hook import Hook
from ..trace import LayerTrace, Trace
from ..weights import CellWeights, Stack
from .fused import has_kernel, kernel_takes, run_fused
from .pytorch import torch_is_loaded
from .walk import project, reading_order, step_through, through_layers

WORTH_LOADING_TORCH = 150_000
"""Timestamps x directions from which loading torch takes less time than stepping without it (measured on two cores)."""

WORTH_THE_KERNEL = 200
"""Timestamps from which torch's kernel, once loaded, is faster: setting it up takes as long as this many steps."""


def run(
    stack: Stack,
    inputs: Any,
    initial: Mapping[str, Any] | None = None,
    source: str = "input",
    hook: Hook | None = None,
) -> Trace:
    """Run `stack` over `inputs` (T, I) and return the Trace.

    `initial` may hold h0 and c0, each (layers x directions, H) as PyTorch orders them; zeros otherwise. `source` is
    what errors call the inputs. `hook` may change quantities where they are computed. Raises BadInput when shapes do
    not fit or a value is not finite.
    """
    x = checked(stack, inputs, source)
    states = iter(initial_states(stack, initial or {}, source))
    fused = hook is None and kernel_pays(stack.flat, len(x))

    def walk(weights: CellWeights, below: Floats) -> LayerTrace:
        return run_layer(weights, below, next(states), fused, hook)

    layers, _ = through_layers(stack, x, walk, side_by_side)
    return Trace(stack, x, tuple(layers))


def side_by_side(hidden: list[Floats]) -> Floats:
    """Return the hidden states (..., H) of the directions of a layer as one array (..., directions x H), read-only."""
    return frozen(np.concatenate(hidden, axis=-1))


def checked(stack: Stack, inputs: Any, source: str) -> Floats:
    """Return `inputs` as read-only float32 (T, I). Raises BadInput for what `stack` cannot read."""
    x = as_floats(inputs, source)
    if x.ndim != 2 or len(x) == 0 or x.shape[1] != stack.I:
        raise BadInput(f"{source}: has shape {x.shape}; this network takes (T, {stack.I}) with at least one timestamp")
    return x


INITIAL = {"hidden": "h0", "cell": "c0"}
"""What a file calls a state before the first timestamp."""


def initial_states(stack: Stack, initial: Mapping[str, Any], source: str) -> list[dict[str, Floats]]:
    """Return each direction's states before the first timestamp from `initial` h0 and c0; zeros where not given.

    h0 and c0 are (layers x directions, H); each direction gets its own as (H,), in PyTorch's order. Instead, each
    direction's own, (H,), may be given: h0_l0, c0_l0, h0_l0_reverse and so on; where directions differ in width or
    cell, there is no other way. Raises BadInput, which calls the file `source`, for a state that the cell does not
    have, and for shapes or values that do not fit.
    """
    if stack.even and not any("_" in name for name in initial):
        initial = _by_direction(stack, initial, source)
    allowed = [f"{INITIAL[state]}_{w.name}" for w in stack.flat for state in w.cell.states]
    if unknown := [name for name in initial if name not in allowed]:
        raise BadInput(f"{source}: initial state {unknown[0]} is not one that this network has ({', '.join(allowed)})")
    states = []
    for w in stack.flat:
        own = w.zeros()
        for state, zeros in own.items():
            name = f"{INITIAL[state]}_{w.name}"
            own[state] = as_floats(initial.get(name, zeros), f"{source}: initial state {name}")
            if own[state].shape != zeros.shape:
                raise BadInput(f"{source}: initial state {name} has shape {own[state].shape}; it must be {zeros.shape}")
        hidden = np.abs(own["hidden"], dtype=np.float64)
        if hidden.any() and (np.abs(w.W, dtype=np.float64) @ hidden).max() > LARGEST / 4:
            raise BadInput(
                f"{source}: initial state h0 is too large to multiply in float32; hidden states are within -1..1"
            )
        states.append(own)
    return states


def _by_direction(stack: Stack, initial: Mapping[str, Any], source: str) -> dict[str, Floats]:
    """Cut h0 and c0, (layers x directions, H), into those of each direction by name, (H,)."""
    first, cut = stack.flat[0], dict[str, Floats]()
    names = {INITIAL[state]: state for state in first.cell.states}
    for name, given in initial.items():
        if name not in names:
            raise BadInput(f"{source}: initial state {name} is not one that {first.cell.name} has ({', '.join(names)})")
        array = as_floats(given, f"{source}: initial state {name}")
        if array.ndim == 3 and array.shape[1] == 1:  # PyTorch's own layout has a batch in the middle
            array = frozen(array[:, 0])
        shape = (len(stack.flat), first.width(names[name]))
        if array.shape != shape:
            raise BadInput(f"{source}: initial state {name} has shape {array.shape}; it must be {shape}, "
                           "layers x directions by units")  # fmt: skip
        cut |= {f"{name}_{w.name}": frozen(row) for w, row in zip(stack.flat, array, strict=True)}
    return cut


def run_layer(
    weights: CellWeights, inputs: Floats, initial: Mapping[str, Floats], fused: bool = False, hook: Hook | None = None
) -> LayerTrace:
    """Run one direction of one layer over `inputs` (T, I) from `initial` states (H,). `fused` as in `forward_pass`."""
    ordered = inputs[::-1] if weights.reverse else inputs
    q = forward_pass(weights, ordered, initial, fused, hook, reading_order(weights, len(inputs)))
    if weights.reverse:
        q = {name: array[::-1] for name, array in q.items()}
    quantities = {name: frozen(q[name]) for name in weights.cell.quantities}
    return LayerTrace(weights, inputs, dict(initial), quantities, hook)


def forward_pass(
    weights: CellWeights,
    ordered: Floats,
    initial: Mapping[str, Floats],
    fused: bool,
    hook: Hook | None = None,
    order: Sequence[int] = (),
) -> Quantities:
    """Return every quantity (T, H) over `ordered`, the inputs (T, I) in the order in which the direction reads them.

    `fused` lets torch's own kernel walk through time, where it can, and computes the gates of many timestamps in one
    call of the same equations; otherwise NumPy walks, and asks `hook` at each timestamp of `order`. The two agree to
    float32 rounding.
    """
    if fused and kernel_takes(weights, ordered):
        return run_fused(weights, ordered, initial)
    return step_through(weights, project(weights, ordered), initial, hook, order)


def kernel_pays(directions: Sequence[CellWeights], T: int) -> bool:
    """Whether torch's kernel is the faster way through T timestamps, with the time to set it up, and to load torch."""
    if not any(has_kernel(weights) for weights in directions):
        return False
    if torch_is_loaded():
        return T >= WORTH_THE_KERNEL
    return T * len(directions) >= WORTH_LOADING_TORCH and find_spec("torch") is not None
