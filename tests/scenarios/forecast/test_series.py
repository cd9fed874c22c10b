"""A series: where the test days begin, what days are called, and the forecasts that need no network."""

import datetime
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from gatestep.engine import BadInput, Table
from gatestep.engine.files.dates import Dates
from gatestep.scenarios.forecast import Series, series_of
from hypothesis import given, settings
from hypothesis import strategies as st

Make = Callable[..., Series]
Refusal = Callable[..., str]


def table(days: int = 60, names: tuple[str, ...] = ("a", "y")) -> Table:
    values = np.random.default_rng(0).normal(size=(days, len(names)))
    return Table("t.csv", names, values, tuple(range(2, days + 2)), left_out=("ticker",))


def test_the_articles_cut_is_at_200_of_253(starbucks: Series) -> None:
    assert len(starbucks) == 253
    assert starbucks.train == 200
    assert starbucks.label(200) == "2020-09-28"
    assert starbucks.others == ("Open", "High", "Low", "Close", "Adj Close")
    assert starbucks.actual[0] == 4921900


@given(st.integers(40, 100_000))
@settings(deadline=None)
def test_both_parts_of_any_series_have_days(days: int) -> None:
    series = Series(pd.DataFrame(np.empty((days, 1)), columns=["y"]), "y", "t")
    assert series.train == pytest.approx(days * 200 / 253, abs=0.5)
    assert 0 < series.train < days - 7


def test_days_are_called_by_their_dates_or_numbered_from_1(make_series: Make) -> None:
    assert make_series(dates=True).label(2) == "2020-01-05"
    assert make_series().label(2) == "day 3"


@pytest.mark.parametrize("dates", [True, False])
def test_a_number_from_1_names_its_day(dates: bool, make_series: Make) -> None:
    series = make_series(60, dates=dates)
    assert [series.day_of(text) for text in ("1", " 7 ", "60", "007")] == [0, 6, 59, 6]


def test_every_date_names_its_day(starbucks: Series) -> None:
    assert [starbucks.day_of(starbucks.label(day)) for day in range(253)] == list(range(253))
    assert starbucks.day_of(" 2020-09-28\n") == 200


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("2020-09-26", "the nearest: 2020-09-25 and 2020-09-28"),  # a Saturday
        ("2020-01-01", "the nearest: 2019-12-31 and 2020-01-02"),
        ("2019-12-10", "the nearest: 2019-12-11"),
        ("2030-01-01", "the nearest: 2020-12-10"),
    ],
)
def test_a_date_that_is_missing_names_the_near_ones(text: str, near: str, starbucks: Series, refusal: Refusal) -> None:
    assert refusal(starbucks.day_of, text) == f"{text}: not in the series; {near}"


def test_the_near_ones_are_the_ones_before_and_after(starbucks: Series, refusal: Refusal) -> None:
    assert starbucks.dated
    for before, after in pairwise(map(datetime.date.fromisoformat, map(starbucks.label, range(253)))):
        if (after - before).days > 1:
            line = refusal(starbucks.day_of, (before + datetime.timedelta(days=1)).isoformat())
            assert line.endswith(f"the nearest: {before} and {after}")


@pytest.mark.parametrize("text", ["0", "254", "-1", "1.5", "", "tomorrow", "9" * 30, "٣", "20200925", "2020-9-25"])
def test_another_text_is_told_what_there_is(text: str, starbucks: Series, refusal: Refusal) -> None:
    line = refusal(starbucks.day_of, text)
    assert line == f"{text}: unknown day; give 1 to 253, or a date from 2019-12-11 to 2020-12-10"


@pytest.mark.parametrize("text", ["0", "61", "2020-09-25", "x"])
def test_without_dates_only_numbers_are_days(text: str, make_series: Make, refusal: Refusal) -> None:
    assert refusal(make_series(60).day_of, text) == f"{text}: unknown day; give 1 to 60"


@given(st.text(max_size=12).filter(lambda text: "\n" not in text and "\r" not in text))
@settings(deadline=None)
def test_any_text_is_a_day_or_gets_a_line(text: str) -> None:
    series = series_of(table(), "y")
    try:
        assert 0 <= series.day_of(text) < 60
    except BadInput as error:
        assert "unknown day; give 1 to 60" in str(error)  # noqa: PT017 (either will do)


def test_naive_forecasts_by_hand(starbucks: Series) -> None:
    y = starbucks.actual
    naive = starbucks.naive
    assert list(naive) == ["persistence", "5-day average", "training mean"]
    for day in range(253):
        yesterday, average = naive["persistence"][day], naive["5-day average"][day]
        assert np.isnan(yesterday) if day < 1 else yesterday == y[day - 1]
        before = [y[day - n] for n in range(1, 6)] if day >= 5 else []
        assert np.isnan(average) if not before else average == pytest.approx(sum(before) / 5, rel=1e-12)
        assert naive["training mean"][day] == pytest.approx(sum(y[:200]) / 200, rel=1e-12)


@given(st.integers(0, 59))
@settings(deadline=None)
def test_naive_forecasts_know_nothing_of_the_day_itself_nor_later(day: int) -> None:
    before = series_of(table(), "y")
    values = before.values.copy()
    values[day:] += 100
    after = series_of(replace(table(), values=values), "y")
    for name in ("persistence", "5-day average"):
        np.testing.assert_array_equal(before.naive[name][: day + 1], after.naive[name][: day + 1])
    if day >= before.train:
        np.testing.assert_array_equal(before.naive["training mean"], after.naive["training mean"])


def test_the_target_may_be_given_in_any_case() -> None:
    found = series_of(table(names=("Open", "Volume")), "vOLUME")
    assert found.target == "Volume"
    assert found.others == ("Open",)
    np.testing.assert_array_equal(found.actual, found.values[:, 1])


def test_the_target_need_not_be_the_last_column() -> None:
    found = series_of(table(names=("y", "a", "b")), "a")
    assert found.others == ("y", "b")
    np.testing.assert_array_equal(found.actual, found.values[:, 1])


def test_of_columns_that_differ_by_case_the_very_one_is_taken(refusal: Refusal) -> None:
    alike = table(names=("y", "Y", "a"))
    assert [series_of(alike, name).target for name in "yY"] == ["y", "Y"]
    assert series_of(alike, "Y").others == ("y", "a")
    other = table(names=("vol", "VOL", "a"))
    assert refusal(series_of, other, "Vol") == "t.csv: has no column Vol; choose from vol, VOL"


def test_a_column_that_is_not_there_is_refused(refusal: Refusal) -> None:
    assert refusal(series_of, table(), "volume") == "t.csv: has no column volume; choose from a, y"
    assert refusal(series_of, table(), "ticker").startswith("t.csv: has no numbers in column ticker")


@pytest.mark.parametrize("days", [1, 39])
def test_too_few_rows_are_refused(days: int, refusal: Refusal) -> None:
    assert (
        refusal(series_of, table(days), "y")
        == f"t.csv: has {days} row{'s' * (days > 1)} of numbers; a forecast needs 40"
    )


def test_forty_rows_are_enough() -> None:
    series = series_of(table(40), "y")
    assert (len(series), series.train) == (40, 32)


def test_a_target_that_never_changes_is_refused(refusal: Refusal) -> None:
    flat = Table("t.csv", ("a", "y"), np.column_stack([np.arange(50.0), np.full(50, 7.5)]), tuple(range(50)))
    assert refusal(series_of, flat, "y") == "t.csv: column y is 7.5 in every row; there is nothing to forecast"
    assert series_of(flat, "a").target == "a"


# Dates


def dated(*changes: tuple[int, str], zone: str = "") -> Series:
    """The series of 60 days from 2024-01-01 on, but for the dates that are given by their places."""
    days = [str(datetime.date(2024, 1, 1) + datetime.timedelta(days=n)) for n in range(60)]
    for place, text in changes:
        days[place] = text
    return series_of(replace(table(), dates=Dates("Date", tuple(days), tuple(days))), "y")


def test_dates_are_the_index_of_the_frame() -> None:
    series = dated()
    assert isinstance(series.frame.index, pd.DatetimeIndex)
    assert (series.frame.index.name, series.notes) == ("Date", ())
    assert [series.label(day) for day in (0, 59)] == ["2024-01-01", "2024-02-29"]


def test_days_of_any_century_have_their_labels() -> None:
    days = tuple(f"{year:04}-12-31" for year in range(1, 3000, 50))
    series = series_of(replace(table(), dates=Dates("Date", days, days)), "y")
    assert tuple(map(series.label, range(60))) == days


def test_a_time_of_day_is_shown_to_what_it_needs() -> None:
    moments = tuple(f"2024-01-01T{n // 6:02}:{n % 6}0:00" for n in range(60))
    series = series_of(replace(table(), dates=Dates("t", moments, moments)), "y")
    assert [series.label(day) for day in (0, 59)] == ["2024-01-01 00:00", "2024-01-01 09:50"]
    assert series.day_of("2024-01-01 00:10") == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([(7, "2024-01-07")], "row 9, column Date (2024-01-07) repeats the date of row 8"),
        ([(7, "2023-12-07")], "row 9, column Date (2023-12-07) goes back in time from that of row 8"),
        (
            [(7, "2024-01-07"), (9, "2024-01-09")],
            "row 9, column Date (2024-01-07) repeats the date of row 8; 2 rows do so",
        ),
    ],
)
def test_dates_that_do_not_rise_are_refused(changes: list[tuple[int, str]], said: str, refusal: Refusal) -> None:
    assert refusal(dated, *changes) == f"t.csv: {said}; each date must occur once, in order"


def test_missing_days_are_said() -> None:
    late = [(n, str(datetime.date(2024, 3, 20) + datetime.timedelta(days=n))) for n in range(50, 60)]
    told = "rows are read one after the other"
    assert dated(*late).notes == (f"no rows between 2024-02-19 and 2024-05-09: {told}",)
    assert dated((0, "2023-12-01"), *late).notes == (
        f"no rows between 2024-02-19 and 2024-05-09 and in 1 other places: {told}",
    )


def test_weekends_are_no_gap(starbucks: Series) -> None:
    assert starbucks.notes == ()


def test_an_hour_that_stands_twice_by_the_clock_is_in_order_by_its_zone() -> None:
    walls = tuple(f"2020-11-01T01:{n:02}:00" for n in range(30)) * 2
    instants = tuple(f"2020-11-01T{5 + n // 30:02}:{n % 30:02}:00" for n in range(60))
    assert series_of(replace(table(), dates=Dates("t", walls, instants)), "y").label(30) == "2020-11-01 01:00"
