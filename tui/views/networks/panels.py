"""The networks in a file as a list, and below it what is known of the chosen one and the command that opens it."""

from ....engine.cells import CELLS
from ....engine.files.choosing import outline
from ....engine.files.contents import Recurrent
from ...draw.lines import Line, fitted, row_clickable, rule, segment, wrap
from ...draw.look import Look
from ...draw.shell import columns_of, in_lines
from ...keys import with_keys
from ...source.networks import about, besides
from .state import Networks

HEADS = ("cell", "layers", "directions", "units", "inputs")
LEAST_NAME = 12
DETAILS = 12
"""Rows for the notes and the command of the chosen network, where the list leaves no more."""


def networks(state: Networks, width: int, height: int, look: Look) -> list[Line]:
    """Return the title, the list with the sizes of each network, and below it the chosen one."""
    count = len(state.found.networks)
    title = f" {state.path.name}"
    kind = f"  {state.found.kind}, {count} recurrent network{'s' * (count > 1)}"
    lines: list[Line] = [
        [segment(look, "title", fitted(look, title, width)),
         segment(look, "dim", fitted(look, kind, max(width - len(title), 0)))],
        [segment(look, "dim", fitted(look, f" {_hint(state, look)}", width))],
        [],
    ]  # fmt: skip
    details = _details(state, width, look)
    rows = max(height - len(lines) - 2 - min(len(details), DETAILS), 3)
    lines += _list(state, width, rows, look)
    lines += [[], rule(look, [segment(look, "title", fitted(look, _name(state.network), width - 5))], [], width)]
    room = height - len(lines)
    if len(details) > room:
        details = [*details[: max(room - 1, 0)], [segment(look, "dim", f" {len(details) - room + 1} more lines")]]
    return (lines + details)[:height]


def _hint(state: Networks, look: Look) -> str:
    enter = with_keys("{key:networks.open}", look.glyphs.unicode)
    if state.network.refused:
        return "This network cannot be opened: see below."
    if state.opens is None:
        return "The input is not given yet: add --input FILE, as in the command below."
    return f"Choose one, by number or first letters too; {enter} opens it."


def _list(state: Networks, width: int, height: int, look: Look) -> list[Line]:
    """The headings, and a row for each network, as many as there is room for around the chosen one."""
    found = state.found.networks
    cells = [_sizes(network) for network in found]
    columns = [max(len(head), *(len(row[n]) for row in cells)) for n, head in enumerate(HEADS)]
    taken = 7 + sum(column + 2 for column in columns)
    names = max(min(max(columns_of(_name(network), look) for network in found), width - taken), LEAST_NAME)
    heads = "".join(f"  {head:>{column}}" if n else f"  {head:<{column}}"
                    for n, (head, column) in enumerate(zip(HEADS, columns, strict=True)))  # fmt: skip
    lines: list[Line] = [[segment(look, "dim", fitted(look, " " * 6 + "name".ljust(names) + " " + heads, width))]]
    rows = min(max(height - 1, 1), len(found))
    rows -= rows < len(found)  # a line says how many more there are
    top = max(0, min(state.index - rows // 2, len(found) - rows))
    for n, network in enumerate(found[top : top + rows], top):
        mark = look.glyphs.chosen if n == state.index else " "
        sizes = "".join(f"  {cell:>{column}}" if m else f"  {cell:<{column}}"
                        for m, (cell, column) in enumerate(zip(cells[n], columns, strict=True)))  # fmt: skip
        shown = fitted(look, _name(network), names)
        shown += " " * (names - columns_of(shown, look))
        line = [
            segment(look, "key", f" {mark} "), segment(look, "dim", f"{n + 1:>2} " if n < 99 else "   "),
            segment(look, "cursor" if n == state.index else "text", f"{shown} "),
            segment(look, "dim" if network.refused else "text", fitted(look, sizes, max(width - 7 - names, 0))),
        ]  # fmt: skip
        lines.append(row_clickable(look, line, f"row:{n}"))
    if rows < len(found):
        lines.append([segment(look, "dim", f"      {len(found) - rows} more, {len(found)} in all")])
    return lines


def _details(state: Networks, width: int, look: Look) -> list[Line]:
    """The notes on the chosen network, the command that opens it, and what else the file holds."""
    lines: list[Line] = []
    for said in about(state.network):
        role = "warning" if said.startswith("cannot be opened") else "text"
        parts = wrap(look.text(said), width - 2)
        lines += [[segment(look, "text", " "), segment(look, role, part.strip())] for part in parts]
    if not state.network.refused:
        lines += [[segment(look, "dim", " Open it with:")], *in_lines(state.command, width, look)]
    if others := besides(state.found):
        lines += [[], *([segment(look, "dim", f" {part.strip()}")] for part in wrap(look.text(others), width - 2))]
    return lines


def _sizes(network: Recurrent) -> tuple[str, ...]:
    own = outline(network)
    cell = CELLS[own.cell].title if own.cell in CELLS else "?"
    return cell, *(f"{n}" if n else "?" for n in (own.layers, own.directions, own.units, own.inputs))


def _name(network: Recurrent) -> str:
    return network.name or "(no name)"
