"""What a user's network predicts with a unit ablated: words, or numbers beside those without a random unit."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ....engine import BadInput, Outputs, Prediction, Trace, others_moved, predicted
from ....engine.trace import log_softmax
from ...source.make import recurrent_of
from ..stepper.state import Moment

if TYPE_CHECKING:
    from ....engine import Surroundings

MOST = 20_000
"""Timestamps, from the first, over which the change is measured."""


@dataclass(frozen=True, eq=False)
class WordsWithout:
    """What a network predicts in a sequence as it is, and with one unit ablated.

    `losses` are the mean losses of the two, None where no right answer is known; `changed` counts the timestamps at
    which another word is the likeliest.
    """

    whole: Prediction
    without: Prediction
    losses: tuple[float, float] | None
    changed: int


@dataclass(frozen=True, eq=False)
class Without:
    """A run without `unit` (None for the whole network): its outputs, which it `says`, and what they change.

    `moved` is the root mean square by which the other units of the last layer move, over all timestamps; `changed` is
    that of the outputs, in their unit; `loss` is the mean squared error in the network's scale. NaN where there is no
    output, or no target.
    """

    unit: int | None
    says: Outputs | None
    moved: float
    changed: float
    loss: float


@dataclass(frozen=True, eq=False)
class NumbersWithout:
    """The whole run, the one without the unit, and, where there is another unit, one without that, drawn at random."""

    runs: tuple[Without, ...]
    timestamps: int


def words_without(here: Moment) -> WordsWithout:
    """Return what a network over words predicts without the unit of `here`.

    Raises BadInput where the network predicts nothing, and for a unit that a projection ignores.
    """
    from ....engine import Surroundings  # with all that edits take

    subject, network = here.subject, recurrent_of(here.subject)
    silent = _ablated(here, here.unit, Surroundings(network))
    whole, without = predicted(network, subject.trace), predicted(network, silent)
    asked = np.flatnonzero(whole.rows >= 0)
    losses, said = [], []
    for prediction in (whole, without):
        scores = prediction.trace.scores(0, len(prediction.trace))
        logs = log_softmax(scores.astype(np.float64))
        said.append(scores.argmax(axis=1))
        losses.append(-float(logs[asked, whole.rows[asked]].mean()) if len(asked) else 0.0)
    changed = int((said[0] != said[1]).sum())
    return WordsWithout(whole, without, (losses[0], losses[1]) if len(asked) else None, changed)


def numbers_without(here: Moment) -> NumbersWithout:
    """Return what a network over numbers outputs without the unit of `here`. Raises BadInput as for words."""
    others = [unit for unit in range(here.layer_trace.weights.P) if unit != here.unit]
    drawn = [int(np.random.default_rng(here.unit).choice(others))] if others else []
    T = min(len(here.trace), MOST)
    runs = [_without(here, here.trace, None, T)]
    runs += [_without(here, _ablated(here, unit), unit, T) for unit in (here.unit, *drawn)]
    return NumbersWithout(tuple(runs), T)


def _ablated(here: Moment, unit: int, around: "Surroundings | None" = None) -> Trace:
    """The run of `here` with `unit` of the same layer ablated."""
    from ....engine import Surroundings, edited  # with all that edits take

    if here.unit >= here.layer_trace.weights.P:
        raise BadInput("this unit outputs nothing: the projection ignores it")
    return edited(here.trace, [f"{here.layer}.hidden[{unit}]=0"], around or Surroundings())


def _without(here: Moment, trace: Trace, unit: int | None, T: int) -> Without:
    """The run `trace` without `unit`, compared with that of `here` over its first `T` timestamps."""
    moved = 0.0 if unit is None else others_moved(here.trace, trace, here.layer, (unit,), T)
    said = here.subject.outputs
    if said is None:
        return Without(unit, None, moved, np.nan, np.nan)
    other = replace(said, trace=trace)
    apart = other.values(0, T) - said.values(0, T)
    losses = other.losses(0, T)
    loss = float(np.nanmean(losses)) if not np.isnan(losses).all() else np.nan
    return Without(unit, other, moved, float(np.sqrt((apart**2).mean())), loss)
