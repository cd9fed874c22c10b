"""Units by time: one quantity of every unit over the sequence, paged, with the cursor drawn apart from the values."""

from rich.segment import Segment

from ....draw.lines import Line, rule, segment, sized
from ....draw.look import Look
from ....draw.memo import memo
from ....source.subject import Subject
from ..state import Moment

LABEL = 5
WIDEST_CELL = 6


def timeline(moment: Moment, width: int, height: int, look: Look) -> list[Line]:
    """Return a heading, a row a unit with the timestamp lit, and the words below where there is room."""
    cell, start, stop = page(moment, width, look)
    order = moment.order
    words = moment.trace.tokens is not None and height > len(order) + 1 and cell >= 3
    rows = min(height - 1 - words, len(order))
    place = order.index(moment.unit)
    top = max(0, min(place - rows // 2, len(order) - rows))
    lines = [_heading(moment, width, look, start, stop)]
    if look.plain:  # nothing can be lit there
        lines.append([Segment(" " * (LABEL + (moment.t - start) * cell) + look.glyphs.down)])
    shown = order[top : top + rows]
    for unit in shown:
        mark = look.glyphs.chosen if unit == moment.unit else " "
        label = segment(look, "chosen" if unit == moment.unit else "dim", f"{mark} {unit}".ljust(LABEL))
        cells = cells_of(moment.subject, moment.layer, moment.quantity, unit, start, stop, cell, look)
        lines.append([label, *_row(cells, moment, start, look)])
    if words:
        lines.append([Segment(" " * LABEL), *(_word(moment, t, cell, look) for t in range(start, stop))])
    return lines


def page(moment: Moment, width: int, look: Look) -> tuple[int, int, int]:
    """Return (cells for a timestamp, first timestamp shown, one past the last): the page on which t lies.

    Paging instead of scrolling means that a step changes two columns and not the whole picture.
    """
    least = 2 if moment.layer_trace.quantity(moment.quantity).signed else 1  # a sign and a level
    return paged(len(moment.trace), moment.t, width - LABEL - 1, WIDEST_CELL, least)


def paged(T: int, t: int, room: int, widest: int, least: int = 1) -> tuple[int, int, int]:
    """Return the same for any sequence of `T` in `room` cells, `least` to `widest` of them for a timestamp."""
    room = max(room, 1)
    cell = max(min(room // T, widest), least)
    count = max(room // cell, 1)
    start = t // count * count
    return cell, start, min(start + count, T)


def _heading(moment: Moment, width: int, look: Look, start: int, stop: int) -> Line:
    name, quantity = moment.quantity, moment.layer_trace.quantity(moment.quantity)
    high = f"{quantity.drawn_to:g}"
    low = f"{look.glyphs.minus}{high}" if quantity.signed else "0"
    where = f"steps {start + 1} to {stop} of {len(moment.trace)} {look.glyphs.dot} {low} to {high}"
    title = f"timeline: {name} {quantity.symbol}"
    return rule(look, [segment(look, name, title)], [segment(look, "dim", where)], width)


@memo(maxsize=256)
def cells_of(
    subject: Subject, layer: str, name: str, unit: int, start: int, stop: int, cell: int, look: Look
) -> tuple[str, ...]:
    """What stands at each timestamp: a level, the higher the larger, with the sign before it where there are signs."""
    trace, gap = subject.trace.layer(layer), " " * (cell >= 3)
    if unit >= trace.weights.width(name):
        return (" " * cell,) * (stop - start)
    quantity = trace.quantity(name)
    values, signed = trace[name][start:stop, unit] / quantity.drawn_to, quantity.signed
    cells = []
    for value in values.tolist():
        level = look.level(abs(value))
        sign = (" " if level == look.level(0) else look.glyphs.minus if value < 0 else "+") if signed else ""
        cells.append(sign + level * (cell - len(sign) - len(gap)) + gap)
    return tuple(cells)


def _row(cells: tuple[str, ...], moment: Moment, start: int, look: Look) -> Line:
    """The cells with the one at t lit, and blotted out where it is not computed yet."""
    here, name = moment.t - start, moment.quantity
    computed = moment.computed(name)
    now = cells[here] if computed else look.glyphs.pending * len(cells[here])
    return [
        segment(look, name, "".join(cells[:here])),
        Segment(now, look.style(name if computed else "dim") + look.style("lit")),
        segment(look, name, "".join(cells[here + 1 :])),
    ]


def _word(moment: Moment, t: int, cell: int, look: Look) -> Segment:
    word = look.text(moment.token(t))
    if moment.subject.forecast and len(word) == len("2020-09-28"):
        word = word[-5:]  # the month and the day tell more than the year
    word = sized(word, cell - 1) + " "
    return segment(look, "cursor" if t == moment.t else "dim", word)
