"""Tables that users bring: what is read from a CSV file, and what is left out and said."""

import csv
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gatestep.engine.files import delimited
from gatestep.engine.files.delimited import Table, read_table
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Refusal = Callable[..., str]
ONE_FILE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # each example writes it anew


Read = Callable[[str | bytes], Table]
Refused = Callable[[str | bytes], str]


def test_the_file_that_ships_is_read_whole() -> None:
    with as_file(files("gatestep.data") / "SBUX.csv") as path:
        found = read_table(path)
        lines = path.read_text().splitlines()
        assert found.source == str(path)
    assert found.names == ("Open", "High", "Low", "Close", "Adj Close", "Volume")
    assert found.left_out == ()
    assert found.dates is not None
    assert (len(found.dates.iso), found.dates.iso[0], found.dates.iso[-1]) == (253, "2019-12-11", "2020-12-10")
    assert (found.rows[0], found.rows[-1], found.notes) == (2, 254, ())
    np.testing.assert_array_equal(found.values, [[float(cell) for cell in line.split(",")[1:]] for line in lines[1:]])
    assert found.values.dtype == np.float64


def test_a_table_cannot_be_written_to(table: Read) -> None:
    found = table("a,b\n1,2\n")
    for array in (found.values, found.column("b")):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 7


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\r\r\n"])
@pytest.mark.parametrize("end", [True, False])
def test_delimiters_marks_and_line_ends(delimiter: str, bom: bytes, newline: str, end: bool, table: Read) -> None:
    rows = (("Date", "Öl", "High"), ("2020-01-01", "1.5", "-2e3"), ("2020-01-02", " 3 ", ".25"))
    text = newline.join(delimiter.join(row) for row in rows) + newline * end
    found = table(bom + text.encode())
    assert found.names == ("Öl", "High")
    assert found.dates is not None
    assert found.dates.iso == ("2020-01-01", "2020-01-02")
    assert found.values.tolist() == [[1.5, -2000], [3, 0.25]]


@pytest.mark.parametrize(
    ("text", "names", "values"),
    [
        pytest.param("Close\n1\n2\n", ("Close",), [[1], [2]], id="one column"),
        pytest.param('"Open, USD";b\n1;2\n', ("Open, USD", "b"), [[1, 2]], id="a quoted comma is no delimiter"),
        pytest.param('"Open\n(USD)",b\n1,2\n', ("Open (USD)", "b"), [[1, 2]], id="a name over two lines"),
        pytest.param('a\x1b[31m,"b ""c"""\n1,2\n', ("a [31m", 'b "c"'), [[1, 2]], id="control characters"),
        pytest.param('a, b\n1, "2"\n', ("a", "b"), [[1, 2]], id="a space before a quote"),
        pytest.param('v,w\n"4,921,900",1\n"-1,234.5",2\n', ("v", "w"), [[4921900, 1], [-1234.5, 2]], id="thousands"),
        pytest.param("v;w\n1,5;2\n1,234;3\n", ("v", "w"), [[1.5, 2], [1.234, 3]], id="a decimal comma"),
        pytest.param("v;w\n1,234;2\n1.5;3\n", ("v", "w"), [[1234, 2], [1.5, 3]], id="thousands beside a dot"),
        pytest.param("v;w\n1,234;2\n4,921,900;3\n", ("v", "w"), [[1234, 2], [4921900, 3]], id="two groups"),
        pytest.param("\n\na,b\n\n1,2\n\n3,4\n,\n,\n\n", ("a", "b"), [[1, 2], [3, 4]], id="blank rows"),
        pytest.param("Country,2019,2020\nx,1,2\n", ("2019", "2020"), [[1, 2]], id="years as names"),
        pytest.param("a\n1e30\n-1e30\n", ("a",), [[1e30], [-1e30]], id="the largest"),
    ],
)
def test_what_is_read(text: str, names: tuple[str, ...], values: Any, table: Read) -> None:
    found = table(text)
    assert found.names == names
    assert found.values.tolist() == values


def test_columns_without_a_number_are_left_out_and_said(table: Read) -> None:
    found = table("Ticker,Date,Settled,Note,Close\nNA,2020-01-01,2020-01-03,,1\nNA,2020-01-02,2020-01-06,,2\n")
    assert found.names == ("Close",)
    assert found.left_out == ("Ticker", "Settled", "Note")
    assert found.dates is not None
    assert (found.dates.name, found.dates.iso) == ("Date", ("2020-01-01", "2020-01-02"))
    assert found.notes == tuple(
        f"column {place} ({name}) is left out: it holds no numbers"
        for place, name in ((1, "Ticker"), (3, "Settled"), (4, "Note"))
    )


def test_what_ships_and_other_usual_tables_need_no_word(table: Read) -> None:
    assert table("Date,a,b\n2020-01-01,1,2\n2020-01-02,3,4\n").notes == ()


def test_an_index_that_counts_the_rows_is_left_out_and_said(table: Read, refused: Refused) -> None:
    for name, title in (("", "column 1"), ("Unnamed: 0", "column 1 (Unnamed: 0)"), ("index", "column 1 (index)")):
        for first in (0, 1):
            found = table(f"{name},a\n{first},5\n{first + 1},6\n")
            assert (found.names, found.left_out) == (("a",), (name,))
            assert found.notes == (f"{title} is left out: it counts the rows",)
    assert table("n,a\n0,5\n1,6\n").names == ("n", "a")
    assert refused(",a\n3,5\n7,6\n") == "column 1 has no name; row 1 must name every column"


def test_newest_first_is_turned_round_and_said(table: Read) -> None:
    found = table("Date,a\n2020-01-03,1\n2020-01-02,2\n2020-01-01,3\n")
    assert found.dates is not None
    assert (found.dates.iso, found.values.tolist()) == (("2020-01-01", "2020-01-02", "2020-01-03"), [[3], [2], [1]])
    assert tuple(found.rows) == (4, 3, 2)
    assert found.notes == ("newest first: the rows are reversed, oldest first",)


def test_names_are_asked_for_only_where_columns_are_named(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("1.5,2\n3,4\n")
    assert delimited.read_matrix(path).values.tolist() == [[1.5, 2], [3, 4]]


def test_per_cent_is_in_the_name_of_the_column(table: Read) -> None:
    found = table('Change,Change %,x\n-0.61%,"1,5 %",3\n12 %,2 %,4\n'.replace("Change,Change", "Move,Change"))
    assert found.names == ("Move %", "Change %", "x")
    assert found.values.tolist() == [[-0.61, 1.5, 3], [12, 2, 4]]
    assert found.column("move").tolist() == [-0.61, 12]


def test_columns_are_found_by_name(table: Read, refusal: Refusal) -> None:
    found = table("Open,Volume,close,Close,Ticker\n1,2,3,4,x\n")
    for name, value in (("Volume", 2), ("VOLUME", 2), ("close", 3), ("Close", 4)):
        assert found.column(name).tolist() == [value]
    source = found.source
    assert refusal(found.column, "Volum") == f"{source}: has no column Volum; choose from Volume"
    assert refusal(found.column, "CLOSE") == f"{source}: has no column CLOSE; choose from close, Close"
    assert refusal(found.column, "q\n\x1b") == f"{source}: has no column q; choose from Open, Volume, close, Close"
    assert refusal(found.column, "Ticker").startswith(f"{source}: has no numbers in column Ticker; choose from")


def test_a_table_may_be_wide(table: Read) -> None:
    names = tuple(f"sensor{n}" for n in range(20_000))  # a header longer than csv lets a cell be
    assert table(f"{','.join(names)}\n{'1,' * 19_999}2\n").column("sensor19999").tolist() == [2]


NAMES = st.lists(
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8), max_size=4, unique=True
)  # fmt: skip
NUMBERS = st.floats(-1e30, 1e30)


@ONE_FILE
@given(data=st.data(), names=NAMES, dated=st.booleans(), delimiter=st.sampled_from(",;\t"))
def test_what_is_written_is_read_back(
    tmp_path: Path, data: st.DataObject, names: list[str], dated: bool, delimiter: str
) -> None:
    names = [*(f"n:{name}" for name in names), "last"]
    rows = data.draw(st.lists(st.lists(NUMBERS, min_size=len(names), max_size=len(names)), min_size=1, max_size=9))
    dates = sorted(data.draw(st.sets(st.dates(), min_size=len(rows), max_size=len(rows)))) if dated else None
    path = tmp_path / "t.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=delimiter, quoting=data.draw(st.sampled_from([0, 1])))
        writer.writerow([*names, *(["when"] if dates else [])])
        writer.writerows([*row, *([dates[n]] if dates else [])] for n, row in enumerate(rows))
    found = read_table(path)
    assert found.names == tuple(names)
    assert (found.dates and found.dates.iso) == (tuple(map(str, dates)) if dates else None)
    assert found.left_out == ()
    np.testing.assert_array_equal(found.values, rows)
