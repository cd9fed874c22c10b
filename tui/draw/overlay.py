"""The lines of a chart in one picture: none of them hides another, and a cell shows where several meet."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import pairwise, product
from operator import or_

from .axes import Area, labels_below, one_cell_each
from .dashes import Course, course, dashed
from .lines import clip
from .look import Look
from .pens import DOTS, SEVERAL, Plotted, bits_of, cell_of
from .plotting import Picture, picture

Cells = dict[tuple[int, int], tuple[str, str]]
"""The role and the character at (column, row)."""

EMPTY = ("dim", " ")

_FRAME = str.maketrans("│┤─┬└", "|+-++")
"""What the library draws axes with, as ASCII spells it."""

_DRAWN = re.compile("[^ ]")

_MARK_UNICODE, _MARK_ASCII = "┊", "!"
_LEAST_WORDS = 8
"""The fewest cells that the words beside a mark are cut to where there is no room for all of them."""


def overlaid(curves: Sequence[Plotted], area: Area, look: Look) -> Cells:
    """Return all lines with the axes: dots of several in one cell are all there, and their colours take turns.

    Points are above lines. Those that share a cell stand side by side where there is room, else they take turns from
    point to point. What is off the axis of y has a mark at its end.
    """
    pictures = [picture(curve, area) for curve in curves] or [picture(None, area)]
    cells = _framed(pictures[0], area, look)
    alone = [{(area.column(x), area.row(y)) for (x, y), *more in curve.runs if not more} for curve in curves]
    courses = [course(curve, area) if curve.dash and curve.pen in DOTS else None for curve in curves]
    at: dict[tuple[int, int], list[int]] = defaultdict(list)
    for n in range(len(curves)):
        for y, line in enumerate(pictures[n][: area.rows]):
            for drawn in _DRAWN.finditer(line, area.left, area.left + area.columns):
                at[drawn.start(), y].append(n)
    for (x, y), there in at.items():
        dashes = [None if (x, y) in alone[n] else courses[n] for n in there]
        shown = [pictures[n][y][x] for n in there]
        cells[x, y] = _merged([curves[n] for n in there], shown, dashes, x - area.left, y)
    for side, row in ((1, 0), (-1, area.rows - 1)):
        mark = look.glyphs.up if side > 0 else look.glyphs.down
        for n, curve in enumerate(curves):
            for column in {area.column(x) for x, beyond in curve.beyond if beyond == side and area.has(x)}:
                if cells[column, row][1] != mark or column % len(curves) == n:
                    cells[column, row] = curve.role, mark
    for place, n in _points(curves, area).items():
        cells[place] = curves[n].role, curves[n].marker
    for _, start, label in labels_below(area.across, area.left, area.columns):
        write(cells, start, area.rows + 1, "dim", label)
    return cells


def _framed(axes: Picture, area: Area, look: Look) -> Cells:
    """The axes of a picture, around nothing."""
    cells = dict.fromkeys(product(range(area.left, area.left + area.columns), range(area.rows)), EMPTY)
    for y, row in enumerate(axes):
        for x, c in enumerate(row[: area.left] if y < area.rows else row):
            role = "rule" if ord(c) in _FRAME else "dim"
            cells[x, y] = role, c if look.glyphs.unicode else c.translate(_FRAME)
    return cells


def _merged(
    curves: Sequence[Plotted], shown: Sequence[str], dashes: Sequence[Course | None], x: int, y: int
) -> tuple[str, str]:
    """The role and the character of cell (x, y) of the points, that the `curves` go through, each as `shown` there."""
    pen = curves[0].pen
    if pen in DOTS:
        drawn = [bits_of(pen, c) for c in shown]
        dots = [dashed(dash, pen, bits, x, y) if dash else bits for bits, dash in zip(drawn, dashes, strict=True)]
        roles = [curve.role for curve, bits in zip(curves, dots, strict=True) if bits] or ["dim"]
        return roles[x % len(roles)], cell_of(pen, reduce(or_, dots))
    fine = [curve for curve in curves if curve.fine]
    one = (fine or curves)[x % len(fine or curves)]
    return one.role, SEVERAL if len(fine) > 1 else one.pen


def _points(curves: Sequence[Plotted], area: Area) -> Mapping[tuple[int, int], int]:
    """Whose marker stands where."""
    at: dict[tuple[int, int], list[int]] = defaultdict(list)
    for n, curve in enumerate(curves):
        for x, y in () if curve.fine else curve.points:
            place = area.column(x), area.row(y)
            if n not in at[place]:
                at[place].append(n)
    columns = sorted({x for x, _ in at})
    reach = (min((b - a for a, b in pairwise(columns)), default=area.columns) - 1) // 2
    shown: dict[tuple[int, int], int] = {}
    for turn, (x, y) in enumerate(sorted(at)):
        sharing = at[x, y]
        beside = [(x + side * n, y) for n in range(1, reach + 1) for side in (1, -1)]
        free = [(x, y), *(p for p in beside if area.left <= p[0] < area.left + area.columns and p not in at)]
        first = turn % len(sharing) if len(free) < len(sharing) else 0
        turned = sharing[first:] + sharing[:first]
        shown.update(zip(sorted(free[: len(sharing)]), turned, strict=False))
    return shown


def write(cells: Cells, column: int, row: int, role: str, text: str) -> None:
    """Put `text` into the picture, a cell a character."""
    cells.update({(column + i, row): (role, c) for i, c in enumerate(text)})


def mark(marks: Mapping[float, str], cells: Cells, area: Area, look: Look) -> None:
    """Draw the marks of a chart behind everything, then their words where nothing else is."""
    marks = {x: words for x, words in marks.items() if area.has(x)}
    glyph = mark_glyph(look)
    for x in marks:
        column = area.column(x)
        for row in range(area.rows):
            if cells[column, row][1] == " ":
                cells[column, row] = "text", glyph
    for x, words in marks.items():
        words = one_cell_each(look.text(words))
        longest = min(len(words), area.columns)
        for most in range(longest, min(longest, _LEAST_WORDS) - 1, -1):
            text = clip(words, most, look.glyphs.ellipsis)
            if beside := _room(cells, area, area.column(x), len(text)):
                write(cells, *beside, "text", text)
                break


def mark_glyph(look: Look) -> str:
    """Return what a mark is drawn with."""
    return _MARK_UNICODE if look.glyphs.unicode else _MARK_ASCII


def _room(cells: Cells, area: Area, column: int, size: int) -> tuple[int, int] | None:
    """Where `size` cells are free beside a column, as high as they can be, rather to its right; None if nowhere."""
    end = area.left + area.columns
    for row, start in product(range(area.rows), (column + 2, column - 1 - size)):
        around = range(start - 1, min(start + size + 1, end))  # with a blank at each end, or the edge
        if start > area.left and start + size <= end and all(cells[x, row][1] == " " for x in around):
            return start, row
    return None


def shade(span: Sequence[float], cells: Cells, area: Area, look: Look) -> range:
    """Return the shaded columns; where no background can show them, their empty cells get dots."""
    within = [min(max(x, area.across.low), area.across.high) for x in span]
    if not within or within[0] == within[-1]:
        return range(0)
    columns = range(area.column(within[0]), area.column(within[-1]) + 1)
    if not backed(look):
        for x, y in product(columns, range(area.rows)):
            if cells[x, y] == EMPTY and (x + 2 * y) % 4 == 0:
                cells[x, y] = "rule", look.glyphs.pending
    return columns


def backed(look: Look) -> bool:
    """Return whether a background can tell columns apart."""
    return look.depth == "256" and not look.plain
