"""Every timestamp of a run at which a condition holds, block by block, so that a search can be watched and left."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from ...run.forward import kernel_pays
from ...run.lazy import SPAN
from ...run.pytorch import load_torch, working_torch
from ...trace import LayerTrace, Trace
from .evaluation import bound
from .holds import Evidence
from .nodes import Condition
from .parser import parse
from .series import Known, Numbers, Reading, Source

BLOCK = 2**18
"""Numbers that are compared at once: what the processor's caches hold."""

LAZY_BLOCK = 2**19
"""Numbers of all quantities that a lazy run computes at once; it keeps more, so that nothing is computed twice."""


FIRST_BLOCK = 16 * SPAN
"""Timestamps of a lazy run that are searched first."""

LONG = 2**14
"""The timestamps from which a search is a long one, for which torch's kernel may be worth loading."""


SHOWN = 3
"""Hits that are spelled out when many are printed in Python."""


@dataclass(frozen=True)
class Hit:
    """A timestamp `t` (from 0) at which a condition holds, and what made it true, as far as one thing did.

    `value` is that of `quantity` of `unit` (or input column) of `layer`, and a word where the condition is about words.
    """

    t: int
    quantity: str = ""
    layer: str | None = None
    unit: int | None = None
    value: float | str | None = None


ROW = np.dtype([("t", np.int64), ("source", np.int32), ("unit", np.int64), ("value", np.float64)])


class Hits(Sequence[Hit]):
    """Hits in the order of time. They stand in one array, for a long run can have a million."""

    def __init__(self, rows: Numbers, sources: Sequence[Source]):
        """`rows` (n,) of type ROW hold places in `sources`, -1 where there is none."""
        self._rows, self._sources = rows, sources

    @property
    def t(self) -> Numbers:
        """The timestamps from 0, (n,)."""
        return self._rows["t"]

    @property
    def values(self) -> Numbers:
        """The value of each hit, (n,) in float64; NaN, or the place of a word, where it has no number."""
        return self._rows["value"]

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        shown = ", ".join(map(repr, self[:SHOWN]))
        return f"<{len(self)} hits: {shown}{', ...' if len(self) > SHOWN else ''}>"

    @overload
    def __getitem__(self, place: int) -> Hit: ...
    @overload
    def __getitem__(self, place: slice) -> "Hits": ...
    def __getitem__(self, place: int | slice) -> "Hit | Hits":
        if isinstance(place, slice):
            return Hits(self._rows[place], self._sources)
        t, number, unit, value = self._rows[place].item()
        if number < 0:
            return Hit(t)
        source = self._sources[number]
        if source.words is not None:
            return Hit(t, source.quantity, value=source.words[int(value)])
        if not source.units:
            return Hit(t, source.quantity, source.layer, None, None if np.isnan(value) else value)
        return Hit(t, source.quantity, source.layer, unit if source.unit is None else source.unit, value)


@dataclass(frozen=True)
class Found:
    """How far a search has got, `done` of `total` timestamps that are computed or searched; and new hits."""

    done: int
    total: int
    hits: Hits


class Search:
    """A condition, as text or as a tree, bound to a trace: `holds` evaluates it, `scan` searches for it.

    Raises WrongCondition where the text is not a condition, or asks for what this trace does not have.
    """

    def __init__(self, trace: Trace, condition: str | Condition, known: Known | None = None):
        self.trace = trace
        self._reading = Reading(trace, known or Known())
        self._condition = bound(parse(condition) if isinstance(condition, str) else condition, self._reading)
        self._sources: list[Source] = []

    def holds(self, start: int, stop: int) -> Numbers:
        """Return whether it holds at each timestamp from `start` to `stop` (not included), (n,)."""
        return self._condition.holds(start, stop)

    def scan(self, start: int = 0) -> Iterator[Found]:
        """Yield what is found from timestamp `start` on, and the progress of a lazy run that has to be computed."""
        T, whole = len(self.trace), self.missing(0, len(self.trace))
        total, long = T - start + whole, False
        nothing = self.hits(0, 0)
        for first, stop in self._blocks(start):
            if not long and first - start >= LONG:
                long = True
                self.hurry(first, T)
            for _ in self.reach(first, stop):
                yield Found(total - self.missing(0, T) - (T - first), total, nothing)
            hits = self.hits(first, stop)
            yield Found(total - self.missing(0, T) - (T - stop), total, hits)

    def missing(self, start: int, stop: int) -> int:
        """Return how many timestamps of a lazy run must be computed before `start` to `stop` are known."""
        return sum(layer.missing(self._far(layer, start, stop)) for layer in self._layers)

    def reach(self, start: int, stop: int) -> Iterator[None]:
        """Compute on a lazy run what is missing of `start` to `stop`; yields now and then, to be left there."""
        for layer in self._layers:
            yield from layer.look(start, stop)

    def hurry(self, start: int, stop: int) -> None:
        """Load torch's kernel where that pays for computing `start` to `stop`."""
        wanted = [layer.weights for layer in self._layers if layer.missing(self._far(layer, start, stop))]
        if kernel_pays(wanted, stop - start):
            with working_torch():
                load_torch()

    @property
    def block(self) -> int:
        """How many timestamps are searched together."""
        most = max(BLOCK // self._reading.widest, SPAN)
        for layer in self._layers:
            if not isinstance(layer["hidden"], np.ndarray):
                most = min(most, max(LAZY_BLOCK // (layer.H * len(layer.cell.quantities)) // SPAN, 3) * SPAN)
        return most

    def hits(self, first: int, stop: int) -> Hits:
        """Return the hits from timestamp `first` to `stop` (not included)."""
        rows = np.flatnonzero(self.holds(first, stop)) if stop > first else np.zeros(0, int)
        return self._hits(self._condition.evidence(first, stop, rows) if len(rows) else [], first, rows)

    def joined(self, blocks: Sequence[Hits]) -> Hits:
        """Return the hits of several blocks of this search, in that order, as one."""
        return Hits(np.concatenate([np.zeros(0, ROW), *(hits._rows for hits in blocks)]), self._sources)

    @property
    def _layers(self) -> list[LayerTrace]:
        return list(self._reading.looked_at.values())

    @staticmethod
    def _far(layer: LayerTrace, start: int, stop: int) -> int:
        """The timestamp of `start` to `stop` that a layer comes to last."""
        return start if layer.weights.reverse else stop - 1

    def _blocks(self, start: int) -> Iterator[tuple[int, int]]:
        """The timestamps that are searched together; on a lazy run few at first, so that the first hits come soon."""
        T, most = len(self.trace), self.block
        lazy = any(not isinstance(layer["hidden"], np.ndarray) for layer in self._layers)
        size = min(FIRST_BLOCK, most) if lazy else most
        while start < T:
            yield start, min(start + size, T)
            start, size = start + size, min(2 * size, most)

    def _hits(self, evidence: Evidence, first: int, rows: Numbers) -> Hits:
        """The hits at `rows` after timestamp `first`, each with the first evidence that it has."""
        found = np.zeros(len(rows), ROW)
        found["t"], found["source"] = first + rows, -1
        for here, source, units, values in evidence:
            here = here & (found["source"] < 0)
            found["source"][here] = self._number(source)
            found["unit"][here], found["value"][here] = units[here], values[here]
        return Hits(found, self._sources)

    def _number(self, source: Source) -> int:
        if source not in self._sources:
            self._sources.append(source)
        return self._sources.index(source)


def find(trace: Trace, condition: str, known: Known | None = None) -> Hits:
    """Return every timestamp of `trace` at which `condition` holds, as Hits.

    The grammar is that of `parser`. `known` is needed by `wrong`, `loss` and x["a column"]. Raises WrongCondition,
    whose line ends in `at column N`.
    """
    search = Search(trace, condition, known)
    return search.joined([block.hits for block in search.scan()])
