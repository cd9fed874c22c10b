"""A subject with something changed by hand, or gone on with words of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...engine import BadInput, Edit, Surroundings, Trace, edited, generated
from ...scenarios import find
from ..views.compare.state import Comparison
from ..views.stepper.state import Subject, first_moment
from .make import network_of


@dataclass(frozen=True)
class Generation:
    """How a network goes on: `count` words, drawn at `temperature` with `seed`, after timestamp `at` or the end."""

    count: int
    temperature: float = 0.0
    seed: int = 0
    at: int | None = None


def surroundings_of(subject: Subject) -> Surroundings:
    """Return what edits of `subject` may refer to."""
    columns = subject.forecast.task.columns if subject.forecast else ()
    return Surroundings(network_of(subject) if subject.models else None, columns=columns)


def with_edits(subject: Subject, edits: Sequence[Edit], generation: Generation | None = None) -> Subject:
    """Return `subject` with `edits`, and gone on where a `generation` is given; itself where there is neither.

    Raises WrongEdit or BadInput for what cannot be.
    """
    if generation is not None:
        if not subject.models:
            raise BadInput("--generate goes on with the words that a network predicts; this one predicts none")
        g = generation
        trace = generated(subject.trace, network_of(subject), g.count, edits, g.temperature, g.seed, g.at)
    elif edits:
        trace = edited(subject.trace, edits, surroundings_of(subject))
    else:
        return subject
    network = f"{subject.network}, edited" if edits else subject.network
    return _with_trace(replace(subject, network=network, lesson=()), trace)


def _with_trace(subject: Subject, trace: Trace) -> Subject:
    """Return `subject` with another run of its network, and what the network says in it."""
    forecast = replace(subject.forecast, edited=trace) if subject.forecast else None
    prediction = subject.prediction
    if prediction is not None:
        targets = prediction.targets
        if trace.tokens != prediction.trace.tokens:
            targets = find(subject.title).corpus.targets(trace.tokens or ())
        prediction = replace(prediction, trace=trace, targets=targets)
    return replace(subject, trace=trace, forecast=forecast, prediction=prediction)


def beside_original(subject: Subject) -> Comparison | Subject:
    """Return an edited `subject` beside the same run without edits; alone where it says no words to compare."""
    original = subject.trace.original
    if not subject.trace.edits or original is None or subject.prediction is None:
        return subject
    before = _with_trace(replace(subject, network=subject.network.removesuffix(", edited")), original)
    return Comparison(first_moment(before), first_moment(subject))
