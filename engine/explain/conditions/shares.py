"""Provenance as a value of a condition: how much of a memory one timestamp wrote, at all timestamps."""

import numpy as np

from ...run.scan import linear_recurrence
from ...trace import LayerTrace
from ..provenance import memory_path
from .nodes import Share
from .series import Numbers, Reading, Series, Source, titles


class Shares(Series):
    """The part of all that was written to a unit's memory which one timestamp wrote, (n, 1), in 0..1.

    As in `Provenance.shares`, each write counts by the size of what is left of it. The write in question and the sum of
    all writes decay from one timestamp to the next by the same gate.
    """

    def __init__(self, node: Share, reading: Reading):
        T, memory = len(reading.trace), node.memory
        asked = [layer for layer in reading.trace.layers if memory.layer in (None, layer.name)]
        states = {layer.cell.memory_state: layer for layer in asked if layer.cell.memory_state is not None}
        if asked and not states:
            node.refuse(f"a vanilla {titles(asked)} has no additive memory, so nothing in it has a single writer")
        if asked and memory.name not in states:
            state, layer = next(iter(states.items()))
            memory.refuse(f"share() is of the memory of this {layer.cell.title}, as in share({state}[1], 3)")
        if not 1 <= node.timestamp <= T:
            node.refuse(f"there is no timestamp {node.timestamp}; the sequence has 1 to {T}", node.timestamp_column)
        found, unit = reading.layers(memory), memory.unit
        assert unit is not None
        self._layers = [layer for layer in found if layer.cell.memory_state == memory.name]
        if not self._layers:
            memory.refuse(f"unit {unit} is in no layer whose memory is {memory.name}")
        self.layers = () if memory.layer else tuple(layer.name for layer in self._layers)
        self._unit, self._writer = unit, node.timestamp - 1
        self.sources = tuple(
            Source(f"share({memory.name}, {node.timestamp})", layer.name, unit, units=True) for layer in self._layers
        )
        self._found = [np.full(T, np.nan) for _ in self._layers]
        self._reached = [(0, 0.0, 0.0)] * len(self._layers)  # places that were read, and both sums after the last

    def parts(self, start: int, stop: int) -> list[Numbers]:
        """Return the shares from `start` to `stop`, (n, 1) for each layer."""
        for n, layer in enumerate(self._layers):
            self._read(n, layer, len(layer) - start if layer.weights.reverse else stop)
        return [found[start:stop, None] for found in self._found]

    def _read(self, n: int, layer: LayerTrace, until: int, block: int = 2**14) -> None:
        """Go on with layer number `n` up to its `until`-th timestamp, in the order in which it reads them."""
        read, own, every = self._reached[n]
        T, unit, reverse = len(layer), self._unit, layer.weights.reverse
        if read == 0:
            assert layer.cell.memory_state is not None
            every = abs(float(layer.initial[layer.cell.memory_state][unit]))
        for first in range(read, until, block):
            places = np.arange(first, min(first + block, until))
            at = T - 1 - places if reverse else places
            keep, written, by_hand = (np.abs(part) for part in memory_path(layer, at, unit))
            alone = np.zeros_like(written)
            place = (T - 1 - self._writer if reverse else self._writer) - first
            if 0 <= place < len(alone):
                alone[place] = written[place]
            sums = np.stack([alone, written + by_hand], axis=1)
            owns, everies = linear_recurrence(np.stack([keep, keep], axis=1), sums, np.array([own, every])).T
            with np.errstate(invalid="ignore"):
                shares = owns / everies
            self._found[n][at] = np.nan_to_num(shares)
            own, every = float(owns[-1]), float(everies[-1])
        self._reached[n] = (max(read, until), own, every)
