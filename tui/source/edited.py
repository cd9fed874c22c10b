"""A subject with something changed by hand, or gone on with words of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...engine import BadInput, Outputs, Trace, WordNetwork, WordReader, predicted, run_lazily
from .subject import FromFile, FromScenario, Subject

if TYPE_CHECKING:
    from ...engine import Edit


@dataclass(frozen=True)
class Generation:
    """How a network goes on: `count` words, drawn at `temperature` with `seed`, after timestamp `at` or the end."""

    count: int
    temperature: float = 0.0
    seed: int = 0
    at: int | None = None


def words_of(subject: Subject) -> WordNetwork | None:
    """Return the network that reads the words of `subject` and says some; None where it reads numbers, or says none."""
    network = getattr(subject.origin, "net", None)
    return network if isinstance(network, WordNetwork) else None


def reader_of(subject: Subject) -> WordReader | None:
    """Return the same, whether or not it says something."""
    network = getattr(subject.origin, "net", None)
    return network if isinstance(network, WordReader) else None


def sequences_of(subject: Subject) -> "Callable[[int], Trace] | None":
    """Return what runs a sequence, by its number from 1, of the batch that `subject` is of; None for no batch.

    Each begins in its own states, as when it is looked at.
    """
    origin = subject.origin
    if not isinstance(origin, FromFile) or len(origin.ready.sequences.arrays) == 1:
        return None
    ready = origin.ready

    def run_of(number: int) -> Trace:
        other = ready.at(ready.sequences.place(number))
        return run_lazily(other.stack, other.inputs, other.initial, other.source)

    return run_of


def with_edits(subject: Subject, edits: "Sequence[Edit]", generation: Generation | None = None) -> Subject:
    """Return `subject` with `edits`, and gone on where a `generation` is given; itself where there is neither.

    Raises WrongEdit or BadInput for what cannot be.
    """
    if generation is None and not edits:
        return subject
    from ...engine import Surroundings, edited, generated  # not for a subject that is looked at as it is

    network = words_of(subject)
    if generation is not None:
        if network is None:
            raise BadInput("--generate needs a network that predicts words; this one predicts none")
        g = generation
        trace = generated(subject.trace, network, g.count, edits, g.temperature, g.seed, g.at, sequences_of(subject))
    else:
        trace = edited(subject.trace, edits, Surroundings(reader_of(subject), sequences_of(subject)))
    title = f"{subject.network}, edited" if edits else subject.network
    return _with_trace(replace(subject, network=title, lesson=()), trace)


def unedited(subject: Subject) -> Subject | None:
    """Return the same run as that of an edited `subject` without its edits; None where it has none."""
    original = subject.trace.original
    if original is None or not subject.trace.edits:
        return None
    return _with_trace(replace(subject, network=subject.network.removesuffix(", edited")), original)


def _with_trace(subject: Subject, trace: Trace) -> Subject:
    """Return `subject` with another run of its network, and what the network says in it."""
    forecast = replace(subject.forecast, edited=trace) if subject.forecast else None
    prediction = subject.prediction
    if prediction is not None:
        targets = prediction.targets
        if trace.tokens != prediction.trace.tokens:
            if isinstance(subject.origin, FromScenario):
                targets = subject.origin.scenario.corpus.targets(trace.tokens or ())
            elif (network := words_of(subject)) is not None:
                targets = predicted(network, trace).targets
        prediction = replace(prediction, trace=trace, targets=targets)
    return replace(subject, trace=trace, forecast=forecast, prediction=prediction, outputs=_outputs(subject, trace))


def _outputs(subject: Subject, trace: Trace) -> Outputs | None:
    """What the network says in `trace`; where timestamps are deleted their targets go along."""
    if subject.outputs is None or not isinstance(subject.origin, FromFile):
        return None
    ready = subject.origin.ready
    said = ready.numbers.said(trace, ready.sequence)
    if said is None or said.targets is None or trace.rows is None:
        return said
    return replace(said, targets=said.targets[list(trace.rows)])
