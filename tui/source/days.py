"""Charts over the days of a series, each made from the same records only once."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ...engine import Regressor
from ...scenarios import Chart
from ...scenarios.forecast import Numbers, Series, Task, TrainedForecaster
from ..draw.memo import memo
from .day import forecasts

BINS = 4096
"""How many parts a long series is drawn in, with a few points of each: more than a chart has dots across."""


@memo(maxsize=8)
def series_chart(series: Series) -> Chart:
    """Return the target over the days."""
    lines = _lines({series.target: series.actual}, range(len(series)))
    return Chart(f"{series.target} day by day", "", series.target, **lines, **_days(series))


@memo(maxsize=64)
def forecast_chart(task: Task, network: Regressor, epoch: int, first: int, last: int) -> Chart:
    """Return the actual values of the target and the network's forecasts, from day `first` to `last`, from 0."""
    series, days = task.series, range(first, last + 1)
    lines = _lines({"actual": series.actual, "forecast": forecasts(task, network)}, days)
    part = "" if len(days) == len(series) else f": days {first + 1} to {last + 1} of {len(series)}"
    ahead = f" {series.horizon} days ahead" * (series.horizon > 1)
    title = f"{series.target}, actual and forecast{ahead} after epoch {epoch}{part}"
    return Chart(title, "", series.target, **lines, **_days(series))


@memo(maxsize=64)
def error_chart(task: Task, network: Regressor, epoch: int, first: int, last: int) -> Chart:
    """Return how far the forecast is above or below the actual value, from day `first` to `last`, from 0."""
    series = task.series
    lines = _lines({"error": forecasts(task, network) - series.actual}, range(first, last + 1))
    ends = (float(first), float(last))
    return Chart("error: forecast less actual", "", "", **lines, stems=True, span=ends,
                 **_days(series) | {"marks": {}, "zero": True})  # fmt: skip


@memo(maxsize=4)
def tested_chart(series: Series, *forecasters: TrainedForecaster) -> Chart:
    """Return the test days alone: the target, and what each of the `forecasters` predicts once it is trained."""
    days = range(series.train, len(series))
    said = {c.task.recipe.name: forecasts(c.task, c.history.checkpoints[-1].network) for c in forecasters}
    lines = _lines({"actual": series.actual, **said}, days)
    ends = (float(days[0]), float(days[-1])) if days else ()
    return Chart(f"{series.target} on test days", "", series.target, **lines, labels=DayLabels(series), span=ends,
                 zero=_from_zero(series))  # fmt: skip


def _lines(said: Mapping[str, Numbers], days: range) -> dict[str, Any]:
    """The lines of a chart over `days` by name, from all days (N,), and what returns a line's value on a day."""
    return {
        "lines": {name: [(day, float(values[day])) for day in _drawn(values, days)] for name, values in said.items()},
        "value_at": lambda name, day: float(said[name][round(day)]),
        "shares": False,
    }


def _drawn(values: Numbers, days: range) -> Sequence[int]:
    """The days at which a line has points: all, or, of very many, the first, least, greatest and last of each part."""
    if len(days) <= 4 * BINS:
        return days
    kept = set[int]()
    for start in range(days.start, days.stop, math.ceil(len(days) / BINS)):
        stop = min(start + math.ceil(len(days) / BINS), days.stop)
        there = start + np.flatnonzero(np.isfinite(values[start:stop]))
        extremes = (there[values[there].argmin()], there[values[there].argmax()]) if there.size else ()
        kept |= {start, stop - 1, *map(int, extremes)}
    return sorted(kept)


class DayLabels(Mapping[float, str]):
    """The names of the days of a series, made when they are asked for: of a long series, few ever are."""

    def __init__(self, series: Series) -> None:
        self._series = series

    def __len__(self) -> int:
        return len(self._series)

    def __iter__(self) -> Iterator[float]:
        return map(float, range(len(self)))

    def __contains__(self, day: object) -> bool:
        return isinstance(day, float | int) and 0 <= day < len(self) and day == int(day)

    def __getitem__(self, day: float) -> str:
        if day not in self:
            raise KeyError(day)
        return self._series.label(int(day))


def _days(series: Series) -> dict[str, Any]:
    """What every chart over the days has: their names, and the test days set apart."""
    first, last = float(series.train), float(len(series) - 1)
    return {"labels": DayLabels(series), "marks": {first: "test days"}, "shaded": (first, last),
            "zero": _from_zero(series)}  # fmt: skip


def _from_zero(series: Series) -> bool:
    """Whether an axis of the target starts at zero: not where all of its values are far away from there."""
    values = series.actual[np.isfinite(series.actual)]
    return not len(values) or bool(values.min() < values.max() / 3)
