"""`gatestep trace`: every quantity of every unit at every timestamp, as a table, JSON, CSV or NumPy archive."""

import argparse
import re
import sys
from pathlib import Path
from typing import Any

from ...engine import BadInput, printable, run, written_whole
from ...engine.files.export import FORMATS, export, export_reading
from ..views.dense.state import WholeSubject
from .arguments import subject_of
from .options import add_network


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "trace",
        help="export every gate of every step",
        usage="gatestep trace (SCENARIO | --weights FILE --input FILE) [--cell NAME] [--initial-state FILE.npz] "
        "[--text SENTENCE] [--model NAME] [--format table|json|csv|npz] [-o FILE]",
        description="Export every quantity of every unit at every timestamp.",
    )
    add_network(parser)
    parser.add_argument("--format", choices=FORMATS, help="default: by the ending of -o, or else table")
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="write to FILE instead of to the screen")
    parser.set_defaults(call=call)


def call(arguments: argparse.Namespace) -> int:
    """Run the network and write the trace."""
    output: Path | None = arguments.output
    form = arguments.format or _by_ending(output)
    if form == "npz" and output is None:
        raise BadInput("--format npz is not text; give -o FILE.npz")
    subject = subject_of(arguments, run)
    if isinstance(subject, WholeSubject):
        content = export_reading(subject.reading, subject.net.vocabulary, subject.answer, form)
    else:
        content = export(subject.trace, subject.prediction, form)
    if output is None:
        sys.stdout.write(_harmless(content.decode("utf-8"), form))
        return 0
    with written_whole(output) as file:
        file.write(content)
    return 0


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
