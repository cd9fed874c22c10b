"""Running a stack over a sequence: the equations of `cells`, timestamp after timestamp, layer upon layer."""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np

from ..arrays import LARGEST, Array, Floats, as_floats, frozen, namespace
from ..cells import Quantities
from ..errors import BadInput
from ..trace import LayerTrace, Trace
from ..weights import CellWeights, Stack
from .fused import by_kernel, has_kernel, kernel_takes
from .pytorch import torch_is_loaded

WORTH_LOADING_TORCH = 150_000
"""Timestamps x layers from which loading torch takes less time than stepping without it (measured on two cores)."""

WORTH_THE_KERNEL = 200
"""Timestamps from which torch's kernel, once loaded, is faster: setting it up takes as long as this many steps."""


def run(stack: Stack, inputs: Any, initial: Mapping[str, Any] | None = None, source: str = "input") -> Trace:
    """Run `stack` over `inputs` (T, I) and return the Trace.

    `initial` may hold h0 and c0, each (layers x directions, H) as PyTorch orders them; zeros otherwise. `source` is
    what errors call the inputs. Raises BadInput when shapes do not fit or a value is not finite.
    """
    x = checked(stack, inputs, source)
    states = initial_states(stack, initial or {}, source)
    fused = kernel_pays(stack.flat, len(x))
    layers: list[LayerTrace] = []
    below, number = x, 0
    for layer in stack.layers:
        traces = []
        for weights in layer:
            traces.append(run_layer(weights, below, states[number], fused))
            number += 1
        layers += traces
        below = traces[0]["hidden"] if len(traces) == 1 else frozen(np.concatenate([t["hidden"] for t in traces], 1))
    return Trace(stack, x, tuple(layers))


def checked(stack: Stack, inputs: Any, source: str) -> Floats:
    """Return `inputs` as read-only float32 (T, I); BadInput says what `stack` cannot read."""
    x = as_floats(inputs, source)
    if x.ndim != 2 or len(x) == 0 or x.shape[1] != stack.I:
        raise BadInput(f"{source}: has shape {x.shape}; this network takes (T, {stack.I}) with at least one timestamp")
    return x


def initial_states(stack: Stack, initial: Mapping[str, Any], source: str) -> list[dict[str, Floats]]:
    """Return each direction's states before the first step from `initial` h0 and c0; zeros where not given.

    h0 and c0 are (layers x directions, H); each direction gets its own as (H,), in PyTorch's order. Raises BadInput,
    which calls the file `source`, for a state that the cell does not have, and for shapes or values that do not fit.
    """
    names = {"hidden": "h0", "cell": "c0"}
    shape = (len(stack.flat), stack.H)
    allowed = [names[s] for s in stack.cell.states]
    for name in initial:
        if name not in allowed:
            raise BadInput(
                f"{source}: initial state {name} is not one that {stack.cell.name} has ({', '.join(allowed)})"
            )
    arrays = {}
    for state in stack.cell.states:
        array = as_floats(initial.get(names[state], np.zeros(shape)), f"{source}: initial state {names[state]}")
        if array.ndim == 3 and array.shape[1] == 1:  # PyTorch's own layout has a batch in the middle
            array = frozen(array[:, 0])
        if array.shape != shape:
            raise BadInput(f"{source}: initial state {names[state]} has shape {array.shape}; it must be {shape}, "
                           "layers x directions by units")  # fmt: skip
        arrays[state] = array
    for weights, h in zip(stack.flat, arrays["hidden"], strict=True):
        if (np.abs(weights.W, dtype=np.float64) @ np.abs(h, dtype=np.float64)).max() > LARGEST / 4:
            raise BadInput(
                f"{source}: initial state h0 is too large to multiply in float32; hidden states are within -1..1"
            )
    return [{state: array[n] for state, array in arrays.items()} for n in range(shape[0])]


def run_layer(weights: CellWeights, inputs: Floats, initial: Mapping[str, Floats], fused: bool = False) -> LayerTrace:
    """Run one direction of one layer over `inputs` (T, I) from `initial` states (H,). `fused` as in `walk_through`."""
    q = walk_through(weights, inputs[::-1] if weights.reverse else inputs, initial, fused)
    if weights.reverse:
        q = {name: array[::-1] for name, array in q.items()}
    return LayerTrace(weights, inputs, dict(initial), {name: frozen(q[name]) for name in weights.cell.quantities})


def walk_through(weights: CellWeights, ordered: Floats, initial: Mapping[str, Floats], fused: bool) -> Quantities:
    """Return every quantity (T, H) over inputs (T, I) in the order in which the direction reads them.

    `fused` lets torch's own kernel walk through time, and takes the gates of many timestamps in one call of the same
    equations; otherwise NumPy walks. The two agree to float32 rounding.
    """
    if fused and kernel_takes(weights, ordered):
        return by_kernel(weights, ordered, initial)
    return step_through(weights, project(weights, ordered), initial)


def project(weights: CellWeights, inputs: Floats) -> Floats:
    """Return b_ih + U x_t for every t, (..., G*H) from (..., I), held to what float32 can carry on with."""
    with np.errstate(over="ignore", invalid="ignore"):
        x: Floats = inputs @ weights.U.T + weights.bias_ih
    limit = LARGEST / 4
    if not (np.abs(x) < limit).all():  # products beyond float32 may have met as inf - inf: again, in float64
        wide = inputs.astype(np.float64) @ weights.U.T.astype(np.float64) + weights.bias_ih
        x = np.clip(wide, -limit, limit).astype(np.float32)
    return x


def step_through(weights: Any, x: Array, initial: Mapping[str, Array], silent: int | None = None) -> Quantities:
    """Apply the cell to x (T, G*H) one timestamp at a time; works on NumPy arrays and on torch tensors.

    `weights` has `cell`, `W`, `bias_hh` and `peepholes`. Returns each quantity as (T, H). Batches go through side by
    side: from x (T, B, G*H) and states (B, H) come quantities (T, B, H). The hidden state of unit `silent` is held at
    zero after every step.
    """
    xp, cell = namespace(x), weights.cell
    W, b, p = weights.W.T, weights.bias_hh, weights.peepholes
    memory = cell.remembers or "hidden"
    h, m = initial["hidden"], initial[memory]
    steps = []
    with np.errstate(over="ignore"):  # a gate that looks at a huge memory is all open or shut
        for t in range(x.shape[0]):
            q = cell.step(x[t], b + h @ W, m, p)
            if silent is not None:
                q["hidden"][..., silent] = 0
            h, m = q["hidden"], q[memory]
            steps.append(q)
    return {name: xp.stack([q[name] for q in steps]) for name in cell.quantities}


def kernel_pays(directions: Sequence[CellWeights], T: int) -> bool:
    """Whether torch's kernel is the faster way through T timestamps: worth setting it up, and loading if need be."""
    if not any(has_kernel(weights) for weights in directions):
        return False
    if torch_is_loaded():
        return T >= WORTH_THE_KERNEL
    return T * len(directions) >= WORTH_LOADING_TORCH and find_spec("torch") is not None
