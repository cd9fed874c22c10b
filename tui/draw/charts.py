"""Charts as lines of styled text: where everything is, what names it, and the cursor over it."""

import math
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.segment import Segment

from ...scenarios import Chart
from .axes import LARGE, Area, across, one_cell_each, up
from .lines import Line, clip, fitted, pack, rule, segment, spread, width_of
from .look import Look
from .memo import memo
from .numbers import large, plainly
from .overlay import Cells, backed, mark, mark_glyph, overlaid, shade, write
from .pens import SEVERAL, Plotted, plotted, same_as

LEAST_WIDTH, LEAST_HEIGHT = 40, 8
"""The smallest chart, in cells."""

_BESIDES = 4
"""The rows that are not the legend's or the points': the title, the axis below, its ticks and its name."""

_LEAST_ROWS = 2
_LEAST_STRIP = 3
"""Rows of a strip below a chart."""

_LABEL_SHARE = 4
"""Names at the ends of lines take at most one in this many columns."""

_LEAST_COLUMNS = 32


def draw(
    chart: Chart, width: int, height: int, look: Look, cursor: float | None = None, blank: Collection[str] = ()
) -> list[Line]:
    """Return `chart` as exactly `height` lines of exactly `width` cells, with the column of x = `cursor` lit.

    Shares within 0..1 are shown on an axis from 0 to 100 %; others on one that starts at 0, unless the chart says
    otherwise. Points that are not finite, or not above 0 on a logarithmic axis, are left out: lines of few points
    continue to the next point, those of many have a gap. Lines are named at their ends where there is room, else above;
    their values at the cursor are printed over it, save of those that are to stay `blank`. No line hides another. Below
    the least size, or where the names alone would fill it, the lines say that there is no room. What is drawn is kept,
    so that another cursor costs next to nothing. May be called from any thread.
    """
    return _with_cursor(_draw(chart, width, height, look), chart, width, look, cursor, blank)


def draw_over(
    chart: Chart, strip: Chart, width: int, height: int, look: Look, cursor: float | None = None
) -> list[Line]:
    """Return `chart` above a `strip` of the same columns, which has no axis of x and gets a quarter of the rows.

    Where there is no room for both there is no strip.
    """
    rows = max(height // 4, _LEAST_STRIP + 1)
    if height - rows < LEAST_HEIGHT or width < LEAST_WIDTH:
        return draw(chart, width, height, look, cursor)
    sizes = ((chart, height - rows, False), (strip, rows, True))
    alone = [_draw(one, width, size, look, 0, 0, bare).area for one, size, bare in sizes]
    left = max(area.left for area in alone if area)
    right = width - min(area.left + area.columns for area in alone if area)
    lines: list[Line] = []
    for one, size, bare in sizes:
        lines += _with_cursor(_draw(one, width, size, look, left, right, bare), one, width, look, cursor)
    return lines


def _with_cursor(
    drawing: "_Drawing", chart: Chart, width: int, look: Look, cursor: float | None, blank: Collection[str] = ()
) -> list[Line]:
    lines, area = [list(line) for line in drawing.lines], drawing.area
    if area and cursor is not None and area.has(cursor):
        column = area.column(cursor)
        for row in range(area.top, area.top + area.rows + (not drawing.bare)):  # and the axis
            lines[row] = _lit(lines[row], column, look)
        lines[drawing.told] = _told(drawing, chart, width, look, cursor, column, blank)
    return lines


@dataclass(frozen=True)
class _Drawing:
    """The lines of a chart without a cursor, and where one can be; no area if there was no room.

    Row `told` has `heading`, and room for the values of the curves at the cursor. A `bare` one has no axis of x.
    """

    lines: Sequence[Line]
    area: Area | None
    curves: Sequence[Plotted] = ()
    told: int = 0
    heading: Sequence[Segment] = ()
    bare: bool = False


@memo(maxsize=32)
def _draw(
    chart: Chart, width: int, height: int, look: Look, left: int = 0, right: int = 0, bare: bool = False
) -> _Drawing:
    drawing = _Drawing([], None)
    if width >= LEAST_WIDTH and height >= (_LEAST_STRIP + 1 if bare else LEAST_HEIGHT):
        drawing = _whole(chart, width, height, look, left, right, bare)
    lines = drawing.lines or [[segment(look, "dim", clip(" no room for this chart", width, look.glyphs.ellipsis))]]
    lines = [*lines, *([] for _ in range(height))][: max(height, 0)]
    lines = [Segment.adjust_line_length(line, width, look.style("text")) for line in lines]
    lines = [[Segment(s.text) for s in line] for line in lines] if look.plain else lines
    return _Drawing(lines, drawing.area, drawing.curves, drawing.told, drawing.heading, bare)


def _whole(chart: Chart, width: int, height: int, look: Look, left: int, right: int, bare: bool) -> _Drawing:
    """The whole chart, or no lines if its names leave no room for it."""
    curves = [plotted(chart, i, width, look) for i in range(len(chart.lines))]
    title = rule(look, [segment(look, "title", fitted(look, chart.title, width - 6))], [], width)
    ends = None if bare else _ends(curves, width, height - _BESIDES - 1, look)  # a strip is named by its title
    right = max(right, max(map(len, ends.values()), default=-1) + 1) if ends is not None else right
    named = not bare and ends is None
    over = [] if bare else _legend(chart, curves if named else [], width, height - _BESIDES - _LEAST_ROWS, look)
    if not bare and not over:
        return _Drawing([], None)
    rows = height - 1 - len(over) - (0 if bare else 2 + bool(chart.x))
    area = _area(chart, curves, width - right, rows, 1 + len(over), left, look)
    cells = overlaid(curves, area, look)
    mark(chart.marks, cells, area, look)
    shaded = shade(chart.shaded, cells, area, look)
    if ends:
        _name(ends, curves, cells, area)
    picture = [_row(cells, y, width, shaded if y < rows else range(0), look) for y in range(rows + 2 * (not bare))]
    below = []
    if chart.x and not bare:
        name = segment(look, "dim", fitted(look, chart.x, width - 2))
        below = [[Segment(" " * (width - right - 1 - name.cell_length)), name]]
    told = 0 if bare or named else 1
    heading = title if told == 0 else over[0]
    inside = (cells[x, y][1] for x in range(area.left, area.left + area.columns) for y in range(rows))
    if not look.glyphs.unicode and SEVERAL in inside:
        note = segment(look, "dim", f"{SEVERAL} several here ")
        title = rule(look, title[1:2], [note], width)
        heading = title if told == 0 else heading
    return _Drawing([title, *over, *picture, *below], area, curves, told, heading)


def _row(cells: Cells, y: int, width: int, shaded: range, look: Look) -> Line:
    line = []
    shown = ((x, *cells.get((x, y), ("dim", " "))) for x in range(width))
    for (role, behind), same in groupby(shown, key=lambda cell: (cell[1], cell[0] in shaded)):
        style = look.style(role)
        text = "".join(c for _, _, c in same)
        line.append(Segment(text, style + look.style("shaded") if behind and backed(look) else style))
    return line


def _axis_name(chart: Chart) -> str:
    """The name of the y axis, which says so where it is logarithmic."""
    return f"{chart.y}, log scale" if chart.log else chart.y


def _legend(chart: Chart, curves: Sequence[Plotted], width: int, rows: int, look: Look) -> list[Line]:
    """The name of the y axis, then every line's sample and name, cut short until all fit; no lines if they never do."""
    same = same_as(curves)
    for most in range(width - 5, 7, -1):
        axis, *names = (fitted(look, name, most) for name in (_axis_name(chart), *(c.name for c in curves)))
        pieces = [[segment(look, "dim", f" {axis}  ")]]
        for i, (name, curve) in enumerate(zip(names, curves, strict=True)):
            empty = not (curve.points or curve.beyond)
            nothing = "nothing yet" if chart.span else "nothing to draw"
            note = f": {nothing}" if empty else f": same as {names[same[i]]}" if i in same else ""
            pieces.append([segment(look, curve.role, f" {curve.sample} {name}"), segment(look, "dim", note + " ")])
        lines, placed = pack(pieces, width, rows)
        if placed == len(pieces) and max(map(width_of, lines)) <= width:
            return lines
    return []


def _ends(curves: Sequence[Plotted], width: int, rows: int, look: Look) -> Mapping[int, str] | None:
    """What is written at the end of each line: its sample and name; None where there is no room, or nothing to end."""
    same = same_as(curves)
    labels = {}
    for n, curve in enumerate(curves):
        equal = f" = {look.text(curves[same[n]].name)}" if n in same else ""
        labels[n] = f"{curve.sample} {one_cell_each(look.text(curve.name))}{equal}"
    longest = max(map(len, labels.values()), default=0)
    fits = longest <= width // _LABEL_SHARE and width - longest >= _LEAST_COLUMNS + 8 and len(curves) <= rows
    return labels if fits and curves and all(curve.points for curve in curves) else None


def _name(ends: Mapping[int, str], curves: Sequence[Plotted], cells: Cells, area: Area) -> None:
    """Write the names beside the ends of the lines, as near as they can be without being in one another's row."""
    wanted = sorted(ends, key=lambda n: (area.row(curves[n].points[-1][1]), n))
    rows: list[int] = []
    for n in wanted:
        rows.append(max(area.row(curves[n].points[-1][1]), rows[-1] + 1 if rows else 0))
    last = area.rows
    for place in reversed(range(len(rows))):  # and up again, where they went beyond the picture
        last = rows[place] = min(rows[place], last - 1)
    for n, row in zip(wanted, rows, strict=True):
        write(cells, area.left + area.columns + 1, row, curves[n].role, ends[n])


def _area(chart: Chart, curves: Sequence[Plotted], width: int, rows: int, top: int, left: int, look: Look) -> Area:
    points = [point for curve in curves for point in curve.points]
    y_axis = up([y for _, y in points], rows, look, chart.log, chart.zero, chart.bounds, chart.shares)
    left = max(left, max(map(len, y_axis.labels)) + 1)
    y_axis = y_axis.widened(left - 1)
    off = [x for curve in curves for x, _ in curve.beyond]
    x_axis = across([*(x for x, _ in points), *off, *chart.span], chart.labels, left, width - left, look)
    return Area(left, top, width - left, rows, x_axis, y_axis)


# The cursor


def _told(
    drawing: _Drawing, chart: Chart, width: int, look: Look, cursor: float, column: int, blank: Collection[str]
) -> Line:
    """The heading, and over the cursor the value of every line there, as far as there is room."""
    label = _values(drawing, chart, look, cursor, blank)
    used = width_of(drawing.heading)
    if drawing.told == 0:  # a rule spans the width, and the values end it
        title = drawing.heading[1]
        room = width - title.cell_length - 8
        return rule(look, [title], label, width) if label and width_of(label) <= room else list(drawing.heading)
    room = width - used - 1
    if label and width_of(label) > room:
        label = label[:1]
    if not label or width_of(label) > room:
        return list(drawing.lines[drawing.told])
    start = min(max(column, used + 1), width - width_of(label))
    gap = segment(look, "dim", " " * (start - used))
    line = spread([*drawing.heading, gap, *label], [], width, look)
    return Segment.adjust_line_length(line, width, look.style("text"))


def _values(drawing: _Drawing, chart: Chart, look: Look, cursor: float, blank: Collection[str]) -> Line:
    label: Line = []
    for curve, points in zip(drawing.curves, chart.lines.values(), strict=True):
        value = chart.value_at(curve.name, cursor) if chart.value_at else _near(points, cursor)
        if value is not None and not math.isnan(value) and curve.name not in blank:
            several = len(drawing.curves) > 1
            name = f"{curve.name} " if several else ""
            text = f"{100 * value:.1f} %" if _is_percent(drawing) else _number(value, chart.log, look)
            text = f"+{text}" if chart.stems and value > 0 else text
            label.append(segment(look, curve.role, f"{look.text(name)}{text}  "))
    if not label:
        return []
    x = fitted(look, chart.labels.get(cursor, f"{chart.x} {cursor:g}".strip()), 24)
    pieces = [segment(look, "key", f"{look.glyphs.down} {x}  "), *label]
    return [Segment(piece.text) for piece in pieces] if look.plain else pieces


def _is_percent(drawing: _Drawing) -> bool:
    return drawing.area is not None and any("%" in label for label in drawing.area.up.labels)


def _number(value: float, log: bool, look: Look) -> str:
    text = f"{value:.1e}" if log else large(value) if abs(value) >= LARGE else plainly(value, look)
    return text.replace("-", look.glyphs.minus)


def _near(points: Sequence[tuple[float, float]], x: float) -> float | None:
    """The value at `x`, or that of the nearest point if it is nearer than half a step between points."""
    if not points:
        return None
    place = bisect_left(points, x, key=lambda point: point[0])
    nearest = min(points[max(place - 1, 0) : place + 1], key=lambda point: abs(point[0] - x))
    step = (points[-1][0] - points[0][0]) / max(len(points) - 1, 1)
    return nearest[1] if abs(nearest[0] - x) <= step / 2 + 1e-9 else None


def _lit(line: Line, column: int, look: Look) -> Line:
    """The line with one cell lit; where no background can light it, an empty cell shows a vertical stroke."""
    before: Line = []
    at = 0
    while at + len((part := line[len(before)]).text) <= column:
        before.append(part)
        at += len(part.text)
    split = column - at
    left, cell, right = part.text[:split], part.text[split], part.text[split + 1 :]
    style = part.style
    if not backed(look) and cell in (" ", mark_glyph(look), look.glyphs.pending):
        cell, style = look.glyphs.zero, None if look.plain else look.style("text")
    elif style is not None:
        style += look.style("lit")
    pieces = [Segment(left, part.style), Segment(cell, style), Segment(right, part.style)]
    return [*before, *(piece for piece in pieces if piece.text), *line[len(before) + 1 :]]
