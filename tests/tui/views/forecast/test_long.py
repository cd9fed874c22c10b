"""A long series: what is drawn of it, and that every number that is told is the day's own."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from gatestep.engine import Table
from gatestep.scenarios.forecast import Series, series_of
from gatestep.tui.draw.charts import draw
from gatestep.tui.draw.lines import plain_text
from gatestep.tui.draw.look import UNICODE, Look
from gatestep.tui.draw.numbers import plainly
from gatestep.tui.source import days
from gatestep.tui.source.days import DayLabels, series_chart

LOOK = Look(UNICODE)


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Series]:
    """Return a maker of noisy series; few days are many here."""
    monkeypatch.setattr(days, "BINS", 64)

    def make(days: int) -> Series:
        values = np.random.default_rng(days).normal(1000, 300, (days, 1))
        return series_of(Table("t.csv", ("y",), values, range(days)), "y")

    return make


@pytest.mark.parametrize("days", [256, 257, 1000, 4001])
def test_of_each_few_days_the_extremes_are_drawn(make: Callable[[int], Series], days: int) -> None:
    series = make(days)
    points = series_chart(series).lines["y"]
    assert all(value == series.actual[int(day)] for day, value in points)
    assert all(a < b for (a, _), (b, _) in pairwise(points))
    assert len(points) == days if days <= 256 else len(points) <= 256
    size = -(-days // 64)
    drawn = dict(points)
    for start in range(0, days, size):
        part = series.actual[start : start + size]
        kept = [drawn[day] for day in range(start, min(start + size, days)) if day in drawn]
        assert [min(kept), max(kept)] == [min(part), max(part)]
        assert {start, min(start + size, days) - 1} <= drawn.keys()


def test_the_number_at_the_cursor_is_that_of_its_day(make: Callable[[int], Series]) -> None:
    series = make(4001)
    chart = series_chart(series)
    for day in (0, 1, 1234, 1235, 2000, 4000):
        lines = plain_text(draw(chart, 100, 20, LOOK, day))
        told = lines.splitlines()[1].split(f"▼ day {day + 1}  ")[1]
        assert told.split()[0] == plainly(float(series.actual[day]), LOOK)


def test_days_have_their_names_when_they_are_asked_for(make: Callable[[int], Series]) -> None:
    labels = DayLabels(make(300))
    assert (len(labels), labels[0], labels[299.0], list(labels)[:2]) == (300, "day 1", "day 300", [0.0, 1.0])
    assert 299 in labels
    assert not any(day in labels for day in (300, -1, 0.5, float("nan"), "day 1"))
    assert labels.get(300) is None
