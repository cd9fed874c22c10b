"""The list of edits, one of them chosen, and the run that follows from those that are on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ....engine import BadInput, first_divergence, state_distances, total_variation
from ....engine.ranges import timestamps, units
from ...draw.memo import memo
from ...source.command import command_of
from ...source.edited import Changed, done_to, taken_back, with_change
from ...source.subject import Subject
from ..compare.make import with_original
from ..compare.state import Comparison
from ..stepper.state import Moment, first_moment

if TYPE_CHECKING:
    from ....engine import Edit, EditList


@dataclass(frozen=True)
class Effect:
    """How far an edited run is from its original: where they diverge (from 0; None: nowhere), and how far at the end.

    `distances` are the root mean squares over the units of the last layer by state, and for words the total variation,
    "say". `said` are the likeliest words at the end with their chances, before and after.
    """

    diverges: int | None
    distances: tuple[tuple[str, float], ...]
    said: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class EditsPage:
    """The edits of the run at the moment `here`, of which the one at `index` is chosen.

    A change makes another run; each raises BadInput for what cannot be run. Equal states render identically.
    """

    here: Moment
    index: int = 0

    @property
    def done(self) -> Changed:
        """The edits of the run, and the words to generate."""
        return done_to(self.here.subject)

    @property
    def edits(self) -> "EditList":
        """All edits, on or off."""
        return self.done.edits

    @property
    def chosen(self) -> "Edit | None":
        """The edit that is chosen; None where there is none."""
        return self.edits.entries[self.index].edit if self.index < len(self.edits) else None

    @property
    def there(self) -> Moment:
        """Where the chosen edit takes effect first, with the unit and quantity selected that it changes.

        What is not in the run, since another edit removed it, is left as it is; a timestamp past the end is the end.
        """
        here, edit = self.here, self.chosen
        if edit is None:
            return here
        if edit.layer in [layer.name for layer in here.trace.layers]:
            here = here.in_layer(edit.layer)
        if edit.quantity in here.layer_trace.cell.quantities:
            here = replace(here, quantity=edit.quantity)
            named = _first(units, edit.units, here.layer_trace.weights.width(edit.quantity))
            here = here if named is None or named not in here.order else replace(here, unit=named)
        if edit.timestamps is not None:
            t = _first(timestamps, edit.timestamps, len(here.trace))
            here = here.at(len(here.trace) - 1 if t is None else t)
        return here

    @property
    def command(self) -> str:
        """The command line that makes the same run; "" where there is none."""
        return command_of(self.done.base, self.edits, self.done.generation)

    def effect(self) -> Effect | None:
        """Return how far the run is from its original; None where nothing is edited, or parts are not computed yet."""
        trace = self.here.trace
        if not trace.edits or trace.original is None:
            return None
        runs = (trace, trace.original)
        if any(layer.missing(t) for run in runs for layer in run.layers for t in (0, len(layer) - 1)):
            return None
        return _effect(self.here.subject)

    def beside(self) -> Comparison | None:
        """Return the original beside the run; None where there is no `effect`, or they are too long to be compared."""
        return None if self.effect() is None else _beside(self.here.subject)

    def with_index(self, index: int) -> "EditsPage":
        """Return it with the edit at `index` chosen, or the nearest there is."""
        return replace(self, index=min(max(index, 0), max(len(self.edits) - 1, 0)))

    def switched(self) -> "EditsPage":
        """Return it with the chosen edit switched off, or on again."""
        return self._with(self.edits.switched(self.index))

    def without(self) -> "EditsPage":
        """Return it without the chosen edit."""
        return self._with(self.edits.without(self.index))

    def rewritten(self, edit: "Edit") -> "EditsPage":
        """Return it with another edit in place of the chosen one."""
        return self._with(self.edits.replaced(self.index, edit))

    def added(self, edit: "Edit") -> "EditsPage":
        """Return it with one more edit, which is chosen."""
        return replace(self._with(self.edits.added(edit)), index=len(self.edits))

    def undone(self) -> "EditsPage":
        """Return it as it was before the last change."""
        before = taken_back(self.here.subject)
        return self if before is None else self._of(before)

    def _with(self, edits: "EditList") -> "EditsPage":
        return self._of(with_change(self.done, edits, self.done.generation))

    def _of(self, subject: Subject) -> "EditsPage":
        return replace(self, here=replace(self.here.with_subject(subject), progress=None)).with_index(self.index)


def _first(read: Callable[[str, int], Sequence[int]], text: str | None, count: int) -> int | None:
    """The first that a list `text` names of `count`; None where it names none of them, or there is no list."""
    try:
        return None if text is None else read(text, count)[0]
    except BadInput:
        return None


@memo(maxsize=4)
def _effect(subject: Subject) -> Effect:
    after = subject.trace
    before = after.original
    assert before is not None
    last = min(len(before), len(after)) - 1
    distances = [(name, float(apart[last])) for name, apart in state_distances(before, after).items()]
    said: list[tuple[str, float]] = []
    if after.readout is not None and after.vocabulary is not None:
        distances.append(("say", float(total_variation(before, after)[last])))
        for run in (before, after):
            p = np.asarray(run.probabilities(len(run) - 1))
            said.append((after.vocabulary[int(p.argmax())], float(p.max())))
    return Effect(first_divergence(before, after), tuple(distances), tuple(said))


@memo(maxsize=4)
def _beside(subject: Subject) -> Comparison | None:
    try:
        return with_original(first_moment(subject))
    except BadInput:
        return None
