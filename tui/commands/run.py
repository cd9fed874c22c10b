"""`gatestep run`: step through a scenario, or through your own network on your own inputs."""

import argparse
from typing import Any

from ...engine import BadInput
from ...scenarios import Experiment, Forecaster, find_study
from ...scenarios.forecast import RECIPES
from ..launch import has_terminal, open_app, plain_look
from ..plain import page
from ..source.make import Opened, backward, compared, first_side, opened_study
from ..views.compare.state import Comparison
from ..views.experiment.state import Trial
from ..views.forecast.state import Forecasting, own_forecasting
from ..views.gradients.state import Backward
from ..views.stepper.state import Subject
from .arguments import check_text, own_series, subject_of
from .options import add_glyphs, add_network, add_series


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "run",
        help="step through a scenario",
        usage="gatestep run (SCENARIO | --weights FILE --input FILE | --csv FILE --target COLUMN) [--model NAME] "
        "[--text SENTENCE] [--at T] [--compare MODEL|SENTENCE | --gradients] [--plain] [--glyphs auto|unicode|ascii]",
        description="Step through a scenario, or through a network of your own on inputs of your own.",
    )
    add_network(parser)
    parser.add_argument("--at", metavar="T", type=int, help="the timestamp to open at, from 1")
    parser.add_argument("--gradients", action="store_true",
                        help="go back through the sentence: the gradients at each word")  # fmt: skip
    parser.add_argument("--compare", metavar="MODEL|SENTENCE",
                        help="put another of the scenario's networks, or a sentence, beside it")  # fmt: skip
    add_series(parser)
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
    if isinstance(opened, Backward | Comparison | Forecasting | Trial) and at is not None:
        opened = opened.at(at - 1)
    if has_terminal() and not arguments.plain:
        return open_app(arguments.glyphs, opened, None if at is None else at - 1)
    print(page(opened, (at or steps) - 1, plain_look(arguments.glyphs)))
    return 0


def _opened(arguments: argparse.Namespace) -> Opened:
    """What the options name."""
    a = arguments
    study = find_study(a.scenario) if a.scenario is not None else None
    if a.csv is not None or a.target is not None:
        _alone(a, "--csv FILE --target COLUMN goes alone", "scenario", "weights", "input", "text", "gradients")
        if a.model not in (None, *RECIPES):
            raise BadInput(f"--model {a.model}: is not a recipe; there is {', '.join(RECIPES)}")
        return own_forecasting(own_series(a.csv, a.target), a.csv.name, a.model)
    if isinstance(study, Experiment):
        what = f"{study.name} is an experiment"
        _alone(a, what, "model", "text", "weights", "input", "cell", "initial_state", "compare", "gradients")
        return opened_study(study)
    if isinstance(study, Forecaster):
        _alone(
            a, f"{study.name} forecasts numbers", "weights", "input", "cell", "initial_state", "compare", "gradients"
        )
        return subject_of(a) if a.text is not None else opened_study(study, a.model)
    subject = subject_of(a)
    if a.compare is None:
        return backward(subject) if a.gradients else subject
    if a.gradients:
        raise BadInput("--gradients and --compare show two different things; give one of them")
    check_text(a.compare, "--compare")
    return compared(first_side(subject), a.compare)


def _alone(arguments: argparse.Namespace, what: str, *others: str) -> None:
    """Raise BadInput where one of `others` was given too."""
    for name in others:
        if getattr(arguments, name):
            option = "a SCENARIO" if name == "scenario" else f"--{name.replace('_', '-')}"
            raise BadInput(f"{what}; {option} does not go with it")


def steps_of(opened: Opened) -> int:
    """Return how many timestamps there are to go to; 0 where there are none."""
    if isinstance(opened, Subject):
        return len(opened.trace)
    if isinstance(opened, Forecasting):
        return len(opened.series)
    if isinstance(opened, Backward | Trial):
        return opened.steps
    return opened.steps if isinstance(opened, Comparison) and opened.moments else 0
