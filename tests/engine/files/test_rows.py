"""What stands between the cells of a text file, and which of its lines are rows."""

from collections.abc import Callable
from pathlib import Path

import pytest
from gatestep.engine.files.rows import Rows, read_rows

Read = Callable[[str], Rows]
Refusal = Callable[..., str]


@pytest.fixture
def rows(tmp_path: Path) -> Read:
    """Return a reader of the rows of a file that holds the given text."""

    def read(text: str) -> Rows:
        path = tmp_path / "t.csv"
        path.write_text(text, encoding="utf-8", newline="")
        return read_rows(path)

    return read


@pytest.mark.parametrize(
    ("text", "delimiter", "second"),
    [
        ("Date;Price (USD, close);Volume (shares, total)\n2020-01-01;1.5;100\n", ";", ["2020-01-01", "1.5", "100"]),
        ("-0,349;0,984\n0,581;0,07\n", ";", ["0,581", "0,07"]),
        ("a,b;c\n1,2\n3,4\n", ",", ["1", "2"]),
        ('a,b\n"1;2",3\n"4;5",6\n', ",", ["1;2", "3"]),
        ("a,b\n1,x;y\n2,z;w\n", ",", ["1", "x;y"]),
        ("a\tb\n1,5\t2,5\n", "\t", ["1,5", "2,5"]),
        ("a|b\n1|2\n", "|", ["1", "2"]),
        ("sep=;\na;b\n1;2\n", ";", ["1", "2"]),
        ("1.5  2\n 3 4\n", " ", ["3", "4"]),
        ("Open Close\n1 2\n", " ", ["1", "2"]),
        ("my column\n1\n", ",", ["1"]),
        ("v\n1\u00a0234\n", ",", ["1\u00a0234"]),
        ("a, b\n1, 2\n", ",", ["1", "2"]),
        ('a,b\n"x\ny",2\n', ",", ["x\ny", "2"]),
        ('"Jan 02, 2024","1,5"\n"Jan 03, 2024","2,5"\n', ",", ["Jan 03, 2024", "2,5"]),
    ],
)
def test_the_delimiter_is_the_same_in_all_lines(text: str, delimiter: str, second: list[str], rows: Read) -> None:
    found = rows(text)
    assert (found.delimiter, found.row(1)) == (delimiter, second)


def test_lines_that_are_no_rows_are_left_out_and_rows_keep_their_numbers(rows: Read) -> None:
    found = rows("# from a sensor\n#t,v\n\n1,2\n# calibrated\n3,4\n\n")
    assert ([found.row(0), found.row(1)], list(found.numbers)) == ([["1", "2"], ["3", "4"]], [4, 6])
    assert (found.comments, found.comment) == (3, ["t", "v"])


def test_a_mark_inside_of_quotes_begins_no_comment(rows: Read) -> None:
    found = rows('a,b\n"x\n#y",2\n')
    assert [found.row(n) for n in range(len(found))] == [["a", "b"], ["x\n#y", "2"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("power\n0,218\n", "row 2 has 2 columns, where row 1 has 1; every row must have as many; where a comma is part "
         "of a number or a date, decimal or thousands, quotes must stand around it"),
        ("d,v\n2024-01-02,770,884\n2024-01-03,1,162,235\n", "row 2 has 3 columns, where row 1 has 2"),
        ("World data\n\na;b\n1;2\n", "row 3 has 2 columns, where row 1 has 1"),
        ("a,b\n1,2\nTotal\n", "row 3 has 1 columns, where row 1 has 2; every row must have as many"),
    ],
)  # fmt: skip
def test_a_row_of_another_width_is_named(text: str, said: str, rows: Read, refusal: Refusal, tmp_path: Path) -> None:
    assert refusal(rows, text).startswith(f"{tmp_path / 't.csv'}: {said}")


def test_how_far_the_reading_is_is_told(tmp_path: Path) -> None:
    path, told = tmp_path / "t.csv", list[float]()
    path.write_text("a,b\n" + "1,2\n" * 100_000)
    read_rows(path, told.append)
    assert len(told) > 8
    assert all(0 <= share <= 1 for share in told)
    assert max(told) > 0.5  # the rest is the numbers in them
