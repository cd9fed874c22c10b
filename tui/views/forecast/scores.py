"""The page of scores: how far each forecaster is off, as numbers, as bars, and day by day."""

import math
from collections.abc import Sequence

from ....scenarios.forecast import MEASURES, Row, Series
from ...draw.charts import LEAST_HEIGHT, draw
from ...draw.lines import Line, rule, segment
from ...draw.look import Look
from ...draw.numbers import large
from ...source.days import tested_chart
from .state import Forecasting

TABLE = 80
"""The cells of the table; with at least LEAST_BAR more, each row has a bar beside it."""

LEAST_BAR = 20

BEST = "*"
"""Marks the lowest error; the triangle of other screens marks what is selected."""


def page(state: Forecasting, width: int, height: int, look: Look) -> list[Line]:
    """Return the table of scores with bars beside it, and below it the test days, as far as there is room."""
    lines = scores(state.rows, state.series, width, look)
    if len(lines) > height:
        lines = lines[: lines.index([])]
    rows = height - len(lines) - 1
    if state.forecasters and rows >= LEAST_HEIGHT:
        lines += [[], *draw(tested_chart(state.series, *state.forecasters), width, rows, look, state.day)]
    return lines


def scores(rows: list[Row], series: Series, width: int, look: Look) -> list[Line]:
    """Return the table of scores, test and train; where there are several seeds, their mean over their range."""
    ahead = f", {series.horizon} days ahead" * (series.horizon > 1)
    lines: list[Line] = []
    for part in ("test", "train"):
        unit = f"MAE and RMSE in {look.text(series.target)}; {BEST} lowest MAE"
        lines.append(rule(look, [segment(look, "title", f"{part} days{ahead}")], [segment(look, "dim", unit)], width))
        titles = ("MAE", "RMSE", "MAPE", "R²" if look.glyphs.unicode else "R2")
        room = width - TABLE - 2
        bars = room >= LEAST_BAR
        lines.append([segment(look, "dim", _cells("", titles) + "  MAE" * bars)])
        most = (row.spreads[part]["mae"].most for row in rows)
        largest = max((error for error in most if math.isfinite(error)), default=0.0)
        leader = min(row.spreads[part]["mae"].mean for row in rows)
        for row in rows:
            spreads = row.spreads[part]
            mark = BEST if spreads["mae"].mean == leader else " "
            means = [_score(m, spreads[m].mean, look) for m in MEASURES]
            line = [segment(look, "key", mark), segment(look, "text", _cells(row.name, means)[1:])]
            share = spreads["mae"].mean / largest if largest else 0.0
            if bars and math.isfinite(share):
                role = "key" if mark.strip() else "dim"
                line.append(segment(look, role, "  " + look.bar(share, room).rstrip()))
            lines.append(line)
            if row.seeds > 1:
                ranges = [_range(_score(m, spreads[m].least, look), _score(m, spreads[m].most, look)) for m in MEASURES]
                line = [segment(look, "dim", _cells(f"  {row.seeds} seeds", ranges))]
                if bars and math.isfinite(spreads["mae"].most):
                    ends = (spreads["mae"].least / largest, spreads["mae"].most / largest)
                    line.append(segment(look, "dim", "  " + _reach(*ends, room, look)))
                lines.append(line)
        lines.append([])
    return lines[:-1]


def _reach(least: float, most: float, cells: int, look: Look) -> str:
    """A line from `least` to `most`, from 0 to 1, below a bar of so many `cells` that shows the mean of both."""
    start, end = (min(round(share * cells), cells - 1) for share in (least, most))
    left, line, right = "├─┤" if look.glyphs.unicode else "|-|"
    return " " * start + (left + line * (end - start - 1) + right if end > start else look.glyphs.zero)


def _range(least: str, most: str) -> str:
    """`1.68 to 2.25 M`: a unit that both have stands once."""
    number, _, unit = least.partition(" ")
    return f"{number} to {most}" if unit and most.endswith(f" {unit}") else f"{least} to {most}"


def _cells(name: str, cells: Sequence[str]) -> str:
    return f" {name:<14}" + "".join(f"{cell:>16}" for cell in cells)


def _score(measure: str, value: float, look: Look) -> str:
    if math.isnan(value):
        return "-"
    if math.isinf(value):
        return "inf" if value > 0 else f"{look.glyphs.minus}inf"
    if measure == "r2":
        return look.number(value)
    if measure == "mape":
        return f"{100 * value:.1f} %" if value < 1 else f"{100 * value:,.0f} %"
    return large(value)
