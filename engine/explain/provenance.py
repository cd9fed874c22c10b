"""Provenance: which timestamps wrote what is in the memory at a timestamp.

The cell state is a sum over the past, c_t = sum over k <= t of (product over k < j <= t of f_j) * i_k * g_k, plus what
survives of c_0. Each summand is what timestamp k wrote, as far as the forget gates have kept it since. A GRU's hidden
state is such a sum too: its update gate z keeps, and what is written is (1 - z) * g.
"""

from dataclasses import dataclass

import numpy as np

from ..cell import Cell
from ..hook import Hook
from ..trace import LayerTrace

BLOCK = 1024
"""Timestamps that are looked at together, back from t."""


@dataclass(frozen=True, eq=False)
class Provenance:
    """What is in the memory of `unit` at `t`, by writer.

    `written[n]` is what is left of what timestamp `timestamps[n]` wrote, in the order of writing, float64; earlier
    timestamps, of which nothing at all is left, are not listed. `by_hand[n]` is what is left of what edits wrote there:
    they are writers too. `initial` is what survives of the state before the first timestamp; where the search was cut
    short, of the memory before the first that is listed. They add up to the memory.
    """

    unit: int
    t: int
    timestamps: np.ndarray  # (n,)
    written: np.ndarray  # (n,)
    initial: float
    by_hand: np.ndarray  # (n,)

    @property
    def total(self) -> float:
        """The memory at t."""
        return float(self.written.sum()) + float(self.by_hand.sum()) + self.initial

    def shares(self) -> np.ndarray:
        """Return each writer's part of all that was written, by size: (n,) in 0..1, without initial state and edits."""
        everything = np.abs(self.written).sum() + np.abs(self.by_hand).sum() + abs(self.initial)
        return np.abs(self.written) / everything if everything else np.zeros_like(self.written)

    def edited(self) -> list[tuple[int, float, float]]:
        """Return (timestamp, what edits wrote there, its share) of everything written by hand, largest first."""
        everything = np.abs(self.written).sum() + np.abs(self.by_hand).sum() + abs(self.initial)
        places = np.flatnonzero(self.by_hand)
        places = places[np.argsort(-np.abs(self.by_hand[places]), kind="stable")]
        hand = self.by_hand
        return [(int(self.timestamps[n]), float(hand[n]), float(abs(hand[n]) / everything)) for n in places]

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
    """Whether `cell` carries its memory additively, so that its contents can be traced to their writers."""
    return cell.memory_state is not None


def provenance(layer: LayerTrace, t: int, unit: int, back: int | None = None) -> Provenance:
    """Return what wrote the memory of `unit` in `layer` at timestamp `t` (from 0).

    `back` cuts the search short, after that many timestamps or at most BLOCK - 1 more. Raises ValueError for a cell
    without an additive memory, such as the vanilla RNN.
    """
    if layer.cell.memory_state is None:
        raise ValueError(f"{layer.cell.title} has no additive memory: every timestamp rewrites it")
    reverse, T = layer.weights.reverse, len(layer)
    read = T - t if reverse else t + 1  # timestamps until t; they count in the order of reading
    left = 1.0  # what is left at t of something written just after the block
    written, by_hand = [], []
    first, end = read, 0 if back is None else max(read - back, 0)
    while first > end and left:  # further back than where nothing is left, there is nothing to add
        places = np.arange(max(first - BLOCK, 0), first)
        first, block = int(places[0]), T - 1 - places if reverse else places
        keep, write, hand = memory_path(layer, block, unit)
        after = np.append(np.cumprod(keep[:0:-1])[::-1], 1.0) * left  # kept by all that comes later
        written.append(after * write)
        by_hand.append(after * hand)
        left = float(after[0] * keep[0])
    before = float(_state_before(layer, int(block[0]))[unit])
    places = np.arange(first, read)
    amounts, edits = np.concatenate(written[::-1]), np.concatenate(by_hand[::-1])
    return Provenance(unit, t, T - 1 - places if reverse else places, amounts, left * before, edits)


def _state_before(layer: LayerTrace, t: int) -> np.ndarray:
    """The memory before `t`, (H,), as it was left there: what an edit made of it counts as kept or not."""
    assert layer.cell.memory_state is not None
    previous = layer.previous(t)
    return layer.initial[layer.cell.memory_state] if previous is None else layer[layer.cell.memory_state][previous]


def memory_path(layer: LayerTrace, block: np.ndarray, unit: int | slice) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what the memory of `unit` at the timestamps `block` (n,) keeps, writes, and has written by hand.

    m_t = keep * m_{t-1} + write + hand, each (n,), or (n, H) for a slice of units, float64. For cells with a memory.
    """
    path = layer.cell.memory({name: layer[name][block, unit].astype(np.float64) for name in layer.cell.gated})
    memory = layer.cell.memory_state
    assert path is not None
    assert memory is not None
    keep, gate, content = path
    write, hand = gate * content, np.zeros_like(keep)
    if layer.hook is not None:
        _by_hand(layer, layer.hook, memory, block, unit, (keep := np.array(keep), write, hand))
    return keep, write, hand


def _by_hand(
    layer: LayerTrace, hook: Hook, memory: str, block: np.ndarray, unit: int | slice, path: tuple[np.ndarray, ...]
) -> None:
    """Change `path` (keep, write, hand) where `hook` changes a memory: it is asked what it makes of zeros and ones."""
    keep, write, hand = path
    zeros, ones = np.zeros(layer.H), np.ones(layer.H)
    for n, t in enumerate(block.tolist()):
        finds = hook.states(layer.name, t, {memory: ones})[memory][unit]  # 0 where the state was reset
        keep[n] *= finds
        skipped = hook.finish(layer.name, t, {memory: ones}, {memory: zeros})[memory][unit]  # 1 where it was
        added = hook.quantity(layer.name, t, memory, zeros)[unit]
        scaled = hook.quantity(layer.name, t, memory, ones)[unit] - added
        keep[n] = np.where(skipped, finds, scaled * keep[n])
        write[n] = np.where(skipped, 0.0, scaled * write[n])
        hand[n] = np.where(skipped, 0.0, added)
