"""What is known of a unit: its state over sentences that differ in a word, its weights, and what ablating it costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ....engine import Readout, Trace
from ....scenarios import Scores
from ....scenarios.scoring import HELD_OUT_COUNT
from ...draw.memo import memo
from ...source.subject import Subject
from ..stepper.state import Moment
from .without import NumbersWithout, WordsWithout

Cost = tuple[Scores, Scores] | WordsWithout | NumbersWithout
"""What the ablation of a unit costs: shares of held-out sentences answered right, or what is predicted without it."""


@dataclass(frozen=True)
class UnitPage:
    """A unit at a moment, over `subjects`, of which the first is the moment's, and their `names`.

    `differ` is the timestamp of the word in which they differ, None where they are other sentences of the scenario.
    `ablations` are, by unit, the shares of held-out sentences answered right by the whole network and without the unit,
    as far as they are found; where they cannot be, `failed` says why. In a user's `own` network they are what it
    predicts for the sequence instead. Equal states render identically.
    """

    here: Moment
    subjects: tuple[Subject, ...]
    names: tuple[str, ...]
    differ: int | None
    axis: str
    sentences: int
    ablations: Mapping[int, Cost] = field(default_factory=dict)
    failed: str = ""
    own: bool = False

    @property
    def t(self) -> int:
        """The timestamp that is looked at."""
        return self.here.t

    @property
    def timestamps(self) -> int:
        """How many timestamps the unit's own sentence has."""
        return self.here.timestamps

    @property
    def state(self) -> str:
        """The quantity that is shown over time: the unit's memory, or its hidden state where it has no other."""
        return self.here.layer_trace.cell.memory_state or "hidden"

    @property
    def sizes(self) -> int:
        """How many sizes of sentences the scores are broken down by."""
        return self.sentences // HELD_OUT_COUNT

    @property
    def ablation(self) -> Cost | None:
        """What the ablation of this unit costs; None until it is found."""
        return self.ablations.get(self.here.unit)

    def with_ablation(self, unit: int, found: Cost | None, failed: str) -> "UnitPage":
        """Return the same with what the ablation of `unit` costs, or why that could not be found."""
        known = {} if found is None else {unit: found}
        return replace(self, ablations={**self.ablations, **known}, failed=failed)

    def with_unit(self, count: int) -> "UnitPage":
        """Return the page of the unit that is `count` rows below."""
        return replace(self, here=self.here.with_unit(count), failed="")

    def at(self, t: int) -> "UnitPage":
        """Return the same at timestamp `t`, or at the nearest there is."""
        return replace(self, here=self.here.at(t))


@memo(maxsize=32)
def to_outputs(head: Readout, said: tuple[str, ...], column: int) -> Sequence[tuple[str, float]]:
    """Return each output of `said` with its weight from unit `column` of the `head`, the largest first.

    Where a hidden layer lies between, the weights lead to its units.
    """
    weights = head.outgoing[:, column]
    direct = len(weights) == len(said) and head.direct
    names = said if direct else [f"unit {n}" for n in range(len(weights))]
    return [(names[n], float(weights[n])) for n in np.argsort(-weights, kind="stable")]


@memo(maxsize=32)
def to_gates(trace: Trace, layer: str, unit: int) -> Sequence[tuple[str, int, float]]:
    """Return (quantity, unit, weight) for every recurrent weight that `unit` has, the largest by size first."""
    weights = trace.layer(layer).weights
    column = weights.W[:, unit] if unit < weights.P else np.zeros(0, np.float32)
    order = np.argsort(-np.abs(column), kind="stable").tolist()
    return [(weights.cell.rows[row // weights.H], row % weights.H, float(column[row])) for row in order]
