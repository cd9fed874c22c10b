"""Hooks, which can change a quantity where it is computed: every forward pass asks its hook, if it has one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .arrays import Array, copied

if TYPE_CHECKING:
    from .explain.edits import Edit

States = dict[str, Array]
"""State name -> (..., H)."""


class Hook:
    """What a forward pass asks at every timestamp of every layer; this one changes nothing.

    Where there is a hook, NumPy steps timestamp by timestamp: neither torch's kernel nor fixed-point iteration would
    ask it. Two runs with hooks, one of which changes nothing, are computed alike, so that what differs is the change.
    """

    def states(self, layer: str, t: int, states: States) -> States:
        """Return the states (..., H) that the step at `t` of `layer` finds, in place of `states`."""
        return states

    def quantity(self, layer: str, t: int, name: str, values: Array) -> Array:
        """Return what counts as the quantity called `name` at `t` of `layer`, in place of the computed `values`.

        Both are (..., H). Whatever is computed after it in the same timestamp sees what is returned; `values` itself
        must not be changed.
        """
        return values

    def finish(self, layer: str, t: int, found: Mapping[str, Array], computed: States) -> States:
        """Return what the step at `t` leaves, (..., H) each: by default all quantities `computed` in it.

        `found` are the states that the step found.
        """
        return computed

    def edits_at(self, layer: str, t: int, name: str, unit: int | None = None) -> "tuple[Edit, ...]":
        """Return the edits that change the quantity called `name` at `t` of `layer`, of `unit` or of any."""
        return ()


@dataclass(frozen=True, eq=False)
class Both(Hook):
    """Two hooks in a row: asks `first`, and then asks `then` about what `first` returned."""

    first: Hook
    then: Hook

    def states(self, layer: str, t: int, states: States) -> States:
        """Return what `then` makes of the states (..., H) that `first` gives the step."""
        return self.then.states(layer, t, self.first.states(layer, t, states))

    def quantity(self, layer: str, t: int, name: str, values: Array) -> Array:
        """Return what `then` makes of the quantity (..., H) that `first` returns."""
        return self.then.quantity(layer, t, name, self.first.quantity(layer, t, name, values))

    def finish(self, layer: str, t: int, found: Mapping[str, Array], computed: States) -> States:
        """Return what `then` makes of what `first` leaves."""
        return self.then.finish(layer, t, found, self.first.finish(layer, t, found, computed))

    def edits_at(self, layer: str, t: int, name: str, unit: int | None = None) -> "tuple[Edit, ...]":
        """Return the edits of both."""
        return (*self.first.edits_at(layer, t, name, unit), *self.then.edits_at(layer, t, name, unit))


@dataclass(frozen=True)
class Ablated(Hook):
    """Holds the hidden state of `units` of the layer called `layer` at zero, at every timestamp."""

    layer: str
    units: tuple[int, ...]

    def quantity(self, layer: str, t: int, name: str, values: Array) -> Array:
        """Return `values` (..., H), zero for the ablated units of a hidden state."""
        if name != "hidden" or layer != self.layer:
            return values
        changed = copied(values)
        changed[..., list(self.units)] = 0
        return changed
