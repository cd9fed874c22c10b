"""What is known of one unit: its state over sentences that differ in a word, where it leads, and what it is worth."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from ..engine import Trace
from ..scenarios import Scores
from .moment import Moment, Subject


@dataclass(frozen=True)
class UnitPage:
    """A unit at a moment, over `subjects`, of which the first is the moment's, each with what it is called.

    `differ` is the timestamp of the word in which they differ, None where they are other sentences of the scenario.
    `scores` are the shares of held-out sentences answered right by the whole network and without the unit, once they
    are found; where they cannot be, `failed` says why. Equal ones look the same.
    """

    here: Moment
    subjects: tuple[Subject, ...]
    names: tuple[str, ...]
    differ: int | None
    axis: str
    sentences: int
    scores: tuple[Scores, Scores] | None = None
    failed: str = ""
    count: str = ""
    note: str = ""

    @property
    def state(self) -> str:
        """What is shown of the unit over time: its memory, or its hidden state where it has no other."""
        return self.here.layer_trace.cell.remembers or "hidden"

    def with_unit(self, count: int) -> "UnitPage":
        """Return the page of the unit that is `count` rows below; what it is worth is yet to be found."""
        here = self.here.with_unit(count)
        scores = self.scores if here.unit == self.here.unit else None
        return replace(self, here=here, scores=scores, count="", note="")

    def at(self, t: int) -> "UnitPage":
        """Return the same at timestamp `t`, or at the nearest there is."""
        return replace(self, here=self.here.at(t), count="", note="")


@lru_cache(maxsize=32)
def to_words(trace: Trace, column: int) -> Sequence[tuple[str, float]]:
    """Return every word that can be said with the weight from readout unit `column` to it, the largest first."""
    assert trace.readout is not None
    assert trace.vocabulary is not None
    weights = trace.readout.matrix[:, column]
    return [(trace.vocabulary[n], float(weights[n])) for n in np.argsort(-weights, kind="stable")]


@lru_cache(maxsize=32)
def to_gates(trace: Trace, layer: str, unit: int) -> Sequence[tuple[str, int, float]]:
    """Return (quantity, unit, weight) for every recurrent weight that `unit` has, the largest by size first."""
    weights = trace.layer(layer).weights
    column = weights.W[:, unit]
    order = np.argsort(-np.abs(column), kind="stable").tolist()
    return [(weights.cell.rows[row // weights.H], row % weights.H, float(column[row])) for row in order]
