"""The one spelling of everything a recurrent cell computes: names, symbols and ranges.

Sources of the names: the gates of Hochreiter & Schmidhuber (1997) and Gers et al. (2000) as PyTorch orders them, and
for the GRU those of Cho et al. (2014). The candidate is g in every cell; PyTorch writes n for that of its GRU.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Quantity:
    """One thing a cell computes for every unit at every timestamp.

    `low` and `high` bound it, and are None where nothing does; a quantity with a negative side is `signed`.
    """

    name: str
    symbol: str
    low: float | None
    high: float | None
    meaning: str

    @property
    def drawn_to(self) -> float:
        """The size at which a picture of it is full: its bound, or 4 where it has none, beyond which tanh is flat."""
        return 4.0 if self.high is None else self.high

    @property
    def signed(self) -> bool:
        """Whether values on both sides of zero occur, so that a picture of it needs a zero line."""
        return self.low is None or self.low < 0

    def within(self, low: float | None, high: float | None) -> "Quantity":
        """Return the quantity with other bounds: those that follow from the functions of a cell."""
        return self if (low, high) == (self.low, self.high) else replace(self, low=low, high=high)


FORGET = Quantity("forget", "f", 0.0, 1.0, "how much of the old cell state is kept")
INPUT = Quantity("input", "i", 0.0, 1.0, "how much of the candidate is let in")
CANDIDATE = Quantity("candidate", "g", -1.0, 1.0, "the new content on offer")
OUTPUT = Quantity("output", "o", 0.0, 1.0, "how much of the cell state is shown")
CELL = Quantity("cell", "c", None, None, "the memory that is carried on")
RESET = Quantity("reset", "r", 0.0, 1.0, "how much of the old hidden state the candidate sees")
UPDATE = Quantity("update", "z", 0.0, 1.0, "how much of the old hidden state is kept")
HIDDEN = Quantity("hidden", "h", -1.0, 1.0, "what the next timestamp and the readout see")

QUANTITIES = {q.name: q for q in (FORGET, INPUT, RESET, UPDATE, CANDIDATE, OUTPUT, CELL, HIDDEN)}
"""Every quantity by its name."""
