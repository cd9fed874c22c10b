"""Units by time: one quantity of every unit over the sequence, paged, with the cursor in the row of words below."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.segment import Segment

from .....engine import LayerTrace
from ....draw import heat
from ....draw.columns import WIDEST, columns_clickable, numbers_below, paged, place_of, words_below
from ....draw.heat import Scale
from ....draw.lines import Line, brief, segment, width_of
from ....draw.look import Look
from ....draw.memo import memo
from ....source.lookup import Results
from ....source.subject import Subject
from ..state import Moment
from .numbers import symbols

MARKED_FROM = 4
"""The fewest rows of a timeline in which one marks the hits of a search."""

MOST_CELLS = 800
"""The most cells of half blocks on a page: each may cost two colours, and a page turn sends them all."""


@dataclass(frozen=True)
class Page:
    """What a timeline shows: `units`, one in a row or, with `half`, two, at timestamps `start` to `stop`.

    A timestamp has `cell` cells, and the rows begin after `label` cells.
    """

    units: tuple[int, ...]
    half: bool
    label: int
    cell: int
    start: int
    stop: int

    @property
    def rows(self) -> int:
        """The rows of the picture."""
        return -(-len(self.units) // 2) if self.half else len(self.units)


def timeline(moment: Moment, width: int, height: int, look: Look) -> list[Line]:
    """Return a heading, the picture, and the words below, the one at the cursor marked in its column."""
    shown, name = page(moment, width, height, look), moment.quantity
    here, cell, start, stop = moment.t - shown.start, shown.cell, shown.start, shown.stop
    blank = None if moment.computed(name) else here
    layer, scale = moment.layer_trace, scale_here(moment, name)
    rows, beyond = picture(layer, name, shown.units, start, stop, cell, shown.half, blank, look, scale)
    lines = [] if height == 2 else [_heading(moment, shown, beyond, width, look)]
    if look.plain:  # no word can be marked there
        lines.append([Segment(" " * (shown.label + here * cell) + look.glyphs.down)])
    columns = [[*label, *row] for label, row in zip(_labels(moment, shown, look), rows, strict=True)]
    if _marked(moment, height):
        columns.append([Segment(" " * shown.label), *marks(moment.results, start, stop, cell, look)])
    below = words_below(*spelled(moment.subject, moment.t, start, stop, cell, look), here, cell, look)
    columns.append([Segment(" " * shown.label), *below])
    return [*lines, *(columns_clickable(look, line, shown.label, cell, start) for line in columns)][:height]


def rows_with(moment: Moment, look: Look) -> int:
    """Return the rows for a heading, every unit in one of its own, the marks of a search, and the words."""
    return 2 + look.plain + (moment.results is not None) + len(moment.order)


def page(moment: Moment, width: int, height: int, look: Look) -> Page:
    """Return what fits around the selected unit and the timestamp: the units one a row, or two where they are many."""
    order, scale = moment.order, scale_here(moment, moment.quantity)
    room = max(height - 2 - look.plain - _marked(moment, height) + (height == 2), 1)
    half = heat.shaded(look) and len(order) > room
    count = 2 * room if half else room
    _, top, _ = paged(len(order), order.index(moment.unit), count, 1)  # units in pages, too: the next one is a mark
    top += half and top % 2  # pairs stay together
    units = order[top : top + count]
    label = label_of(moment.layer_trace, look)
    least = heat.least(scale, look)
    if half:
        least = max(least, -(-min(width - label - 1, WIDEST * len(moment.trace)) * room // MOST_CELLS))
    return Page(units, half, label, *paged(len(moment.trace), moment.t, width - label - 1, WIDEST, least))


def label_of(layer: LayerTrace, look: Look) -> int:
    """Return the cells before the first timestamp: for a mark, and for the numbers of two units if they share a row.

    The strips and the picture of what wrote the memory begin there too, so that a timestamp is one column in all three.
    """
    digits = len(str(layer.H - 1))
    return max(3 + (2 * digits if heat.shaded(look) else digits), 5)


def _marked(moment: Moment, height: int) -> bool:
    """Whether a row marks the hits of a search."""
    return moment.results is not None and height >= MARKED_FROM


def marks(results: Results | None, start: int, stop: int, cell: int, look: Look) -> Line:
    """Return the row that marks each hit in its column; a dot stands where the search has not been."""
    assert results is not None
    hit, seen = results.marks(start, stop)
    up, pending = look.glyphs.up, look.glyphs.pending
    kinds = [(up, "key") if h else (" ", "text") if s else (pending, "dim") for h, s in zip(hit, seen, strict=True)]
    return [segment(look, role, text.ljust(cell)) for text, role in kinds]


@memo(maxsize=64)
def fixed_scale(layer: LayerTrace, name: str) -> Scale:
    """Return the scale on which a quantity of a layer is drawn, the same at every timestamp."""
    return heat.scale_of(layer.quantity(name), layer[name], layer.weights.reverse)


def scale_here(moment: Moment, name: str) -> Scale:
    """Return the scale on which a quantity is drawn at this moment: the fixed one, or the one it was rescaled to."""
    if moment.rescaled is None:
        return fixed_scale(moment.layer_trace, name)
    return _rescaled(moment.layer_trace, name, moment.rescaled)


@memo(maxsize=64)
def _rescaled(layer: LayerTrace, name: str, t: int) -> Scale:
    """The scale that reaches the largest value of the layer; of a lazy run, the largest around `t`."""
    values = layer[name]
    if not isinstance(values, np.ndarray):
        values = values[max(t - heat.LAZY // 2, 0) : t + heat.LAZY // 2]
    return heat.reaching(layer.quantity(name), np.asarray(values))


@memo(maxsize=64)
def picture(
    layer: LayerTrace, name: str, units: tuple[int, ...], start: int, stop: int, cell: int, half: bool,
    blank: int | None, look: Look, scale: Scale,
) -> tuple[Sequence[Line], Line]:  # fmt: skip
    """Return the rows of some units over some timestamps, and what marks the values beyond the scale."""
    there = np.array(units) < layer.weights.width(name)  # a projection shows fewer
    values = np.asarray(layer[name][start:stop])[:, np.where(there, units, 0)]  # (timestamps, units)
    levels = scale.levels(values, there, heat.steps(scale, look))
    return heat.rows(levels, scale, name, cell, look, half, blank), heat.beyond(levels, scale, look, half)


def _heading(moment: Moment, shown: Page, beyond: Line, width: int, look: Look) -> Line:
    """What is shown, how much of it, and the scale; without room, the least needed is left out."""
    name, units = moment.quantity, len(moment.order)
    left = [segment(look, name, f"timeline: {name} {moment.layer_trace.quantity(name).symbol}")]
    if len(shown.units) < units:
        left += [segment(look, "dim", f" {look.glyphs.dot} {len(shown.units)} of {units} units")]
    where = place_of(shown.start, shown.stop, len(moment.trace))
    return heat.heading(left, where, beyond, scale_here(moment, name), name, width, look)


def _labels(moment: Moment, shown: Page, look: Look) -> list[Line]:
    """The number of the unit, or of two, the selected one marked."""
    lines: list[Line] = []
    step = 2 if shown.half else 1
    for row in range(shown.rows):
        units = shown.units[row * step : (row + 1) * step]
        mark = look.glyphs.chosen if moment.unit in units else " "
        line = [segment(look, "chosen", mark + " " * (not shown.half))]
        for n, unit in enumerate(units):
            dot = [segment(look, "dim", look.glyphs.dot)] if n else []
            line += [*dot, segment(look, "chosen" if unit == moment.unit else "dim", str(unit))]
        lines.append([*line, Segment(" " * (shown.label - width_of(line)))])
    return lines


def spelled(subject: Subject, t: int, start: int, stop: int, cell: int, look: Look) -> tuple[list[str], str]:
    """Return names for timestamps `start` to `stop`, and for `t`: words, dates without years, labels or numbers."""
    if subject.trace.tokens is None:
        if subject.trace.labels:
            labels = [brief(look.text(label)) for label in subject.trace.labels[start:stop]]
            return labels, look.text(subject.trace.label(t))
        if (hot := symbols(subject.trace, start, stop)) is not None and start < stop:
            names = [look.text(name) for name in hot]
            return names, f"{t + 1} {names[t - start]}" if start <= t < stop else ""
        name = numbers_below(start, stop, cell)
        return [name(k) for k in range(start, stop)], str(t + 1)
    words = [look.text(word) for word in subject.trace.tokens[start:stop]]
    if subject.forecast:
        words = [brief(word) for word in words]
    return words, words[t - start] if start <= t < stop else ""
