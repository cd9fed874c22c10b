"""How the lines of a chart are told apart: by dots or characters, by the marks of their points, and by colour."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby

from ...scenarios import Chart
from .axes import TOO_LARGE
from .look import Look

Points = Sequence[tuple[float, float]]

ROLES = ("hidden", "candidate", "output", "forget", "input", "text")
_MARKS = "●◆▲■○◇△□"
_ASCII_MARKS, _ASCII_PATHS = "*ox#@&=$", ".:',.:',"
"""The marker of a line's points, and in ASCII what leads from one to the next."""

_ASCII_FINE = "*o+x=~#@"
"""What a line of many points is drawn with in ASCII."""

SEVERAL = "%"
"""What stands in ASCII where several such lines go through one cell."""

DASHES = ("1", "111100", "10", "11100100")
"""Which dots of a line of many points are there, one after another: all, dashes, dots, and both in turn."""

DOTS = {"braille": (2, 4), "hd": (2, 2)}
"""The library's names for lines of dots, and how many are across and down a cell."""

_QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
_BRAILLE_BITS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
_QUADRANT_BITS = ((0, 0), (1, 0), (0, 1), (1, 1))
BITS = {"braille": _BRAILLE_BITS, "hd": _QUADRANT_BITS}
"""Which dot, across and down, each bit of a cell is (Unicode, chapter 21, and chart U+2580)."""


@dataclass(frozen=True)
class Plotted:
    """One line of a chart: its points, in stretches without a gap, and how they are drawn.

    It is `fine` where its points are many: these have no `marker` of their own, and `dash` tells it from others. `pen`
    is one of DOTS, or a character. `beyond` has x and the side, 1 above and -1 below, of points off the axis of y.
    """

    name: str
    runs: Sequence[Points]
    fine: bool
    role: str
    marker: str
    pen: str
    dash: int = 0
    stems: bool = False
    beyond: Sequence[tuple[float, int]] = ()

    @property
    def points(self) -> Points:
        """All points that are drawn."""
        return [*chain.from_iterable(self.runs)]

    @property
    def sample(self) -> str:
        """What a legend shows of it."""
        if not self.fine:
            return self.marker
        if self.pen not in DOTS:
            return 2 * self.pen
        across, row = DOTS[self.pen][0], DOTS[self.pen][1] // 2
        pattern = DASHES[self.dash]
        there = [
            [1 << n for n, (dx, dy) in enumerate(BITS[self.pen])
             if dy == row and pattern[(x * across + dx) % len(pattern)] == "1"]
            for x in range(3)
        ]  # fmt: skip
        return "".join(cell_of(self.pen, sum(bits)) for bits in there)


def plotted(chart: Chart, place: int, width: int, look: Look) -> Plotted:
    """Return line number `place` of the chart; it is fine if it has more points than half of the columns."""
    name, points = [*chart.lines.items()][place]
    shown = [_drawable(x, y, chart) for x, y in points]
    runs = [[point for point in run if point] for there, run in groupby(shown, key=bool) if there]
    beyond = [(float(x), side) for x, y in points if (side := _side(x, y, chart))]
    role = chart.quantities.get(name, ROLES[place % len(ROLES)])
    fine = 2 * len(points) > width or bool(chart.span) or chart.stems
    dots = "braille" if look.glyphs.braille else "hd" if look.glyphs.unicode else ""
    marker = "" if fine else (_MARKS if look.glyphs.unicode else _ASCII_MARKS)[place % len(_MARKS)]
    pen = dots or (_ASCII_FINE if fine else _ASCII_PATHS)[place % len(_MARKS)]
    dash = place % len(DASHES) if fine else 0
    return Plotted(name, runs, fine, role, marker, pen, dash, chart.stems, beyond)


def _drawable(x: float, y: float, chart: Chart) -> tuple[float, float] | None:
    if not (abs(x) < TOO_LARGE and abs(y) < TOO_LARGE) or (chart.log and y <= 0) or _side(x, y, chart):
        return None
    return float(x), math.log10(y) if chart.log else float(y)


def _side(x: float, y: float, chart: Chart) -> int:
    """1 above the bounds of the chart, -1 below them; 0 within, without bounds, and for NaN."""
    if chart.bounds is None or math.isnan(y) or not abs(x) < TOO_LARGE:
        return 0
    return (y > chart.bounds[1]) - (y < chart.bounds[0])


def bits_of(pen: str, cell: str) -> int:
    """Return the dots of a cell that the library drew with one of DOTS."""
    return ord(cell) - 0x2800 if pen == "braille" and cell != " " else max(_QUADRANTS.find(cell), 0)


def cell_of(pen: str, bits: int) -> str:
    """Return the character with these dots."""
    return " " if not bits else chr(0x2800 + bits) if pen == "braille" else _QUADRANTS[bits]


def dot(place: float, cells: int, dots: int) -> float:
    """Return the dot, from 0, at a `place` from 0 to 1 along `cells` of so many dots, in the cell of its tick."""
    return dots * (cells - 1) * place + (dots - 1) / 2


def same_as(curves: Sequence[Plotted]) -> Mapping[int, int]:
    """Return, for each line that is drawn exactly like an earlier one, the number of that earlier line."""
    drawn = [(curve.points, curve.beyond) for curve in curves]
    return {n: first for n, points in enumerate(drawn) if (first := drawn.index(points)) < n and points != ([], [])}
