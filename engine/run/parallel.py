"""Fixed-point iteration: a long sequence computed in many spans at once, by a network whose memory is short.

Every span of timestamps starts from a guess, and all are stepped side by side; where each ends is the next guess for
the one after it. Once no guess changes by a bit, every span starts where the one before it ends: the result is exact,
not an approximation. With a network that remembers for longer than a few spans it does not converge.
"""

from collections.abc import Mapping

import numpy as np

from ..arrays import Floats
from ..weights import CellWeights
from .blas import one_blas_thread
from .walk import project, timestamps

GUESSES = 6
"""Rounds after which a network counts as one that remembers; sooner where a round does not halve the changes."""

WORTH_ITERATING = 16
"""Spans from which a few rounds, each as many steps as one span has, are less than stepping through them all."""

MOST_UNITS = 128
"""Units up to which a few rounds are less: with more, a step side by side takes nearly as long as all of them."""

SIDE_BY_SIDE = 2**13
"""Spans times units that are stepped side by side; more would outgrow the caches."""


def fixed_point_iteration(
    weights: CellWeights, inputs: Floats, initial: Mapping[str, Floats], span: int
) -> dict[str, Floats] | None:
    """Return each state at the end of every span, (spans, H); None when the network does not forget its guesses.

    `inputs` (spans * span, I) are in the order of reading, `initial` the states (H,) before the first.
    """
    spans = len(inputs) // span
    x = project(weights, inputs.reshape(spans, span, -1).swapaxes(0, 1))
    starts = weights.zeros(spans)
    before = np.inf  # how far the guesses have moved in the round before
    for _ in range(GUESSES):
        for state, first in initial.items():
            starts[state][0] = first
        ends = _ends(weights, x, starts)
        moved = max(float(np.abs(starts[state][1:] - ends[state][:-1]).max(initial=0)) for state in initial)
        if moved == 0:
            return ends
        if moved > before / 2:
            return None
        before = moved
        starts = {state: np.roll(end, 1, axis=0) for state, end in ends.items()}
    return None


def _ends(weights: CellWeights, x: Floats, starts: Mapping[str, Floats]) -> dict[str, Floats]:
    """Every state (spans, H) after the timestamps of `x` (span, spans, G*H), stepped side by side from `starts`."""
    q: Mapping[str, Floats] = starts
    with one_blas_thread(x, weights.W), np.errstate(over="ignore", invalid="ignore"):
        # A gate that looks at a huge memory is all open or closed.
        for step in timestamps(weights, x, starts):
            q = step  # only the last is wanted
    return {state: q[state] for state in starts}
