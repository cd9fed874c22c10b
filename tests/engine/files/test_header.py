"""The rows above the numbers: names, several rows of them, pandas' numbers, and where they cannot be told apart."""

from collections.abc import Callable
from pathlib import Path

import pytest
from gatestep.engine.files.delimited import Table, read_matrix, read_table

Refusal = Callable[..., str]


@pytest.fixture
def matrix(tmp_path: Path) -> Callable[[str], Table]:
    """Return a reader of inputs that need no names."""

    def read(text: str) -> Table:
        path = tmp_path / "t.csv"
        path.write_text(text)
        return read_matrix(path)

    return read


Matrix = Callable[[str], Table]


@pytest.mark.parametrize(
    ("text", "names", "values", "notes"),
    [
        ("1,2\n3,4\n", ("", ""), [[1, 2], [3, 4]], ()),
        ("open,close\n1,2\n", ("open", "close"), [[1, 2]], ()),
        ("0,1\n-0.349,0.984\n0.581,0.07\n", ("0", "1"), [[-0.349, 0.984], [0.581, 0.07]],
         ("row 1 (0, 1) is read as names",)),
        ("0\n0.5\n", ("0",), [[0.5]], ("row 1 (0) is read as names",)),
        ("0\n5\n", ("",), [[0], [5]], ()),
        ("0,1\n0.5,7\n", ("0", "1"), [[0.5, 7]], ("row 1 (0, 1) is read as names",)),
        (",0,1\n0,5,6\n1,7,8\n", ("0", "1"), [[5, 6], [7, 8]],
         ("row 1 (0, 1) is read as names", "column 1 labels the timestamps and is not an input")),
        ("date,0,1\n2020-01-01,5,6\n2020-01-02,7,8\n", ("0", "1"), [[5, 6], [7, 8]],
         ("row 1 (date, 0, 1) is read as names",
          "the column of dates (date) labels the timestamps and is not an input")),
        ("# a b\n1 2\n3 4\n", ("a", "b"), [[1, 2], [3, 4]], ("1 line that begins with # is left out",)),
        ("Date,Price,Volume\n,USD,shares\n2020-01-01,1,2\n", ("Price USD", "Volume shares"), [[1, 2]],
         ("rows 1 to 2 are read as names", "the column of dates (Date) labels the timestamps and is not an input")),
        ("AAPL,1,2\nAAPL,3,4\n", ("", ""), [[1, 2], [3, 4]], ("column 1 is left out: it holds no numbers",)),
    ],
)  # fmt: skip
def test_names_and_numbers_are_told_apart(
    text: str, names: tuple[str, ...], values: list[list[float]], notes: tuple[str, ...], matrix: Matrix
) -> None:
    found = matrix(text)
    assert (found.names, found.values.tolist(), found.notes) == (names, values, notes)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "0,1\n5,6\n",
            "row 1 (0, 1) may be names or numbers; put a row of names above it, or write it with decimals as 0.0",
        ),
        ("2019,2020\n1.5,2.5\n", "row 1 (2019, 2020) may be names or numbers"),
        ("a,2\n3,4\n", "row 1, column 1 holds 'a' beside '2'; it must be a number, or the row must hold names only"),
        ("1,x\n3,4\n", "row 1, column 2 holds 'x' beside '1'"),
        ("a,b\nnan,nan\n1,2\n", "row 2, column 1 (a) holds 'nan'; it must be a finite number"),
        ("a\nb\n1\n", "row 2, column 1 (a) holds 'b'; it must be a number"),
        ("a,b\n" * 5 + "1,2\n", "rows 1 to 5 hold no number; one row must name the columns, and numbers must follow"),
        ("-0,349\n0,581\n", "row 1 (-0,349) may be 2 numbers, or fewer with ',' inside; put a row of names above"),
        ("1,5\n2,07\n", "row 2 (2,07) may be 2 numbers"),
        ("0,218\n0,241\n", "row 1 (0,218) may be 2 numbers"),
        ("1,162\n770,884\n", "row 1 (1,162) may be 2 numbers"),
        ("1 162\n770 884\n", "row 1 (1 162) may be 2 numbers, or fewer with ' ' inside"),
    ],
)
def test_what_cannot_be_told_apart_is_refused(
    text: str, said: str, matrix: Matrix, refusal: Refusal, tmp_path: Path
) -> None:
    assert refusal(matrix, text).startswith(f"{tmp_path / 't.csv'}: {said}")


@pytest.mark.parametrize("tickers", [["XMPL"], ["XMPL", "OTHR"]])
def test_several_rows_of_names_as_pandas_writes_them(tickers: list[str], tmp_path: Path) -> None:
    import pandas as pd

    columns = pd.MultiIndex.from_product([["Close", "Volume"], tickers], names=["Price", "Ticker"])
    days = pd.date_range("2024-01-02", periods=3, name="Date")
    numbers = [[day + n / 4 for n in range(len(columns))] for day in range(3)]
    pd.DataFrame(numbers, days, columns).to_csv(tmp_path / "t.csv")
    found = read_table(tmp_path / "t.csv")
    assert found.names == (("Close", "Volume") if len(tickers) == 1 else tuple(map(" ".join, columns)))
    assert found.values.tolist() == numbers
    assert found.dates is not None
    assert (found.dates.name, found.dates.iso) == ("Date", ("2024-01-02", "2024-01-03", "2024-01-04"))
    assert found.notes == ("rows 1 to 3 are read as names",)
