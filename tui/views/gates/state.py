"""What the gates of a network do over all held-out sentences, and which of their timestamps is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ....engine import Extreme, Saturation, gates_of
from ...draw.memo import memo
from ...source.subject import Subject

LIMITS = (3, 8)
"""How many timestamps are listed at each end, at least and at most."""


@dataclass(frozen=True)
class GateStatistics:
    """The gates of the layer called `layer`, once they are `found`; a gate, a unit, and a row in its list.

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

    @property
    def gates(self) -> tuple[str, ...]:
        """The gates that the cell has."""
        return gates_of(self.subject.trace.stack.cell.quantities)

    @property
    def over(self) -> str:
        """Over how much the gates are found."""
        assert self.found is not None
        count = "this text" if self.kind == "text" else f"{len(self.found.sentences):,} {self.kind}"
        return f"{count}, {len(self.found):,} timestamps"

    @property
    def H(self) -> int:
        """How many units there are."""
        return self.subject.trace.stack.H

    def points(self, gate: str) -> Sequence[tuple[float, float]]:
        """Return for each unit the shares of timestamps at which `gate` is closed and open."""
        assert self.found is not None
        return list(zip(self.found.closed[gate].tolist(), self.found.open[gate].tolist(), strict=True))

    @property
    def extremes(self) -> tuple[tuple[Extreme, ...], tuple[Extreme, ...]]:
        """The timestamps at which the gate of the unit is highest, and those at which it is lowest."""
        return _extremes(self.found, self.gate, self.unit, self.limit) if self.found else ((), ())

    @property
    def chosen(self) -> Extreme | None:
        """The timestamp that is chosen; None while there is nothing to choose from."""
        listed = [*self.extremes[0], *self.extremes[1]]
        return listed[self.row] if self.row < len(listed) else None

    def with_unit(self, count: int) -> "GateStatistics":
        """Return the same with the unit that is `count` further, as far as there is one."""
        return replace(self, unit=min(max(self.unit + count, 0), self.H - 1), row=0)

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
