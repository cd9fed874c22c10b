"""The bottom line: the keys that matter here, or what there is to say about the last one."""

from typing import Any

from rich.cells import cell_len

from ...draw.lines import Line, Panel, fitted, segment
from ...draw.look import Look
from ...keys import actions_of, key_names


def footer_for(where: str) -> Panel[Any]:
    """Return the footer panel of the screen called `where`; a state's `note` is shown in place of the keys."""

    def footer(state: Any, width: int, height: int, look: Look) -> list[Line]:
        note = getattr(state, "note", "")
        if note:
            return [[segment(look, "warning", " " + fitted(look, note, width - 2))]]
        return [keys_line(where, width, look)]

    return footer


def keys_line(where: str, width: int, look: Look) -> Line:
    """Return the keys of the screen called `where`, as many as fit; help and the way out always do."""
    pairs: dict[str, tuple[str, str]] = {}
    for action in actions_of(where):
        base, key = action.name.partition("(")[0], key_names(action, look.glyphs.unicode, False)[0]
        if base in pairs and "+" not in key:  # the way back stands with the way on
            pairs[base] = (f"{key} {pairs[base][0]}", pairs[base][1])
        elif base not in pairs and action.short:
            pairs[base] = (key, action.short)
    always = [pairs.pop(base) for base in ("help", "back")]
    room = width - 1 - sum(_size(pair) for pair in always)
    line: Line = [segment(look, "text", " ")]
    for pair in pairs.values():
        if _size(pair) <= room:
            room -= _size(pair)
            line += _pair(pair, look)
    for pair in always:
        line += _pair(pair, look)
    return line


def _size(pair: tuple[str, str]) -> int:
    return cell_len(pair[0]) + 1 + cell_len(pair[1]) + 2


def _pair(pair: tuple[str, str], look: Look) -> Line:
    return [segment(look, "key", pair[0]), segment(look, "dim", f" {pair[1]}  ")]
