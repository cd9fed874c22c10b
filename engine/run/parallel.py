"""A long way walked in many places at once, by a network that forgets: one that soon is where it would be anyhow.

Every span of timestamps begins at a guess, and all are stepped side by side; where each has ended is the next guess for
the one behind it. Once no guess changes by a bit, every span begins where the one before it ends: that is the walk, not
an approximation of it. A network that remembers for longer than a few spans does not get there.
"""

from collections.abc import Mapping

import numpy as np

from ..arrays import Floats
from ..weights import CellWeights
from .forward import project
from .walk import step_through

GUESSES = 6
"""Rounds after which a network counts as one that remembers."""

WORTH_GUESSING = 16
"""Spans from which a few rounds, each as many steps as one span has, are less than stepping through them all."""


def walk_by_guessing(
    weights: CellWeights, inputs: Floats, initial: Mapping[str, Floats], span: int
) -> dict[str, Floats] | None:
    """Return each state at the end of every span, (spans, H); None when the network has not forgotten its guesses.

    `inputs` (spans * span, I) are in the order of reading, `initial` the states (H,) before the first.
    """
    spans = len(inputs) // span
    x = project(weights, inputs.reshape(spans, span, -1).swapaxes(0, 1))
    starts = weights.zeros(spans)
    for _ in range(GUESSES):
        for state, first in initial.items():
            starts[state][0] = first
        q = step_through(weights, x, starts)
        ends: dict[str, Floats] = {state: q[state][-1] for state in initial}
        if all(np.array_equal(starts[state][1:], ends[state][:-1]) for state in initial):
            return ends
        starts = {state: np.roll(end, 1, axis=0) for state, end in ends.items()}
    return None
