"""Signed values over time as bars above and below a row of words, each at its own word."""

import numpy as np
from rich.segment import Segment
from rich.style import Style

from .lines import Line
from .look import Look
from .ramps import side

EIGHTHS = 8
_UP = " ▁▂▃▄▅▆▇█"
_ASCII_UP, _ASCII_DOWN = " ...ooo##", " '''ooo##"


def above(values: np.ndarray, full: float, cell: int, rows: int, look: Look) -> list[Line]:
    """Return `rows` rows, top first, with a bar for each of `values` (n,) that is above zero, `cell` cells each.

    A bar has its full height at `full` and beyond; a value from half a percent of `full` on can be seen.
    """
    heights = _heights(values, full, rows)
    levels = [np.clip(heights - EIGHTHS * (rows - 1 - y), 0, EIGHTHS) for y in range(rows)]
    return [_row(row.tolist(), cell, False, look) for row in levels]


def below(values: np.ndarray, full: float, cell: int, rows: int, look: Look) -> list[Line]:
    """Return `rows` rows, top first, with a bar that hangs down for each of `values` (n,) that is below zero."""
    heights = _heights(-values, full, rows)
    levels = [np.clip(heights - EIGHTHS * y, 0, EIGHTHS) for y in range(rows)]
    return [_row(row.tolist(), cell, True, look) for row in levels]


def _heights(sizes: np.ndarray, full: float, rows: int) -> np.ndarray:
    """The height of each bar in eighths of a row; none for what is not above zero, or prints as nothing."""
    with np.errstate(invalid="ignore"):
        sizes = np.nan_to_num(np.asarray(sizes, np.float64) / full)
    heights = np.rint(np.clip(sizes, 0, 1) * rows * EIGHTHS).astype(int)
    return np.where(sizes >= 0.005, np.maximum(heights, 1), 0)


def _row(levels: list[int], cell: int, down: bool, look: Look) -> Line:
    """One row of bars; one that hangs down shows its upper eighths: the lower ones in reverse."""
    style = side(down, look.depth, look.theme)
    reverse = style + Style(reverse=True)
    size = max(cell - (cell >= 3), 1)
    parts: Line = []
    for level in levels:
        if not look.glyphs.unicode:
            text, how = (_ASCII_DOWN if down else _ASCII_UP)[level], style
        elif down and 0 < level < EIGHTHS:
            text, how = ("▀", style) if look.plain else (_UP[EIGHTHS - level], reverse)
        else:
            text, how = _UP[level], style
        parts += [Segment(text * size, how if text != " " else None), Segment(" " * (cell - size))]
    return [part for part in Segment.simplify(parts) if part.text]
