"""What the gates of a network do over all held-out sentences, and which of their moments is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ....engine import Extreme, Saturation, gates_of
from ...draw.memo import memo
from ...source.subject import Subject

LISTED = (3, 8)
"""How many moments are listed at each end, at least and at most."""


@dataclass(frozen=True)
class Survey:
    """The gates of the layer called `layer`, once they are `found`; a gate, a unit, and a place in its list.

    The list has the `listed` moments with the highest values, then those with the lowest. Where the gates cannot be
    found, `failed` says why. `kind` is what they are over: held-out sentences, a file's sequences, or one text. Equal
    states render identically.
    """

    subject: Subject
    layer: str
    gate: str
    unit: int = 0
    place: int = 0
    listed: int = LISTED[0]
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
        return f"{count}, {len(self.found):,} moments"

    @property
    def H(self) -> int:
        """How many units there are."""
        return self.subject.trace.stack.H

    def points(self, gate: str) -> Sequence[tuple[float, float]]:
        """Return for each unit the shares of moments at which `gate` is shut and open."""
        assert self.found is not None
        return list(zip(self.found.shut[gate].tolist(), self.found.open[gate].tolist(), strict=True))

    @property
    def extremes(self) -> tuple[tuple[Extreme, ...], tuple[Extreme, ...]]:
        """The moments at which the gate of the unit is highest, and those at which it is lowest."""
        return _extremes(self.found, self.gate, self.unit, self.listed) if self.found else ((), ())

    @property
    def chosen(self) -> Extreme | None:
        """The moment that is chosen; None while there is nothing to choose from."""
        listed = [*self.extremes[0], *self.extremes[1]]
        return listed[self.place] if self.place < len(listed) else None

    def with_unit(self, count: int) -> "Survey":
        """Return the same with the unit that is `count` further, as far as there is one."""
        return replace(self, unit=min(max(self.unit + count, 0), self.H - 1), place=0)

    def with_gate(self, count: int) -> "Survey":
        """Return the same with the gate that is `count` further, around the end."""
        gates = self.gates
        gate = gates[(gates.index(self.gate) + count) % len(gates)]
        return replace(self, gate=gate, place=0)

    def with_place(self, count: int) -> "Survey":
        """Return the same with the moment chosen that is `count` further down the list."""
        last = max(sum(map(len, self.extremes)) - 1, 0)
        return replace(self, place=min(max(self.place + count, 0), last))

    def listing(self, count: int) -> "Survey":
        """Return the same with a list of `count` moments at each end."""
        if count == self.listed:
            return self
        return replace(self, listed=count, place=0)


@memo(maxsize=64)
def _extremes(found: Saturation, gate: str, unit: int, count: int) -> tuple[tuple[Extreme, ...], tuple[Extreme, ...]]:
    high, low = (found.extremes(gate, unit, count, highest) for highest in (True, False))
    return tuple(high), tuple(low)
