"""`gatestep run`: step through a scenario, or through your own network on your own inputs."""

import argparse
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from ...engine import BadInput
from ...engine.files.export import WHOLE
from ...scenarios import find_study
from ..launch import has_terminal, open_app, plain_look
from ..opening import at_timestamp, opened_study, page_of, timestamps_of
from ..source.subject import Subject
from .applies import What, given, option
from .arguments import ToChoose, part_of, subject_of, what_of
from .edits import add_edits, check_text, generation_of
from .options import add_glyphs, add_mouse, add_network, add_part, add_theme, check_printed
from .series import add_series, own_series, read_series

if TYPE_CHECKING:
    from ...engine.files.rows import Progress
    from ..views.forecast.state import Forecasting
    from ..views.reading.state import Reading
    from .series import OwnSeries


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "run",
        help="step through a scenario",
        usage="gatestep run (SCENARIO | FILE --input FILE | --csv FILE --target COLUMN [--dates ORDER] "
        "[--recipe NAME] [--window N] [--horizon N] [--split DATE|SHARE]) [--model NAME] "
        "[--text SENTENCE] [--at T] [--compare MODEL|SENTENCE | --gradients] [--layer L] [--units UNITS] "
        "[--steps STEPS] [--edit EDIT]... [--edits FILE] [--generate N [--temperature X] [--seed N]] "
        "[--theme auto|dark|light] [--mouse] [--plain] [--glyphs auto|braille|unicode|ascii]",
        description="Step through a scenario, or through a network of your own on inputs of your own.",
    )
    add_network(parser)
    parser.add_argument("--at", metavar="T", type=int, help="the timestamp to open at, from 1")
    parser.add_argument("--gradients", action="store_true",
                        help="backpropagation through time: the gradients at each word")  # fmt: skip
    parser.add_argument("--compare", metavar="MODEL|SENTENCE",
                        help="show another of the scenario's networks, or a sentence, beside it")  # fmt: skip
    add_part(parser, "print")
    add_edits(parser)
    add_series(parser, inner=True)
    add_glyphs(parser, inner=True)
    add_theme(parser, inner=True)
    add_mouse(parser, inner=True)
    parser.set_defaults(call=call)


def call(arguments: argparse.Namespace) -> int:
    """Open what was named at --at, or where its lesson begins; in a pipe, print its page at --at or the end."""
    on_screen = has_terminal() and not arguments.plain
    if on_screen and (reading := _reading(arguments)):
        return open_app(arguments.glyphs, reading, theme=arguments.theme, mouse=arguments.mouse)
    try:
        opened, at = _at(arguments, on_screen)
    except ToChoose as several:
        if not on_screen:
            raise
        opens = None if arguments.input is None else partial(_chosen, arguments)
        networks = replace(several.networks, opens=opens)
        return open_app(arguments.glyphs, networks, theme=arguments.theme, mouse=arguments.mouse)
    part = part_of(arguments, opened.trace) if isinstance(opened, Subject) else WHOLE
    if on_screen:
        return open_app(arguments.glyphs, opened, at, theme=arguments.theme, mouse=arguments.mouse)
    from ..plain import stepper_pages  # with the libraries that draw, not for a screen
    from ..source.ablated import beside_random
    from ..views.compare.state import Comparison

    check_printed(arguments.theme)
    look, steps = plain_look(arguments.glyphs), timestamps_of(opened)
    there = steps - 1 if at is None else at
    if isinstance(opened, Subject):
        print(stepper_pages(opened, part, [there] if part.timestamps is None else part.timestamps, look))
    else:
        print(page_of(opened, there, look))
    for line in beside_random(opened.right.subject if isinstance(opened, Comparison) else opened, there):
        print(f" {line}")
    return 0


def _chosen(arguments: argparse.Namespace, network: str) -> tuple[Any, int | None]:
    """What the options name with the network that was chosen on the screen, and the timestamp to open it at."""
    return _at(argparse.Namespace(**{**vars(arguments), "network": network}), on_screen=True)


def _at(arguments: argparse.Namespace, on_screen: bool) -> tuple[Any, int | None]:
    """What the options name, and the timestamp of --at from 0, None without one."""
    return _placed(arguments, _opened(arguments, on_screen), on_screen)


def _reading(a: argparse.Namespace) -> "Reading | None":
    """The table that the options name, to be read while the screen shows how far, where it is large."""
    from ..views.reading.state import LARGE, Reading  # for a table alone

    if what_of(a) is not What.TABLE:
        return None
    file, read = own_series(a)
    if not file.is_file() or file.stat().st_size < LARGE:
        return None  # read before the screen opens, and refused there

    def opened(progress: "Progress") -> tuple[Any, int | None]:
        return _placed(a, _forecasting(a, read(progress)), on_screen=True)

    return Reading(file, opened)


def _forecasting(a: argparse.Namespace, own: "OwnSeries") -> "Forecasting":
    from ..views.forecast.state import own_forecasting

    return own_forecasting(own.series, a.csv.name, own.recipe, own.recipes)


def _placed(arguments: argparse.Namespace, opened: Any, on_screen: bool) -> tuple[Any, int | None]:
    """What was opened, moved to --at where it has timestamps of its own, and --at counted from 0, None without it."""
    at = arguments.at
    steps = timestamps_of(opened)
    if at is not None and not 1 <= at <= steps:
        if not steps:
            raise BadInput(f"--at {at}: a dense network reads the sentence at once; it has no timestamps")
        raise BadInput(f"--at {at}: there is no such timestamp; the sequence has 1 to {steps}")
    if at is not None:
        opened = at_timestamp(opened, at - 1)
    if on_screen:
        for name in ("layer", "units", "steps"):
            if given(getattr(arguments, name)):
                raise BadInput(f"{option(name)} goes with --plain: it says what is printed; the screen has keys for it")
    return opened, None if at is None else at - 1


def _opened(arguments: argparse.Namespace, on_screen: bool) -> Any:
    """What the options name. What makes it is loaded when it is asked for: most open a sentence as it is."""
    a, what = arguments, what_of(arguments)
    generation_of(a)  # refuses a seed that draws nothing, whatever is opened
    if what is What.TABLE:
        return _forecasting(a, read_series(a))
    if what in (What.EXPERIMENT, What.NUMBERS):
        return opened_study(find_study(a.scenario), a.model)
    if on_screen and a.sequence is None and a.text is None and what is What.FILE:
        a.sequence = 1  # the screen has keys for the others
    subject = subject_of(a, on_screen=on_screen)
    if isinstance(subject, Subject) and subject.trace.edits:
        from ..views.compare.make import beside_original

        parted = any(given(value) for value in (a.layer, a.units, a.steps))
        return subject if parted else beside_original(subject)
    if a.compare is None:
        if not a.gradients:
            return subject
        from ..views.gradients.make import gradient_view

        return gradient_view(subject)
    from ..views.compare.make import compared, first_side

    check_text(a.compare, "--compare")
    return compared(first_side(subject), a.compare)
