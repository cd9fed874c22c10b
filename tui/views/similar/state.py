"""Similar passages: the marked one, what of it is compared, and the places that were found, one of them chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ....engine import ON, BadInput, Place, Similar, Trace
from ...source.edited import sequences_of
from ..stepper.state import Moment

STEP = 0.1
"""How far one press of a key moves the threshold."""


@dataclass(frozen=True)
class SimilarPage:
    """Timestamps `start` to `stop` (not included) of the run of `here`, whose layer and quantity are compared.

    Units are on that are at least `threshold` from zero; only `units` count, where they are given. The place at `index`
    of `places` is chosen; of those to which the same words lead, only the first is listed. `found` is None until the
    search is over, of which `searched` is the share done; where nothing can be found, `failed` says why. Places refer
    to `sentences`, or for numbers to the runs `others`. Equal states render identically.
    """

    here: Moment
    start: int
    stop: int
    threshold: float = ON
    units: tuple[int, ...] | None = None
    index: int = 0
    found: Similar | None = None
    sentences: Sequence[Sequence[str]] = field(default=(), compare=False, repr=False)
    places: tuple[Place, ...] = field(default=(), compare=False, repr=False)
    others: Mapping[int, Trace] = field(default_factory=dict, compare=False, repr=False)
    failed: str = ""
    searched: float = 0.0

    @property
    def asks(self) -> tuple[object, ...]:
        """What the places depend on."""
        return self.here.layer, self.here.quantity, self.threshold, self.units

    @property
    def place(self) -> Place | None:
        """The chosen place."""
        return self.places[self.index] if self.index < len(self.places) else None

    def words(self, place: Place) -> Sequence[str]:
        """Return the words of the sequence that a place is in; none for numbers."""
        if place.sequence is None:
            return self.here.trace.tokens or ()
        return self.sentences[place.sequence] if self.sentences else ()

    def run_at(self, place: Place) -> Trace:
        """Return the run that a place over numbers is in."""
        return self.here.trace if place.sequence is None else self.others[place.sequence]

    def with_index(self, index: int) -> "SimilarPage":
        """Return it with another place chosen, around the end."""
        count = len(self.places)
        return replace(self, index=index % count if count else 0)

    def with_threshold(self, count: int) -> "SimilarPage":
        """Return it with a threshold that is `count` steps higher, and above zero."""
        return self._asking(threshold=max(round(self.threshold + count * STEP, 6), STEP / 2))

    def with_units(self, units: Sequence[int] | None) -> "SimilarPage":
        """Return it with only these units compared; None for all."""
        return self._asking(units=None if units is None else tuple(units))

    def with_quantity(self, count: int) -> "SimilarPage":
        """Return it with another quantity compared."""
        return self._asking(here=self.here.with_quantity(count))

    def _asking(self, **changes: object) -> "SimilarPage":
        return replace(self, **changes, index=0, found=None, places=(), failed="", searched=0.0)  # type: ignore[arg-type]


def similar_to(here: Moment, start: int, stop: int) -> SimilarPage:
    """Return the page of passages like `start` to `stop` (not included) in the hidden state of `here`, yet to be found.

    Raises BadInput for a passage longer than the sequence can have again.
    """
    alone = here.trace.tokens is None and sequences_of(here.subject) is None
    if alone and 2 * (stop - start) > len(here.trace):
        raise BadInput(f"a passage of {stop - start} timestamps has no other beside it in {len(here.trace)}")
    return SimilarPage(replace(here, quantity="hidden", progress=None, playing=False).at(here.t), start, stop)
