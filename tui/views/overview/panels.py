"""Every unit of every layer as one cell of a heat map, and the numbers of the selected one."""

from collections.abc import Sequence

import numpy as np
from rich.segment import Segment

from ....engine import QUANTITIES
from ...draw import heat, ramps
from ...draw.columns import columns_clickable
from ...draw.lines import Line, fitted, flow, rule, segment, spread, width_of
from ...draw.look import Look
from ..stepper.order import EFFECT, ORDERS, Ranks, ranked
from ..stepper.panels.heading import edited_mark
from ..stepper.panels.strips import strips
from ..stepper.panels.timeline import scale_here, timeline
from ..stepper.state import Moment
from .layout import LABEL, NUMBERED, WRITTEN, Block, Shape, blocks_of
from .state import Overview

SELECTED = 4
"""The rows for the selected unit."""


def heading(state: Overview, width: int, height: int, look: Look) -> list[Line]:
    """Return the line that says how many units there are, and at which timestamp."""
    here, dot = state.here, f" {look.glyphs.dot} "
    layers = len(here.trace.layers)
    edited = edited_mark(here.subject, look)
    title = segment(look, "title", f" {fitted(look, here.subject.title, max(width - 50, 8))}")
    text = f"{dot}all {state.units} units of {layers} layer{'s' * (layers > 1)}"
    where = f"timestamp {here.t + 1}/{len(here.trace)}"
    word = f", {fitted(look, here.token(here.t), 16)}" if here.trace.tokens else ""
    return [
        spread(
            [title, *edited, segment(look, "dim", text), segment(look, "text", f"{dot}{where}{word}")], [], width, look
        )
    ]


def grid(state: Overview, width: int, height: int, look: Look) -> list[Line]:
    """Return a heading and the units of each layer; where not all fit, those around the selected one."""
    shape, blocks = blocks_of(state, width, height, look)
    lines: list[Line] = []
    at = 0
    for block in blocks:
        moment = block.moment
        drawn = _rows(block, state, shape, look)
        if moment.layer == state.here.layer:
            place = moment.order.index(state.here.unit) // shape.across
            at = len(lines) + 1 + (place // 2 if shape.half else place)
        lines += [_heading(block, state, width, look), *drawn]
    if len(lines) <= height:
        return lines
    rows = max(height - 1, 1)
    top = min(max(at - rows // 2, 0), len(lines) - rows)
    told = f" {look.glyphs.ellipsis} rows {top + 1} to {top + rows} of {len(lines)}"
    return [*lines[top : top + rows], [segment(look, "dim", fitted(look, told, width))]][:height]


def _heading(block: Block, state: Overview, width: int, look: Look) -> Line:
    """Which layer it is, which quantity is shown, its mean, and how the units are ordered."""
    moment, name = block.moment, block.name
    quantity, layer = moment.layer_trace.quantity(name), moment.layer_trace
    values = np.asarray(layer[name][moment.t], np.float64)
    dot = segment(look, "dim", f" {look.glyphs.dot} ")
    title = [segment(look, "chosen", moment.layer), segment(look, "dim", f" {layer.H} units"), dot]
    chosen = name == state.here.quantity and moment.layer == state.here.layer
    title.append(segment(look, name, f"{look.glyphs.chosen if chosen else ''}{name} {quantity.symbol}"))
    mean = look.amount(float(values.mean())) if quantity.signed else look.share(float(values.mean()))
    title.append(segment(look, "dim", f" mean {mean}"))
    if quantity.low == 0 and quantity.high == 1:
        closed, open_ = (100 * (values < 0.1).mean(), 100 * (values > 0.9).mean())
        title.append(segment(look, "dim", f", {closed:.0f} % below .1, {open_:.0f} % above .9"))
    ranks = moment.ranks
    if ranks is not None and ranks.orders:
        title += [dot, segment(look, "chosen", f"{look.glyphs.down} {ranks.title}")]
    scale = scale_here(moment, name)
    right = heat.legend(scale, name, look, 1 if width >= 120 else 2)
    if width_of(title) + width_of(right) + 8 > width:
        right = []
    return rule(look, title, right, width)


def _rows(block: Block, state: Overview, shape: Shape, look: Look) -> list[Line]:
    """The units of a layer in their order, row by row, each with the number of its first unit."""
    moment, name, layer = block.moment, block.name, block.moment.layer_trace
    scale, order = scale_here(moment, name), np.array(moment.order)
    there = order < layer.weights.width(name)
    values = np.asarray(layer[name][moment.t])[np.where(there, order, 0)]
    levels = scale.levels(values[None, :], there, heat.steps(scale, look))[0]
    rows = -(-len(order) // shape.across)
    padded = np.full(rows * shape.across, heat.steps(scale, look) + 2, levels.dtype)
    padded[: len(levels)] = levels
    drawn = heat.rows(padded.reshape(rows, shape.across).T, scale, name, shape.face, look, shape.half)
    drawn = [_spaced(row, shape) for row in drawn]
    place = moment.order.index(state.here.unit) if moment.layer == state.here.layer else -1
    lines: list[Line] = []
    step = 2 if shape.half else 1
    for n, row in enumerate(drawn):
        first = n * step * shape.across
        here = 0 <= place - first < step * shape.across
        mark = f"{look.glyphs.chosen if here else ' '} {moment.order[first]}"
        label = segment(look, "chosen" if here else "dim", mark.ljust(LABEL))
        top, *below = _tile(block, order[first : first + shape.across], row, shape, look)
        if here:
            spot, read = (place - first) % shape.across * shape.cell, heat.shaded(look) or block.tall == WRITTEN
            top = _marked(top, spot, shape.face, read, look)
        tile = [[label, *top], *([Segment(" " * LABEL), *part] for part in below)]
        lines += [columns_clickable(look, line, LABEL, shape.cell, first, f"place:{moment.layer}") for line in tile]
    return lines


def _tile(block: Block, units: np.ndarray, row: Line, shape: Shape, look: Look) -> list[Line]:
    """The rows of one row of units: where there is room, with their numbers on the first, and their values below."""
    shaded = heat.shaded(look)
    plain = [Segment(" " * part.cell_length, part.style) for part in row]  # a value beyond the scale is marked once
    tall = [row] + [plain if shaded else []] * (block.tall - 1)
    if block.tall < 2 or shape.cell < NUMBERED:
        return tall
    layer, name = block.moment.layer_trace, block.name
    read = look.amount if layer.quantity(name).signed else look.share
    numbers = [layer.number(name, block.moment.t, int(unit)) for unit in units]
    values = ["" if number is None else read(number) for number in numbers]
    names = ["" if number is None else f"{unit}" for unit, number in zip(units, numbers, strict=True)]
    if not shaded:
        below = [segment(look, "dim", text.ljust(shape.cell)) for text in values]
        above = [segment(look, "dim", text.ljust(shape.cell)) for text in names]
        return [above, row, below] if block.tall == WRITTEN else [row, below]
    tall[0] = _written(plain, names, shape)
    tall[max(block.tall // 2, 1)] = _written(row, values, shape)
    return tall


def _spaced(row: Line, shape: Shape) -> Line:
    """The row with its units as far apart as they are wide."""
    if shape.face == shape.cell:
        return row
    ends = [shape.face * (n + 1) for n in range(shape.across)]
    gap = Segment(" " * (shape.cell - shape.face))
    return [part for parts in Segment.divide(row, ends) for part in [*parts, gap]]


def _written(row: Line, texts: Sequence[str], shape: Shape) -> Line:
    """The row with a text on each of its units, after the mark of a value beyond the scale."""
    ends = [shape.cell * (n + 1) for n in range(len(texts))]
    written: Line = []
    for text, parts in zip(texts, Segment.divide(row, ends), strict=True):
        style = parts[0].style
        back = style.bgcolor.number if style and style.bgcolor else None
        if not text or back is None:
            written += parts
            continue
        mark = parts[0].text[0]
        written.append(Segment(f"{mark}{text}".ljust(shape.face), ramps.pair(ramps.ink_on(back), back)))
        written.append(Segment(" " * (shape.cell - shape.face)))
    return written


def _marked(row: Sequence[Segment], at: int, size: int, read: bool, look: Look) -> Line:
    """The row with the cells from `at` on marked as the cursor: brackets where there is room, else a mark.

    What is in the row stays where it can be `read` there.
    """
    before, under, after = Segment.divide(row, [at, at + size, width_of(row)])
    inside = "".join(part.text for part in under)[1 : size - 1] if size >= NUMBERED and read else ""
    mark = f"[{inside.ljust(size - 2)}]" if size >= 2 else look.glyphs.chosen
    return [*before, segment(look, "cursor", mark), *after]


def selected(state: Overview, width: int, height: int, look: Look) -> list[Line]:
    """Return the numbers of the selected unit: all quantities at this timestamp, and what units can be ordered by."""
    here, layer = state.here, state.here.layer_trace
    left = [segment(look, "chosen", f"{here.layer} unit {here.unit}")]
    if here.only:
        left.append(segment(look, "dim", f" of {layer.H}"))
    lines = [rule(look, left, [], width)]
    values = [(name, layer.number(name, here.t, here.unit)) for name in layer.cell.quantities]
    texts = [
        (name, look.amount(value) if layer.quantity(name).signed else look.share(value))
        for name, value in values
        if value is not None
    ]
    for spelled in ("{name} {symbol}", "{symbol}"):  # the symbols alone where the names do not fit
        pieces = [
            [segment(look, name, f" {spelled.format(name=name, symbol=QUANTITIES[name].symbol)} {text} ")]
            for name, text in texts
        ]
        if sum(map(width_of, pieces)) <= width:
            break
    lines += flow(pieces, width, 1, look)
    ranks = [Ranks(name, here.t, values, False) for name, values in _numbers(here) if values is not None]
    lines += flow([
        [segment(look, "dim", f" {rank.title} "), segment(look, "text", f"{rank.spelled(here.unit, look)} ")]
        for rank in ranks
    ], width, max(height - len(lines), 1), look)  # fmt: skip
    return lines[:height]


def over_time(state: Overview, width: int, height: int, look: Look) -> list[Line]:
    """Return the selected quantity of some units over time."""
    return timeline(state.here, width, height, look)


def of_one(state: Overview, width: int, height: int, look: Look) -> list[Line]:
    """Return every quantity of the selected unit over time."""
    return strips(state.here, width, height, look)


def _numbers(here: Moment) -> list[tuple[str, np.ndarray | None]]:
    others = [(name, ranked(here.layer_trace, name, here.t)) for name in ORDERS]
    return [(EFFECT, here.effects(here.t)), *others]
