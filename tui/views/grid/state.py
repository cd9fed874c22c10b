"""The patch grid: what patching a quantity of each unit at each timestamp does to an answer, and what is selected."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ....engine import BadInput
from ...source.edited import done_to, with_change
from ...source.speaking import why_silent
from ..stepper.state import Moment

if TYPE_CHECKING:
    from ....engine import Grid


@dataclass(frozen=True, eq=False)
class Patched:
    """A grid of one quantity, and the means `values` (H,) that were patched in; None for those of another run."""

    grid: "Grid"
    values: Any = None


@dataclass(frozen=True)
class GridView:
    """Patches of the quantity of `here`, whose unit and timestamp are selected, for an answer at timestamp `at`.

    The values come from the `source`, a sentence or the number of a sequence, or are means over others. `answer` is the
    word or the output, None for the likeliest. `found` are the grids so far, by quantity and layer; where one cannot be
    found, `failed` says why, and `done` is the share of the next that is computed. `rank` is the selected place's rank
    among the largest effects while these are gone through. Equal states render identically.
    """

    here: Moment
    at: int
    source: str | None = None
    answer: str | None = None
    found: tuple[tuple[str, str, Patched], ...] = ()
    failed: str = ""
    rank: int | None = None
    done: float = 0.0

    @property
    def units(self) -> int:
        """How many units the selected quantity has."""
        return self.here.layer_trace.weights.width(self.here.quantity)

    @property
    def key(self) -> tuple[object, ...]:
        """What the effects depend on."""
        return self.here.layer, self.here.quantity, self.source, self.answer, self.at

    @property
    def timestamps(self) -> int:
        """How many timestamps the answer can depend on."""
        from ....engine import reaching  # for a grid alone

        return reaching(self.here.trace, self.at)

    @property
    def patched(self) -> Patched | None:
        """The grid of the selected quantity; None while it is not found."""
        key = (self.here.quantity, self.here.layer)
        return next((one for *named, one in self.found if tuple(named) == key), None)

    def with_found(self, of: "GridView", patched: Patched | None, reason: str) -> "GridView":
        """Return it with what was found for the state `of`, where that asked for the same; else unchanged."""
        if (of.source, of.answer, of.at) != (self.source, self.answer, self.at):
            return self
        if patched is None:
            return replace(self, failed=reason)
        return replace(self, found=(*self.found, (of.here.quantity, of.here.layer, patched)), done=0.0)

    def asking(self, source: str | None, answer: str | None) -> "GridView":
        """Return it for values from another sentence (None: means), and for another word (None: the likeliest)."""
        return replace(self, source=source, answer=answer, found=(), failed="", rank=None, done=0.0)

    def of(self, here: Moment) -> "GridView":
        """Return it with another place or quantity selected, among the timestamps that the answer can depend on."""
        last = self.timestamps - 1
        width = here.layer_trace.weights.width(here.quantity)  # a projection shows fewer units
        here = replace(here if here.t <= last else here.at(last), unit=min(here.unit, width - 1))
        return replace(self, here=here, failed="", rank=None)

    def largest(self, count: int) -> "GridView":
        """Return it at the place whose effect is `count` ranks below, from the largest on and around the end."""
        patched = self.patched
        if patched is None:
            return self
        rank = (self.rank + count if self.rank is not None else count - (count > 0)) % patched.grid.effects.size
        t, unit, _ = patched.grid.largest(rank + 1)[-1]
        return replace(self.of(replace(self.here, unit=unit).at(t)), rank=rank)

    def applied(self) -> Moment:
        """Return the selected place, with its patch in force. Raises BadInput where there is nothing to apply."""
        from ....engine import written_change, written_patch  # when something is first patched

        here, patched = self.here, self.patched
        if patched is None:
            raise BadInput(self.failed or "the effects are still being computed")
        layer = here.layer if len(here.trace.layers) > 1 else None
        if patched.values is None:
            source = self.source if here.trace.tokens is not None else int(self.source or 0)
            edit = written_patch(here.quantity, source, layer, here.unit, here.t)
        else:
            edit = written_change(here.quantity, float(patched.values[here.unit]), layer, here.unit, here.t)
        done = done_to(here.subject)
        subject = with_change(done, done.edits.added(edit), done.generation)
        return replace(here.with_subject(subject), progress=None)


def grid_of(here: Moment) -> GridView:
    """Return the grid for the answer at the timestamp of `here`, yet to be computed. Raises BadInput without an answer.

    Of several outputs it is the first.
    """
    if reason := why_silent(here.subject):
        raise BadInput(reason)
    outputs = here.subject.outputs
    view = GridView(here, here.t, answer=None if outputs is None else outputs.names[0])
    return view.of(replace(here, progress=None, playing=False).at(here.t))
