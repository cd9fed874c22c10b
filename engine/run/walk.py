"""The one walk over layers and the one over time, with a hook that can change a quantity where it is computed.

Every way of running a stack goes by them: one sequence, many side by side, lazily, and on torch tensors for gradients.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Protocol, TypeVar

import numpy as np

from ..arrays import LARGEST, Array, Floats, namespace
from ..cell import Quantities
from ..hook import Hook
from ..weights import CellWeights, Stack
from .blas import one_blas_thread


class Walked(Protocol):
    """One direction of one layer that has been computed, or can be: its quantities by name."""

    def __getitem__(self, quantity: str, /) -> Any: ...


W = TypeVar("W", bound=Walked)


def through_layers(
    stack: Stack,
    inputs: Any,
    walk: Callable[[CellWeights, Any], W],
    beside: Callable[[list[Any]], Any],
) -> tuple[list[W], Any]:
    """Walk over all directions of all layers: `walk(weights, what the layer reads)` returns what each has computed.

    Returns these in PyTorch's order, and what the last layer shows. `inputs` are (T, ..., I), and `beside` joins the
    hidden states (T, ..., H) of two directions to (T, ..., 2*H), in whatever form `walk` returns them.
    """
    walked: list[W] = []
    below = inputs
    for directions in stack.layers:
        here = [walk(weights, below) for weights in directions]
        walked += here
        hidden = [one["hidden"] for one in here]
        below = hidden[0] if len(hidden) == 1 else beside(hidden)
    return walked, below


def timestamps(
    weights: Any, x: Iterable[Array], initial: Mapping[str, Array], hook: Hook | None = None, order: Sequence[int] = ()
) -> Iterator[Quantities]:
    """Yield every quantity (..., H) of one timestamp after another: the cell applied to each of `x`, (..., G*H).

    `weights` has `cell`, `W`, `bias_hh`, `peepholes` and `projection`, and with a hook a `name`; `initial` are the
    states (..., H) before the first timestamp. All of them are NumPy arrays, or all are torch tensors. `order` are the
    timestamps that `x` belongs to, which the hook is asked about.
    """
    cell = weights.cell
    recurrent, b = weights.W.T, weights.bias_hh
    inside = weights if cell.resets == "before" or _looks_inside(weights) else None
    memory = cell.memory_state or "hidden"
    q: Quantities = dict(initial)
    for place, x_t in enumerate(x):
        if hook is None:
            q = cell.step(x_t, b + q["hidden"] @ recurrent, q[memory], inside)
        else:
            t = order[place]
            found = hook.states(weights.name, t, {state: q[state] for state in cell.states})
            put = partial(hook.quantity, weights.name, t)
            q = cell.step(x_t, b + found["hidden"] @ recurrent, found[memory], inside, put)
            q = hook.finish(weights.name, t, found, q)
        yield q


def _looks_inside(weights: Any) -> bool:
    return weights.peepholes is not None or weights.projection is not None


def step_through(
    weights: Any, x: Array, initial: Mapping[str, Array], hook: Hook | None = None, order: Sequence[int] = ()
) -> Quantities:
    """Return every quantity (T, H) over x (T, G*H), stepped one timestamp at a time, as `timestamps` does.

    Batches go through side by side: from x (T, B, G*H) and states (B, H) come quantities (T, B, H).
    """
    with np.errstate(over="ignore", invalid="ignore"), one_blas_thread(x, weights.W):
        # The gate of a huge sum is 0 or 1; a relu may leave float32.
        steps = list(timestamps(weights, x, initial, hook, order))
    xp = namespace(x)
    return {name: xp.stack([q[name] for q in steps]) for name in weights.cell.quantities}


def stream(
    stack: Stack, inputs: Iterable[Array], initial: Sequence[Mapping[str, Array]], hook: Hook | None = None
) -> Iterator[Array]:
    """Yield what the last layer shows, (..., D), for one input (..., I) after another, each read only when needed.

    For stacks that read forwards only; `initial` are each layer's states (..., H) before the first timestamp.
    """
    below: Iterable[Array] = inputs
    for (weights,), first in zip(stack.layers, initial, strict=True):
        below = _shown(weights, below, first, hook)
    return iter(below)


def _shown(
    weights: CellWeights, below: Iterable[Array], initial: Mapping[str, Array], hook: Hook | None
) -> Iterator[Array]:
    """The hidden states (..., H) of one layer over the inputs `below`, (..., I)."""
    x = (project(weights, row) for row in below)
    for q in timestamps(weights, x, initial, hook, range(sys.maxsize)):
        yield q["hidden"]


def project(weights: CellWeights, inputs: Floats) -> Floats:
    """Return b_ih + U x_t for every t, (..., G*H) from (..., I), clipped to what float32 can compute on with."""
    with np.errstate(over="ignore", invalid="ignore"):
        x: Floats = inputs @ weights.U.T + weights.bias_ih
    limit = LARGEST / 4
    if not (np.abs(x) < limit).all():  # products beyond float32 may have met as inf - inf: again, in float64
        wide = inputs.astype(np.float64) @ weights.U.T.astype(np.float64) + weights.bias_ih
        x = np.clip(wide, -limit, limit).astype(np.float32)
    return x


def reading_order(weights: CellWeights, T: int) -> range:
    """Return the timestamps 0 to T-1 in the order in which the direction reads them."""
    return range(T - 1, -1, -1) if weights.reverse else range(T)
