"""Going from one hit of a condition to the next, forward or back from a timestamp: what `n` and `N` need."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .search import LONG, Hit, Hits, Search


@dataclass(frozen=True)
class Sought:
    """How far a search in one direction has got: `done` of `total` timestamps are computed or searched.

    `hit` is what was found; it comes with the last that is yielded, or never where there is none in that direction.
    """

    done: int
    total: int
    hit: Hit | None = None


class Seeker:
    """The hits of a condition, found block by block in either direction and kept in one list.

    Nothing is searched twice. `forward`, `back` and `all` can be left between any two of the things that they yield,
    which come at least every tenth of a second or so, and asking again loses nothing. Only one thread at a time may
    search.
    """

    def __init__(self, search: Search):
        self.search = search
        self._T, self._size = len(search.trace), search.block
        self._blocks: list[Hits | None] = [None] * -(-self._T // self._size)
        self._joined: tuple[int, Hits] = -1, search.joined([])

    @property
    def hits(self) -> Hits:
        """Every hit that has been found, in the order of time. It may be asked for while a thread looks."""
        found = [hits for hits in self._blocks if hits is not None]
        if self._joined[0] != len(found):
            self._joined = len(found), self.search.joined(found)
        return self._joined[1]

    @property
    def looked_through(self) -> tuple[tuple[int, int], ...]:
        """The spans of timestamps (from 0, the last not included) that have been searched, in order."""
        spans: list[tuple[int, int]] = []
        for n, hits in enumerate(self._blocks):
            if hits is not None:
                start, stop = self._range(n)
                spans[-1:] = [(spans[-1][0], stop)] if spans and spans[-1][1] == start else [*spans[-1:], (start, stop)]
        return tuple(spans)

    @property
    def complete(self) -> bool:
        """Whether everything has been looked at, so that `hits` are all there are."""
        return all(hits is not None for hits in self._blocks)

    @property
    def looked_at(self) -> int:
        """How many timestamps have been looked at."""
        sizes = [min(self._size, self._T - n * self._size) for n, hits in enumerate(self._blocks) if hits is not None]
        return sum(sizes)

    def forward(self, t: int) -> Iterator[Sought]:
        """Look for the first hit after timestamp `t` (from 0; -1 for the first of all)."""
        first = max(t + 1, 0)
        yield from self._sought(range(first // self._size, len(self._blocks)), first, self._T, 0)

    def back(self, t: int) -> Iterator[Sought]:
        """Look for the last hit before timestamp `t` (from 0; T for the last of all)."""
        stop = min(t, self._T)
        yield from self._sought(range((stop - 1) // self._size, -1, -1), 0, stop, -1)

    def all(self) -> Iterator[Sought]:
        """Look at everything that has not been looked at, and yield no hit: they are in `hits`."""
        yield from self._sought(range(len(self._blocks)), 0, 0, 0)

    def _sought(self, order: Sequence[int], first: int, stop: int, which: int) -> Iterator[Sought]:
        """Look at the blocks in `order` until one has a hit from `first` to `stop` (not included)."""
        ways = [self._range(n) for n in order if self._blocks[n] is None]
        low, high = min((a for a, _ in ways), default=0), max((b for _, b in ways), default=0)
        total = sum(b - a for a, b in ways) + self.search.missing(low, high)
        if total >= LONG and ways:
            self.search.hurry(low, high)
        left = sum(b - a for a, b in ways)
        for n in order:
            start, end = self._range(n)
            if self._blocks[n] is None:
                for _ in self.search.reach(start, end):
                    yield Sought(total - left - self.search.missing(low, high), total)
                self._blocks[n] = self.search.hits(start, end)
                left -= end - start
                yield Sought(total - left - self.search.missing(low, high), total)
            hits = self._blocks[n]
            assert hits is not None
            fitting = np.flatnonzero((hits.t >= first) & (hits.t < stop))
            if len(fitting):
                yield Sought(total, total, hits[int(fitting[which])])
                return

    def _range(self, n: int) -> tuple[int, int]:
        return n * self._size, min((n + 1) * self._size, self._T)
