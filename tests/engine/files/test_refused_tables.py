"""Tables that cannot be read: the one line that each bad file gets, whatever its bytes."""

import datetime
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from gatestep.engine import BadInput
from gatestep.engine.files import delimited, rows
from gatestep.engine.files.delimited import Table, read_table
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Refusal = Callable[..., str]
ONE_FILE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # each example writes it anew


Read = Callable[[str | bytes], Table]
Refused = Callable[[str | bytes], str]


NOT_TEXT = "is not UTF-8 text; save it as CSV in UTF-8"
NUMBER = "it must be a number such as 1234.5"
FILL = "it must be a finite number: fill in such cells, or leave out their rows"
WHOLE = "it must hold a row a timestamp"
WORKBOOK = "is an Excel workbook or another archive; save its sheet as CSV"
PAGE = "is HTML or XML, a page in place of a table; download the CSV itself"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", f"has no rows of numbers, nothing; {WHOLE}", id="empty"),
        pytest.param(b"\xef\xbb\xbf\n \n,,\n", f"has no rows of numbers, nothing; {WHOLE}", id="blank"),
        pytest.param("a,b\n", f"has no rows of numbers, only names; {WHOLE}", id="header only"),
        pytest.param("a,b\n,\n\n", f"has no rows of numbers, only names; {WHOLE}", id="blank rows only"),
        pytest.param("a\nx\n", "has no column of numbers; at least one must hold numbers such as 1234.5", id="text"),
        pytest.param(
            "Date\n2020-01-01\n", "has no column of numbers; at least one must hold numbers such as 1234.5", id="dates"
        ),
        pytest.param("a;Öl\n1;2\n".encode("latin-1"), NOT_TEXT, id="latin-1"),
        pytest.param("a,b\n1,2\n".encode("utf-16"), NOT_TEXT, id="utf-16"),
        pytest.param("a,b\n1,2\n".encode("utf-16-le"), NOT_TEXT, id="utf-16 without a mark"),
        pytest.param(b"PK\x03\x04\x14\x00\x06\x00", WORKBOOK, id="a spreadsheet"),
        pytest.param(b"\n <!DOCTYPE html><html>429 Too Many Requests", PAGE, id="HTML"),
        pytest.param(b"\xef\xbb\xbf<HTML>", PAGE, id="HTML with a mark"),
        pytest.param(b'{"chart": {}}', "is JSON; save it as CSV", id="JSON"),
        pytest.param(b"a,b\n1,2\n" * 9 + b"\0", NOT_TEXT, id="a NUL"),
        pytest.param(
            "1.5,2\n3,4\n", "row 1 holds values only; the first row must name the columns", id="numbers first"
        ),
        pytest.param(
            "\n2020-01-01,3\n", "row 2 holds values only; the first row must name the columns", id="date first"
        ),
        pytest.param("a,,c\n1,2,3\n", "column 2 has no name; row 1 must name every column", id="no name"),
        pytest.param(
            "a,b, a\n1,2,3\n", "columns 1 and 3 are both called a; each column must have its own name", id="twice"
        ),
        pytest.param(
            "a,b\n1,2\n\n3\n", "row 4 has 1 columns, where row 1 has 2; every row must have as many", id="too few"
        ),
        pytest.param(
            "a;b\n1;2;3\n", "row 2 has 3 columns, where row 1 has 2; every row must have as many", id="too many"
        ),
        pytest.param("a,b\n1,2\n3,x\n", f"row 3, column 2 (b) holds 'x'; {NUMBER}", id="a text"),
        pytest.param(
            "a\n" + "1\nx\x1b\n" * 5,
            f"row 3, column 1 (a) holds 'x\\x1b', the first of 5 such cells; {NUMBER}",
            id="control characters",
        ),
        pytest.param(
            f"a\n1\n{'y' * 40}\n", f"row 3, column 1 (a) holds '{'y' * 27}...'; {NUMBER}", id="a long text"
        ),
        *(
            pytest.param(f'a\n1\n"{cell}"\n', f"row 3, column 1 (a) holds {cell!r}; {NUMBER}", id=cell)
            for cell in ("1,23,4567", "1_000", "0x10", "1 2", "1,2,3", "(5", "5m", "$5%", "1.2.3", "٣", "=5", "5 USD")
        ),
        pytest.param(
            "v;w\n1,5;1\n1.5;2\n",
            "row 3, column 1 (v) holds '1.5', and row 2 holds '1,5'; a column must have one decimal mark",
            id="both marks",
        ),
        pytest.param(
            "v;w\n1;5 %\n2;6\n", "row 3, column 2 (w) holds '6', and row 2 '5 %'; a column must have one unit",
            id="unit",
        ),
        pytest.param(
            "v;w\n1;5 €\n2;$6\n", "row 3, column 2 (w) holds '$6', and row 2 '5 €'; a column must have one unit",
            id="money",
        ),
        pytest.param("a\n1\n\n2\n", f"row 3, column 1 (a) holds nothing; {FILL}", id="a gap"),
        pytest.param("a,b\n1,2\n,\n3,4\n", f"row 3, column 1 (a) holds nothing; {FILL}", id="an empty row"),
        *(
            pytest.param(f"a,b\n1,2\n3,{cell}\n", f"row 3, column 2 (b) holds {cell!r}; {FILL}", id=name)
            for name, cell in (("nan", "NaN"), ("inf", "-inf"), ("na", "N/A"), ("null", "null"), ("dash", "-"))
        ),
        pytest.param(
            "a\n0\n" + "nan\n" * 1004, f"row 3, column 1 (a) holds 'nan', the first of 1,004 such cells; {FILL}",
            id="many gaps",
        ),
        *(
            pytest.param(
                f"a\n1\n{cell}\n",
                f"row 3, column 1 (a) holds '{cell}'; it must be a finite number between -1e+30 and 1e+30",
                id=cell,
            )
            for cell in ("1.1e30", "-1e31", "1e400")
        ),
        pytest.param(
            'a,b\n1,2\n"3,4\n5,6\n',
            "row 3 is not CSV (unexpected end of data); it must be cells with ',' between, and every quote closed",
            id="an open quote",
        ),
        pytest.param(
            'a\tb\n1\t"2"3\n',
            "row 2 is not CSV ('tab' expected after '\"'); it must be cells with '\\t' between, and every quote closed",
            id="text behind a quote",
        ),
    ],
)  # fmt: skip
def test_what_is_refused(content: str | bytes, said: str, refused: Refused) -> None:
    assert refused(content) == said


def test_rows_are_counted_as_a_spreadsheet_counts_them(refused: Refused) -> None:
    assert refused('a,b\n"x\ny",1\n\nz,none\n').startswith("row 4, column 2 (b) holds 'none'; ")


def test_long_names_are_cut_short(refused: Refused) -> None:
    assert refused(f"{'n' * 5000}\n1\nx\n").startswith(f"row 3, column 1 ({'n' * 27}...) holds 'x'")


def test_cells_and_lines_that_never_end_are_refused(refused: Refused) -> None:
    assert refused("a,b\n1," + "2" * 200_000).startswith("row 2 is not CSV (field larger than field limit")
    for content in ("a," * 600_000, "a,b\n" + "1," * 600_000):
        row = content.count("\n") + 1
        assert refused(content).startswith(f"row {row} is not CSV (a line of more than 1,000,000 characters)")


def test_too_many_rows_are_refused(table: Read, refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MOST_ROWS", 3)
    assert len(table("a\n1\n2\n3\n").values) == 3
    assert (
        refused("a\n1\n2\n3\n4\n") == "is too long; it may have 3 rows and 10,000,000 cells: keep the latest rows only"
    )
    monkeypatch.setattr(rows, "MOST_CELLS", 5)
    assert table("a,b\n1,2\n3,4\n").values.shape == (2, 2)
    assert refused("a,b\n1,2\n3,4\n5,6\n").startswith("is too long; it may have 3 rows and 5 cells")


def test_a_huge_file_is_refused_unread(tmp_path: Path, refusal: Refusal, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(5 * 10**9)  # takes no room on the disk
    monkeypatch.setattr(rows, "_Reader", None)
    assert refusal(read_table, path) == f"{path}: is larger than 200 MB; keep the latest rows only"


def test_files_that_cannot_be_read_are_refused(
    tmp_path: Path, refusal: Refusal, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "absent.csv"
    assert refusal(read_table, path) == f"{path}: no such file"
    assert refusal(read_table, tmp_path) == f"{tmp_path}: is a directory; give a file"
    monkeypatch.chdir(tmp_path)  # a relative name, which needs no way through folders that are root's alone
    tmp_path.chmod(0o755)
    Path("closed.csv").touch(mode=0)
    root = os.geteuid() == 0
    if root:  # who may read everything
        os.seteuid(65534)
    try:
        assert refusal(read_table, Path("closed.csv")) == "closed.csv: permission denied"
    finally:
        if root:
            os.seteuid(0)


CELLS = st.sampled_from(
    [
        "",
        "1",
        "2",
        "-1.5",
        "1,5",
        "nan",
        "x",
        "2020-01-01",
        "2020-01-02T10:00Z",
        "01/02/2020",
        "Date",
        '"',
        '"a"',
        "1e99",
    ]
)
BYTES = st.one_of(
    st.binary(max_size=200),
    st.text(st.characters(exclude_categories=["Cs"])).map(str.encode),
    st.lists(st.one_of(CELLS, st.sampled_from(",;\t\n\r ")), max_size=60).map(lambda parts: "".join(parts).encode()),
    st.lists(st.tuples(CELLS, CELLS), max_size=8).map(lambda rows: "\n".join(["D,a", *map(",".join, rows)]).encode()),
)  # fmt: skip


@settings(ONE_FILE, max_examples=300)
@given(content=BYTES)
def test_any_bytes_give_a_table_or_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    try:
        found = read_table(path)
    except BadInput as error:
        said = str(error).removeprefix(f"{path}: ")
        assert said.isprintable()
        assert len(said) < 300
        return
    assert found.values.shape[1] == len(found.names) > 0
    assert (np.abs(found.values) <= delimited.LARGEST_NUMBER).all()
    if found.dates is not None:
        assert len(found.dates.iso) == len(found.dates.instants) == len(found.values)
        assert all(datetime.datetime.fromisoformat(text) for text in found.dates.iso)
        assert not found.dates.falling
