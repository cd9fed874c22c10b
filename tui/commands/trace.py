"""`gatestep trace`: every quantity of every unit at every timestamp, as a table, JSON, CSV or NumPy archive."""

import argparse
import re
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import IO, Any, cast

from ...engine import BadInput, printable, run, run_lazily, written_whole
from ...engine.explain.agreement import agreement, sentence
from ...engine.files.export import FORMATS, WHOLE, export, export_reading
from ...engine.files.inputs import read_array
from ..source.subject import DenseSubject, Subject
from .arguments import part_of, subject_of
from .edits import add_edits
from .options import add_network, add_part, path


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "trace",
        help="export every gate at every timestamp",
        usage="gatestep trace (SCENARIO | FILE --input FILE) [--cell NAME] [--initial-state FILE.npz] "
        "[--text SENTENCE] [--model NAME] [--layer L] [--units UNITS] [--steps STEPS] "
        "[--edit EDIT]... [--edits FILE] [--generate N [--temperature X] [--seed N]] "
        "[--expect FILE] [--format table|json|csv|npz] [-o FILE]",
        description="Export every quantity of every unit at every timestamp.",
    )
    add_network(parser)
    add_part(parser, "export")
    add_edits(parser)
    parser.add_argument("--format", choices=FORMATS, help="default: by the ending of -o, or else table")
    parser.add_argument("-o", "--output", metavar="FILE", type=path, help="write to FILE instead of to the screen")
    parser.add_argument("--expect", metavar="FILE", type=path,
                        help="hidden states of the last layer, (T, D), from your own framework")  # fmt: skip
    parser.set_defaults(call=call)


def call(arguments: argparse.Namespace) -> int:
    """Run the network and write the trace."""
    output: Path | None = arguments.output
    form = arguments.format or _by_ending(output)
    if form == "npz" and output is None and arguments.expect is None:
        raise BadInput("--format npz is not text; give -o FILE.npz")
    subject = subject_of(arguments, run if arguments.steps is None else run_lazily)
    tell_assumptions(subject)
    if arguments.expect is not None:
        return _compared(arguments, subject, form)
    _export(arguments, subject, form)
    return 0


def _export(arguments: argparse.Namespace, subject: Subject | DenseSubject, form: str) -> None:
    """Write the trace into the file that was named, or print it."""
    output: Path | None = arguments.output
    part = WHOLE if isinstance(subject, DenseSubject) else part_of(arguments, subject.trace)
    with written_whole(output) if output else nullcontext(cast(IO[bytes], _Screen(form))) as file:
        if isinstance(subject, DenseSubject):
            export_reading(subject.reading, subject.net.vocabulary, subject.answer, form, file)
        else:
            export(subject.trace, subject.prediction, form, file, part, subject.outputs)


def _compared(arguments: argparse.Namespace, subject: Subject | DenseSubject, form: str) -> int:
    """Say how far the hidden states are from those in --expect; the trace itself goes into a file or nowhere."""
    assert isinstance(subject, Subject)
    if arguments.steps is not None or arguments.units is not None or arguments.layer is not None:
        raise BadInput("--expect compares all of the last layer; --layer, --units and --steps do not go with it")
    found = agreement(subject.trace, read_array(arguments.expect), str(arguments.expect))
    if arguments.output is not None:
        _export(arguments, subject, form)
    print(printable(sentence(found, str(arguments.expect))))
    return 0 if found.agrees else 1


def tell_assumptions(subject: Subject | DenseSubject) -> None:
    """Print to stderr what was assumed of a network because its file does not say it: exports have no place for it."""
    if isinstance(subject, Subject) and subject.trace.stack.assumptions:
        said = ", ".join(subject.trace.stack.assumptions)
        options = {"tanh assumed": "--activation overrides it", "begins in": "--initial-state FILE gives a state"}
        settled = [option for part, option in options.items() if part in said]
        print(printable(f"gatestep: {'; '.join([f'{subject.title}: {said}', *settled])}"), file=sys.stderr)


class _Screen:
    """Prints the parts of an export, each of whole characters and words, without what a terminal would obey."""

    def __init__(self, form: str) -> None:
        self._form = form

    def write(self, part: bytes) -> None:
        """Print one part."""
        sys.stdout.write(_harmless(part.decode("utf-8"), self._form))


def _by_ending(output: Path | None) -> str:
    ending = output.suffix.removeprefix(".").lower() if output else ""
    return ending if ending in FORMATS else "table"


def _harmless(text: str, form: str) -> str:
    """Return `text` without what a terminal would obey; where a program reads it, nothing of it is lost.

    JSON can escape such characters. CSV cannot, and is for programs: only on a terminal they become ?.
    """
    if form == "json":
        return text.translate({ord(c): _escaped(c) for c in set(text) if c != "\n" and printable(c) != c})
    return "\n".join(map(printable, text.split("\n"))) if sys.stdout.isatty() else text


def _escaped(c: str) -> str:
    return re.sub("(....)", r"\\u\1", c.encode("utf-16-be").hex())
