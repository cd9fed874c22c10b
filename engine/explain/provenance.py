"""Who wrote what is in memory now.

The cell state is a sum over the past, c_t = sum over k <= t of (product over k < j <= t of f_j) * i_k * g_k, plus what
survives of c_0. Each summand is what timestamp k wrote, as far as the forget gates have kept it since. A GRU's hidden
state is such a sum too: its update gate z keeps, and what is written is (1 - z) * g.
"""

from dataclasses import dataclass

import numpy as np

from ..cell import Cell
from ..trace import LayerTrace

BLOCK = 1024
"""Timestamps that are looked at together on the way back from t."""


@dataclass(frozen=True, eq=False)
class Provenance:
    """What is in the memory of `unit` at `t`, by writer.

    `written[n]` is what is left of what timestamp `timestamps[n]` wrote, in the order of writing, float64; earlier
    timestamps, of which nothing at all is left, are not listed. `initial` is what survives of the state before the
    first step; where the way back was cut short, of the memory before the first that is listed. They add up to the
    memory.
    """

    unit: int
    t: int
    timestamps: np.ndarray  # (n,)
    written: np.ndarray  # (n,)
    initial: float

    @property
    def total(self) -> float:
        """The memory at t."""
        return float(self.written.sum()) + self.initial

    def shares(self) -> np.ndarray:
        """Return each writer's part of all that was written, by size: (n,) in 0..1, without the initial state's."""
        everything = np.abs(self.written).sum() + abs(self.initial)
        return np.abs(self.written) / everything if everything else np.zeros_like(self.written)

    def by(self, timestamp: int) -> float:
        """Return what is left of what `timestamp` wrote; 0 where nothing is."""
        place = np.flatnonzero(self.timestamps == timestamp)
        return float(self.written[place[0]]) if len(place) else 0.0

    def largest(self, count: int) -> list[tuple[int, float, float]]:
        """Return (timestamp, what it wrote, its share) of the `count` largest writers, largest first."""
        shares = self.shares()
        count = min(count, len(shares))
        everyone = np.arange(len(shares))
        chosen = np.argpartition(-shares, count)[:count] if count < len(shares) else everyone
        chosen = chosen[np.argsort(-shares[chosen], kind="stable")]
        return [(int(self.timestamps[n]), float(self.written[n]), float(shares[n])) for n in chosen]


def has_provenance(cell: Cell) -> bool:
    """Whether `cell` carries its memory additively, so that it can be told who wrote it."""
    return cell.remembers is not None


def provenance(layer: LayerTrace, t: int, unit: int, back: int | None = None) -> Provenance:
    """Return who wrote the memory of `unit` in `layer` at timestamp `t` (from 0).

    `back` cuts the way back short, after that many timestamps or at most BLOCK - 1 more. Raises ValueError for a cell
    without an additive memory, such as the vanilla RNN.
    """
    if layer.cell.remembers is None:
        raise ValueError(f"{layer.cell.title} has no additive memory: every step rewrites it")
    reverse, T = layer.weights.reverse, len(layer)
    read = T - t if reverse else t + 1  # timestamps until t; they count in the order of reading
    left = 1.0  # what is left at t of something written just after the block
    written = []
    first, end = read, 0 if back is None else max(read - back, 0)
    while first > end and left:  # further back than where nothing is left, there is nothing to add
        places = np.arange(max(first - BLOCK, 0), first)
        first, block = int(places[0]), T - 1 - places if reverse else places
        path = layer.cell.memory({name: layer[name][block, unit].astype(np.float64) for name in layer.cell.gated})
        assert path is not None
        keep, gate, content = path
        after = np.append(np.cumprod(keep[:0:-1])[::-1], 1.0) * left  # kept by all that comes later
        written.append(after * gate * content)
        left = float(after[0] * keep[0])
    before = float(layer.before(int(block[0]), layer.cell.remembers)[unit])
    places = np.arange(first, read)
    return Provenance(unit, t, T - 1 - places if reverse else places, np.concatenate(written[::-1]), left * before)
