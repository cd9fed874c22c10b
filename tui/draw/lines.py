"""Lines of styled text: what every panel returns, and the few ways in which panels put them together."""

import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TypeVar

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.segment import Segment
from rich.style import Style

from .look import Look

Line = list[Segment]
"""One row of the screen, left to right."""

S = TypeVar("S")
"""What a panel draws; the stepper's panels draw a Moment."""

Panel = Callable[[S, int, int, Look], list[Line]]
"""(what to show, width, height, look) -> its lines."""


def segment(look: Look, role: str, text: str) -> Segment:
    """Return `text` in the style of `role`."""
    return Segment(text, look.style(role))


def clickable(look: Look, part: Segment, what: str) -> Segment:
    """Return `part` such that a click on it does `what`, where there is a mouse: "unit:3", "at:8", "do:app.help"."""
    return Segment(part.text, _clicking(part.style or Style.null(), what)) if look.mouse else part


@lru_cache(maxsize=4096)
def _clicking(style: Style, what: str) -> Style:
    """The style of what does `what`: the same each time, since making one takes as long as ten segments."""
    return style + Style(meta={CLICK: what})


def row_clickable(look: Look, line: Line, what: str) -> Line:
    """Return `line` such that a click anywhere on it does `what`, where there is a mouse."""
    return [clickable(look, part, what) for part in line]


CLICK = "click"
"""The key in the meta of a segment's style under which it says what a click on it does."""


def typed(count: str, look: Look) -> Line:
    """Return a count that is being typed; nothing where there is none."""
    return [segment(look, "key", f"{count}{look.glyphs.ellipsis} ")] if count else []


def on_cursor(look: Look, text: str) -> Segment:
    """Return `text` as the item under the cursor: in brackets where no background can show that."""
    return segment(look, "cursor", f"[{text}]" if look.plain or look.depth == "none" else f" {text} ")


def width_of(line: Iterable[Segment]) -> int:
    """Return how many cells a line takes."""
    return sum(s.cell_length for s in line)


def spread(left: Sequence[Segment], right: Sequence[Segment], width: int, look: Look, fill: str = " ") -> Line:
    """Return `left` and `right` at the two ends of a line; `right` is left out where there is no room for both."""
    gap = width - width_of(left) - width_of(right)
    if gap < 1:
        return list(left)
    return [*left, segment(look, "rule", fill * gap), *right]


def rule(look: Look, left: Sequence[Segment], right: Sequence[Segment], width: int) -> Line:
    """Return a heading: a line across, with `left` and `right` set into it."""
    dash = look.glyphs.rule
    start = [segment(look, "rule", dash * 2 + " "), *left, segment(look, "rule", " ")]
    end = [segment(look, "rule", " "), *right, segment(look, "rule", " " + dash)] if right else []
    return spread(start, end, width, look, dash)


def pack(pieces: Sequence[Line], width: int, rows: int, indent: int = 0) -> tuple[list[Line], int]:
    """Set pieces one after another, never breaking one, and start a new line (indented) when one does not fit.

    Return at most `rows` lines, and how many of the pieces are in them.
    """
    lines: list[Line] = [[]]
    used = 0
    for placed, piece in enumerate(pieces):
        size = width_of(piece)
        if lines[-1] and used + size > width:
            if len(lines) == rows:
                return lines, placed
            lines.append([Segment(" " * indent)] if indent else [])
            used = indent
        lines[-1] += piece
        used += size
    return lines, len(pieces)


def flow(pieces: Sequence[Line], width: int, rows: int, look: Look, indent: int = 0) -> list[Line]:
    """Return the pieces as `pack` sets them; where they do not all fit, the last line ends in how many are left out."""
    lines, placed = pack(pieces, width, rows, indent)
    while 1 < placed < len(pieces):
        more = [segment(look, "dim", f" {look.glyphs.ellipsis}{len(pieces) - placed} more")]
        lines, fit = pack([*pieces[:placed], more], width, rows, indent)
        if fit > placed:
            break
        placed -= 1
    return lines


def clip(text: str, width: int, ellipsis: str) -> str:
    """Return `text`, cut to `width` cells with an ellipsis where it is longer."""
    if cell_len(text) <= width:
        return text
    head = chop_cells(text, max(width - cell_len(ellipsis), 1))[0]
    return (head + ellipsis)[: max(width, 1)] if width < cell_len(ellipsis) + 1 else head + ellipsis


def clip_middle(text: str, width: int, ellipsis: str) -> str:
    """Return `text`, cut in the middle to `width` cells, with an ellipsis: both its ends say what it is about."""
    if cell_len(text) <= width:
        return text
    room = max(width - cell_len(ellipsis), 1)
    head = clip(text, room // 3, "") if room >= 3 else ""
    tail = clip(text[::-1], room - cell_len(head), "")[::-1]
    return head + ellipsis + tail


def fitted(look: Look, text: str, width: int) -> str:
    """Return `text`, which may come from anywhere, as the terminal can spell it in at most `width` cells."""
    return clip(look.text(text), width, look.glyphs.ellipsis)


def brief(label: str) -> str:
    """Return a label without its year where it is a date: the year tells less than the rest."""
    return label[5:] if re.fullmatch(r"\d{4}-\d\d-\d\d", label) else label


def sized(text: str, width: int) -> str:
    """Return `text` in exactly `width` cells, cut or with spaces behind; a wide character takes two."""
    return set_cell_size(text, width)


def wrap(text: str, width: int) -> list[str]:
    """Return `text` in lines of at most `width`, a cell from the edge, the later ones indented."""
    return textwrap.wrap(text, max(width - 1, 8), initial_indent=" ", subsequent_indent="   ")


def plain_text(lines: Iterable[Line]) -> str:
    """Return lines as text without styles."""
    return "\n".join("".join(s.text for s in line).rstrip() for line in lines)
