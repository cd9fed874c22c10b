"""The patch grid: for one quantity, what patching each unit at each timestamp does to a word, and what is selected."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ....engine import BadInput
from ...source.edited import done_to, why_not, with_change
from ..stepper.state import Moment

if TYPE_CHECKING:
    from ....engine import Grid


@dataclass(frozen=True, eq=False)
class Patched:
    """A grid of one quantity, and for a mean the `values` (H,) that are patched in; None from another sentence."""

    grid: "Grid"
    values: Any = None


@dataclass(frozen=True)
class GridView:
    """Patches of the quantity of `here`, whose unit and timestamp are selected; asked is a word at timestamp `at`.

    The values come from the sentence `source`, or are means over held-out sentences. `answer` is the word, None for
    the likeliest. `found` are the grids so far, by quantity and layer; where one cannot be found, `failed` says why.
    `rank` is that of the place among the largest effects while one walks through these. Equal states render
    identically.
    """

    here: Moment
    at: int
    source: str | None = None
    answer: str | None = None
    found: tuple[tuple[str, str, Patched], ...] = ()
    failed: str = ""
    rank: int | None = None

    @property
    def timestamps(self) -> int:
        """How many timestamps the word can depend on."""
        from ....engine import reaching  # for a grid alone

        return reaching(self.here.trace, self.at)

    @property
    def patched(self) -> Patched | None:
        """The grid of the selected quantity; None while it is not found."""
        key = (self.here.quantity, self.here.layer)
        return next((one for *named, one in self.found if tuple(named) == key), None)

    def with_found(self, of: "GridView", patched: Patched | None, reason: str) -> "GridView":
        """Return it with what was found for the state `of`, where that asked for the same."""
        if (of.source, of.answer, of.at) != (self.source, self.answer, self.at):
            return self
        if patched is None:
            return replace(self, failed=reason)
        return replace(self, found=(*self.found, (of.here.quantity, of.here.layer, patched)))

    def asking(self, source: str | None, answer: str | None) -> "GridView":
        """Return it for values from another sentence (None: means), and for another word (None: the likeliest)."""
        return replace(self, source=source, answer=answer, found=(), failed="", rank=None)

    def of(self, here: Moment) -> "GridView":
        """Return it with another place or quantity selected, among the timestamps that the word can depend on."""
        last = self.timestamps - 1
        return replace(self, here=here if here.t <= last else here.at(last), failed="", rank=None)

    def largest(self, count: int) -> "GridView":
        """Return it at the place whose effect is `count` ranks below, from the largest on and around the end."""
        patched = self.patched
        if patched is None:
            return self
        order = patched.grid.largest(patched.grid.effects.size)
        rank = (self.rank + count if self.rank is not None else count - (count > 0)) % len(order)
        t, unit, _ = order[rank]
        return replace(self.of(replace(self.here, unit=unit).at(t)), rank=rank)

    def applied(self) -> Moment:
        """Return the place, with its patch in force. Raises BadInput where there is nothing to apply."""
        from ....engine import written_change, written_patch  # when something is first patched

        here, patched = self.here, self.patched
        if patched is None:
            raise BadInput(self.failed or "the effects are still being computed")
        layer = here.layer if len(here.trace.layers) > 1 else None
        if patched.values is None:
            edit = written_patch(here.quantity, self.source, layer, here.unit, here.t)
        else:
            edit = written_change(here.quantity, float(patched.values[here.unit]), layer, here.unit, here.t)
        done = done_to(here.subject)
        subject = with_change(done, done.edits.added(edit), done.generation)
        return replace(here.with_subject(subject), progress=None)


def grid_of(here: Moment) -> GridView:
    """Return the patches that matter for the word at the timestamp of `here`. Raises BadInput where none is said."""
    if reason := why_not(here.subject, "grid"):
        raise BadInput(reason)
    return GridView(replace(here, progress=None, playing=False).at(here.t), here.t)
