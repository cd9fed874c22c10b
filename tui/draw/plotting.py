"""The only module that knows the library which draws lines, plotext."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from threading import Lock

from .axes import Area, labels_below
from .pens import DOTS, Plotted, dot

_FIGURE = Lock()
"""The library has one figure for the whole process."""

Picture = Sequence[str]
"""The rows, of one width: a line, and the axes."""


def picture(curve: Plotted | None, area: Area) -> Picture:
    """Return the rows of the points of `area`, the axis below and a row for its labels; without a curve, the axes."""
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
            for xs, ys in _strokes(curve, area) if curve else [([], [])]:
                plotext.plot(xs, ys, marker=curve.pen if curve else None)
            text = plotext.uncolorize(plotext.build())
        finally:
            plotext.clear_figure()
    rows: list[str] = text.splitlines()
    return rows


def _strokes(curve: Plotted, area: Area) -> Iterator[tuple[list[float], list[float]]]:
    """What is drawn without a break, from 0 to 1 across and up."""
    across_dots, up_dots = DOTS.get(curve.pen, (1, 1))
    for run in (curve.runs or [[]]) if curve.fine else [curve.points]:
        xs = [_dot(area.across.place(x), area.columns, across_dots) for x, _ in run]
        ys = [_dot(area.up.place(y), area.rows, up_dots) for _, y in run]
        seen = thinned(xs, ys, 8 * across_dots * area.columns) if curve.fine else range(len(xs))
        if curve.stems:
            zero = _dot(area.up.place(0.0), area.rows, up_dots)
            yield from (([xs[n], xs[n]], [zero, ys[n]]) for n in seen)
        else:
            yield [xs[n] for n in seen], [ys[n] for n in seen]


def thinned(xs: Sequence[float], ys: Sequence[float], places: int) -> Sequence[int]:
    """Return which points make the picture: at each of `places` across the first, least, greatest and last."""
    if len(xs) <= 4 * places:
        return range(len(xs))
    kept: list[int] = []
    for _, group in groupby(range(len(xs)), key=lambda n: int(xs[n] * places)):
        here = list(group)
        kept += sorted({here[0], min(here, key=ys.__getitem__), max(here, key=ys.__getitem__), here[-1]})
    return kept


def _dot(place: float, cells: int, dots: int) -> float:
    """A place along cells as one along their dots, so that a point is in the cell of its tick, however fine."""
    return dot(place, cells, dots) / (dots * cells - 1)
