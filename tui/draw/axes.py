"""The axes of a chart: from which number to which, where their ticks are and what is printed there."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rich.cells import cell_len

from .lines import fitted
from .look import Look

TOO_LARGE = 1e300
"""Values from here on are left out, like those that are not finite: they are too large for an axis's arithmetic."""

_MARGIN = 0.05
"""What an axis without a zero adds at each end, as a part of what the values span."""

LARGE = 1e5
"""From here on the numbers of an axis are printed in thousands, millions and so on."""

_LEAST_SPAN = 0.8
"""The span, in powers of ten, below which a logarithmic axis extends to the whole powers around it."""

_MOST_NAMED = 2000
"""About how many named values can be ticks; of more, evenly spread ones are taken, since each has to be measured."""

_UNITS = ((1e15, 1.0, ""), (1e12, 1e12, " T"), (1e9, 1e9, " G"), (1e6, 1e6, " M"), (LARGE, 1e3, " k"), (0, 1.0, ""))
"""The least number for a unit, what the unit stands for, and how it is printed."""


@dataclass(frozen=True)
class Axis:
    """The numbers from `low` to `high`, and the `ticks` that have `labels`."""

    low: float
    high: float
    ticks: Sequence[float]
    labels: Sequence[str]

    def place(self, value: float) -> float:
        """Return where `value` is, from 0 for low to 1 for high; in the middle where these are the same."""
        return (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5

    def cell(self, value: float, cells: int) -> int:
        """Return in which of `cells` cells `value` is, counted from low."""
        return math.floor(round(0.5 + (cells - 1) * self.place(value), 8))  # as the library rounds

    def widened(self, size: int) -> "Axis":
        """Return the same with labels of at least `size` characters, so that charts one above the other align."""
        return replace(self, labels=[label.rjust(size) for label in self.labels])


def up(
    values: Sequence[float],
    rows: int,
    look: Look,
    log: bool,
    zero: bool,
    bounds: tuple[float, float] | None = None,
    shares: bool = True,
) -> Axis:
    """Return the axis of y over `rows` rows; with `log`, `values` are powers of ten. It spans the `bounds`, if any.

    Values within 0..1 are printed as percentages where they are `shares`.
    """
    most = max((rows - 1) // 2, min(rows - 1, 2))  # every other row, but even three rows have a middle
    if bounds:
        values = [math.log10(bound) for bound in bounds] if log else bounds
    if log:
        return _decades(values, most, look)
    percent = shares and (all(0 <= value <= 1 for value in values) if zero else not values)
    low, high = (0, 1) if percent or not values else (min(0, *values), max(0, *values)) if zero else _around(values)
    ticks = _ticks(low, high, most)
    labels = [f"{100 * t:.0f} %" for t in ticks] if percent else _numbers(ticks, look)
    return Axis(low, high, ticks, [f" {label}" for label in labels])


def across(values: Iterable[float], names: Mapping[float, str], left: int, columns: int, look: Look) -> Axis:
    """Return the axis of x over `columns` columns that have `left` others before them.

    Its ticks are values of its own: all, if they fit. Elsewhere they are evenly spread, among those that have `names`
    if any has, and else round numbers.
    """
    own = sorted(set(values))
    low, high = (own[0], own[-1]) if own else (0, 1)
    if named := [value for value in own if value in names]:
        named = [*named[: -1 : 1 + len(named) // _MOST_NAMED], named[-1]]
        words = {x: one_cell_each(fitted(look, names[x], columns // 2)) for x in named}
        most = columns // (min(map(len, words.values())) + 2) + 1
        tries = (Axis(low, high, ticks, [words[tick] for tick in ticks]) for ticks in _spread(named, most))
        return next(axis for axis in tries if len(axis.ticks) == 1 or _apart(axis, left, columns))
    axis = Axis(low, high, own, _numbers(own, look))
    room = max(map(len, axis.labels), default=0) + 2
    if all((axis.place(b) - axis.place(a)) * (columns - 1) >= room for a, b in pairwise(own)):
        return axis
    ticks = _ticks(low, high, columns // room)
    return replace(axis, ticks=ticks, labels=_numbers(ticks, look))


def labels_below(axis: Axis, left: int, columns: int) -> list[tuple[float, int, str]]:
    """Return each tick of an axis of x whose label does not touch the one before, its label, and where that starts."""
    shown: list[tuple[float, int, str]] = []
    free = 0
    for tick, start, label in _labels(axis, left, columns):
        if start >= free:
            shown.append((tick, start, label))
            free = start + len(label) + 1
    return shown


def _labels(axis: Axis, left: int, columns: int) -> Iterator[tuple[float, int, str]]:
    """Every tick, where its label starts, and its label: centred, less so towards an end of the chart."""
    for tick, label in zip(axis.ticks, axis.labels, strict=True):
        middle, size = left + axis.cell(tick, columns), len(label)
        first, stop = max(middle - size + 1, 0), min(middle + size, left + columns - (size > 1))
        yield tick, (first + stop - size) // 2, label


def _apart(axis: Axis, left: int, columns: int) -> bool:
    """Whether two blanks are between each label and the next."""
    return all(b - a - len(label) >= 2 for (_, a, label), (_, b, _) in pairwise(_labels(axis, left, columns)))


def _spread(values: Sequence[float], most: int) -> Iterator[Sequence[float]]:
    """All of the sorted `values`, then ever fewer of them, each nearest to one of as many evenly spread numbers."""
    yield values
    low, high = values[0], values[-1]
    for steps in range(min(most, len(values)) - 1, 0, -1):
        yield sorted({_nearest(values, low + (high - low) * i / steps) for i in range(steps + 1)})
    yield values[:1]


def _nearest(values: Sequence[float], wanted: float) -> float:
    place = bisect_left(values, wanted)
    return min(values[max(place - 1, 0) : place + 1], key=lambda value: abs(value - wanted))


def _around(values: Sequence[float]) -> tuple[float, float]:
    """A little more than the values span, but never beyond a zero that they do not cross."""
    low, high = min(values), max(values)
    margin = (high - low) * _MARGIN or abs(low) * _MARGIN or 1.0
    return (low - margin if low < 0 else max(low - margin, 0)), (high + margin if high >= 0 else min(high + margin, 0))


def _decades(powers: Sequence[float], most: int, look: Look) -> Axis:
    """An axis of powers of ten; where it has fewer than two whole ones, 1, 2 and 5 in each."""
    low, high = min(powers, default=0.0), max(powers, default=0.0)
    if high - low < _LEAST_SPAN:
        low, high = math.floor(low), max(math.ceil(high), math.floor(low) + 1)
    first, last = math.ceil(low), math.floor(high)
    if last - first >= 1:
        ticks = range(first, last + 1, math.ceil((last - first) / most))
        return Axis(low, high, ticks, [f" {_power(tick, look)}" for tick in ticks])
    between = [(m, p) for p in range(math.floor(low), math.ceil(high)) for m in (1, 2, 5)]
    within = [(m, p) for m, p in between if low <= p + math.log10(m) <= high]
    within = within if len(within) <= most + 1 else [within[0], within[-1]]
    labels = [f" {_power(p, look) if m == 1 else _multiple(m, p, look)}" for m, p in within]
    return Axis(low, high, [p + math.log10(m) for m, p in within], labels)


def _multiple(m: int, power: int, look: Look) -> str:
    """2 or 5 times ten to a whole power: 0.02, 5e-7."""
    return _numbers([m * 10.0**power], look)[0] if -4 < power < 15 else f"{m}e{power}".replace("-", look.glyphs.minus)


def _power(power: int, look: Look) -> str:
    """Ten to a whole power: 100, 1, 0.01, 1e-4, 1 M."""
    return _numbers([10.0**power], look)[0] if -4 < power < 15 else f"1e{power}".replace("-", look.glyphs.minus)


def _ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers from `low` to `high` at most `most` steps apart; closer ones where these would be fewer than two.

    The two ends where even then fewer than two are round.
    """
    span, most = high - low, max(most, 1)
    unit = 10.0 ** math.floor(math.log10(max(span / most, 1 / TOO_LARGE)))
    fits = next(m for m in (1, 2, 5, 10) if span <= unit * m * most * (1 + 1e-9))
    for step in (unit * m for m in (10, 5, 2, 1, 0.5, 0.2) if m <= fits):
        ticks = [i * step for i in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]
        if len(ticks) > 1:
            return ticks
    return [low, high]


def _numbers(values: Sequence[float], look: Look) -> list[str]:
    """The numbers of one axis, all in one unit where the largest needs one: 0, 20 M, 40 M."""
    largest = max(map(abs, values), default=0.0)
    one, unit = next((one, unit) for least, one, unit in _UNITS if largest >= least)
    return [f"{value / one + 0.0:.10g}{unit if value else ''}".replace("-", look.glyphs.minus) for value in values]


def one_cell_each(text: str) -> str:
    """Return the text with ? for what does not take one cell, so that it stands where its length says."""
    return "".join(c if cell_len(c) == 1 else "?" for c in text)


@dataclass(frozen=True)
class Area:
    """Where the points are: `columns` from `left` on, `rows` from `top` on, and what the axes there say."""

    left: int
    top: int
    columns: int
    rows: int
    across: Axis
    up: Axis

    def column(self, x: float) -> int:
        """Return the column of the chart in which `x` is."""
        return self.left + self.across.cell(x, self.columns)

    def row(self, y: float) -> int:
        """Return the row in which `y` is, from 0 at the top of the points."""
        return self.rows - 1 - self.up.cell(y, self.rows)

    def has(self, x: float) -> bool:
        """Return whether `x` is on the axis of x."""
        return self.across.low <= x <= self.across.high
