"""The selected unit as a line chart over time: its gates and its memory in one frame, under the cursor."""

from collections.abc import Hashable
from typing import TYPE_CHECKING

import numpy as np

from .....engine import LayerTrace, Trace
from .....scenarios import Chart
from ....draw.columns import paged
from ....draw.lines import Line
from ....draw.look import Look
from ....draw.memo import memo
from ..state import Moment
from .timeline import fixed_scale

if TYPE_CHECKING:
    from ....source.day import DayForecast

FRAME = 10
"""The cells beside the points: what the axis says, and its frame."""

PLACES = 4
"""Decimals of what is drawn: float32 has no more that an axis should print."""

LEAST_WIDTH, LEAST_HEIGHT = 40, 8
MOST_HEIGHT = 22


def chart(moment: Moment, width: int, height: int, look: Look) -> list[Line]:
    """Return the chart of the selected unit, with a cursor and what is computed at this timestamp in numbers.

    Over a single timestamp, the day of a forecaster that reads no others, nothing can be followed: there the chart has
    the forecasts of the days around it.
    """
    from ....draw.charts import draw  # with the library that draws, which nothing needs before the first frame

    if there := _day(moment):
        from ....source.days import forecast_chart  # only a forecaster has days

        return draw(forecast_chart(there.task, there.network, there.epoch, *_days(there, width)), width, height, look,
                    there.day)  # fmt: skip
    made = _chart(moment.trace, *_window(moment, width))
    blank = [symbol for symbol, quantity in made.quantities.items() if not moment.computed(quantity)]
    return draw(made, width, height, look, moment.t + 1, blank)


def drawn_for(moment: Moment, width: int, height: int, look: Look) -> Hashable:
    """Return what the chart depends on beside the cursor: only where this changes is it drawn again."""
    if there := _day(moment):
        return (id(there.network), *_days(there, width), width, height, look)
    return (id(moment.trace), *_window(moment, width), width, height, look)


def _day(moment: Moment) -> "DayForecast | None":
    """The day that is all there is, if it is."""
    return moment.subject.forecast if len(moment.trace) == 1 else None


def _days(there: "DayForecast", width: int) -> tuple[int, int]:
    """The first and the last of the days around it: no more than two a column."""
    _, start, stop = paged(len(there.task.series), there.day, 2 * max(width - FRAME, 1), 2)
    return start, stop - 1


def _window(moment: Moment, width: int) -> tuple[str, int, int, int]:
    """The layer and unit, and the timestamps from and to: no more than two points a column can be seen."""
    _, start, stop = paged(len(moment.trace), moment.t, 2 * max(width - FRAME, 1), 2)
    return moment.layer, moment.unit, start, stop


@memo(maxsize=16)
def _chart(trace: Trace, name: str, unit: int, start: int, stop: int) -> Chart:
    """The curves of a unit from `start` to `stop`; a memory beyond one is drawn as a share of its scale.

    What is printed of it at the cursor is the memory itself.
    """
    layer = trace.layer(name)
    title = f"unit {unit}: gates and memory" if layer.cell.gated else f"unit {unit}"
    lines, values, quantities = {}, {}, {}
    for quantity in _curves(layer):
        symbol, full = layer.quantity(quantity).symbol, fixed_scale(layer, quantity).full
        values[symbol] = np.asarray(layer[quantity][start:stop, unit], np.float64).round(PLACES)
        share = 1.0
        if full > 1:
            share, title = full, f"{title}, {symbol} drawn at 1/{full:g}"
        quantities[symbol] = quantity
        shares = (values[symbol] / share).round(PLACES).tolist()
        lines[symbol] = [(start + n + 1.0, value) for n, value in enumerate(shares)]
    words = {start + n + 1.0: word for n, word in enumerate((trace.tokens or ())[start:stop])}
    return Chart(
        title,
        "timestamp",
        "value",
        lines,
        labels=words,
        span=(start + 1.0, float(stop)),
        shares=False,
        quantities=quantities,
        value_at=lambda symbol, x: float(values[symbol][round(x) - start - 1]),
    )


def _curves(layer: LayerTrace) -> list[str]:
    """The memory, or the hidden state where there is no other, and then the gates."""
    cell = layer.cell
    return [cell.memory_state or "hidden", *(name for name in cell.gated if name != "candidate")]
