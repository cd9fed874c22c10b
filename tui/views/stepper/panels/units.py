"""The table of units: every gate as a bar and a number, the memory before and after, and the hidden state."""

from dataclasses import dataclass

import numpy as np
from rich.segment import Segment

from .....engine import QUANTITIES, LayerTrace
from ....draw import heat
from ....draw.lines import Line, clickable, segment
from ....draw.look import Look
from ....draw.memo import memo
from ....draw.numbers import in_column, width_in_column
from ..order import NUMBER, Ranks
from ..state import Moment
from .timeline import fixed_scale

TITLES = {"forget": "forget f", "input": "input i", "candidate": "candidate g", "output": "output o",
          "reset": "reset r", "update": "update z", "cell": "cell c", "hidden": "hidden h"}  # fmt: skip
SHORT = {"candidate": "cand. g"}
LABEL = 5
GAP = 2
LEAST_BAR, WIDEST_BAR = 3, 24
NARROW = 72
"""The columns below which only the new value of the memory is shown, and not the one before it."""

NARROWER = 50
"""The columns below which it is not shown whether the memory rose or fell."""

LEAST_RANKED = 60
"""The fewest columns in which the numbers that the units are ordered by have room."""

ROOMY = 100
"""The fewest columns in which bars give way to the effects even where units are ordered by number."""


@dataclass(frozen=True)
class Column:
    """One quantity's place in the table: `bar` cells of bar, then `digits` of number, and a `gap` after it.

    The bar is full at `full`; numbers have the decimals that suit `reach`, with their sign where they are `signed`.
    There are none where it is not `computed` yet.
    """

    quantity: str
    bar: int
    digits: int
    gap: int
    full: float
    reach: float
    signed: bool
    computed: bool

    @property
    def width(self) -> int:
        """Cells that the column takes, without the gap after it."""
        return self.bar + 1 + self.digits if self.bar else self.digits


def units(moment: Moment, width: int, height: int, look: Look) -> list[Line]:
    """Return a header and as many units as there is room for, the selected one among them."""
    label = _label(moment, height - 1)
    width -= len(label)
    ranks, columns = moment.ranks, _columns(moment, width)
    rank = 0 if ranks is None else len(_ordered(ranks, look)) + GAP
    if moment.order_by != NUMBER and width >= LEAST_RANKED:
        columns = _columns(moment, width - rank)
    elif width - sum(column.width + column.gap for column in columns) < rank:
        if width >= ROOMY:
            columns = _columns(moment, width - rank)
        else:
            ranks = None
    lines = [_header(moment, columns, look, ranks, label)]
    order, rows = moment.order, height - 1
    place = order.index(moment.unit)
    top = max(0, min(place - rows // 2, len(order) - rows))
    for unit in order[top : top + rows]:
        lines.append(_row(moment, unit, columns, look, ranks, len(label)))
    return lines


def _columns(moment: Moment, width: int) -> list[Column]:
    """Share the width among the quantities: numbers first, then bars as wide as the rest allows."""
    layer, cell = moment.layer_trace, moment.layer_trace.cell
    digits, reach = {}, {name: _reach(layer, name) for name in cell.quantities}
    signed = {name: layer.quantity(name).signed for name in cell.quantities}
    for name in cell.quantities:
        digits[name] = width_in_column(reach[name], signed[name])
        if name == cell.memory_state:
            digits[name] = 2 * digits[name] + 5 if width >= NARROW else digits[name] + 2 * (width >= NARROWER)
    barred = [q for q in cell.quantities if q not in (cell.memory_state, "hidden")] or ["hidden"]
    left = width - sum(digits.values()) - GAP * (len(digits) - 1) - len(barred)
    gap = GAP if left // len(barred) >= LEAST_BAR else 1
    left += (GAP - gap) * (len(digits) - 1)
    if left // len(barred) >= 11 and "hidden" not in (*barred, cell.memory_state):
        barred.append("hidden")
        left -= 1
    bar = max(min(left // len(barred), WIDEST_BAR), 0)
    columns = []
    for name in cell.quantities:
        size = bar if name in barred else 0
        if signed[name] and size % 2 == 0:
            size = max(size - 1, 0)
        size, full = size if size >= LEAST_BAR else 0, fixed_scale(layer, name).full
        columns.append(Column(name, size, digits[name], gap, full, reach[name], signed[name], moment.computed(name)))
    return columns


def _label(moment: Moment, rows: int) -> str:
    """The heading of the units' numbers, as wide as they need: how many of the units are shown, where not all are."""
    units = len(moment.order)
    text = "unit" if rows >= units else f"{rows}/{units}"
    return text.ljust(max(LABEL, len(text) + 1, len(str(moment.layer_trace.H - 1)) + 3))


def _header(moment: Moment, columns: list[Column], look: Look, rank: Ranks | None, label: str) -> Line:
    line = [segment(look, "dim", label)]
    for column in columns:
        name = column.quantity
        symbol, title = QUANTITIES[name].symbol, TITLES[name]
        if name == moment.layer_trace.cell.memory_state and column.width > 12:
            title = f"{name} {symbol}{look.glyphs.prime} {look.glyphs.arrow} {symbol}"
        if column.width < len(title):
            short = SHORT.get(name, symbol)
            title = short if len(short) <= column.width else symbol
        chosen = name == moment.quantity
        if chosen and (look.plain or look.depth == "none"):
            title = f"[{title}]" if len(title) + 2 <= column.width else f"[{symbol}]"[: column.width]
        role = "cursor" if chosen else name if column.computed else "dim"
        line.append(clickable(look, segment(look, role, title), f"quantity:{name}"))
        line.append(segment(look, "text", " " * (column.width - len(title) + column.gap)))
    if rank is not None:
        line.append(segment(look, "chosen" if rank.orders else "dim", _ordered(rank, look)))
    return line


def _ordered(rank: Ranks, look: Look) -> str:
    """The heading of the last column: what it shows, at which timestamp, and if it orders the units: ▼ effect@24."""
    return f"{look.glyphs.down} {rank.title}" if rank.orders else rank.title


def _row(moment: Moment, unit: int, columns: list[Column], look: Look, rank: Ranks | None, label: int) -> Line:
    chosen = unit == moment.unit
    mark = look.glyphs.chosen if chosen else " "
    head = segment(look, "chosen" if chosen else "dim", f"{mark} {unit}".ljust(label))
    line = [clickable(look, head, f"unit:{unit}")]
    for column in columns:
        line.append(clickable(look, _field(moment, unit, column, look), f"unit:{unit} {column.quantity}"))
    if rank is not None:
        line.append(segment(look, "text", rank.spelled(unit, look)))
    return line


def _field(moment: Moment, unit: int, column: Column, look: Look) -> Segment:
    """One number with its bar and the gap after it, in one piece: every piece costs a colour change on the wire."""
    name, layer = column.quantity, moment.layer_trace
    width = column.width + column.gap
    if name == layer.cell.memory_state:
        before = float(layer.before(moment.t, name)[unit])
        after = float(layer[name][moment.t, unit]) if column.computed else None
        return segment(
            look,
            name if after is not None else "dim",
            _memory(before, after, column, look).ljust(width),
        )
    if not column.computed:
        return segment(look, "dim", (look.glyphs.pending * column.width).ljust(width))
    value = layer.number(name, moment.t, unit)
    if value is None:
        return segment(look, "dim", " " * width)
    number = in_column(value, column.reach, column.signed, look)
    part = value / column.full
    bar = look.signed_bar(part, column.bar) if column.signed else look.bar(part, column.bar)
    return segment(look, name, (f"{bar} {number}" if column.bar else number).ljust(width))


def _memory(before: float, after: float | None, column: Column, look: Look) -> str:
    """The memory before and after, and whether it rose or fell; without room, only after."""
    g, reach, width = look.glyphs, column.reach, width_in_column(column.reach, True)
    new = g.pending * width if after is None else in_column(after, reach, True, look)
    if column.width < width + 2:
        return new
    moved = 0.0 if after is None else round(after, 2) - round(before, 2)
    sign = g.up if moved > 0 else g.down if moved < 0 else ""
    old = in_column(before, reach, True, look)
    return f"{old} {g.arrow} {new} {sign}" if column.width > 2 * width else f"{new} {sign}"


@memo(maxsize=64)
def _reach(layer: LayerTrace, name: str) -> float:
    """The largest number that a column has room for: its bound, or the largest there is (in a lazy run, at first)."""
    quantity = layer.quantity(name)
    if quantity.low is not None and quantity.high is not None:
        return fixed_scale(layer, name).full
    values = layer[name]
    return heat.reaching(quantity, np.asarray(values if isinstance(values, np.ndarray) else values[: heat.LAZY])).full
