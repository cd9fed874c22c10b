"""What the comparison shows: two sides on the same keys, each a moment of a recurrent network or a dense network."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ....engine import Trace, first_divergence, state_distances, total_variation
from ...draw.memo import memo
from ...source.subject import Subject
from ..dense.state import Dense
from ..stepper.state import Moment

Side = Moment | Dense
"""One side: a recurrent network at a timestamp, or a dense one, which has none."""


@dataclass(frozen=True)
class Answer:
    """What one network of the scenario predicts at the end of each compared sentence: (word, p), None for one too long.

    `right` is whether that is the answer; None for one too long, or where the task has none.
    """

    model: str
    parameters: int
    said: tuple[tuple[str, float] | None, ...]
    right: tuple[bool | None, ...]


@dataclass(frozen=True)
class Comparison:
    """Two sides. `answers` are what all networks of the scenario predict for these sentences.

    `refused` is why what was asked for could not be put on the right, where something else stands there.
    """

    left: Side
    right: Side
    answers: tuple[Answer, ...] = ()
    refused: str = ""

    @property
    def moments(self) -> tuple[Moment, ...]:
        """The sides that have timestamps."""
        return tuple(side for side in (self.left, self.right) if isinstance(side, Moment))

    @property
    def t(self) -> int:
        """The timestamp of the side that is further on."""
        return max((moment.t for moment in self.moments), default=0)

    @property
    def timestamps(self) -> int:
        """How many timestamps the longer side has; 1 where neither has any."""
        return max((len(moment.trace) for moment in self.moments), default=1)

    @property
    def same_network(self) -> bool:
        """Whether both sides are the same recurrent network, so that their units correspond."""
        left, right = self.left, self.right
        return isinstance(left, Moment) and isinstance(right, Moment) and left.trace.stack is right.trace.stack

    @property
    def divergence(self) -> int | None:
        """The first timestamp at which two recurrent sides diverge; None where they do not."""
        return _first_divergence(*(m.trace for m in self.moments)) if len(self.moments) == 2 else None

    def distances(self) -> dict[str, np.ndarray]:
        """Return how far apart the sides are, (T,) each, at timestamps that both have: by state, "say" or "output"."""
        if len(self.moments) == 2 and self.numbers:
            return _apart(*(m.subject for m in self.moments))
        return _distances(*(m.trace for m in self.moments)) if len(self.moments) == 2 else {}

    @property
    def numbers(self) -> bool:
        """Whether these are runs over numbers."""
        return any(moment.trace.tokens is None for moment in self.moments)

    @property
    def farthest(self) -> int | None:
        """The timestamp at which the outputs of two networks over numbers are farthest apart; None without outputs."""
        apart = self.distances().get("output")
        return None if apart is None or not len(apart) else int(apart.argmax())

    def difference(self) -> np.ndarray | None:
        """Return the selected quantity of the right side less that of the left, (T, H), at timestamps that both have.

        None where the units do not correspond: in different networks, or where a side has no timestamps.
        """
        if not self.same_network:
            return None
        left, right = self.moments
        return _difference(left.trace, right.trace, left.layer, left.quantity)

    # Every move applies to both sides; each is clamped to what it has.

    def at(self, t: int) -> "Comparison":
        """Return both sides at timestamp `t`, or at their last where they are shorter."""
        t = min(max(t, 0), self.timestamps - 1)
        return self._both(lambda side: side.at(t) if isinstance(side, Moment) else side)

    def with_unit(self, count: int) -> "Comparison":
        """Return both sides with the unit selected that is `count` rows below."""
        return self._both(lambda side: side.with_unit(count))

    def with_unit_number(self, unit: int) -> "Comparison":
        """Return both sides with `unit` selected, or their last where they have fewer."""
        return self._both(
            lambda side: replace(side, unit=min(unit, side.layer_trace.H - 1)) if isinstance(side, Moment) else side
        )

    def with_quantity(self, count: int) -> "Comparison":
        """Return both sides with the next quantity selected."""
        return self._both(lambda side: side.with_quantity(count) if isinstance(side, Moment) else side)

    def exchanged(self) -> "Comparison":
        """Return the sides the other way around."""
        turned = tuple(replace(answer, said=answer.said[::-1], right=answer.right[::-1]) for answer in self.answers)
        return replace(self, left=self.right, right=self.left, answers=turned)

    def _both(self, move: Callable[[Side], Side]) -> "Comparison":
        return replace(self, left=move(self.left), right=move(self.right))


_first_divergence = memo(maxsize=4)(first_divergence)


@memo(maxsize=8)
def _difference(left: Trace, right: Trace, layer: str, quantity: str) -> np.ndarray:
    T = min(len(left), len(right))
    one, other = (np.asarray(trace.layer(layer)[quantity][:T], np.float64) for trace in (left, right))
    with np.errstate(invalid="ignore"):
        difference: np.ndarray = other - one
    return difference


@memo(maxsize=4)
def _distances(one: Trace, other: Trace) -> dict[str, np.ndarray]:
    apart = state_distances(one, other) if one.stack is other.stack else {}
    speak = one.vocabulary is not None and one.readout is not None
    return apart | ({"say": total_variation(one, other)} if speak else {})


@memo(maxsize=4)
def _apart(one: Subject, other: Subject) -> dict[str, np.ndarray]:
    """How far apart two runs over numbers are: states of the same network, and outputs, the largest difference."""
    apart: dict[str, np.ndarray] = {}
    if one.trace.stack is other.trace.stack:
        apart |= state_distances(one.trace, other.trace)
    if one.outputs is not None and other.outputs is not None and one.outputs.K == other.outputs.K:
        T = min(len(one.trace), len(other.trace))
        with np.errstate(invalid="ignore"):
            apart["output"] = np.abs(one.outputs.values(0, T) - other.outputs.values(0, T)).max(axis=1)
    return apart
