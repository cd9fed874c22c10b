"""`gatestep run`: step through a scenario, or through your own network on your own inputs."""

import argparse
from typing import Any

from ...engine import BadInput
from ..plain import page
from ..terminal import has_terminal, open_app, plain_look
from .options import add_glyphs, add_network
from .subject import subject_of


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "run",
        help="step through a scenario",
        usage="gatestep run (SCENARIO | --weights FILE --input FILE) [--model NAME] [--text SENTENCE] [--at T] "
        "[--plain] [--glyphs auto|unicode|ascii]",
        description="Step through a scenario, or through a network of your own on inputs of your own.",
    )
    add_network(parser)
    parser.add_argument("--at", metavar="T", type=int, help="the timestamp to open at, from 1")
    add_glyphs(parser, inner=True)
    parser.set_defaults(call=call)


def call(arguments: argparse.Namespace) -> int:
    """Open the stepper at --at or the first timestamp; in a pipe print what it shows at --at or the last."""
    subject = subject_of(arguments)
    steps, at = len(subject.trace), arguments.at
    if at is not None and not 1 <= at <= steps:
        raise BadInput(f"--at {at}: there is no such step; the sequence has 1 to {steps}")
    if has_terminal() and not arguments.plain:
        return open_app(arguments.glyphs, subject, (at or 1) - 1)
    print(page(subject, (at or steps) - 1, plain_look(arguments.glyphs)))
    return 0
