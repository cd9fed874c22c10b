"""A series to forecast: a table of days, the column that is asked for, and where the test days begin."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...engine import BadInput, Table
from .scaling import Numbers

TRAIN_SHARE = 200 / 253
"""The share of days that train: the first 200 of the 253 that the article has."""

LEAST_DAYS = 40
"""Fewer leave too little to choose a window by, and to test."""

MOVING_AVERAGE = 5
"""Days in the moving average that a forecast has to beat: a week of trading."""


@dataclass(frozen=True, eq=False)
class Series:
    """`table` with the column `target`, which is to be forecast. Days count from 0 in code and from 1 on the screen."""

    table: Table
    target: str

    def __len__(self) -> int:
        return len(self.table.values)

    @cached_property
    def train(self) -> int:
        """How many days train; the test days begin there."""
        return round(len(self) * TRAIN_SHARE)

    @cached_property
    def actual(self) -> Numbers:
        """The target, (N,)."""
        return self.table.column(self.target)

    @cached_property
    def others(self) -> tuple[str, ...]:
        """The columns beside the target."""
        return tuple(name for name in self.table.names if name != self.target)

    def label(self, day: int) -> str:
        """Return the date of `day`, or its number from 1 where there are no dates."""
        dates = self.table.dates
        return str(dates[day]).removesuffix(":00") if dates else f"day {day + 1}"

    def day_of(self, text: str) -> int:
        """Return the day that `text` names by its number from 1 or its date; BadInput says what there is."""
        text = text.strip()
        if text.isascii() and text.isdecimal() and len(text) < 9 and 1 <= int(text) <= len(self):
            return int(text) - 1
        if self.table.dates is None:
            raise BadInput(f"{text}: is not a day; give 1 to {len(self)}")
        labels = [self.label(day) for day in range(len(self))]
        if text in labels:
            return labels.index(text)
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            raise BadInput(f"{text}: is not a day; give 1 to {len(self)}, or a date from {labels[0]} to {labels[-1]}")
        place = bisect_left(labels, text)
        near = " and ".join(labels[max(place - 1, 0) : place + 1])
        raise BadInput(f"{text}: is not in the series; near it there is {near}")

    @cached_property
    def naive(self) -> dict[str, Numbers]:
        """Forecasts that need no network, each (N,), NaN where there are no days before: yesterday's, the average of
        the last MOVING_AVERAGE days, and the mean of the training days."""
        y, nothing = self.actual, np.full(len(self), np.nan)
        average = nothing.copy()
        for day in range(MOVING_AVERAGE, len(self)):
            average[day] = y[day - MOVING_AVERAGE : day].mean()
        return {
            "persistence": np.concatenate([nothing[:1], y[:-1]]),
            f"{MOVING_AVERAGE}-day average": average,
            "training mean": np.full(len(self), y[: self.train].mean()),
        }


def series_of(table: Table, target: str) -> Series:
    """Return the series of the column `target`. Raises BadInput when there is none, or too few days or columns."""
    table.column(target)
    name = target if target in table.names else next(n for n in table.names if n.casefold() == target.casefold())
    if len(table.values) < LEAST_DAYS:
        raise BadInput(f"{table.source}: has {len(table.values)} rows of numbers; a forecast needs {LEAST_DAYS}")
    y = table.column(name)
    if (y == y[0]).all():
        raise BadInput(f"{table.source}: column {name} is {y[0]:g} in every row; there is nothing to forecast")
    return Series(table, name)
