"""Edits as a hook: what each changes at which timestamps of which layer, in the order in which they were given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from ..arrays import Array, Floats, copied, namespace
from ..hook import Hook, States
from .edits import INPUT, Edit

Index = np.ndarray
"""(T,) of int32: -1 at timestamps that are left alone, else which row of the values is meant."""


@dataclass
class Change:
    """What one edit does to one quantity: to `units` (indices) at the timestamps that `index` (T,) marks.

    `rows` are the values of a patch, (count, units), and None where `edit` has a number.
    """

    edit: Edit
    units: np.ndarray
    index: Index
    rows: Floats | None = None

    def applied(self, t: int, values: Array) -> Array:
        """Return `values` (..., H) at `t` as they are with the change, in a copy where there is one."""
        row = int(self.index[t])
        if row < 0:
            return values
        changed = copied(values)
        changed[..., self.units] = self.made_of(changed[..., self.units], row)
        return changed

    def made_of(self, values: Array, row: int | np.ndarray) -> Array:
        """Return what becomes of `values` (..., units), of that shape or a number; `row` is which a patch takes."""
        if self.rows is not None:
            made = self.rows[row]
            return made if isinstance(values, np.ndarray) else namespace(values).asarray(made, dtype=values.dtype)
        number = self.edit.value
        assert isinstance(number, float)
        if self.edit.action == "add":
            return values + number
        return values * number if self.edit.action == "scale" else number  # whatever it was, also nan


@dataclass
class Plan(Hook):
    """All edits of a run of T timestamps. `changes` go by (layer, quantity), the input's by ("", "x").

    `found` are the edits on the states that a timestamp finds: (edit, the layer or None for all, index (T,)).
    """

    T: int
    changes: dict[tuple[str, str], list[Change]] = field(default_factory=dict)
    found: list[tuple[Edit, str | None, Index]] = field(default_factory=list)

    def add(self, layer: str, quantity: str, change: Change) -> None:
        """Add a change of `quantity` of `layer`, after those that there are."""
        self.changes.setdefault((layer, quantity), []).append(change)

    def without(self, edit: Edit) -> "Plan":
        """Return the plan without `edit`, which must not be one that changes what is read."""
        kept = {key: [change for change in changes if change.edit is not edit] for key, changes in self.changes.items()}
        return Plan(self.T, kept, [one for one in self.found if one[0] is not edit])

    def inserted(self, t: int, count: int) -> None:
        """Make room for `count` timestamps before `t`: a change holds there where it holds on both sides."""

        def widened(index: Index) -> Index:
            inside = 0 < t < self.T and index[t - 1] == index[t]
            fill = index[t - 1] if inside else 0 if not index.any() else -1
            return np.insert(index, t, np.full(count, fill, index.dtype))

        self._reindexed(widened)
        self.T += count

    def deleted(self, ts: np.ndarray) -> None:
        """Take the timestamps `ts` (n,) away."""
        self._reindexed(lambda index: np.delete(index, ts))
        self.T -= len(ts)

    def _reindexed(self, move: Callable[[Index], Index]) -> None:
        for changes in self.changes.values():
            for change in changes:
                change.index = move(change.index)
        self.found = [(edit, layer, move(index)) for edit, layer, index in self.found]

    def inputs(self, x: Floats) -> Floats:
        """Return the inputs (T, I) with the edits of the input."""
        changed = np.array(x)
        for change in self.changes.get(("", INPUT), []):
            ts = np.flatnonzero(change.index >= 0)
            there = np.ix_(ts, change.units)
            changed[there] = change.made_of(changed[there], change.index[ts])
        return changed

    def states(self, layer: str, t: int, states: States) -> States:
        """Return the states (..., H) that `t` finds: zero where they are reset."""
        for edit, of, index in self.found:
            if edit.action == "reset" and of in (None, layer) and index[t] >= 0:
                states = {name: namespace(state).zeros_like(state) for name, state in states.items()}
        return states

    def quantity(self, layer: str, t: int, name: str, values: Array) -> Array:
        """Return `values` (..., H) with the edits of the quantity called `name` of `layer` at `t`."""
        for change in self.changes.get((layer, name), ()):
            values = change.applied(t, values)
        return values

    def finish(self, layer: str, t: int, found: Mapping[str, Array], computed: States) -> States:
        """Return `computed`; at a skipped timestamp, with the states as they were found."""
        skipped = any(edit.action == "skip" and index[t] >= 0 for edit, _, index in self.found)
        return computed | dict(found) if skipped else computed

    def edits_at(self, layer: str, t: int, name: str, unit: int | None = None) -> tuple[Edit, ...]:
        """Return the edits that change the quantity called `name` of `layer` at `t`; a skip changes the states."""
        changes = self.changes.get((layer, name), ())
        own = [c.edit for c in changes if c.index[t] >= 0 and (unit is None or unit in c.units)]
        if name in ("hidden", "cell"):
            own += [edit for edit, _, index in self.found if edit.action == "skip" and index[t] >= 0]
        return tuple(own)
