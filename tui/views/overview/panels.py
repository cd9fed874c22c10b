"""Every unit of every layer as one cell of a heat map, and the numbers of the selected one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.segment import Segment

from ....engine import QUANTITIES
from ...draw import heat, ramps
from ...draw.lines import Line, fitted, flow, rule, segment, spread, width_of
from ...draw.look import Look
from ..stepper.order import EFFECT, ORDERS, Ranks, ranked
from ..stepper.panels.heading import edited_mark
from ..stepper.panels.strips import rows_of, strips
from ..stepper.panels.timeline import scale_here, timeline
from ..stepper.state import Moment
from .state import Overview

LABEL = 7
"""The cells before the units of a row, for the number of the first of them."""

NUMBERED = 8
"""The fewest cells in which a unit of two rows has its number and its value written on it."""

WIDEST, LEAST_FACE = 24, 10
"""The most cells of a unit in a row, and the fewest of them that are shaded where a unit is many rows high."""

MOST_CELLS = 4000
"""About how many cells are shaded in all: a step may send each of them anew."""

FILLED = 0.8
"""The share of a row from which one that ends at a round number is preferred to a longer one."""

BESIDE = 16
"""The most units of the timeline below."""

SELECTED = 4
"""The rows for the selected unit."""


@dataclass(frozen=True)
class Shape:
    """How the units are laid out: `cell` cells each, `across` in a row; with `half`, two rows of units share one.

    Where there is room, a unit is `tall` rows high. `face` of its cells are shaded.
    """

    cell: int
    across: int
    half: bool
    face: int
    tall: int = 1

    @property
    def size(self) -> float:
        """How large and how square a unit is: a cell is twice as high as it is wide."""
        return min(self.cell / 2, self.tall)

    def rows(self, units: int) -> int:
        """Return how many rows `units` units take."""
        rows = -(-units // self.across)
        return -(-rows // 2) if self.half else rows


@dataclass(frozen=True)
class Block:
    """One quantity of the units of a layer, each `tall` rows high."""

    moment: Moment
    name: str
    tall: int


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


def blocks_of(state: Overview, width: int, height: int, look: Look) -> tuple[Shape, list[Block]]:
    """Return how the units are laid out in this room, and which quantities of which layers are shown, with their rows.

    Where all units of all quantities have room, all quantities are shown; else the selected one alone.
    """
    layers = state.layers
    every = [(moment, name) for moment in layers for name in moment.layer_trace.cell.quantities]
    shape = _fitting(every, width, height, look, halves=(False,), few=True)
    shown = every
    if shape is None:
        shown = [(moment, _shown(moment, state)) for moment in layers]
        halves = (False, True) if heat.shaded(look) else (False,)
        shape = _fitting(shown, width, height, look, halves=halves, few=False) or _smallest(
            shown, width, look, halves[-1]
        )
    rest = height - len(shown) - sum(shape.rows(moment.layer_trace.H) for moment, _ in shown) * shape.tall
    blocks: list[Block] = []
    for moment, name in shown:
        rows = shape.rows(moment.layer_trace.H)
        more = shape.tall > 1 and rows <= rest
        rest -= rows * more
        blocks.append(Block(moment, name, shape.tall + more))
    return shape, blocks


def _fitting(
    shown: Sequence[tuple[Moment, str]], width: int, height: int, look: Look, halves: Sequence[bool], few: bool
) -> Shape | None:
    """The shape in which all fit and a unit is as large and as square as possible; half rows only where needed."""
    sizes = [moment.layer_trace.H for moment, _ in shown]
    least = max(1 + few, *(heat.least(scale_here(moment, name), look) for moment, name in shown))
    room = max(width - LABEL, 1)
    for half in halves:
        found: list[tuple[tuple[object, ...], Shape]] = []
        for across in range(1, min(max(room // least, 1), max(sizes)) + 1):
            cell = min(room // across, max(WIDEST, least))
            rows = sum(Shape(cell, across, half, cell).rows(H) for H in sizes)
            tall = (height - len(sizes)) // rows
            if tall < 1:
                continue
            if cell < NUMBERED:
                tall = max(min(tall, MOST_CELLS // (sum(sizes) * cell)), 1)
            tall = tall if heat.shaded(look) else min(tall, 2)
            face = min(cell, max(MOST_CELLS // (sum(sizes) * tall), LEAST_FACE))
            shape = Shape(cell, across, half, face, tall)
            size = min(shape.size, cell / NUMBERED * 2) if not heat.shaded(look) else shape.size
            even = all(H % across == 0 or across > H for H in sizes)
            found.append(((size, across * cell >= FILLED * room, even, across * cell, across), shape))
        if found:
            return max(found, key=lambda one: one[0])[1]
    return None


def _smallest(shown: Sequence[tuple[Moment, str]], width: int, look: Look, half: bool) -> Shape:
    """The shape that shows the most units at a time, where not all fit."""
    cell = max(heat.least(scale_here(moment, name), look) for moment, name in shown)
    return Shape(cell, max((width - LABEL) // cell, 1), half, cell)


def allot(state: Overview, width: int, height: int, look: Look) -> tuple[int, int, int]:
    """Return how many of `height` rows the units, the timeline of some, and the strips of the selected one take.

    The units come first: the others are there only where these are all shown and large enough.
    """
    layer = state.here.layer_trace
    shape, blocks = blocks_of(state, width, height, look)
    enough = min(shape.size, 2.0 if len(blocks) > len(state.layers) else 1.0)
    each = min(layer.H, BESIDE) + 2 + look.plain
    paired = min(-(-layer.H // 2), BESIDE // 2) + 2 if heat.shaded(look) else each
    below = rows_of(state.here)
    for pictures, one in ((each + below, below), (paired + below, below), (each, 0), (paired, 0)):
        there, kept = blocks_of(state, width, height - pictures, look)
        used = _rows_of(there, kept)
        alike = len(kept) == len(blocks) and there.half == shape.half
        if alike and there.size >= enough and used + pictures <= height:
            return used, height - used - one, one
    return height, 0, 0


def _rows_of(shape: Shape, blocks: Sequence[Block]) -> int:
    """How many rows all units take, with their headings."""
    return sum(1 + shape.rows(block.moment.layer_trace.H) * block.tall for block in blocks)


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


def _shown(moment: Moment, state: Overview) -> str:
    """The quantity that is shown of a layer: the selected one, or its first where it does not have that."""
    names = moment.layer_trace.cell.quantities
    return state.here.quantity if state.here.quantity in names else names[0]


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
        label = segment(
            look,
            "chosen" if here else "dim",
            f"{look.glyphs.chosen if here else ' '} {moment.order[first]}".ljust(LABEL),
        )
        spot = (place - first) % shape.across * shape.cell
        tile = _tile(block, order[first : first + shape.across], row, shape, look)
        lines.append([label, *(_marked(tile[0], spot, shape.face, look) if here else tile[0])])
        lines += [[Segment(" " * LABEL), *part] for part in tile[1:]]
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
    if not shaded:
        return [row, [segment(look, "dim", text.ljust(shape.cell)) for text in values]]
    names = ["" if number is None else f"{unit}" for unit, number in zip(units, numbers, strict=True)]
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


def _marked(row: Sequence[Segment], at: int, size: int, look: Look) -> Line:
    """The row with the cells from `at` on marked as the cursor: brackets where there is room, else a mark."""
    before, under, after = Segment.divide(row, [at, at + size, width_of(row)])
    inside = "".join(part.text for part in under)[1 : size - 1] if size >= NUMBERED and heat.shaded(look) else ""
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
