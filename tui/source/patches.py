"""Where the values of a patch come from: another sentence or sequence, or the mean over others."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from ...engine import BadInput, Floats, Trace, WordNetwork
from .edited import sequences_of
from .held import averaged_over
from .origins import FromFile
from .subject import Subject

if TYPE_CHECKING:
    from ...engine import Speaker


def source_run(subject: Subject, speaker: "Speaker", named: str) -> Trace:
    """Return the run of the sentence that is `named`, or of the sequence of that number, from 1.

    Raises BadInput where it is no sequence of the same file, and where it is the run of `subject` itself.
    """
    other = _run_of(subject, speaker, named)
    if _same(subject.trace, other):
        what = "sentence" if isinstance(speaker, WordNetwork) else "sequence"
        raise BadInput(f"this is the {what} that would be patched; with its own values nothing changes")
    return other


def _run_of(subject: Subject, speaker: "Speaker", named: str) -> Trace:
    if isinstance(speaker, WordNetwork):
        return speaker.trace(named)
    sequences = sequences_of(subject)
    if sequences is None:
        raise BadInput("there is no other sequence; --input FILE takes a batch of them")
    if not (named.isascii() and named.isdigit()):
        raise BadInput("this network reads numbers; give the number of a sequence, from 1")
    return sequences(int(named[:9]))


def _same(one: Trace, other: Trace) -> bool:
    """Whether two runs of a network are the same in every number; one with edits has other values than without."""
    if one.edits or len(one) != len(other) or not np.array_equal(one.inputs, other.inputs):
        return False
    return all(
        np.array_equal(here.initial[state], there.initial[state])
        for here, there in zip(one.layers, other.layers, strict=True)
        for state in here.initial
    )


def mean_values(
    subject: Subject,
    speaker: "Speaker",
    quantity: str,
    layer: str,
    on_progress: Callable[[int, int], object] = lambda done, total: None,
) -> Floats:
    """Return the mean of a quantity, (H,): over held-out sentences, or the other sequences, or this one if alone.

    For sequences of numbers, `on_progress` receives how many timestamps are done, and of how many; what it raises ends
    the work.
    """
    from ...engine import mean_of, mean_over  # when something is first patched

    if isinstance(speaker, WordNetwork):
        return mean_of(speaker, averaged_over(subject), quantity, layer)
    sequences, origin = sequences_of(subject), subject.origin
    if sequences is None or not isinstance(origin, FromFile):
        return mean_over([subject.trace], quantity, layer, lambda done: on_progress(done, len(subject.trace)))
    own = origin.ready.sequence + 1
    others = {n: len(array) for n, array in enumerate(origin.ready.sequences.arrays, 1) if n != own}
    total = sum(others.values())
    return mean_over(map(sequences, others), quantity, layer, lambda done: on_progress(done, total))


def averages(subject: Subject) -> str:
    """Return what the mean is taken over, in words."""
    origin = subject.origin
    if not isinstance(origin, FromFile):
        return "means over held-out sentences"
    own, one = origin.ready.own, len(origin.ready.sequences.arrays) == 1
    if subject.trace.tokens is not None:
        alone = one or own.carry or own.initial_state is not None  # others begin in other states
        return "means over this text" if alone else "means over all sentences"
    return "means over this sequence" if one else "means over the other sequences"
