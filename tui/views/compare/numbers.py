"""Comparing runs over numbers: other inputs, another network of the file or other weights, or the run without edits."""

import os
from dataclasses import replace
from pathlib import Path

from ....engine import BadInput
from ...source.edited import unedited
from ...source.numbers import FromNumbers
from ...source.own import run_from
from ...source.subject import Subject
from ..stepper.changing import ORIGINAL
from ..stepper.state import Moment
from .state import Comparison, Side


def numbers_compared(side: Side, origin: FromNumbers, what: str | None) -> Comparison:
    """Return `side` with `what` beside it: a sequence by its number from 1, a network's name, a file, or ORIGINAL.

    Without `what` it is what is most worth seeing: the run without its edits, the next sequence of the batch, or the
    next network of the file. Raises BadInput where there is no such thing.
    """
    assert isinstance(side, Moment)
    other = _other(side.subject, origin, (what or _likely(side.subject, origin)).strip())
    left = replace(side, progress=None, playing=False).at(side.t)
    return Comparison(left, left.with_subject(other))


def _likely(subject: Subject, origin: FromNumbers) -> str:
    count, number = len(origin.ready.sequences.arrays), origin.ready.sequence
    if subject.trace.edits:
        return ORIGINAL
    if count > 1:
        return str((number + 1) % count + 1)
    if len(origin.models) > 1:
        return origin.models[(origin.models.index(origin.model) + 1) % len(origin.models)]
    raise BadInput(f"nothing to compare with yet; give {origin.besides}")


def _other(subject: Subject, origin: FromNumbers, what: str) -> Subject:
    """What stands on the right."""
    if what.casefold() == ORIGINAL:
        if (before := unedited(subject)) is None:
            raise BadInput("nothing is edited here")
        return before
    if what.isascii() and what.isdecimal() and len(what) < 9:
        return run_from(origin.at(int(what) - 1))
    if what in origin.models:
        return run_from(origin.on(model=what))
    if os.path.isfile(what):
        other = run_from(origin.beside(Path(what)))
        return replace(other, network=f"{Path(what).name}: {other.network}")
    raise BadInput(f"{what[:60]}: is not a sequence, network or file; give {origin.besides}")
