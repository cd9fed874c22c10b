"""The one walk over layers and the one over time, with a hook that can change a quantity where it is computed.

Every way of running a stack goes by them: one sequence, many side by side, lazily, and on torch tensors for gradients.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

import numpy as np

from ..arrays import Array, namespace
from ..cell import Quantities, as_computed
from ..weights import CellWeights, Stack


class Hook:
    """What a walk asks at every timestamp of every layer; this one changes nothing.

    Where there is a hook, NumPy walks timestamp by timestamp: neither torch's kernel nor guessing would ask it. Two
    runs with hooks, one of which changes nothing, are computed alike, so that what differs is the change.
    """

    def states(self, layer: str, t: int, states: dict[str, Array]) -> dict[str, Array]:
        """Return the states (..., H) that the step at `t` of `layer` finds, in place of `states`."""
        return states

    def quantity(self, layer: str, t: int, name: str, values: Array) -> Array:
        """Return what counts as the quantity called `name` at `t` of `layer`, in place of the computed `values`.

        Both are (..., H). Whatever is computed after it in the same timestamp sees what is returned; `values` itself
        must not be changed.
        """
        return values


@dataclass(frozen=True)
class Ablated(Hook):
    """Holds the hidden state of `units` of the layer called `layer` at zero, at every timestamp."""

    layer: str
    units: tuple[int, ...]

    def quantity(self, layer: str, t: int, name: str, values: Array) -> Array:
        """Return `values` (..., H), zero for the ablated units of a hidden state."""
        if name != "hidden" or layer != self.layer:
            return values
        kept = np.ones(values.shape[-1], np.float32)
        kept[list(self.units)] = 0
        return values * namespace(values).asarray(kept)


class Walked(Protocol):
    """One direction of one layer that has been walked through, or can be: its quantities by name."""

    def __getitem__(self, quantity: str, /) -> Any: ...


W = TypeVar("W", bound=Walked)


def through_layers(
    stack: Stack,
    inputs: Any,
    walk: Callable[[CellWeights, Any], W],
    beside: Callable[[list[Any]], Any],
) -> tuple[list[W], Any]:
    """Walk over all directions of all layers: `walk(weights, what the layer reads)` gives what each has computed.

    Returns them in PyTorch's order, and what the last layer shows. `inputs` are (T, ..., I), and `beside` joins the
    hidden states (T, ..., H) of two directions to (T, ..., 2*H), in whatever form `walk` deals in.
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
    states (..., H) before the first step. All of them are NumPy arrays, or all are torch tensors. `order` are the
    timestamps that `x` belongs to, for the hook to know.
    """
    cell, put = weights.cell, as_computed
    recurrent, b = weights.W.T, weights.bias_hh
    inside = weights if cell.resets == "before" or _looks_inside(weights) else None
    memory = cell.remembers or "hidden"
    q: Quantities = dict(initial)
    for place, x_t in enumerate(x):
        if hook is not None:
            q = hook.states(weights.name, order[place], {state: q[state] for state in cell.states})
            put = partial(hook.quantity, weights.name, order[place])
        q = cell.step(x_t, b + q["hidden"] @ recurrent, q[memory], inside, put)
        yield q


def _looks_inside(weights: Any) -> bool:
    return weights.peepholes is not None or weights.projection is not None


def step_through(
    weights: Any, x: Array, initial: Mapping[str, Array], hook: Hook | None = None, order: Sequence[int] = ()
) -> Quantities:
    """Return every quantity (T, H) over x (T, G*H), stepped one timestamp at a time, as `timestamps` does.

    Batches go through side by side: from x (T, B, G*H) and states (B, H) come quantities (T, B, H).
    """
    with np.errstate(over="ignore", invalid="ignore"):  # a huge sum is all open or shut; a relu may leave float32
        steps = list(timestamps(weights, x, initial, hook, order))
    xp = namespace(x)
    return {name: xp.stack([q[name] for q in steps]) for name in weights.cell.quantities}


def reading_order(weights: CellWeights, T: int) -> range:
    """Return the timestamps 0 to T-1 in the order in which the direction reads them."""
    return range(T - 1, -1, -1) if weights.reverse else range(T)
