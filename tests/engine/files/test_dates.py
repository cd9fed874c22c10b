"""Dates as people write them: what each is, how an order settles day and month, and what is refused."""

import datetime
from collections.abc import Callable

import pytest
from gatestep.engine.files.choices import DATE_ORDERS, DAY_FIRST, MONTH_FIRST
from gatestep.engine.files.dates import read_dates
from gatestep.engine.files.numerals import Column
from hypothesis import given
from hypothesis import strategies as st

Refusal = Callable[..., str]


def column(*cells: str, name: str = "When") -> Column:
    return Column("t.csv", name, 1, range(2, 2 + len(cells)), cells)


def iso(*cells: str, order: str | None = None, name: str = "When") -> tuple[str, ...] | None:
    found = read_dates(column(*cells, name=name), order)
    return tuple(found.iso) if found else None


@pytest.mark.parametrize(
    ("cells", "dates"),
    [
        (("2019-12-30", "2020-01-02"), ("2019-12-30", "2020-01-02")),
        (("2020-1-2", "2020-1-13"), ("2020-01-02", "2020-01-13")),
        (("2020/01/02", "2020/01/13"), ("2020-01-02", "2020-01-13")),
        (("2020.01.02", "2020.01.13"), ("2020-01-02", "2020-01-13")),
        (("2019-12-30T00:00:00Z", "2020-01-02T00:00:00Z"), ("2019-12-30", "2020-01-02")),
        (("2020-03-06 00:00:00-05:00", "2020-03-09 00:00:00-04:00"), ("2020-03-06", "2020-03-09")),
        (("2020-01-02 09:30", "2020-01-02 09:31"), ("2020-01-02T09:30:00", "2020-01-02T09:31:00")),
        (("2020-01-02 00:00", "2020-01-02 12:00"), ("2020-01-02T00:00:00", "2020-01-02T12:00:00")),
        (("2020-01-02 09:30:00.250", "2020-01-02 09:30:00.5"), ("2020-01-02T09:30:00.25", "2020-01-02T09:30:00.5")),
        (("1/2/2020 9:30 AM", "1/13/2020 4:00 PM"), ("2020-01-02T09:30:00", "2020-01-13T16:00:00")),
        (("1/13/2020 12:00 AM", "1/13/2020 12:00 PM"), ("2020-01-13T00:00:00", "2020-01-13T12:00:00")),
        (("01/02/2020", "01/13/2020"), ("2020-01-02", "2020-01-13")),
        (("02/01/2020", "13/01/2020"), ("2020-01-02", "2020-01-13")),
        (("02-01-2020", "13-01-2020"), ("2020-01-02", "2020-01-13")),
        (("02.01.2020", "13.01.2020"), ("2020-01-02", "2020-01-13")),
        (("02.01.2020", "03.01.2020"), ("2020-01-02", "2020-01-03")),  # nobody writes months first with points
        (("2.1.20", "13.1.20"), ("2020-01-02", "2020-01-13")),
        (("12/30/68", "12/31/68"), ("2068-12-30", "2068-12-31")),
        (("12/01/2020", "03/02/2020"), ("2020-01-12", "2020-02-03")),  # month first would not rise
        (("12/01/2020", "03/02/2020", "03/01/2020"), ("2020-12-01", "2020-03-02", "2020-03-01")),
        (("13/02/2020", "12/02/2020"), ("2020-02-13", "2020-02-12")),
        (("02-Jan-2020", "13-JAN-2020"), ("2020-01-02", "2020-01-13")),
        (("Jan 02, 2020", "Jan 13, 2020"), ("2020-01-02", "2020-01-13")),
        (("January 2, 2020", "May 13, 2020"), ("2020-01-02", "2020-05-13")),
        (("2 January 2020", "13 Sept. 2020"), ("2020-01-02", "2020-09-13")),
        (("Thu, 2 Jan 2020", "Mon 13 Jan 2020"), ("2020-01-02", "2020-01-13")),
        (("1949-01", "1949-02"), ("1949-01-01", "1949-02-01")),
        (("Jan 2020", "February 2020"), ("2020-01-01", "2020-02-01")),
    ],
)  # fmt: skip
def test_dates_are_found_by_their_content(cells: tuple[str, ...], dates: tuple[str, ...]) -> None:
    assert iso(*cells) == dates


@pytest.mark.parametrize(
    "cells", [("1.5", "2.5"), ("x", "2020-01-01"), ("AAPL", "MSFT"), ("2020-01-01", "x"), ("20200102",), ("2019",),
              ("12:30",), ("",), ("Mayor 2020",), ("1/2",)]
)  # fmt: skip
def test_what_is_no_column_of_dates(cells: tuple[str, ...]) -> None:
    assert iso(*cells) is None


def test_digits_alone_are_dates_where_they_are_called_so(refusal: Refusal) -> None:
    assert iso("20200102", "20200113", name="Trading Day") == ("2020-01-02", "2020-01-13")
    assert iso("20200102", name="Volume") is None
    assert iso("2019", name="Date") is None
    assert refusal(iso, "20201302", name="Date") == (
        "t.csv: row 2, column 1 (Date) holds '20201302'; no such date exists"
    )


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (("2020-02-28", "2021-02-29"), "row 3, column 1 (When) holds '2021-02-29'; no such date exists"),
        (("2020-01-02 25:00", "2020-01-03 00:00"),
         "row 2, column 1 (When) holds '2020-01-02 25:00'; no such date exists"),
        (("2020-01-02", "2020-01-03", "01/13/2020"),
         "row 4, column 1 (When) holds '01/13/2020' among dates; it must be a date as 2020-01-02 is"),
        (("2020-01-02", "2020-01-03", ""),
         "row 4, column 1 (When) holds '' among dates; it must be a date as 2020-01-02 is"),
        (("2020-01-02T09:30", "2020-01-02T09:31Z"),
         "row 3, column 1 (When) holds '2020-01-02T09:31Z'; all dates or none must have a time zone"),
        (("13/13/2020", "14/13/2020"), "row 2, column 1 (When) holds '13/13/2020'; it must be a date, written as those "
         "above it"),
    ],
)  # fmt: skip
def test_a_cell_that_is_no_date_among_dates_is_named(cells: tuple[str, ...], said: str, refusal: Refusal) -> None:
    assert refusal(iso, *cells) == f"t.csv: {said}"


@pytest.mark.parametrize("cells", [("01/02/2020", "02/03/2020"), ("03/02/2020", "02/01/2020", "01/01/2020"),
                                   ("01-02-2020",), ("05/06/2020", "01/02/2020", "09/08/2020")])  # fmt: skip
def test_day_and_month_that_nothing_tells_apart_are_asked_for(cells: tuple[str, ...], refusal: Refusal) -> None:
    assert refusal(iso, *cells) == (
        f"t.csv: row 2, column 1 (When) holds '{cells[0]}', and neither the other rows nor their order tell the month "
        "from the day; say --dates day-first or --dates month-first"
    )
    day, month = iso(*cells, order=DAY_FIRST), iso(*cells, order=MONTH_FIRST)
    assert day != month
    for n, cell in enumerate(cells):
        one, other, year = cell.replace("-", "/").split("/")
        assert (day and day[n], month and month[n]) == (f"{year}-{other}-{one}", f"{year}-{one}-{other}")


def test_where_the_day_does_not_matter_nothing_is_asked() -> None:
    found = read_dates(column("01/02/2020", "02/03/2020"), must_know=False)
    assert found is not None
    assert found.rising


def test_an_order_that_cannot_be_is_refused(refusal: Refusal) -> None:
    said = refusal(iso, "13/01/2020", "14/01/2020", order=MONTH_FIRST)
    assert said == "t.csv: row 2, column 1 (When) holds '13/01/2020'; which is not a date month-first (--dates)"
    for order in DATE_ORDERS:
        said = refusal(iso, "2020-01-02", order=order)
        assert said == f"t.csv: --dates {order} does not apply: column 1 (When) has dates such as 2020-01-02"
    assert "does not apply" in refusal(iso, "02.01.2020", order=MONTH_FIRST)
    assert iso("02.01.2020", order=DAY_FIRST) == ("2020-01-02",)


def test_years_of_two_digits_that_may_stand_anywhere_are_refused(refusal: Refusal) -> None:
    assert refusal(iso, "01/02/03", "02/03/04").endswith(
        "in which any part may be the year; write years with four digits"
    )


def test_rows_are_in_order_by_what_clocks_show_in_one_place() -> None:
    """An hour stands twice when the clocks go back; their zones tell its rows apart."""
    found = read_dates(column("2020-11-01 01:30:00-04:00", "2020-11-01 01:30:00-05:00", "2020-11-01 02:00:00-05:00"))
    assert found is not None
    assert found.iso[0] == found.iso[1]
    assert found.rising
    assert not found.reversed().rising
    assert found.reversed().falling


FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%d-%b-%Y", "%b %d, %Y", "%d %B %Y",
           "%A, %d %B %Y", "%Y-%m-%d %H:%M", "%m/%d/%Y %I:%M %p", "%Y-%m-%dT%H:%M:%S")  # fmt: skip
MOMENTS = st.datetimes(datetime.datetime(1900, 1, 1), datetime.datetime(2100, 1, 1))


@given(st.lists(MOMENTS, min_size=1, max_size=6), st.sampled_from(FORMATS), st.booleans())
def test_what_is_written_is_read_back_or_asked_for(moments: list[datetime.datetime], form: str, rising: bool) -> None:
    """Python's own strftime is the oracle: never another day."""
    moments = sorted(moments) if rising else moments
    cells = [moment.strftime(form) for moment in moments]
    expected = [datetime.datetime.strptime(cell, form) for cell in cells]
    try:
        found = iso(*cells)
    except ValueError as error:
        assert "--dates" in str(error)  # noqa: PT017 (either will do)
        found = iso(*cells, order=DAY_FIRST if form.startswith("%d") else MONTH_FIRST)
    assert found is not None
    assert [datetime.datetime.fromisoformat(text) for text in found] == expected or (
        form in ("%m/%d/%Y", "%d/%m/%Y", "%m/%d/%Y %I:%M %p") and not rising
    )
