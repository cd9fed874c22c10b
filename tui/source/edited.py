"""A subject with something changed by hand, or gone on with words of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...engine import BadInput, Trace, WordNetwork
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
    """Return the network that reads the words of `subject`, None where it reads numbers."""
    network = getattr(subject.origin, "net", None)
    return network if isinstance(network, WordNetwork) else None


def sequences_of(subject: Subject) -> "Callable[[int], Trace] | None":
    """Return what runs a sequence, by its number from 1, of the batch that `subject` is of; None for no batch."""
    ready = subject.origin.ready if isinstance(subject.origin, FromFile) else None
    return None if ready is None or len(ready.sequences.arrays) == 1 else ready.run_of


def with_edits(
    subject: Subject, edits: "Sequence[Edit]", generation: Generation | None = None, columns: Sequence[str] = ()
) -> Subject:
    """Return `subject` with `edits`, and gone on where a `generation` is given; itself where there is neither.

    `columns` are the names of its inputs. Raises WrongEdit or BadInput for what cannot be.
    """
    if generation is None and not edits:
        return subject
    from ...engine import Surroundings, edited, generated  # not for a subject that is looked at as it is

    network = words_of(subject)
    if generation is not None:
        if network is None:
            raise BadInput("--generate goes on with the words that a network predicts; this one predicts none")
        g = generation
        trace = generated(subject.trace, network, g.count, edits, g.temperature, g.seed, g.at, sequences_of(subject))
    else:
        trace = edited(subject.trace, edits, Surroundings(network, sequences_of(subject), columns))
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
        if trace.tokens != prediction.trace.tokens and isinstance(subject.origin, FromScenario):
            targets = subject.origin.scenario.corpus.targets(trace.tokens or ())
        prediction = replace(prediction, trace=trace, targets=targets)
    return replace(subject, trace=trace, forecast=forecast, prediction=prediction)
