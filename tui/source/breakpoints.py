"""Breakpoints: conditions that are kept, and whether they hold where a run is played."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .lookup import search_of, why_wrong
from .subject import Subject

if TYPE_CHECKING:
    from ...engine import Hit, Search


@dataclass(frozen=True)
class Breakpoint:
    """A `condition` called `name`; playing halts where it holds, while it is `on`."""

    name: str
    condition: str
    on: bool = True


class Watch:
    """The breakpoints among `points` that are on, bound to a subject; one that does not apply there never holds."""

    def __init__(self, subject: Subject, points: Sequence[Breakpoint]):
        self.subject, self.points = subject, tuple(points)
        self._searches: list[tuple[Breakpoint, Search]] = []
        for point in points:
            if point.on and not why_wrong(subject, point.condition):
                self._searches.append((point, search_of(subject, point.condition)))

    def missing(self, t: int) -> int:
        """Return how many timestamps of a lazy run have to be computed before it is known what holds at `t`."""
        return sum(search.missing(t, t + 1) for _, search in self._searches)

    def reach(self, t: int) -> Iterator[tuple[int, int]]:
        """Compute them; yield how many timestamps are done, and of how many. It may be left after any of them."""
        total = max(self.missing(t), 1)
        for _, search in self._searches:
            for _ in search.reach(t, t + 1):
                yield total - self.missing(t), total

    def at(self, t: int) -> "list[tuple[Breakpoint, Hit]]":
        """Return the breakpoints that hold at timestamp `t` (from 0), each with what made it true."""
        found = [(point, search.hits(t, t + 1)) for point, search in self._searches]
        return [(point, hits[0]) for point, hits in found if len(hits)]
