"""The bottom line: the count typed before a key, a note on what the last key did, or the keys that work here."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, chop_cells

from ...draw.lines import Line, clickable, clip_middle, segment, typed
from ...draw.look import Look
from ...draw.memo import memo
from ...keys import PAGES, RANK, Action, action_called, actions_of, key_names, with_keys

DIGITS = 7
"""Digits of a typed number that are read; no sequence here is longer."""

Pair = tuple[str, str]
"""What is printed on the keys of a pair of actions, such as a step on and a step back, and what they do."""


@dataclass(frozen=True)
class Chrome:
    """The footer of the screen called `where`: the `count` that is typed, a `note`, and what the screen is `lacking`.

    `lacking` has the needs of actions that cannot be met there. `named` are, by id, what actions are called that do
    another thing now than at first; "" leaves one out. Leaving the `first` screen quits.
    """

    where: str
    count: str = ""
    note: str = ""
    lacking: frozenset[str] = frozenset()
    named: tuple[tuple[str, str], ...] = ()
    first: bool = False


def footer(state: Chrome, width: int, height: int, look: Look) -> list[Line]:
    """Return the bottom line; a note is shown in place of the keys, in two lines if need be, a count before them."""
    if state.note:
        return [[segment(look, "chosen", f" {line}")] for line in noted(state.note, width, height, look)]
    count: Line = [segment(look, "text", " "), *typed(state.count, look)] if state.count else []
    used = sum(s.cell_length for s in count)
    return [[*count, *keys_line(state.where, width - used, look, state.lacking, state.named, state.first)]]


def noted(note: str, width: int, rows: int, look: Look) -> list[str]:
    """Return a note in one line, or in two where it needs them and has them.

    A note that is still too long is mostly text that the user typed, then what is wrong with it: the middle goes.
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


@memo(maxsize=16)
def keys_line(
    where: str, width: int, look: Look, lacking: Container[str] = (), named: Sequence[Pair] = (), first: bool = False
) -> Line:
    """Return the keys of the screen called `where`, the most useful first, as many as fit; help and the way out last.

    Where the keys of the pages do not all fit with their names, they stand together as "pages". `named` are, by id,
    other names than those of the registry. The way out of the `first` screen quits.
    """
    out, help_ = _pair(where, "app.back", look, "quit" if first else ""), _pair(where, "app.help", look)
    room = width + 1 - _size(out) - _size(help_)
    pairs = pairs_of(where, look, lacking, named)
    single = _filled([pair for _, pair in pairs], room)
    pages = [(action, pair) for action, pair in pairs if action.group == PAGES]
    if len(pages) > 1 and any(pair not in single for _, pair in pages):
        together = "".join(_key(action, look) for action, _ in pages), "pages"
        single = _filled(list(dict.fromkeys(together if a.group == PAGES else pair for a, pair in pairs)), room)
    line: Line = [segment(look, "text", " ")]
    ids = {_key(action, look): action.id for action in reversed(actions_of(where))}
    for key, short in [*single, help_, out]:
        apart = " " in key or key in ids
        keys = key.split(" ") if apart else list(key)
        for n, one in enumerate(keys):
            gap = " " if apart and n + 1 < len(keys) else ""
            line.append(clickable(look, segment(look, "key", one + gap), f"do:{ids[one]}"))
        line.append(clickable(look, segment(look, "dim", f" {short}"), f"do:{ids[keys[-1]]}"))
        line.append(segment(look, "dim", "  "))
    return line[:-1]


def pairs_of(
    where: str, look: Look, lacking: Container[str] = (), named: Sequence[Pair] = ()
) -> list[tuple[Action, Pair]]:
    """Return the actions that have a short name on the screen called `where`, the most useful first, with their keys.

    `named` are, by id, other names than those of the registry.
    """
    names = {action.id: action.short for action in actions_of(where)} | dict(named)
    actions = [action for action in ranked(offered(where, lacking)) if names[action.id] and action.where]
    return [(action, _pair(where, action.id, look, names[action.id])) for action in actions]


ARROWS = {"left", "right", "up", "down"}
"""Keys with a symbol in Unicode, and a word in ASCII."""


def _key(action: Action, look: Look) -> str:
    """What the footer calls an action by: its first key; for an arrow in ASCII, the key with the shortest name."""
    spelled_out = action.keys[0] in ARROWS and not look.glyphs.unicode
    return min(key_names(action, look.glyphs.unicode, spelled_out), key=len)


def ranked(actions: Sequence[Action]) -> list[Action]:
    """Return the actions, those that are needed most often first."""
    return sorted(actions, key=lambda action: RANK.index(action.id) if action.id in RANK else len(RANK))


def _pair(where: str, id: str, look: Look, short: str = "") -> Pair:
    """The keys of an action, that of its opposite first, and what they do."""
    action = action_called(id)
    base = _base(action)
    opposite = [
        other for other in actions_of(where) if _base(other) == base and other is not action and not other.short
    ]
    keys = [_key(one, look) for one in (action, *opposite)]
    both = [key for key in reversed(keys[:2]) if len(key) == 1 or "+" not in key or len(keys) == 1]
    return ("" if all(len(key) == 1 for key in both) else " ").join(both), short or action.short


def _base(action: Action) -> str:
    """What an action and its opposite have in common."""
    name = action.name.partition("(")[0]
    return {"first": "last"}.get(name, name)


def _filled(pairs: Sequence[Pair], room: int) -> list[Pair]:
    """Those of `pairs` that fit into `room` cells, in their order."""
    chosen = []
    for pair in pairs:
        if _size(pair) <= room:
            room -= _size(pair)
            chosen.append(pair)
    return chosen


def _size(pair: Pair) -> int:
    return cell_len(pair[0]) + 1 + cell_len(pair[1]) + 2
