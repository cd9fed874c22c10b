"""`gatestep grid`: the effect of patching each unit at each timestamp, from another sequence or to its mean."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...engine import BadInput, Floats, Trace, WordNetwork, printable, unknown_words
from ...engine.text import cells as width
from ..source.patches import mean_values, source_run
from ..source.subject import Subject
from .answers import add_answer, asked, base_of, figure, names_of, place_of, written
from .arguments import layer_asked
from .edits import check_text
from .options import add_network
from .reading import print_notes

if TYPE_CHECKING:
    from ...engine import Grid, Speaker

LARGEST = 3
"""Cells that are named below the table."""


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "grid",
        help="the effect of patching each unit at each timestamp",
        usage="gatestep grid SCENARIO --quantity NAME [--layer L] [--answer TOKEN] [--at T] "
        "[--from SENTENCE|N] [--json]",
        description="Print by how much ln p of the answer, or an output over numbers, changes when one quantity of one "
        "unit is patched at one timestamp: from the sentence, or sequence of the file, --from, which must be as long, "
        "or else to its mean over held-out sentences, or the other sequences.",
    )
    add_network(parser)
    parser.add_argument("--quantity", metavar="NAME", required=True, help="what is patched: forget, cell, hidden, ...")
    parser.add_argument("--layer", metavar="L", help="the layer, such as l1 (default: the only one)")
    add_answer(parser)
    parser.add_argument("--from", metavar="SENTENCE|N", dest="source",
                        help="the sentence, or sequence from 1, that the values come from")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="as an object")
    parser.set_defaults(call=call)


def call(arguments: argparse.Namespace) -> int:
    """Print the grid."""
    from ...engine import patch_grid  # not for other commands

    subject, speaker, at = asked(arguments, "a patch grid")
    layer = layer_asked(subject.trace, arguments.layer, arguments.quantity, None).name
    if arguments.source is not None:
        check_text(arguments.source, "--from")
    values = _values(subject, speaker, arguments.source, arguments.quantity, layer)
    grid = patch_grid(subject.trace, speaker, arguments.quantity, values, arguments.answer, layer, at)
    print(_json(grid, subject.trace) if arguments.json else _table(grid, names_of(subject.trace)))
    return 0


def _values(subject: Subject, speaker: "Speaker", source: str | None, quantity: str, layer: str) -> Trace | Floats:
    """The run of the `source`, or the mean where there is none."""
    if source is None:
        return mean_values(subject, speaker, quantity, layer)
    try:
        other = source_run(subject, speaker, source)
    except BadInput as error:
        raise BadInput(f"--from {source}: {error}") from None
    if isinstance(speaker, WordNetwork) and (unknown := unknown_words(other)):
        print_notes([f"--from: unknown to this network: {', '.join(unknown)}"])
    return other


def _table(grid: "Grid", names: Sequence[str]) -> str:
    """A row a timestamp, a column a unit; below, the largest cells."""
    T, H = grid.effects.shape
    cells = [[figure(float(value), grid.of_numbers) for value in row] for row in grid.effects]
    column = max(8, *(len(cell) + 2 for row in cells for cell in row)) if grid.of_numbers else 8
    wide = max(width(name) for name in names[:T])
    answer, base = printable(grid.answer), figure(grid.base, grid.of_numbers)
    base = base.lstrip("+") if grid.of_numbers else base
    what = answer if grid.of_numbers else f"ln p({answer})"
    head = f"{what} at {grid.at + 1} is {base}; changed by patching {grid.quantity}:"
    lines = [head, " " * (len(str(T)) + wide + 4) + "".join(f"{unit:>{column}}" for unit in range(H))]
    for t, row in enumerate(cells):
        shown = "".join(f"{cell:>{column}}" for cell in row)
        lines.append(f"{t + 1:>{len(str(T))}}  {names[t]}{' ' * (wide - width(names[t]))}  {shown}")
    lines.append("")
    for t, unit, effect in grid.largest(LARGEST):
        name = f"{names[t]}  " if names[t] else ""
        lines.append(f"{grid.quantity}[{unit}]@{t + 1}  {name}{figure(effect, grid.of_numbers)}")
    return "\n".join(lines)


def _json(grid: "Grid", trace: Trace) -> str:
    effects = [
        {**place_of(trace, t), "layer": grid.layer, "quantity": grid.quantity, "unit": unit, "effect": value}
        for t, unit, value in grid.largest(grid.effects.size)
    ]
    about = {"answer": grid.answer, "at": grid.at + 1, **base_of(grid.base, grid.of_numbers), "effects": effects}
    return written(about)
