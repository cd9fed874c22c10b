"""`gatestep grid`: the effect of patching each unit at each timestamp, from another sentence or to its mean."""

import argparse
import json
from typing import TYPE_CHECKING, Any

from ...engine import BadInput, WordNetwork, printable, unknown_words
from ...engine.text import visible
from ..source.edited import words_of
from ..source.held import averaged_over
from ..source.subject import DenseSubject, Subject
from .arguments import subject_of
from .edits import check_text
from .options import add_network
from .reading import told

if TYPE_CHECKING:
    from ...engine import Grid

LARGEST = 3
"""Cells that are named below the table."""


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "grid",
        help="the effect of patching each unit at each timestamp",
        usage="gatestep grid SCENARIO --quantity NAME [--layer L] [--answer TOKEN] [--at T] [--from SENTENCE] [--json]",
        description="Print by how much ln p of the answer changes when one quantity of one unit is patched at one "
        "timestamp: from the sentence --from, which must be as long, or else to its mean over held-out sentences.",
    )
    add_network(parser)
    parser.add_argument("--quantity", metavar="NAME", required=True, help="what is patched: forget, cell, hidden, ...")
    parser.add_argument("--layer", metavar="L", help="the layer, such as l1 (default: the only one)")
    add_answer(parser)
    parser.add_argument("--from", metavar="SENTENCE", dest="source", help="the sentence that the values come from")
    parser.add_argument("--json", action="store_true", help="as an object")
    parser.set_defaults(call=call)


def add_answer(parser: argparse.ArgumentParser) -> None:
    """Add what is asked of which word, and where."""
    parser.add_argument("--answer", metavar="TOKEN", help="the word whose probability is watched (default: likeliest)")
    parser.add_argument("--at", metavar="T", type=int, help="where it is said, from 1 (default: at the end)")


def asked(arguments: argparse.Namespace, what: str) -> tuple[Subject, WordNetwork, int]:
    """Return the subject, its network, and the timestamp that is asked about, from 0."""
    if arguments.answer is not None:
        check_text(arguments.answer, "--answer")
    subject = subject_of(arguments)
    network = None if isinstance(subject, DenseSubject) else words_of(subject)
    if isinstance(subject, DenseSubject) or network is None:
        raise BadInput(f"{what} asks for the words that a recurrent network predicts; this one predicts none")
    T = len(subject.trace)
    if arguments.at is not None and not 1 <= arguments.at <= T:
        raise BadInput(f"--at {arguments.at}: there is no such timestamp; the sentence has 1 to {T}")
    return subject, network, T - 1 if arguments.at is None else arguments.at - 1


def call(arguments: argparse.Namespace) -> int:
    """Print the grid."""
    from ...engine import mean_of, patch_grid  # not for other commands

    subject, network, at = asked(arguments, "a patch grid")
    layer, other = _layer(subject, arguments.layer), None
    if arguments.source is not None:
        check_text(arguments.source, "--from")
        other = network.trace(arguments.source)
        if unknown := unknown_words(other):
            told([f"--from: unknown to this network: {', '.join(unknown)}"])
        values: Any = other
    else:
        _check(subject, layer, arguments.quantity)
        values = mean_of(network, averaged_over(subject), arguments.quantity, layer)
    grid = patch_grid(subject.trace, network, arguments.quantity, values, arguments.answer, layer, at)
    tokens = subject.trace.tokens or ()
    print(_json(grid, tokens) if arguments.json else _table(grid, tokens))
    return 0


def _layer(subject: Subject, named: str | None) -> str:
    names = [layer.name for layer in subject.trace.layers]
    if named is None and len(names) > 1:
        raise BadInput(f"this network has several layers; give --layer, one of {', '.join(names)}")
    if named is not None and named not in names:
        raise BadInput(f"--layer {named}: unknown layer; choose from {', '.join(names)}")
    return named or names[0]


def _check(subject: Subject, layer: str, quantity: str) -> None:
    cell = subject.trace.layer(layer).cell
    if quantity not in cell.quantities:
        raise BadInput(f"--quantity {quantity}: {cell.title} has none; choose from {', '.join(cell.quantities)}")


def _table(grid: "Grid", tokens: tuple[str, ...]) -> str:
    """A row a timestamp, a column a unit; below, the largest cells."""
    T, H = grid.effects.shape
    wide = max(len(printable(visible(token))) for token in tokens[:T])
    head = f"ln p({printable(grid.answer)}) at {grid.at + 1} is {grid.base:+.3f}; changed by patching {grid.quantity}:"
    lines = [head, " " * (len(str(T)) + wide + 4) + "".join(f"{unit:>8}" for unit in range(H))]
    for t in range(T):
        row = "".join(f"{value:>+8.3f}" for value in grid.effects[t])
        lines.append(f"{t + 1:>{len(str(T))}}  {printable(visible(tokens[t])).ljust(wide)}  {row}")
    lines.append("")
    for t, unit, effect in grid.largest(LARGEST):
        lines.append(f"{grid.quantity}[{unit}]@{t + 1}  {printable(visible(tokens[t]))}  {effect:+.3f}")
    return "\n".join(lines)


def _json(grid: "Grid", tokens: tuple[str, ...]) -> str:
    effects = [
        {"t": t + 1, "token": tokens[t], "layer": grid.layer, "quantity": grid.quantity, "unit": unit, "effect": value}
        for t, unit, value in grid.largest(grid.effects.size)
    ]
    about = {"answer": grid.answer, "at": grid.at + 1, "log_probability": grid.base, "effects": effects}
    return json.dumps(about, indent=1)
