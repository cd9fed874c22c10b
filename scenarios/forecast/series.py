"""A series to forecast: a table of days as pandas holds it, the column that is asked for, and its test days.

pandas is loaded when the first series is made.
"""

import math
import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ...engine import BadInput
from ...engine.files.numerals import clipped

if TYPE_CHECKING:
    import pandas as pd

    from ...engine import Table

Numbers = np.ndarray[Any, np.dtype[np.float64]]
"""A float64 array."""

TRAIN_SHARE = 200 / 253
"""The share of days that train: the first 200 of the 253 that the article has."""

LEAST_DAYS = 40
"""The fewest days of a series: fewer leave too little to choose a window by, and to test."""

LEAST_PART = 8
"""The fewest days that train, and that test: what LEAST_DAYS leave of test days."""

MOVING_AVERAGE = 5
"""Days in the moving average that a forecast has to beat: a week of trading."""

LONG_STEP = 5
"""A step from row to row is a gap where it is more than so many times the median step."""


_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?", re.ASCII)
_SHARE = re.compile(r"(?P<share>0?\.\d+)|(?P<percent>\d{1,2}(?:\.\d+)?) ?%", re.ASCII)


@dataclass(frozen=True, eq=False)
class Series:
    """Days, oldest first, whose column `target` is to be forecast. They count from 0 in code, and from 1 elsewhere.

    `frame` (N, C) has the named columns; its index has the dates, or 0, 1, ... where there are none. `source` is what
    errors call it, and `notes` are what a user has to know of how it was read. A day is forecast `horizon` days
    ahead. The days before `split` train, and those from it on test; where it is None TRAIN_SHARE of them train.
    """

    frame: "pd.DataFrame"
    target: str
    source: str
    notes: tuple[str, ...] = ()
    split: int | None = None
    horizon: int = 1

    def __len__(self) -> int:
        return len(self.frame)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The C columns."""
        return tuple(self.frame.columns)

    @cached_property
    def values(self) -> Numbers:
        """All numbers (N, C), read-only."""
        values: Numbers = self.frame.to_numpy(np.float64)
        values.flags.writeable = False
        return values

    def column(self, name: str) -> Numbers:
        """Return the numbers (N,) of the column `name`."""
        return self.values[:, self.names.index(name)]

    @cached_property
    def train(self) -> int:
        """How many days train; the test days begin there."""
        return round(len(self) * TRAIN_SHARE) if self.split is None else self.split

    @property
    def actual(self) -> Numbers:
        """The target, (N,)."""
        return self.column(self.target)

    @cached_property
    def others(self) -> tuple[str, ...]:
        """The columns beside the target."""
        return tuple(name for name in self.names if name != self.target)

    @property
    def dated(self) -> bool:
        """Whether the days have dates."""
        return hasattr(self.frame.index, "isocalendar")

    @cached_property
    def _timed(self) -> bool:
        """Whether any date has a time of day."""
        index: Any = self.frame.index
        return bool((index != index.normalize()).any())

    def label(self, day: int) -> str:
        """Return the date of `day`, or its number from 1 where there are no dates."""
        if not self.dated:
            return f"day {range(len(self))[day] + 1}"
        date: Any = self.frame.index[day]
        return str(date.isoformat(" ").removesuffix(":00") if self._timed else date.date())

    def day_of(self, text: str) -> int:
        """Return the day that `text` names by its number from 1 or its date.

        Raises BadInput, which says which days there are, for anything else.
        """
        text = text.strip()
        if text.isascii() and text.isdecimal() and len(text) < 9 and 1 <= int(text) <= len(self):
            return int(text) - 1
        if not self.dated:
            raise BadInput(f"{text}: unknown day; give 1 to {len(self)}")
        date = _date(text)
        if date is None:
            raise BadInput(f"{text}: unknown day; give 1 to {len(self)}, or a date from {self.label(0)} to "
                           f"{self.label(-1)}")  # fmt: skip
        place = self._first_from(date)
        if place < len(self) and self.frame.index[place] == date:
            return place
        near = " and ".join(map(self.label, range(max(place - 1, 0), min(place + 1, len(self)))))
        raise BadInput(f"{text}: not in the series; the nearest: {near}")

    def _first_from(self, date: "pd.Timestamp") -> int:
        """The first day that is not before a date; len(self) where there is none."""
        after = np.flatnonzero(self.frame.index >= date)
        return int(after[0]) if after.size else len(self)

    @cached_property
    def naive(self) -> dict[str, Numbers]:
        """Forecasts that need no network, each (N,), NaN where there are no days before.

        They are the number `horizon` days ago, the average of the MOVING_AVERAGE days up to that one, and the mean of
        the training days.
        """
        y = self.frame[self.target]
        return {
            "persistence": y.shift(self.horizon).to_numpy(),
            f"{MOVING_AVERAGE}-day average": y.rolling(MOVING_AVERAGE).mean().shift(self.horizon).to_numpy(),
            "training mean": np.full(len(self), y.iloc[: self.train].mean()),
        }


def series_of(table: "Table", target: str, split: str | None = None, horizon: int = 1) -> Series:
    """Return the series of the column `target`, forecast `horizon` days ahead, with the test days from `split` on.

    `split` is the first date that tests, or the share of days that train: "2020-09-28", "0.8", "80 %"; by default it
    is TRAIN_SHARE. Every date must be later than the one above it; a gap between dates is noted. Raises BadInput where
    there is no such column or split, where there are too few days, where the target never changes, and where the dates
    are not in order.
    """
    import pandas as pd

    name = table.name(target)
    if len(table.values) < LEAST_DAYS:
        count = len(table.values)
        raise BadInput(f"{table.source}: has {count} row{'s' * (count > 1)} of numbers; a forecast needs {LEAST_DAYS}")
    y = table.column(name)
    if (y == y[0]).all():
        raise BadInput(f"{table.source}: column {name} is {y[0]:g} in every row; there is nothing to forecast")
    index, notes = None, list(table.notes)
    if table.dates:
        index = pd.DatetimeIndex(pd.to_datetime(list(table.dates.iso), format="ISO8601"), name=table.dates.name)
        notes += _ordered(table, pd.DatetimeIndex(pd.to_datetime(list(table.dates.instants), format="ISO8601")))
    frame = pd.DataFrame(table.values, index, table.names)
    series = Series(frame, name, table.source, tuple(notes), horizon=horizon)
    return series if split is None else replace(series, split=train_days(series, split))


def train_days(series: Series, split: str) -> int:
    """Return how many days of `series` train where it is split at a date, or by the share of days that train.

    Raises BadInput for anything else, for a date outside of the series, and where either part is too short.
    """
    said, text, days = f"{series.source}: --split {clipped(split)}", split.strip(), len(series)
    if share := _SHARE.fullmatch(text):
        cut = round(days * (float(share["percent"]) / 100 if share["percent"] else float(share["share"])))
    elif not _DATE.fullmatch(text):
        date = f"the first date that tests, such as {series.label(series.train)}, or " if series.dated else ""
        raise BadInput(f"{said}: must be {date}the share of days that train, such as 0.8")
    elif not series.dated:
        raise BadInput(f"{said}: no column holds dates; give the share of days that train, such as 0.8")
    else:
        first = _date(text)
        if first is None:
            raise BadInput(f"{said}: no such date exists; give YYYY-MM-DD")
        cut = series._first_from(first)
        if cut in (0, days):
            raise BadInput(f"{said}: the dates go from {series.label(0)} to {series.label(days - 1)}; days before the "
                           "split train, and those from it on test")  # fmt: skip
    if not LEAST_PART <= cut <= days - LEAST_PART:
        right = f"a date from {series.label(LEAST_PART)} to {series.label(days - LEAST_PART)}, or " * series.dated
        least, most = math.ceil(100 * LEAST_PART / days), math.floor(100 * (1 - LEAST_PART / days))
        raise BadInput(f"{said}: leaves {cut:,} days to train and {days - cut:,} to test, and each needs {LEAST_PART}; "
                       f"give {right}{least} % to {most} %")  # fmt: skip
    return cut


def _date(text: str) -> "pd.Timestamp | None":
    """The date, with or without a time of day, that is written in ISO 8601; None where it is none."""
    import pandas as pd

    try:
        return pd.Timestamp(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def _ordered(table: "Table", instants: "pd.DatetimeIndex") -> list[str]:
    """The notes on gaps between dates. Raises BadInput where dates do not rise from row to row."""
    steps = instants.to_series().diff().reset_index(drop=True)
    bad = steps[1:][steps[1:] <= type(steps[1])(0)]
    assert table.dates
    if len(bad):
        rows, day = table.rows, int(bad.index[0])
        what = "repeats the date" if bad.iloc[0] == type(steps[1])(0) else "goes back in time from that"
        more = f"; {len(bad):,} rows do so" if len(bad) > 1 else ""
        raise BadInput(f"{table.source}: row {rows[day]}, column {table.dates.name} ({table.dates.iso[day]}) {what} of "
                       f"row {rows[day - 1]}{more}; each date must occur once, in order")  # fmt: skip
    longest = int(steps.idxmax())
    if steps[longest] <= LONG_STEP * steps.median():
        return []
    before, after = table.dates.iso[longest - 1 : longest + 1]
    gaps = int((steps > LONG_STEP * steps.median()).sum())
    others = f" and in {gaps - 1:,} other places" if gaps > 1 else ""
    return [f"no rows between {before} and {after}{others}: rows are read one after the other"]
