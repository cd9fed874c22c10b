"""What the gates of a network do over all held-out sentences, and which of their timestamps is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ....engine import Extreme, Saturation, gates_of
from ...draw.memo import memo
from ...source.subject import Subject

BINS = 20
"""Bins of a histogram, from 0 to 1."""

ORDERS = {"number": "by number", "open": "most often open first", "closed": "most often closed first"}
"""The orders of units, and what they are called."""

LIMITS = (3, 20)
"""How many timestamps are listed at each end, at least and at most."""


@dataclass(frozen=True)
class GateStatistics:
    """The gates of the layer called `layer`, once they are `found`, with a gate, a unit and a row of its list selected.
    The list has the `limit` timestamps with the highest values, then those with the lowest. Where the gates cannot be
    found, `failed` says why. `kind` is what they are over: held-out sentences, a file's sequences, or one text. Equal
    states render identically.
    """

    subject: Subject
    layer: str
    gate: str
    unit: int = 0
    row: int = 0
    limit: int = LIMITS[0]
    found: Saturation | None = None
    kind: str = "held-out sentences"
    failed: str = ""
    order: str = "number"

    @property
    def gates(self) -> tuple[str, ...]:
        """The gates that the layer has."""
        return gates_of(self.subject.trace.layer(self.layer).cell.quantities)

    @property
    def over(self) -> str:
        """What the gates are over, in words."""
        assert self.found is not None
        if self.kind in ("text", "sequence"):  # the run itself, with its edits
            return f"this {self.kind}, {len(self.found):,} timestamps"
        unedited = ", unedited" if self.subject.trace.edits else ""
        return f"{len(self.found.sentences):,} {self.kind}, {len(self.found):,} timestamps{unedited}"

    @property
    def H(self) -> int:
        """How many units there are."""
        return self.subject.trace.layer(self.layer).H

    def points(self, gate: str) -> Sequence[tuple[float, float]]:
        """Return for each unit the shares of timestamps at which `gate` is closed and open."""
        assert self.found is not None
        return list(zip(self.found.closed[gate].tolist(), self.found.open[gate].tolist(), strict=True))

    @property
    def units(self) -> tuple[int, ...]:
        """The units in their order, by the chosen gate; equal ones by number."""
        numbers = range(self.H)
        if self.found is None or self.order == "number":
            return tuple(numbers)
        place = 1 if self.order == "open" else 0
        points = self.points(self.gate)
        return tuple(sorted(numbers, key=lambda unit: -points[unit][place]))

    def histogram(self, gate: str) -> np.ndarray:
        """Return the share of timestamps at which `gate` of each unit is in each bin, (H, BINS); rows add up to 1."""
        assert self.found is not None
        return _histogram(self.found, gate)

    def count(self) -> None:
        """Count the points and the histogram of every gate, which are kept, so that no key has to wait for them."""
        for gate in self.gates:
            self.points(gate)
            self.histogram(gate)

    @property
    def extremes(self) -> tuple[tuple[Extreme, ...], tuple[Extreme, ...]]:
        """The timestamps at which the unit's gate is highest, and those at which it is lowest."""
        return _extremes(self.found, self.gate, self.unit, self.limit) if self.found else ((), ())

    @property
    def chosen(self) -> Extreme | None:
        """The timestamp that is chosen; None while there is nothing to choose from."""
        listed = [*self.extremes[0], *self.extremes[1]]
        return listed[self.row] if self.row < len(listed) else None

    def with_unit(self, count: int) -> "GateStatistics":
        """Return the same with the unit that is `count` further in the order, as far as there is one."""
        units = self.units
        place = min(max(units.index(self.unit) + count, 0), self.H - 1)
        return replace(self, unit=units[place], row=0)

    def with_order(self, count: int) -> "GateStatistics":
        """Return the same in the order that is `count` further, around the end."""
        orders = list(ORDERS)
        return replace(self, order=orders[(orders.index(self.order) + count) % len(orders)])

    def with_gate(self, count: int) -> "GateStatistics":
        """Return the same with the gate that is `count` further, around the end."""
        gates = self.gates
        gate = gates[(gates.index(self.gate) + count) % len(gates)]
        return replace(self, gate=gate, row=0)

    def with_row(self, count: int) -> "GateStatistics":
        """Return the same with the timestamp chosen that is `count` further down the list."""
        last = max(sum(map(len, self.extremes)) - 1, 0)
        return replace(self, row=min(max(self.row + count, 0), last))

    def with_limit(self, count: int) -> "GateStatistics":
        """Return the same with a list of `count` timestamps at each end."""
        if count == self.limit:
            return self
        return replace(self, limit=count, row=0)


@memo(maxsize=64)
def _extremes(found: Saturation, gate: str, unit: int, count: int) -> tuple[tuple[Extreme, ...], tuple[Extreme, ...]]:
    high, low = (found.extremes(gate, unit, count, highest) for highest in (True, False))
    return tuple(high), tuple(low)


@memo(maxsize=16)
def _histogram(found: Saturation, gate: str) -> np.ndarray:
    values = found.gates[gate]
    counts = [np.histogram(values[:, unit], bins=BINS, range=(0.0, 1.0))[0] for unit in range(values.shape[1])]
    return np.array(counts) / len(values)
