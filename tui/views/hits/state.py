"""What the list of hits shows: what was searched for, what has been found of it so far, and the chosen hit."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...source.lookup import Lookup, Results
from ...source.subject import Subject
from ..stepper.addressing import at_hit
from ..stepper.state import Moment

if TYPE_CHECKING:
    from ....engine import Hit


@dataclass(frozen=True)
class HitList:
    """The `results` of a `lookup`, of which the hit at `index` is chosen; the moment `here` is where it was opened.

    `looking` is the share (0..1) of the rest that has been searched, None where no search is running.
    """

    here: Moment
    lookup: Lookup
    results: Results
    index: int
    looking: float | None = None

    @property
    def subject(self) -> Subject:
        """The subject that was searched."""
        return self.lookup.subject

    @property
    def chosen(self) -> "Hit | None":
        """The hit that is chosen."""
        return self.results.hits[self.index] if len(self.results.hits) else None

    @property
    def there(self) -> Moment | None:
        """The moment of the chosen hit, with the hits marked; None without one, and while a thread walks the run."""
        if self.chosen is None or self.looking is not None:
            return None
        return at_hit(replace(self.here, results=self.results), self.chosen)

    def at_index(self, index: int) -> "HitList":
        """Return it with the hit at `index` chosen, or the nearest there is."""
        return replace(self, index=min(max(index, 0), max(len(self.results.hits) - 1, 0)))

    def found(self, looking: float | None) -> "HitList":
        """Return it with what has been found, and the share `looking`; the chosen hit stays chosen."""
        results, chosen = self.lookup.results, self.chosen
        there = self.here.t if chosen is None else chosen.t
        return replace(self, results=results, index=results.index_at(there), looking=looking)


def hit_list(here: Moment, lookup: Lookup) -> HitList:
    """Return the list of what a lookup has found so far; the chosen hit is the first at `here` or after it."""
    results = lookup.results
    return HitList(here, lookup, results, results.index_at(here.t))
