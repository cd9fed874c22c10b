"""The command line that opens what is looked at, for a report, a script or a colleague."""

import shlex
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from .edited import Generation, done_to
from .origins import FromFile, FromScenario
from .subject import Subject

if TYPE_CHECKING:
    from ...engine import EditList
    from ...engine.files.own import Own


def command_of(subject: Subject, edits: "EditList | None" = None, generation: Generation | None = None) -> str:
    """Return the command that opens `subject` without its edits, and makes `edits` and the `generation` again.

    It is quoted for a shell. It is "" where no command opens the subject: a checkpoint of a training, or a day.
    """
    return _command("run", subject, [], edits, generation)


def finding(subject: Subject, condition: str) -> str:
    """Return the command that prints where `condition` holds in `subject`, with what is done to it by hand.

    It is "" where no command can: `find` generates words after the last timestamp only.
    """
    done = done_to(subject)
    if done.generation is not None and done.generation.at is not None:
        return ""
    return _command("find", done.base, ["--where", condition], done.edits, done.generation)


def _command(
    name: str, subject: Subject, options: list[str], edits: "EditList | None", generation: Generation | None
) -> str:
    origin = subject.origin
    if isinstance(origin, FromScenario):
        words = _of_scenario(subject, origin)
    elif isinstance(origin, FromFile):
        batch = len(origin.ready.sequences.arrays) > 1
        own = origin.ready.own
        words = _of_file(replace(own, sequence=origin.ready.sequence + 1) if batch else own)
    else:
        return ""
    words += options
    made = "" if edits is None else edits.options()
    if generation is not None:
        words += ["--generate", str(generation.count)]
        if generation.temperature:
            words += ["--temperature", f"{generation.temperature:g}", "--seed", str(generation.seed)]
        if generation.at is not None:
            words += ["--at", str(generation.at + 1)]
    return " ".join(["gatestep", name, *map(shlex.quote, words)] + [made] * bool(made))


def _of_scenario(subject: Subject, origin: FromScenario) -> list[str]:
    scenario, read = origin.scenario, subject.trace.original or subject.trace
    words = [scenario.name]
    if origin.weights is not None:
        words += ["--weights", str(origin.weights)]
    elif origin.model != scenario.models[0]:
        words += ["--model", origin.model]
    if read.tokens != tuple(scenario.corpus.vocabulary.split(scenario.sentences[0])):
        words += ["--text", subject.vocabulary.spell(read.tokens or ())]
    return words


def _of_file(own: "Own") -> list[str]:
    words = []
    for field in fields(own):
        value = getattr(own, field.name)
        if value is not None and value is not False:
            words += [f"--{field.name.replace('_', '-')}"] + [str(value)] * (value is not True)
    return words
