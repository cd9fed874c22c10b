"""Charts as lines of styled text: the only module that knows the library which draws them."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from threading import Lock

from rich.segment import Segment

from ..scenarios import Chart
from .look import Look
from .panels.lines import Line, clip, flow, rule, segment, width_of

LEAST_WIDTH, LEAST_HEIGHT = 40, 8
"""The smallest chart, in cells."""

_ROLES = ("hidden", "candidate", "output", "forget")
_UNICODE = ("●·", "◆:", "▲'", "■,", "○·", "◇:", "△'", "□,")
_ASCII = ("*.", "o:", "x'", "#,", "@.", "&:", "=',", "$,")
"""How each line is drawn: the marker of its points, and what leads from one to the next."""

_POINT, _PATH = "●", "·"
_FRAME = str.maketrans("│┤─┬└", "|+-++")
"""What the library is told to draw with, and what it draws axes with, as ASCII spells it."""

_BESIDES = 4
"""The rows that are not the legend's or the points': the title, the axis below, its ticks and its name."""

_LEAST_ROWS = 2
_TOO_LARGE = 1e300
"""From here on, as with what is not finite, there is no room for the arithmetic of an axis."""

_FIGURE = Lock()
"""The library has one figure for the whole process."""

_Points = Sequence[tuple[float, float]]
_Cells = dict[tuple[int, int], str]
"""What stands at (column, row) of a picture."""


def draw(chart: Chart, width: int, height: int, look: Look) -> list[Line]:
    """Return `chart` as exactly `height` lines of exactly `width` cells.

    Values within 0..1 are shown on an axis from 0 to 100 %; others on one that starts at 0. Points that are not finite
    are left out. Where lines coincide, their markers take turns. Below the least size, or where the legend alone
    would fill it, the lines say that there is no room. May be called from any thread.
    """
    lines = _lines(chart, width, height, look) if width >= LEAST_WIDTH and height >= LEAST_HEIGHT else []
    if not lines:
        lines = [[segment(look, "dim", clip(" no room for this chart", width, look.glyphs.ellipsis))]]
    lines = [*lines, *([] for _ in range(height))][: max(height, 0)]
    lines = [Segment.adjust_line_length(line, width, look.style("text")) for line in lines]
    return [[Segment(s.text) for s in line] for line in lines] if look.plain else lines


def _lines(chart: Chart, width: int, height: int, look: Look) -> list[Line]:
    """The whole chart, or no lines if the legend leaves no room for it."""
    drawn = [_drawable(points) for points in chart.lines.values()]
    legend = _legend(chart, drawn, width, height - _BESIDES - _LEAST_ROWS, look)
    if not legend:
        return []
    rows = height - _BESIDES - len(legend)
    up = _up([y for points in drawn for _, y in points], rows, look)
    margin = max(len(label) for label in up.labels) + 1
    across = _across([x for points in drawn for x, _ in points], width - margin, look)
    pictures = [_picture(points, across, up, width, rows + 2) for points in drawn or [[]]]
    title = segment(look, "title", clip(look.text(chart.title), width - 6, look.glyphs.ellipsis))
    name = segment(look, "dim", clip(look.text(chart.x), width - 2, look.glyphs.ellipsis))
    below = [Segment(" " * (width - 1 - name.cell_length)), name]
    return [rule(look, [title], [], width), *legend, *_overlay(pictures, width, rows + 2, look), below]


def _drawable(points: _Points) -> _Points:
    return [(float(x), float(y)) for x, y in points if abs(x) < _TOO_LARGE and abs(y) < _TOO_LARGE]


def _legend(chart: Chart, drawn: Sequence[_Points], width: int, rows: int, look: Look) -> list[Line]:
    """The name of the y axis, then every line's marker and name, cut short until all fit; no lines if they never do."""
    for most in range(width - 5, 7, -1):
        names = [clip(look.text(name), most, look.glyphs.ellipsis) for name in (chart.y, *chart.lines)]
        pieces = [[segment(look, "dim", f" {names.pop(0)}  ")]]
        for i, name in enumerate(names):
            first = drawn.index(drawn[i])
            note = ": nothing to draw" if not drawn[i] else f": same as {names[first]}" if first < i else ""
            role, marker, _ = _pen(i, look)
            pieces.append([segment(look, role, f" {marker} {name}"), segment(look, "dim", note + " ")])
        lines = flow(pieces, width, rows)
        if sum(map(len, lines)) == sum(map(len, pieces)) and max(map(width_of, lines)) <= width:
            return lines
    return []


@dataclass(frozen=True)
class _Axis:
    """The numbers from `low` to `high`, and the `ticks` that have `labels`."""

    low: float
    high: float
    ticks: Sequence[float]
    labels: Sequence[str]

    def place(self, value: float) -> float:
        """Return where `value` is, from 0 for low to 1 for high; in the middle where these are the same."""
        return (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5


def _up(values: Sequence[float], rows: int, look: Look) -> _Axis:
    most = max((rows - 1) // 2, min(rows - 1, 2))  # every other row, but even three rows have a middle
    percent = all(0 <= value <= 1 for value in values)
    low, high = (0, 1) if percent else (min(0, *values), max(0, *values))
    ticks = _ticks(low, high, most)
    return _Axis(low, high, ticks, [f" {100 * t:.0f} %" if percent else f" {_number(t, look)}" for t in ticks])


def _across(values: Iterable[float], columns: int, look: Look) -> _Axis:
    own = sorted(set(values))
    low, high = (own[0], own[-1]) if own else (0, 1)
    axis = _Axis(low, high, own, [_number(value, look) for value in own])
    room = max(map(len, axis.labels), default=0) + 2
    if all((axis.place(b) - axis.place(a)) * (columns - 1) >= room for a, b in pairwise(own)):
        return axis
    ticks = _ticks(low, high, columns // room)
    return _Axis(low, high, ticks, [_number(tick, look) for tick in ticks])


def _ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers from `low` to `high` at most `most` steps apart, or these two where fewer than two are round."""
    span, most = high - low, max(most, 1)
    unit = 10.0 ** math.floor(math.log10(max(span / most, 1 / _TOO_LARGE)))
    step = next(unit * m for m in (1, 2, 5, 10) if span <= unit * m * most * (1 + 1e-9))
    ticks = [i * step for i in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]
    return ticks if len(ticks) > 1 else [low, high]


def _number(value: float, look: Look) -> str:
    return f"{value + 0.0:.10g}".replace("-", look.glyphs.minus)


def _picture(points: _Points, across: _Axis, up: _Axis, width: int, height: int) -> _Cells:
    """One line, and the axes."""
    import plotext  # slow to load, and most sessions draw no chart

    xs, ys = [across.place(x) for x, _ in points], [up.place(y) for _, y in points]
    with _FIGURE:
        try:
            plotext.clear_figure()
            plotext.limit_size(False, False)  # to the terminal; has to come before the size
            plotext.plot_size(width, height)
            plotext.xaxes(True, False)
            plotext.yaxes(True, False)
            plotext.xlim(0, 1)
            plotext.ylim(0, 1)
            plotext.xticks([across.place(tick) for tick in across.ticks], across.labels)
            plotext.yticks([up.place(tick) for tick in up.ticks], up.labels)
            plotext.plot(xs, ys, marker=_PATH)
            plotext.scatter(xs, ys, marker=_POINT)
            text = plotext.uncolorize(plotext.build())
        finally:
            plotext.clear_figure()
    return {(x, y): c for y, row in enumerate(text.split("\n")) for x, c in enumerate(row)}


def _overlay(pictures: Sequence[_Cells], width: int, height: int, look: Look) -> list[Line]:
    """The pictures in one; where several share a point, or else a path, they take turns from point to point."""
    turns: Counter[tuple[int, ...]] = Counter()
    cells: dict[tuple[int, int], tuple[str, str]] = {}
    for place, frame in sorted(pictures[0].items()):
        shown = [picture[place] for picture in pictures]
        kind = _POINT if _POINT in shown else _PATH
        if sharing := tuple(i for i, c in enumerate(shown) if c == kind):
            turns[sharing] += kind == _POINT
            role, marker, path = _pen(sharing[(turns[sharing] - 1) % len(sharing)], look)
            cells[place] = role, marker if kind == _POINT else path
        else:
            role = "rule" if ord(frame) in _FRAME else "dim"
            cells[place] = role, frame if look.glyphs.unicode else frame.translate(_FRAME)
    return [
        [
            segment(look, role, "".join(c for _, c in same))
            for role, same in groupby((cells[x, y] for x in range(width)), key=lambda cell: cell[0])
        ]
        for y in range(height)
    ]


def _pen(line: int, look: Look) -> tuple[str, str, str]:
    """The role of a line, its marker, and what its path is drawn with."""
    pens = _UNICODE if look.glyphs.unicode else _ASCII
    pen = pens[line % len(pens)]
    return _ROLES[line % len(_ROLES)], pen[0], pen[1]
