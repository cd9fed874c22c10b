"""Tables as programs, brokers and spreadsheets write them: read as the plain table that each stands for, or refused.

What is written is made here from one table of prices; the oracle is that table itself.
"""

import csv
import datetime
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from gatestep.engine import BadInput
from gatestep.engine.files.delimited import Table, read_matrix, read_table
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

N = 60
NAMES = ("Open", "High", "Low", "Close", "Volume")
DAYS = [day.date() for day in pd.bdate_range("2024-01-02", periods=N)]
_rng = np.random.default_rng(0)
PRICES = (50 + _rng.normal(size=(N, 4)).cumsum(axis=0)).round(2)
VOLUME = np.round(np.exp(_rng.normal(13.5, 0.4, size=N)))
VOLUME[7] = 1162235
VALUES = np.column_stack([PRICES, VOLUME])
SHORT = VOLUME.copy()
SHORT[SHORT >= 1e6] = 999999
Lines = Iterable[Iterable[str]]


def plain(day: datetime.date, row: np.ndarray) -> list[str]:
    return [str(day), *(f"{value:.2f}" for value in row[:4]), f"{row[4]:.0f}"]


def european(day: datetime.date, row: np.ndarray) -> list[str]:
    return [f"{day:%d.%m.%Y}", *(f"{value:.2f}".replace(".", ",") for value in row[:4]), f"{row[4]:.0f}"]


def lettered(value: float) -> str:
    return f"{value / 1e6:.2f}M" if value >= 1e6 else f"{value / 1e3:.2f}K"


def dotted(value: float) -> str:
    return f"{value:,.0f}".replace(",", ".")


def grouped(row: np.ndarray, group: str) -> list[str]:
    return [*(f"{1000 + value:,.2f}".replace(",", group) for value in row[:4]), f"{row[4]:,.0f}".replace(",", group)]


ROWS = list(zip(DAYS, VALUES, strict=True))
THOUSANDS = np.column_stack([1000 + PRICES, VOLUME])
CAPPED = np.column_stack([PRICES, SHORT])
ROUNDED = np.column_stack(
    [PRICES, [float(f"{v / 1e6:.2f}") * 1e6 if v >= 1e6 else float(f"{v / 1e3:.2f}") * 1e3 for v in VOLUME]]
)
HEAD = ["Date", *NAMES]

Case = tuple[list[list[str]], str, int, np.ndarray]
CASES: dict[str, Case] = {  # rows, delimiter, quoting, what they hold
    "plain": ([HEAD, *(plain(d, r) for d, r in ROWS)], ",", csv.QUOTE_MINIMAL, VALUES),
    "an index without a name": ([["", *NAMES], *(plain(d, r) for d, r in ROWS)], ",", csv.QUOTE_MINIMAL, VALUES),
    "dates with a time zone": (
        [HEAD, *([f"{d} 00:00:00-05:00", *plain(d, r)[1:]] for d, r in ROWS)], ",", csv.QUOTE_MINIMAL, VALUES,
    ),
    "three rows of names": (
        [["Price", *NAMES], ["Ticker", *["XMPL"] * 5], ["Date", *[""] * 5], *(plain(d, r) for d, r in ROWS)],
        ",", csv.QUOTE_MINIMAL, VALUES,
    ),
    "thousands in quotes": (
        [HEAD, *([str(d), *grouped(r, ",")] for d, r in ROWS)], ",", csv.QUOTE_MINIMAL, THOUSANDS,
    ),
    "thousands with no-break spaces": (
        [HEAD, *([str(d), *grouped(r, "\u00a0")] for d, r in ROWS)], ",", csv.QUOTE_MINIMAL, THOUSANDS,
    ),
    "semicolons and decimal commas": ([HEAD, *(european(d, r) for d, r in ROWS)], ";", csv.QUOTE_MINIMAL, VALUES),
    "decimal commas in quotes": ([HEAD, *(european(d, r) for d, r in ROWS)], ",", csv.QUOTE_MINIMAL, VALUES),
    "points in the volume": (
        [HEAD, *([*european(d, r)[:5], dotted(r[4])] for d, r in zip(DAYS, CAPPED, strict=True))],
        ";", csv.QUOTE_MINIMAL, CAPPED,
    ),
    "newest first, K and M": (
        [HEAD, *([f"{d:%b %d, %Y}", *plain(d, r)[1:5], lettered(r[4])] for d, r in ROWS[::-1])],
        ",", csv.QUOTE_ALL, ROUNDED,
    ),
    "a blank line below the names": (
        [HEAD, [], *([f"{d:%b %d, %Y}", *plain(d, r)[1:5], lettered(r[4])] for d, r in ROWS)],
        ",", csv.QUOTE_ALL, ROUNDED,
    ),
    "months first": ([HEAD, *([f"{d:%m/%d/%Y}", *plain(d, r)[1:]] for d, r in ROWS)], ",", csv.QUOTE_MINIMAL, VALUES),
    "tabs and currencies": (
        [HEAD, *([str(d), *(f"${v:.2f}" for v in r[:4]), f"{r[4]:.0f}"] for d, r in ROWS)],
        "\t", csv.QUOTE_MINIMAL, VALUES,
    ),
}  # fmt: skip


@pytest.fixture
def written(tmp_path: Path) -> Callable[[Lines, str, int], Path]:
    """Return a writer of rows as CSV."""

    def write(rows: Lines, delimiter: str, quoting: int) -> Path:
        path = tmp_path / "t.csv"
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            csv.writer(file, delimiter=delimiter, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
        return path

    return write


@pytest.mark.parametrize("name", CASES)
def test_it_is_read_as_the_plain_table(name: str, written: Callable[..., Path]) -> None:
    rows, delimiter, quoting, values = CASES[name]
    found = read_table(written(rows, delimiter, quoting))
    assert found.names == NAMES
    np.testing.assert_allclose(found.values, values, rtol=1e-15)
    assert found.dates is not None
    assert found.dates.iso == tuple(map(str, DAYS))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([HEAD, *([*plain(d, r)[:5], f"{r[4]:,.0f}"] for d, r in ROWS)], "row 2 has [78] columns, where row 1 has 6"),
        (
            [["power"], *([f"{v / 100:.3f}".replace(".", ",")] for v in PRICES[:, 0])],
            "row 2 has 2 columns, where row 1 has 1",
        ),
        ([HEAD, *([f"{d:%b %d, %Y}", *plain(d, r)[1:]] for d, r in ROWS)], "row 2 has 7 columns, where row 1 has 6"),
    ],
    ids=["thousands without quotes", "one column of decimal commas", "dates without quotes"],
)
def test_commas_that_cut_a_cell_in_two_are_refused(rows: Lines, said: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("".join(",".join(row) + "\n" for row in rows))
    with pytest.raises(BadInput, match=said):
        read_table(path)


def test_what_pandas_and_numpy_write_of_inputs_is_read_back(tmp_path: Path) -> None:
    """The same numbers as inputs of a network, however they were saved."""
    x, path = (PRICES[:, :3] - 50).round(2), tmp_path / "x.csv"
    frame = pd.DataFrame(x, columns=["a", "b", "c"])
    for write in (
        lambda: frame.to_csv(path),
        lambda: frame.to_csv(path, index=False),
        lambda: frame.reset_index().to_csv(path, index=False),
        lambda: frame.set_index(pd.DatetimeIndex(DAYS)).to_csv(path),
        lambda: frame.to_csv(path, sep=";", decimal=","),
        lambda: frame.to_csv(path, sep="\t", header=False, index=False),
        lambda: frame.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n"),
        lambda: frame.to_csv(path, quoting=csv.QUOTE_ALL),
        lambda: pd.DataFrame(x).to_csv(path),
        lambda: pd.DataFrame(x).to_csv(path, index=False),
        lambda: pd.DataFrame(x).to_csv(path, header=False, index=False),
        lambda: np.savetxt(path, x),
        lambda: np.savetxt(path, x, delimiter=",", fmt="%.9g", header="a,b,c"),
        lambda: np.savetxt(path, x, delimiter=";", header="a;b;c", comments=""),
    ):
        write()
        np.testing.assert_array_equal(read_matrix(path).values, x, err_msg=path.read_text()[:60])


def excel(value: object, mark: str) -> str:
    """A cell as Excel saves it where the decimal mark is `mark`."""
    return f"{value:.15g}".replace(".", mark) if isinstance(value, float) else str(value)


CELL = st.one_of(st.floats(-1e6, 1e6), st.integers(-(10**9), 10**9), st.floats(-10, 10).map(lambda v: round(v, 3)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8),
    locale=st.sampled_from([(",", "."), (";", ","), (";", "."), ("\t", "."), ("\t", ",")]),
    dated=st.booleans(),
)
def test_what_excel_saves_is_read_back_or_refused(
    rows: list[tuple[float, float]], locale: tuple[str, str], dated: bool, tmp_path: Path
) -> None:
    """Never another number: a whole column of decimals that look like thousands may be refused, and nothing else."""
    delimiter, mark = locale
    path = tmp_path / "t.csv"
    day = datetime.date(2024, 12, 25)
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow([*(["Day"] if dated else []), "one", "other"])
        for n, row in enumerate(rows):
            date = [f"{day + datetime.timedelta(days=n):%d.%m.%Y}"] if dated else []
            writer.writerow([*date, *(excel(value, mark) for value in row)])
    expected = [[float(f"{value:.15g}") for value in row] for row in rows]
    try:
        found: Table = read_table(path)
    except BadInput as error:
        assert "and the rest of the column does not tell" in str(error)  # noqa: PT017 (either will do)
        return
    assert found.values.tolist() == expected, path.read_text()
