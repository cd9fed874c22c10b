"""The table of units: every gate as a bar and a number, the memory before and after, and the hidden state."""

from dataclasses import dataclass

import numpy as np
from rich.segment import Segment

from .....engine import QUANTITIES
from ....draw.lines import Line, segment
from ....draw.look import Look
from ..state import Moment

TITLES = {"forget": "forget f", "input": "input i", "candidate": "cand g", "output": "output o", "reset": "reset r",
          "update": "update z", "cell": "cell c", "hidden": "hidden h"}  # fmt: skip
LABEL = 5
GAP = 2
WIDEST_BAR = 17
NARROW = 50
"""Below so many columns the memory is shown as it is after the step, and not as it was before."""


@dataclass(frozen=True)
class Column:
    """One quantity's place in the table: `bar` cells of bar, then `digits` of number."""

    quantity: str
    bar: int
    digits: int

    @property
    def width(self) -> int:
        """Cells that the column takes, without the gap after it."""
        return self.bar + 1 + self.digits if self.bar else self.digits


def units(moment: Moment, width: int, height: int, look: Look) -> list[Line]:
    """Return a header and as many units as there is room for, the selected one among them."""
    columns = _columns(moment, width)
    effects = moment.effects(moment.t) if _spare(columns, width) >= 9 else None
    lines = [_header(moment, columns, look, effects is not None)]
    order, rows = moment.order, height - 1
    place = order.index(moment.unit)
    top = max(0, min(place - rows // 2, len(order) - rows))
    for unit in order[top : top + rows]:
        lines.append(_row(moment, unit, columns, look, effects))
    return lines


def _columns(moment: Moment, width: int) -> list[Column]:
    """Share the width among the quantities: numbers first, then bars as wide as the rest allows."""
    layer = moment.layer_trace
    cell = layer.cell
    fixed = {cell.memory_state: 15 if width >= NARROW else 5} if cell.memory_state else {"hidden": 5}
    digits = {q: fixed.get(q, 4 if layer.quantity(q).signed else 3) for q in cell.quantities}
    barred = [q for q in cell.quantities if q not in ("cell", "hidden")] or ["hidden"]
    left = width - LABEL - sum(digits.values()) - GAP * (len(digits) - 1) - len(barred)
    if left // len(barred) >= 11 and "hidden" not in (*barred, cell.memory_state):
        barred.append("hidden")
        left -= 1
    bar = max(min(left // len(barred), WIDEST_BAR), 0)
    columns = []
    for q in cell.quantities:
        size = bar if q in barred else 0
        if layer.quantity(q).signed and size % 2 == 0:
            size = max(size - 1, 0)
        columns.append(Column(q, size if size >= 3 else 0, digits[q]))
    return columns


def _spare(columns: list[Column], width: int) -> int:
    return width - LABEL - sum(c.width for c in columns) - GAP * (len(columns) - 1)


def _header(moment: Moment, columns: list[Column], look: Look, effects: bool) -> Line:
    line = [segment(look, "dim", _ordered(moment, look).ljust(LABEL))]
    for column in columns:
        name = column.quantity
        symbol, title = QUANTITIES[name].symbol, TITLES[name]
        if name == moment.layer_trace.cell.memory_state and column.digits > 5:
            title = f"{name} {symbol}{look.glyphs.prime} {look.glyphs.arrow} {symbol}"
        if column.width < len(title):
            title = symbol
        chosen = name == moment.quantity
        if chosen and (look.plain or look.depth == "none"):
            title = f"[{title}]"[: column.width]
        role = "cursor" if chosen else name if moment.computed(name) else "dim"
        line.append(segment(look, role, title))
        line.append(segment(look, "text", " " * (column.width - len(title) + GAP)))
    if effects:
        line.append(segment(look, "dim", "effect"))
    return line


def _ordered(moment: Moment, look: Look) -> str:
    """What the units are ordered by, with a space behind: the timestamp of their effects, as far as it fits."""
    if moment.ordered_at is None:
        return "unit"
    label = f"{look.glyphs.down}{moment.ordered_at + 1}"
    return next((text for text in (f"by{label}", label) if len(text) < LABEL), look.glyphs.down)


def _row(moment: Moment, unit: int, columns: list[Column], look: Look, effects: np.ndarray | None) -> Line:
    chosen = unit == moment.unit
    mark = look.glyphs.chosen if chosen else " "
    line = [segment(look, "chosen" if chosen else "dim", f"{mark} {unit}".ljust(LABEL))]
    for column in columns:
        line.append(_field(moment, unit, column, look))
    if effects is not None:
        text = look.number(float(effects[unit])) if moment.computed("hidden") else look.glyphs.pending * 4
        line.append(segment(look, "text", text))
    return line


def _field(moment: Moment, unit: int, column: Column, look: Look) -> Segment:
    """One number with its bar and the gap after it, in one piece: every piece costs a colour change on the wire."""
    name, layer = column.quantity, moment.layer_trace
    width = column.width + GAP
    if name == layer.cell.memory_state:
        before = float(layer.before(moment.t, name)[unit])
        after = float(layer[name][moment.t, unit]) if moment.computed(name) else None
        text = _change(before, after, look)
        if column.digits <= 5:
            text = look.glyphs.pending * 5 if after is None else look.memory(after)
        return segment(look, name if after is not None else "dim", text.ljust(width))
    if not moment.computed(name):
        return segment(look, "dim", (look.glyphs.pending * column.width).ljust(width))
    value, quantity = layer.number(name, moment.t, unit), layer.quantity(name)
    if value is None:
        return segment(look, "dim", " " * width)
    number = (look.signed(value) if quantity.signed else look.fraction(value)).rjust(column.digits)
    part = value / quantity.drawn_to
    bar = look.signed_bar(part, column.bar) if quantity.signed else look.bar(part, column.bar)
    return segment(look, name, (f"{bar} {number}" if column.bar else number).ljust(width))


def _change(before: float, after: float | None, look: Look) -> str:
    """The memory before and after, and which way it went."""
    g = look.glyphs
    if after is None:
        return f"{look.memory(before)} {g.arrow} {g.pending * 5}"
    moved = round(after, 2) - round(before, 2)
    sign = g.up if moved > 0 else g.down if moved < 0 else ""
    return f"{look.memory(before)} {g.arrow} {look.memory(after)} {sign}"
