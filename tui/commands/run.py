"""`gatestep run`: step through a scenario, or through your own network on your own inputs."""

import argparse
from typing import Any

from ...engine import BadInput
from ...scenarios import EXPERIMENTS
from ..backward import Backward
from ..comparison import Comparison
from ..experiment import Trial
from ..moment import Subject
from ..plain import page
from ..subjects import Opened, backward, compared, first_side, scenario_opened
from ..terminal import has_terminal, open_app, plain_look
from .options import add_glyphs, add_network
from .subject import check_text, subject_of


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "run",
        help="step through a scenario",
        usage="gatestep run (SCENARIO | --weights FILE --input FILE) [--model NAME] [--text SENTENCE] [--at T] "
        "[--compare MODEL|SENTENCE | --gradients] [--plain] [--glyphs auto|unicode|ascii]",
        description="Step through a scenario, or through a network of your own on inputs of your own.",
    )
    add_network(parser)
    parser.add_argument("--at", metavar="T", type=int, help="the timestamp to open at, from 1")
    parser.add_argument("--gradients", action="store_true",
                        help="go back through the sentence: the gradients at each word")  # fmt: skip
    parser.add_argument("--compare", metavar="MODEL|SENTENCE",
                        help="put another of the scenario's networks, or a sentence, beside it")  # fmt: skip
    add_glyphs(parser, inner=True)
    parser.set_defaults(call=call)


def call(arguments: argparse.Namespace) -> int:
    """Open what was named at --at, or where its lesson begins; in a pipe print what it shows at --at or the last."""
    opened = _opened(arguments)
    steps, at = steps_of(opened), arguments.at
    if at is not None and not 1 <= at <= steps:
        if not steps:
            raise BadInput(f"--at {at}: a dense network reads the sentence whole; it has no steps")
        raise BadInput(f"--at {at}: there is no such step; the sequence has 1 to {steps}")
    if isinstance(opened, Backward | Trial) and at is not None:
        opened = opened.at(at - 1)
    if has_terminal() and not arguments.plain:
        return open_app(arguments.glyphs, opened, None if at is None else at - 1)
    print(page(opened, (at or steps) - 1, plain_look(arguments.glyphs)))
    return 0


def _opened(arguments: argparse.Namespace) -> Opened:
    """What the options name."""
    if arguments.scenario in EXPERIMENTS:
        for option in ("model", "text", "weights", "input", "cell", "initial_state", "compare", "gradients"):
            if getattr(arguments, option):
                raise BadInput(f"--{option.replace('_', '-')} goes with a scenario; {arguments.scenario} is an "
                               "experiment")  # fmt: skip
        return scenario_opened(arguments.scenario)
    subject = subject_of(arguments)
    if arguments.compare is None:
        return backward(subject) if arguments.gradients else subject
    if arguments.gradients:
        raise BadInput("--gradients and --compare show two different things; give one of them")
    check_text(arguments.compare, "--compare")
    return compared(first_side(subject), arguments.compare)


def steps_of(opened: Opened) -> int:
    """Return how many timestamps there are to go to; 0 where there are none."""
    if isinstance(opened, Subject):
        return len(opened.trace)
    if isinstance(opened, Backward | Trial):
        return opened.steps
    return opened.steps if isinstance(opened, Comparison) and opened.moments else 0
