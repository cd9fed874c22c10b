"""A subject with edits, or continued with words that its network predicts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...engine import BadInput, Outputs, Trace, WordNetwork, WordReader, predicted, run_lazily
from ...scenarios import Watched
from .origins import FromFile, FromScenario
from .subject import Subject

if TYPE_CHECKING:
    from ...engine import Edit, EditList


@dataclass(frozen=True)
class Generation:
    """How a network continues: `count` words, drawn at `temperature` with `seed`, after timestamp `at` or the end."""

    count: int
    temperature: float = 0.0
    seed: int = 0
    at: int | None = None


@dataclass(frozen=True, eq=False)
class Changed:
    """What was done by hand to the run `base`: a list of edits, some of which may be off, and words to generate.

    `before` is the state before the last change, which undo returns to; None where nothing had been changed.
    """

    base: Subject
    edits: "EditList"
    generation: Generation | None = None
    before: "Changed | None" = None

    @property
    def on(self) -> int:
        """How many of the edits are in force."""
        return len(self.edits.edits)

    @property
    def title(self) -> str:
        """What is done, for a heading: 2 edits, 1 of 3 edits, 5 words generated; "" where nothing is."""
        said = []
        if len(self.edits):
            count = f"{self.on}" if self.on == len(self.edits) else f"{self.on} of {len(self.edits)}"
            said.append(f"{count} edit{'s' * (len(self.edits) > 1)}")
        if self.generation is not None:
            said.append(f"{self.generation.count} word{'s' * (self.generation.count > 1)} generated")
        return ", ".join(said)


def done_to(subject: Subject) -> Changed:
    """Return what was done to `subject` by hand; a record without changes where nothing was."""
    if subject.changed is not None:
        return subject.changed
    from ...engine import EditList  # not for a subject that is looked at as it is

    return Changed(subject, EditList())


def with_change(done: Changed, edits: "EditList", generation: Generation | None = None) -> Subject:
    """Return the run of `done` with `edits` and `generation` in place of its own; undo returns to `done`.

    Raises WrongEdit or BadInput for what is not possible.
    """
    return _made(Changed(done.base, edits, generation, done))


def taken_back(subject: Subject) -> Subject | None:
    """Return `subject` as it was before the last change by hand; None where there was none."""
    changed = subject.changed
    return None if changed is None or changed.before is None else _made(changed.before)


def carried(subject: Subject, base: Subject) -> Subject:
    """Return `base`, another run of the same network, with what was done to `subject` by hand."""
    changed = subject.changed
    return base if changed is None else _made(Changed(base, changed.edits, changed.generation))


def _made(changed: Changed) -> Subject:
    """The run with these changes; the base itself where there is nothing to switch on again or to undo."""
    made = _run(changed.base, changed.edits.edits, changed.generation)
    if changed.before is None and not len(changed.edits) and changed.generation is None:
        return changed.base
    return replace(made, changed=changed)


def words_of(subject: Subject) -> WordNetwork | None:
    """Return the network that reads and predicts words in `subject`; None where it reads numbers, or predicts none."""
    network = getattr(subject.origin, "net", None)
    return network if isinstance(network, WordNetwork) else None


def reader_of(subject: Subject) -> WordReader | None:
    """Return the network that reads the words of `subject`, even if it predicts none; None where it reads numbers."""
    network = getattr(subject.origin, "net", None)
    return network if isinstance(network, WordReader) else None


def sequences_of(subject: Subject) -> "Callable[[int], Trace] | None":
    """Return a function that runs a sequence of the batch of `subject`, by number from 1; None where there is no batch.

    Each sequence begins in its own initial states.
    """
    origin = subject.origin
    if not isinstance(origin, FromFile) or len(origin.ready.sequences.arrays) == 1:
        return None
    ready = origin.ready

    def run_of(number: int) -> Trace:
        other = ready.at(ready.sequences.index_of(number))
        return run_lazily(other.stack, other.inputs, other.initial, other.source)

    return run_of


def why_not(subject: Subject, need: str) -> str:
    """Return why there is nothing to undo, to list or to generate; "" where there is."""
    if need == "edits":
        done = subject.changed
        none = done is None or not (len(done.edits) or done.before)
        return "no edits yet: {key:stepper.set} sets a value, {key:stepper.ablate} ablates the unit" if none else ""
    if need == "undo":
        return "" if subject.changed is not None and subject.changed.before is not None else "there is nothing to undo"
    network = words_of(subject)
    if network is None:
        return "only a network that predicts words can generate them"
    return network.why_not_generating


def with_edits(subject: Subject, edits: "Sequence[Edit]", generation: Generation | None = None) -> Subject:
    """Return `subject` with `edits`, and continued where a `generation` is given; unchanged where there is neither.

    Raises WrongEdit or BadInput for what cannot be.
    """
    if generation is None and not edits:
        return subject
    done = done_to(subject)
    every = done.edits
    for edit in edits:
        every = every.added(edit)
    return _made(Changed(done.base, every, generation or done.generation))


def _run(subject: Subject, edits: "Sequence[Edit]", generation: Generation | None) -> Subject:
    """The run of `subject` with `edits` in force, continued with words that it predicts."""
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
    # What was found of the unit is true of the run as it was.
    made = replace(subject, network=title, lesson=(), opening=lambda: Watched(subject.watched.unit))
    return _with_trace(made, trace)


def unedited(subject: Subject) -> Subject | None:
    """Return the run of `subject` without its edits; None where it has no edits."""
    original = subject.trace.original
    if original is None or not subject.trace.edits:
        return None
    network = subject.network.removesuffix(", edited")
    return _with_trace(replace(subject, network=network, changed=None), original)


def _with_trace(subject: Subject, trace: Trace) -> Subject:
    """Return `subject` with another run of its network, and with what the network outputs in it."""
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
    """The outputs of the network in `trace`; the targets of deleted timestamps are left out."""
    if subject.outputs is None or not isinstance(subject.origin, FromFile):
        return None
    ready = subject.origin.ready
    said = ready.numbers.outputs_of(trace, ready.sequence)
    if said is None or said.targets is None or trace.rows is None:
        return said
    return replace(said, targets=said.targets[list(trace.rows)])
