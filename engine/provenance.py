"""Who wrote what is in memory now.

The cell state is a sum over the past, c_t = sum over k <= t of (product over k < j <= t of f_j) * i_k * g_k, plus what
survives of c_0. Each summand is what timestamp k wrote, as far as the forget gates have kept it since.
"""

from dataclasses import dataclass

import numpy as np

from .cells import Cell
from .trace import LayerTrace


@dataclass(frozen=True, eq=False)
class Provenance:
    """What is in the memory of `unit` at `t`, by writer.

    `written[n]` is what timestamp `timestamps[n]` wrote and what is left of it, in the order in which it was written,
    float64; `initial` is what survives of the state before the first step. They add up to the memory.
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


def provenance(layer: LayerTrace, t: int, unit: int) -> Provenance:
    """Return who wrote the memory of `unit` in `layer` at timestamp `t` (from 0).

    Raises ValueError for a cell without an additive memory, such as the vanilla RNN.
    """
    if layer.cell.remembers is None:
        raise ValueError(f"{layer.cell.title} has no additive memory: every step rewrites it")
    timestamps = np.arange(len(layer) - 1, t - 1, -1) if layer.weights.reverse else np.arange(t + 1)
    past = slice(t, None) if layer.weights.reverse else slice(0, t + 1)
    order = -1 if layer.weights.reverse else 1
    column = {name: array[past, unit][::order].astype(np.float64) for name, array in layer.quantities.items()}
    path = layer.cell.memory(column)
    assert path is not None
    keep, write = path
    # What is left at t of a unit written at k: the product of keep over everything processed after k.
    left = np.ones_like(keep)
    left[:-1] = np.cumprod(keep[:0:-1])[::-1]
    initial = float(left[0] * keep[0] * layer.initial[layer.cell.remembers][unit])
    return Provenance(unit, t, timestamps, left * write, initial)
