"""A user's network as something to look at: a file of weights, run over a file of inputs."""

from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from ...engine import BadInput, Outputs, Prediction, Trace, WordNetwork, predicted, run_lazily
from ...scenarios import Watched, most_effect
from .edited import carried
from .numbers import FromNumbers
from .origins import FromFile, FromWords, Runner
from .subject import Subject

if TYPE_CHECKING:
    from ...engine.files.own import Own, Ready
    from ...engine.files.rows import Progress

SOON = 2_000
"""The most timestamps of a run whose end is computed before it is shown, for the unit with the largest effect there."""


def own_subject(own: "Own", runner: Runner = run_lazily, progress: "Progress | None" = None) -> Subject:
    """Return the network that `own` asks for, run by `runner`; `progress` receives how far a table of inputs is read.

    Raises BadInput where the files cannot be read, or do not fit.
    """
    from ...engine.files.own import prepare  # not for a scenario's sentence

    return subject_from(prepare(own, progress), runner)


def subject_from(ready: "Ready", runner: Runner = run_lazily) -> Subject:
    """Return what is `ready` to run, run by `runner`."""
    return run_from((FromNumbers if ready.reader is None else FromWords)(ready, runner))


def run_from(origin: FromFile) -> Subject:
    """Return the run of what is ready in `origin`; its title says what is assumed of the network."""
    ready = origin.ready
    trace = origin.runner(ready.stack, ready.inputs, ready.initial, ready.source)
    trace = replace(trace, columns=ready.sequences.columns, labels=ready.sequences.labels)
    title = ", ".join(part for part in (ready.stack.title, ready.network) if part)
    name = ready.own.weights.name
    if (reader := ready.reader) is None:
        said = ready.numbers.outputs_of(trace, ready.sequence)
        opening = cache(partial(_watched, trace, said))
        return Subject(
            name, title, trace, origin, opening=opening, notes=ready.notes, outputs=said, scaling=ready.numbers.inputs
        )
    trace = reader.spoken(trace, ready.words or ())
    prediction = predicted(reader, trace) if isinstance(reader, WordNetwork) else None
    opening = cache(partial(_watched, trace, prediction))
    return Subject(name, title, trace, origin, prediction, opening=opening, notes=ready.notes)


def _watched(trace: Trace, says: Prediction | Outputs | None) -> Watched:
    """The unit with the largest effect at the end, where there is one layer and the end is soon computed; else 0."""
    if says is None or len(trace.layers) > 1 or len(trace) > SOON:
        return Watched()
    return most_effect(says.effects(len(trace) - 1), len(trace))


def on_sequence(subject: Subject, count: int) -> Subject:
    """Return the network of `subject`, with its edits, on the sequence of its batch that is `count` further on.

    Raises BadInput, in the footer's words, where there is none, and for edits that this sequence does not allow.
    """
    origin = subject.origin
    if not isinstance(origin, FromFile):
        raise BadInput(origin.cannot("sequences"))
    ready = origin.ready.at(origin.ready.sequence + count)
    if ready.sequence == origin.ready.sequence:
        end = "last" if count > 0 else "first"
        where = Path(ready.sequences.source).name
        raise BadInput(f"this is the {end} of the {len(ready.sequences.arrays)} sequences in {where}")
    return carried(subject, run_from(replace(origin, ready=ready)))
