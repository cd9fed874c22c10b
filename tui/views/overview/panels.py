"""Every unit of every layer as one cell of a heat map, and in words the one that is selected."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.segment import Segment

from ....engine import QUANTITIES
from ...draw import heat
from ...draw.lines import Line, fitted, flow, rule, segment, spread, width_of
from ...draw.look import Look
from ..stepper.order import EFFECT, ORDERS, Ranks, ranked
from ..stepper.panels.heading import edited_mark
from ..stepper.panels.timeline import scale_here
from ..stepper.state import Moment
from .state import Overview

LABEL = 7
"""The cells before the units of a row, for the number of the first of them."""

WIDEST = 6
SELECTED = 4
"""The rows that tell of the selected unit."""


@dataclass(frozen=True)
class Shape:
    """How the units are laid out: `cell` cells each, `across` in a row, two rows of them in one with `half`."""

    cell: int
    across: int
    half: bool

    def rows(self, units: int) -> int:
        """Return how many rows `units` units take."""
        rows = -(-units // self.across)
        return -(-rows // 2) if self.half else rows


def heading(state: Overview, width: int, height: int, look: Look) -> list[Line]:
    """Return the line that says how much there is, and at which timestamp."""
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


def shape_of(state: Overview, width: int, height: int, look: Look) -> Shape:
    """Return how the units are laid out in this room: as large as all of them fit, and else as small as there is."""
    sizes = [layer.H for layer in state.here.trace.layers]
    least = max(heat.least(scale_here(moment, _shown(moment, state)), look) for moment in state.layers)
    halves = (False, True) if heat.shaded(look) else (False,)
    tried = [
        Shape(cell, max((width - LABEL) // cell, 1), half) for half in halves for cell in range(WIDEST, least - 1, -1)
    ]
    for shape in tried:
        if len(sizes) + sum(shape.rows(H) for H in sizes) <= height:
            return shape
    return tried[-1]


def grid(state: Overview, width: int, height: int, look: Look) -> list[Line]:
    """Return a heading and the units of each layer; where not all fit, those around the selected one."""
    shape = shape_of(state, width, height, look)
    lines: list[Line] = []
    at = 0
    for moment in state.layers:
        drawn = _rows(moment, state, shape, look)
        if moment.layer == state.here.layer:
            place = moment.order.index(state.here.unit) // shape.across
            at = len(lines) + 1 + (place // 2 if shape.half else place)
        lines += [_layer(moment, state, width, look), *drawn]
    if len(lines) <= height:
        return lines
    rows = max(height - 1, 1)
    top = min(max(at - rows // 2, 0), len(lines) - rows)
    told = f" {look.glyphs.ellipsis} rows {top + 1} to {top + rows} of {len(lines)}"
    return [*lines[top : top + rows], [segment(look, "dim", fitted(look, told, width))]][:height]


def _shown(moment: Moment, state: Overview) -> str:
    """The quantity that is shown of a layer: the one that is selected, or its first where it does not have that."""
    names = moment.layer_trace.cell.quantities
    return state.here.quantity if state.here.quantity in names else names[0]


def _layer(moment: Moment, state: Overview, width: int, look: Look) -> Line:
    """What the layer is, what is shown of it, what that is on average, and how the units are ordered."""
    name = _shown(moment, state)
    quantity, layer = moment.layer_trace.quantity(name), moment.layer_trace
    values = np.asarray(layer[name][moment.t], np.float64)
    dot = segment(look, "dim", f" {look.glyphs.dot} ")
    title = [segment(look, "chosen", moment.layer), segment(look, "dim", f" {layer.H} units"), dot]
    title.append(segment(look, name, f"{name} {quantity.symbol}"))
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


def _rows(moment: Moment, state: Overview, shape: Shape, look: Look) -> list[Line]:
    """The units of a layer in their order, row by row, each with the number of its first unit."""
    name, layer = _shown(moment, state), moment.layer_trace
    scale, order = scale_here(moment, name), np.array(moment.order)
    there = order < layer.weights.width(name)
    values = np.asarray(layer[name][moment.t])[np.where(there, order, 0)]
    levels = scale.levels(values[None, :], there, heat.steps(scale, look))[0]
    rows = -(-len(order) // shape.across)
    padded = np.full(rows * shape.across, heat.steps(scale, look) + 2, levels.dtype)
    padded[: len(levels)] = levels
    drawn = heat.rows(padded.reshape(rows, shape.across).T, scale, name, shape.cell, look, shape.half)
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
        lines.append(
            [label, *(_marked(row, (place - first) % shape.across * shape.cell, shape.cell, look) if here else row)]
        )
    return lines


def _marked(row: Sequence[Segment], at: int, size: int, look: Look) -> Line:
    """The row with the cells from `at` on marked as the cursor: brackets where there is room, else a mark."""
    mark = "[" + " " * (size - 2) + "]" if size >= 2 else look.glyphs.chosen
    before, _, after = Segment.divide(row, [at, at + size, width_of(row)])
    return [*before, segment(look, "cursor", mark), *after]


def selected(state: Overview, width: int, height: int, look: Look) -> list[Line]:
    """Return the numbers of the selected unit: all quantities at this timestamp, and what it can be ordered by."""
    here, layer = state.here, state.here.layer_trace
    left = [segment(look, "chosen", f"{here.layer} unit {here.unit}")]
    if here.only:
        left.append(segment(look, "dim", f" of {layer.H}"))
    lines = [rule(look, left, [], width)]
    pieces: list[Line] = []
    for name in layer.cell.quantities:
        value = layer.number(name, here.t, here.unit)
        if value is not None:
            text = look.amount(value) if layer.quantity(name).signed else look.share(value)
            pieces.append([segment(look, name, f" {name} {QUANTITIES[name].symbol} {text} ")])
    lines += flow(pieces, width, 1)
    ranks = [Ranks(name, here.t, values, False) for name, values in _numbers(here) if values is not None]
    lines += flow([
        [segment(look, "dim", f" {rank.title} "), segment(look, "text", f"{rank.spelled(here.unit, look)} ")]
        for rank in ranks
    ], width, max(height - len(lines), 1))  # fmt: skip
    return lines[:height]


def _numbers(here: Moment) -> list[tuple[str, np.ndarray | None]]:
    others = [(name, ranked(here.layer_trace, name, here.t)) for name in ORDERS]
    return [(EFFECT, here.effects(here.t)), *others]
