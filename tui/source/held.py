"""The other sentences that a network can be asked about: those a scenario holds out, or those of a file."""

from collections.abc import Sequence

from ...engine import Batch, Trace, read_together
from ...scenarios import held_out_batches
from ...scenarios.scoring import held_out
from .edited import sequences_of
from .make import recurrent_of
from .origins import FromFile, FromScenario, FromWords
from .subject import Subject


def averaged_over(subject: Subject) -> list[Sequence[str]]:
    """Return the sentences over which a mean is taken: those held out, or those of a file, or this one."""
    if isinstance(subject.origin, FromScenario):
        every = held_out(subject.origin.scenario.corpus)
        return [example.words for examples in every.values() for example in examples]
    ready = subject.origin.ready if isinstance(subject.origin, FromWords) else None
    return [subject.tokens] if ready is None else ready.sentences


def others_of(subject: Subject) -> tuple[Sequence[Batch], Sequence[Sequence[str]]]:
    """Return every held-out sentence of a scenario, or every other sequence of a file, as batches and as words.

    There are none for numbers: see `other_runs`.
    """
    if isinstance(subject.origin, FromWords):
        others = subject.origin.ready.others
        return (read_together(subject.origin.net, others), others) if others else ((), ())
    if subject.prediction is None or not isinstance(subject.origin, FromScenario):
        return (), ()
    return held_out_batches(recurrent_of(subject), subject.origin.scenario.corpus)


def other_runs(subject: Subject) -> dict[int, Trace]:
    """Return the other sequences of a batch of numbers, by their numbers from 0, each run from its own states."""
    run_of = sequences_of(subject)
    if run_of is None or not isinstance(subject.origin, FromFile) or isinstance(subject.origin, FromWords):
        return {}
    ready = subject.origin.ready
    return {n: run_of(n + 1) for n in range(len(ready.sequences.arrays)) if n != ready.sequence}


def number_of(subject: Subject, place: int) -> int:
    """Return the number, from 1, of the other sequence at `place` (from 0) among what `others_of` or `other_runs` give.

    In a file of sentences, the sequence that is looked at is counted too.
    """
    origin = subject.origin
    if isinstance(origin, FromWords) and origin.ready.others and place >= origin.ready.sequence:
        return place + 2
    return place + 1


def kind_of(subject: Subject, count: int = 2) -> str:
    """Return what `count` others are called: held-out sentences of a scenario, other sequences of a file."""
    if isinstance(subject.origin, FromFile):
        return f"other sequence{'s' * (count != 1)}"
    return f"held-out sentence{'s' * (count != 1)}"
