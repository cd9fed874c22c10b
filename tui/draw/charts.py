"""Charts as lines of styled text: the only module that knows the library which draws them."""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, groupby, product
from threading import Lock

from rich.segment import Segment

from ...scenarios import Chart
from .axes import TOO_LARGE, Area, across, labels_below, one_cell_each, up
from .lines import Line, clip, fitted, flow, rule, segment, width_of
from .look import Look
from .memo import memo

LEAST_WIDTH, LEAST_HEIGHT = 40, 8
"""The smallest chart, in cells."""

_ROLES = ("hidden", "candidate", "output", "forget")
_UNICODE = ("●·", "◆:", "▲'", "■,", "○·", "◇:", "△'", "□,")
_ASCII = ("*.", "o:", "x'", "#,", "@.", "&:", "=',", "$,")
"""How each line is drawn: the marker of its points, and what leads from one to the next."""

_FINE_UNICODE = ("hd", "•", "×", "▪", "+", "◦", "~", "=")
_FINE_ASCII = (".", "#", "o", "x", "+", "=", "%", "~")
"""How a line of many points is drawn: with what, as the library calls it; light and heavy ones take turns."""

_SAMPLES = {"hd": "▄▞▀"}
"""What the legend shows for what is more than one character."""

_DOTS = {"hd": (2, 2)}
"""How many dots across and down the library has in a cell."""

_POINT, _PATH = "●", "·"
_FRAME = str.maketrans("│┤─┬└", "|+-++")
"""What the library is told to draw with, and what it draws axes with, as ASCII spells it."""

_MARK_UNICODE, _MARK_ASCII = "┊", "!"
_LEAST_WORDS = 8
"""The fewest cells that the words beside a mark are cut to where there is no room for all of them."""

_BESIDES = 4
"""The rows that are not the legend's or the points': the title, the axis below, its ticks and its name."""

_LEAST_ROWS = 2

_FIGURE = Lock()
"""The library has one figure for the whole process."""

_Points = Sequence[tuple[float, float]]
_Picture = Sequence[str]
"""The rows, of one width."""
_Cells = dict[tuple[int, int], tuple[str, str]]
"""The role and the character at (column, row)."""


def draw(chart: Chart, width: int, height: int, look: Look, cursor: float | None = None) -> list[Line]:
    """Return `chart` as exactly `height` lines of exactly `width` cells, with the column of x = `cursor` lit.

    Values within 0..1 are shown on an axis from 0 to 100 %; others on one that starts at 0, unless the chart says
    otherwise. Points that are not finite, or on a logarithmic axis not above 0, are left out: lines of few points go
    on to the next, fine ones have a gap. Where lines coincide, their markers take turns; a later fine one hides an
    earlier. Below the least size, or where the legend alone would fill it, the lines say that there is no room. What
    is drawn is kept, so that another cursor costs next to nothing. May be called from any thread.
    """
    drawing = _draw(chart, width, height, look)
    lines = [list(line) for line in drawing.lines]
    area = drawing.area
    if area and cursor is not None and area.across.low <= cursor <= area.across.high:
        column = area.column(cursor)
        for row in range(area.top, area.top + area.rows + 1):  # and the axis
            lines[row] = _lit(lines[row], column, look)
    return lines


@dataclass(frozen=True)
class _Drawing:
    """The lines of a chart without a cursor, and where one can be; no area if there was no room."""

    lines: Sequence[Line]
    area: Area | None


@dataclass(frozen=True)
class _Curve:
    """One line of the chart: its points, in stretches without a gap, and how they are drawn."""

    runs: Sequence[_Points]
    fine: bool
    role: str
    sample: str
    marker: str
    path: str

    @property
    def points(self) -> _Points:
        return [*chain.from_iterable(self.runs)]


_NOTHING = _Curve([], False, "", "", "", "")


@memo(maxsize=32)
def _draw(chart: Chart, width: int, height: int, look: Look) -> _Drawing:
    lines, area = _whole(chart, width, height, look) if width >= LEAST_WIDTH and height >= LEAST_HEIGHT else ([], None)
    if not lines:
        lines = [[segment(look, "dim", clip(" no room for this chart", width, look.glyphs.ellipsis))]]
    lines = [*lines, *([] for _ in range(height))][: max(height, 0)]
    lines = [Segment.adjust_line_length(line, width, look.style("text")) for line in lines]
    return _Drawing([[Segment(s.text) for s in line] for line in lines] if look.plain else lines, area)


def _whole(chart: Chart, width: int, height: int, look: Look) -> tuple[list[Line], Area | None]:
    """The whole chart, or no lines if the legend leaves no room for it."""
    curves = [_curve(chart, i, width, look) for i in range(len(chart.lines))]
    legend = _legend(chart, curves, width, height - _BESIDES - _LEAST_ROWS, look)
    if not legend:
        return [], None
    area = _area(chart, [point for curve in curves for point in curve.points], width, height, 1 + len(legend), look)
    cells = _overlay(curves, area, look)
    _mark(chart, cells, area, look)
    title = segment(look, "title", fitted(look, chart.title, width - 6))
    name = segment(look, "dim", fitted(look, chart.x, width - 2))
    below = [Segment(" " * (width - 1 - name.cell_length)), name]
    picture = [
        [
            segment(look, role, "".join(c for _, c in same))
            for role, same in groupby((cells[x, y] for x in range(width)), key=lambda cell: cell[0])
        ]
        for y in range(area.rows + 2)
    ]
    return [rule(look, [title], [], width), *legend, *picture, below], area


def _curve(chart: Chart, place: int, width: int, look: Look) -> _Curve:
    """Line number `place` of the chart; it is fine if it has more points than half of the columns."""
    points = [*chart.lines.values()][place]
    shown = (_drawable(x, y, chart.log) for x, y in points)
    runs = [[point for point in run if point] for there, run in groupby(shown, key=bool) if there]
    role = _ROLES[place % len(_ROLES)]
    if fine := 2 * len(points) > width or bool(chart.span):
        pens = _FINE_UNICODE if look.glyphs.unicode else _FINE_ASCII
        pen = pens[place % len(pens)]
        return _Curve(runs, fine, role, _SAMPLES.get(pen, 3 * pen), "", pen)
    pens = _UNICODE if look.glyphs.unicode else _ASCII
    pen = pens[place % len(pens)]
    return _Curve(runs, fine, role, pen[0], pen[0], pen[1])


def _drawable(x: float, y: float, log: bool) -> tuple[float, float] | None:
    if not (abs(x) < TOO_LARGE and abs(y) < TOO_LARGE) or (log and y <= 0):
        return None
    return float(x), math.log10(y) if log else float(y)


def _legend(chart: Chart, curves: Sequence[_Curve], width: int, rows: int, look: Look) -> list[Line]:
    """The name of the y axis, then every line's sample and name, cut short until all fit; no lines if they never do."""
    drawn = [curve.points for curve in curves]
    for most in range(width - 5, 7, -1):
        names = [fitted(look, name, most) for name in (chart.y, *chart.lines)]
        pieces = [[segment(look, "dim", f" {names.pop(0)}  ")]]
        for i, (name, curve) in enumerate(zip(names, curves, strict=True)):
            first = drawn.index(drawn[i])
            note = ": nothing to draw" if not drawn[i] else f": same as {names[first]}" if first < i else ""
            pieces.append([segment(look, curve.role, f" {curve.sample} {name}"), segment(look, "dim", note + " ")])
        lines = flow(pieces, width, rows)
        if sum(map(len, lines)) == sum(map(len, pieces)) and max(map(width_of, lines)) <= width:
            return lines
    return []


def _area(chart: Chart, points: _Points, width: int, height: int, top: int, look: Look) -> Area:
    rows = height - _BESIDES + 1 - top
    y_axis = up([y for _, y in points], rows, look, chart.log, chart.zero)
    left = max(map(len, y_axis.labels)) + 1
    x_axis = across([*(x for x, _ in points), *chart.span], chart.labels, left, width - left, look)
    return Area(left, top, width - left, rows, x_axis, y_axis)


def _picture(curve: _Curve, area: Area) -> _Picture:
    """One line, and the axes."""
    import plotext  # slow to load, and most sessions draw no chart

    with _FIGURE:
        try:
            plotext.clear_figure()
            plotext.limit_size(False, False)  # to the terminal; has to come before the size
            plotext.plot_size(area.left + area.columns, area.rows + 2)
            plotext.xaxes(True, False)
            plotext.yaxes(True, False)
            plotext.xlim(0, 1)
            plotext.ylim(0, 1)
            ticks = [tick for tick, _, _ in labels_below(area.across, area.left, area.columns)]
            plotext.xticks([area.across.place(tick) for tick in ticks], [" "] * len(ticks))
            plotext.yticks([area.up.place(tick) for tick in area.up.ticks], area.up.labels)
            for xs, ys in _strokes(curve, area):
                plotext.plot(xs, ys, marker=curve.path if curve.fine else _PATH)
                if not curve.fine:
                    plotext.scatter(xs, ys, marker=_POINT)
            text = plotext.uncolorize(plotext.build())
        finally:
            plotext.clear_figure()
    rows: list[str] = text.splitlines()
    return rows


def _strokes(curve: _Curve, area: Area) -> Iterator[tuple[list[float], list[float]]]:
    """What is drawn without a break, from 0 to 1 across and up."""
    across_dots, up_dots = _DOTS.get(curve.path, (1, 1))
    for run in (curve.runs or [[]]) if curve.fine else [curve.points]:
        xs = [_dot(area.across.place(x), area.columns, across_dots) for x, _ in run]
        ys = [_dot(area.up.place(y), area.rows, up_dots) for _, y in run]
        seen = _seen(xs, ys, 8 * across_dots * area.columns) if curve.fine else range(len(xs))
        yield [xs[n] for n in seen], [ys[n] for n in seen]


def _seen(xs: Sequence[float], ys: Sequence[float], places: int) -> Sequence[int]:
    """Which points of a line make its picture: at each of `places` across the first, least, greatest and last."""
    if len(xs) <= 4 * places:
        return range(len(xs))
    kept: list[int] = []
    for _, group in groupby(range(len(xs)), key=lambda n: int(xs[n] * places)):
        here = list(group)
        kept += sorted({here[0], min(here, key=ys.__getitem__), max(here, key=ys.__getitem__), here[-1]})
    return kept


def _dot(place: float, cells: int, dots: int) -> float:
    """A place along cells as one along their dots, so that a point is in the cell of its tick, however fine."""
    return (dots * (cells - 1) * place + (dots - 1) / 2) / (dots * cells - 1)


def _overlay(curves: Sequence[_Curve], area: Area, look: Look) -> _Cells:
    """The pictures of all lines in one. Points are above fine lines, and these above paths.

    Where several share a point, or else a path, they take turns from point to point.
    """
    pictures = [_picture(curve, area) for curve in curves or [_NOTHING]]
    turns: Counter[tuple[int, ...]] = Counter()
    cells = _framed(pictures[0], area, look)
    for x, y in _drawn_on(pictures, area):
        shown = [picture[y][x] for picture in pictures]
        fine = [i for i, curve in enumerate(curves) if curve.fine and shown[i] != " "]
        kind = _POINT if _POINT in shown else _PATH
        sharing = tuple(i for i, c in enumerate(shown) if c == kind)
        if fine and kind != _POINT:
            cells[x, y] = curves[fine[-1]].role, shown[fine[-1]]
        elif sharing:
            turns[sharing] += kind == _POINT
            curve = curves[sharing[(turns[sharing] - 1) % len(sharing)]]
            cells[x, y] = curve.role, curve.marker if kind == _POINT else curve.path
    for _, start, label in labels_below(area.across, area.left, area.columns):
        _write(cells, start, area.rows + 1, "dim", label)
    return cells


def _framed(picture: _Picture, area: Area, look: Look) -> _Cells:
    """The axes of a picture, around nothing."""
    cells = dict.fromkeys(product(range(area.left, area.left + area.columns), range(area.rows)), ("dim", " "))
    for y, row in enumerate(picture):
        for x, c in enumerate(row[: area.left] if y < area.rows else row):
            role = "rule" if ord(c) in _FRAME else "dim"
            cells[x, y] = role, c if look.glyphs.unicode else c.translate(_FRAME)
    return cells


def _drawn_on(pictures: Sequence[_Picture], area: Area) -> list[tuple[int, int]]:
    """Where any of the pictures has something within the axes: column after column, each from the top."""
    rows = range(area.rows)
    inside = range(area.left, area.left + area.columns)
    return sorted({(x, y) for picture in pictures for y in rows for x in inside if picture[y][x] != " "})


def _write(cells: _Cells, column: int, row: int, role: str, text: str) -> None:
    cells.update({(column + i, row): (role, c) for i, c in enumerate(text)})


def _mark(chart: Chart, cells: _Cells, area: Area, look: Look) -> None:
    """Draw the chart's marks behind everything, then their words where nothing else is."""
    marks = {x: words for x, words in chart.marks.items() if area.across.low <= x <= area.across.high}
    glyph = _mark_glyph(look)
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
                _write(cells, *beside, "text", text)
                break


def _mark_glyph(look: Look) -> str:
    return _MARK_UNICODE if look.glyphs.unicode else _MARK_ASCII


def _room(cells: _Cells, area: Area, column: int, size: int) -> tuple[int, int] | None:
    """Where `size` cells are free beside a column, as high as they can be, rather to its right; None if nowhere."""
    end = area.left + area.columns
    for row, start in product(range(area.rows), (column + 2, column - 1 - size)):
        around = range(start - 1, min(start + size + 1, end))  # with a blank at each end, or the edge
        if start > area.left and start + size <= end and all(cells[x, row][1] == " " for x in around):
            return start, row
    return None


def _lit(line: Line, column: int, look: Look) -> Line:
    """The line with one cell lit; where that is no background, what is empty there has a line of its own."""
    ends = [*accumulate(len(part.text) for part in line)]
    place = bisect_right(ends, column)
    part = line[place]
    split = column - ends[place]
    before, cell, after = part.text[:split], part.text[split], part.text[len(part.text) + split + 1 :]
    style = part.style
    if (look.plain or look.depth != "256") and cell in (" ", _mark_glyph(look)):
        cell, style = look.glyphs.zero, None if look.plain else look.style("text")
    elif style is not None:
        style += look.style("lit")
    pieces = [Segment(before, part.style), Segment(cell, style), Segment(after, part.style)]
    return [*line[:place], *(piece for piece in pieces if piece.text), *line[place + 1 :]]
