"""Heat maps: units by time, a level for each value, on a scale that is printed and does not move.

With 256 colours a value is a shade, and two units share a row where they are many. Elsewhere it is a bar, or a sign and
a digit. A value that the scale does not reach is marked, and so is one that is no number.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from rich.segment import Segment

from ...engine import Quantity
from ...engine.arrays import Floats
from .lines import Line, rule, segment, width_of
from .look import Look
from .ramps import INK, LEVELS, TICK, colour, pair, side

SAMPLE = 200_000
"""About how many values are looked at to find a scale."""

LAZY = 64
"""Timestamps of a lazy run that are looked at to find a scale."""

MOST = 0.9
"""The share of the values that a scale reaches, where the rest is far beyond."""

ROUNDING = 1e-6
"""The share of a scale by which float32 may miss a bound."""

DIGITS = 10
ABSENT = LEVELS + 2
HALF = "▀"
NICE = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 10)


@dataclass(frozen=True)
class Scale:
    """The scale of a picture: a value of `full` is drawn full, on both sides of zero where the scale is `signed`."""

    full: float
    signed: bool

    def levels(self, values: np.ndarray, there: np.ndarray | None = None, count: int = LEVELS) -> np.ndarray:
        """Return the level of each of `values` (T, N), (T, N): 0 to `count` - 1, with the value's sign.

        `count`, also with its sign, stands for what the scale does not reach, `count` + 1 for NaN and `count` + 2 for
        a column that is not `there` (N,).
        """
        with np.errstate(invalid="ignore"):
            sizes = np.abs(values.astype(np.float64)) / self.full
            reached = (sizes <= 1 + ROUNDING) & (self.signed | (values >= -ROUNDING * self.full))
            found = np.where(reached, np.rint(np.minimum(sizes, 1.0) * (count - 1)), count)
            found = np.where(np.isnan(sizes), count + 1, np.copysign(found, values))
        if there is not None:
            found[:, ~there] = count + 2
        return found.astype(np.int8)


def scale_of(quantity: Quantity, values: Floats, late: bool = False) -> Scale:
    """Return the scale of a quantity from its `values` (T, H): its bounds, or a round number where it has none.

    That number reaches all values, or, where a few are far beyond the others, MOST of them: these few are marked, and
    the others can be told apart. Of a lazy run, the LAZY first timestamps count, or the last ones where the network
    reads backwards (`late`).
    """
    if quantity.low is not None and quantity.high is not None:
        return Scale(max(-quantity.low, quantity.high), quantity.signed)
    if not isinstance(values, np.ndarray):
        values = np.asarray(values[-LAZY:] if late else values[:LAZY])
    step = max(values.size // SAMPLE, 1)
    sizes = np.abs(values[::step].astype(np.float64))
    sizes = sizes[np.isfinite(sizes)]
    if not sizes.size:
        return Scale(_round(0.0), quantity.signed)
    place = math.ceil(MOST * (sizes.size - 1))  # np.quantile would load numpy.ma, a tenth of a second
    most, largest = float(np.partition(sizes, place)[place]), float(sizes.max())
    return Scale(_round(largest if largest <= 1.5 * most else most), quantity.signed)


def reaching(quantity: Quantity, values: Floats) -> Scale:
    """Return the scale that is full at the next round number from the largest of `values` (T, H) on."""
    sizes = np.abs(values[np.isfinite(values)])
    return Scale(_round(float(sizes.max(initial=0.0))), quantity.signed)


def _round(value: float) -> float:
    """The next round number that is not below `value`; 1 for nothing."""
    if value <= 0 or not math.isfinite(value):
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next((n * power for n in NICE if n * power >= value * (1 - ROUNDING)), 10 * power)


def shaded(look: Look) -> bool:
    """Whether values are shades: with 256 colours and half blocks."""
    return look.depth == "256" and look.glyphs.unicode and not look.plain


def barred(scale: Scale, look: Look) -> bool:
    """Return whether values that are not shades are bars; else they are digits."""
    return look.glyphs.unicode and not scale.signed


def least(scale: Scale, look: Look) -> int:
    """Return the cells that a timestamp needs: a sign and a digit take two."""
    return 2 if scale.signed and not shaded(look) else 1


def steps(scale: Scale, look: Look) -> int:
    """Return how many levels there are from nothing to full."""
    return LEVELS if shaded(look) or barred(scale, look) else DIGITS


def rows(
    levels: np.ndarray, scale: Scale, role: str, cell: int, look: Look, half: bool = False, blank: int | None = None
) -> list[Line]:
    """Return a row for each column of `levels` (T, N), or one for two, `cell` cells for a timestamp.

    The timestamp in column `blank` is not computed yet.
    """
    units = levels.T.tolist()
    draw: Callable[[Any, Scale, str, int, Look], Line] = _block if shaded(look) else _symbol
    if half and shaded(look):
        below = [*units[1::2], *([[ABSENT] * len(levels)] if len(units) % 2 else [])]
        units = [list(zip(upper, lower, strict=True)) for upper, lower in zip(units[::2], below, strict=True)]
        draw = _halves
    parts = {level: draw(level, scale, role, cell, look) for level in {level for unit in units for level in unit}}
    cells = [[parts[level] for level in unit] for unit in units]
    for row in cells:
        if blank is not None:
            row[blank] = [segment(look, "dim", look.glyphs.pending * cell)]
    return [list(Segment.simplify(part for piece in row for part in piece)) for row in cells]


def _block(level: int, scale: Scale, role: str, cell: int, look: Look) -> Line:
    """One unit in a row of its own; a sign marks what the scale does not reach."""
    if level > LEVELS:
        return _no_number(level == ABSENT, cell, look)
    back = _shade(level, scale, role, look)
    mark = "" if abs(level) < LEVELS else look.glyphs.up if level > 0 else look.glyphs.down
    ink = (INK if scale.signed or level > 0 else TICK)[look.theme]  # only TICK can be seen on an empty shade
    return [Segment(mark.ljust(cell), pair(ink if mark else back, back))]


def _halves(levels: tuple[int, int], scale: Scale, role: str, cell: int, look: Look) -> Line:
    """Two units in one row; a tick at the left marks what the scale does not reach."""
    if LEVELS + 1 in levels:
        return _no_number(False, cell, look)
    front, back = (_shade(level, scale, role, look) for level in levels)
    beyond = [abs(level) == LEVELS for level in levels]
    if not any(beyond):
        return [Segment(HALF * cell, pair(front, back))]
    tick = TICK[look.theme]
    marked = pair(tick if beyond[0] else front, tick if beyond[1] else back)
    return [Segment(HALF, marked), Segment(HALF * (cell - 1), pair(front, back))]


def _no_number(absent: bool, cell: int, look: Look, before: str = "") -> Line:
    return [Segment(" " * cell)] if absent else [segment(look, "warning", f"{before}?".ljust(cell))]


def _shade(level: int, scale: Scale, role: str, look: Look) -> int:
    """The colour of a level: beyond the scale that of its end, and for an absent unit that of 0."""
    size = 0 if level == ABSENT else max(min(level, LEVELS - 1), (1 - LEVELS) * scale.signed)
    return colour("" if scale.signed else role, size, look.theme)


def _symbol(level: int, scale: Scale, role: str, cell: int, look: Look) -> Line:
    """A bar, a digit, or a digit after its sign."""
    g, size, count = look.glyphs, abs(level), steps(scale, look)
    if level > count:
        return _no_number(level == count + 2, cell, look, " " * scale.signed)
    mark = "" if size < count else g.up if level > 0 else g.down
    if not scale.signed:
        bar = g.levels[size] * max(cell - (cell >= 3), 1) if count == LEVELS and not mark else mark or str(size)
        return [segment(look, role, bar.ljust(cell))]
    sign = "+" if level > 0 else g.minus if level else " "
    text = (sign + (mark or str(size))).ljust(cell)
    return [Segment(text, side(level < 0, look.depth, look.theme)) if level else segment(look, "dim", text)]


def legend(scale: Scale, role: str, look: Look, every: int = 1) -> Line:
    """Return what the shades, bars or digits mean, with the numbers at the ends; of the shades every `every`-th."""
    high = f"{scale.full:g}"
    low = f"{look.glyphs.minus}{high}" if scale.signed else "0"
    if shaded(look):
        sizes = range(LEVELS - 1, 0, -every)
        levels = [-n for n in sizes] * scale.signed + [0] + list(sizes)[::-1]
        blocks = [Segment(" ", pair(back, back)) for back in (_shade(n, scale, role, look) for n in levels)]
        return [segment(look, "dim", f"{low} "), *blocks, segment(look, "dim", f" {high}")]
    if barred(scale, look):
        bars = look.glyphs.levels[1:]
        return [segment(look, "dim", f"{low} "), segment(look, role, bars), segment(look, "dim", f" {high}")]
    ends = f"{look.glyphs.minus}9 = {low}, +9 = {high}" if scale.signed else f"0 to 9 = {low} to {high}"
    return [segment(look, "dim", ends)]


def beyond(levels: np.ndarray, scale: Scale, look: Look, half: bool) -> Line:
    """Return what marks the values that the scale does not reach, infinite ones included; nothing without any."""
    if not (np.abs(levels) == steps(scale, look)).any():
        return []
    if half:
        return [Segment(" ", pair(TICK[look.theme], TICK[look.theme])), segment(look, "dim", " beyond")]
    marks = look.glyphs.up + (look.glyphs.down if scale.signed else "")
    return [segment(look, "dim", f"{marks} beyond")]


def heading(left: Line, where: str, beyond: Line, scale: Scale, role: str, width: int, look: Look) -> Line:
    """Return a heading: `left`, then `where`, `beyond` and the legend; without room, the least needed are left out."""
    dot = segment(look, "dim", f" {look.glyphs.dot} ")
    place = [segment(look, "dim", where)]
    right: Line = []
    for every, pieces in ((1, (beyond, place)), (2, (beyond, place)), (2, (beyond,)), (3, ())):
        right = legend(scale, role, look, every)
        for piece in pieces:
            right = [*piece, dot, *right] if piece else right
        if width_of(left) + width_of(right) + 8 <= width:
            break
    return rule(look, left, right, width)
