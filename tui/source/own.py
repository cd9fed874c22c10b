"""A network of one's own as something to look at: a file of weights, run over a file of inputs."""

from dataclasses import replace

from ...engine import BadInput, run_lazily
from ...engine.files.own import Own, prepare
from .edited import with_edits
from .subject import FromFile, Runner, Subject


def own_subject(own: Own, runner: Runner = run_lazily) -> Subject:
    """Return the network that `own` asks for, run by `runner`."""
    return run_from(FromFile(prepare(own), runner))


def run_from(origin: FromFile) -> Subject:
    """Return the run of what is ready in `origin`; its title says what is assumed of the network."""
    ready = origin.ready
    trace = origin.runner(ready.stack, ready.inputs, ready.initial, ready.source)
    title = ", ".join(part for part in (ready.stack.title, ready.network) if part)
    return Subject(ready.own.weights.name, title, trace, origin, notes=ready.sequences.notes)


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
        raise BadInput(f"this is the {end} of the {len(ready.sequences.arrays)} sequences in {ready.own.input.name}")
    return with_edits(run_from(replace(origin, ready=ready)), subject.trace.edits)
