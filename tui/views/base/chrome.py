"""The bottom line: what is typed before a key, what there is to say about the last one, or the keys that work here."""

from collections.abc import Container
from dataclasses import dataclass

from rich.cells import cell_len, chop_cells

from ...draw.lines import Line, clip_middle, segment, typed
from ...draw.look import Look
from ...keys import Action, actions_of, key_names, with_keys

DIGITS = 7
"""Digits of a typed number that are read; no sequence here is longer."""


@dataclass(frozen=True)
class Chrome:
    """What a screen called `where` has typed and to say, and what it is `lacking` of what actions need."""

    where: str
    count: str = ""
    note: str = ""
    lacking: frozenset[str] = frozenset()


def footer(state: Chrome, width: int, height: int, look: Look) -> list[Line]:
    """Return the bottom line; a note is shown in place of the keys, in two lines if need be, a count before them."""
    if state.note:
        return [[segment(look, "warning", f" {line}")] for line in noted(state.note, width, height, look)]
    count: Line = [segment(look, "text", " "), *typed(state.count, look)] if state.count else []
    used = sum(s.cell_length for s in count)
    return [[*count, *keys_line(state.where, width - used, look, state.lacking)]]


def noted(note: str, width: int, rows: int, look: Look) -> list[str]:
    """Return a note in one line, or in two where it needs them and has them.

    What is still too long is mostly text that somebody has typed, with what is wrong with it behind: the middle goes.
    """
    text, room = look.text(with_keys(note, look.glyphs.unicode)), max(width - 2, 1)
    if rows < 2 or cell_len(text) <= room:
        return [clip_middle(text, room, look.glyphs.ellipsis)]
    text = clip_middle(text, 2 * room - 1, look.glyphs.ellipsis)  # a wide character may not fit into the first
    head = chop_cells(text, room)[0]
    words = head[: head.rfind(" ") + 1]
    if words and cell_len(text) - cell_len(words) <= room:
        head = words
    return [head.rstrip(), text[len(head) :].lstrip()]


def offered(where: str, lacking: Container[str] = ()) -> list[Action]:
    """Return the actions that the screen called `where` can do."""
    return [action for action in actions_of(where) if action.needs not in lacking]


def keys_line(where: str, width: int, look: Look, lacking: Container[str] = ()) -> Line:
    """Return the keys of the screen called `where`, as many as fit; help and the way out always do."""
    pairs: dict[str, tuple[str, str]] = {}
    for action in offered(where, lacking):
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
