"""What is kept of a lazy forward pass: the states at the start of its spans, and the spans read most recently."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np

from ..arrays import Floats
from ..weights import CellWeights

Span = TypeVar("Span")


class KnownStates:
    """Each state (spans, H) before every span of a walk, as far as it has come: `reached` spans have been begun.

    Before some of these, not every state is known.
    """

    def __init__(self, weights: CellWeights, spans: int, initial: Mapping[str, Floats]) -> None:
        self._starts = weights.zeros(spans)
        for state, starts in self._starts.items():
            starts[0] = initial[state]
        self._known = np.zeros(spans, bool)
        self._known[0] = True
        self.reached = 1

    def __contains__(self, span: int) -> bool:
        return bool(self._known[span])

    def last(self, span: int) -> int:
        """Return the last span up to `span` before which every state is known."""
        return int(np.flatnonzero(self._known[: span + 1])[-1])

    def next(self, span: int) -> int:
        """Return the first span after `span` before which every state is known, or the one not reached yet."""
        known = np.flatnonzero(self._known[span + 1 : self.reached])
        return span + 1 + int(known[0]) if len(known) else self.reached

    def before(self, span: int) -> dict[str, Floats]:
        """Return every state before `span`, (H,), where all are known."""
        return {state: starts[span] for state, starts in self._starts.items()}

    def before_each(self, spans: Sequence[int]) -> dict[str, Floats]:
        """Return every state before each of `spans` (n,), (n, H)."""
        return {state: starts[spans] for state, starts in self._starts.items()}

    def put(self, spans: np.ndarray, states: Mapping[str, Floats]) -> None:
        """Keep every state (n, H) before each of `spans` (n,) that exists and is not known yet."""
        there = spans < len(self._known)
        there[there] = ~self._known[spans[there]]
        for state, starts in self._starts.items():
            starts[spans[there]] = states[state][there]
        self._known[spans[there]] = True


class Kept(OrderedDict[int, Span]):
    """Something of each span, for the `most` spans read most recently."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def keep(self, spans: Mapping[int, Span]) -> None:
        """Keep `spans`, and drop the least recently read where there are too many."""
        for n, span in spans.items():
            self[n] = span
            self.move_to_end(n)
        while len(self) > self._most:
            self.popitem(last=False)
