"""Reading a CSV table of numbers over time, as users bring it: the columns of numbers, and the dates of its rows."""

import csv
import datetime
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from ..errors import BadInput
from .opening import lines, opened, size_of

MOST_ROWS = 1_000_000
MOST_CELLS = 10_000_000
LARGEST_FILE = 200_000_000
LARGEST_NUMBER = 1e30

_DAYS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%m-%d-%Y", "%d-%m-%Y", "%d-%b-%Y",
    "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%Y-%m", "%b %Y", "%B %Y",
)  # fmt: skip
_FORMATS = ("ISO", *(day + time for day in _DAYS for time in ("", " %H:%M", " %H:%M:%S")))
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")
_MISSING = frozenset(("", ".", "?", "na", "n/a", "n.a.", "#na", "#n/a", "nan", "null", "none", "inf", "infinity"))


@dataclass(frozen=True, eq=False)
class Table:
    """N rows of C columns of finite numbers, oldest first."""

    source: str
    """What error messages call it."""

    names: tuple[str, ...]
    """C names, in the order of the file."""

    values: np.ndarray[Any, np.dtype[np.float64]]
    """(N, C), read-only."""

    dates: tuple[datetime.date, ...] | None
    """N dates, strictly rising; datetimes where a row has a time of day; None where no column holds dates."""

    left_out: tuple[str, ...]
    """The columns without a single number, such as a ticker. The column of dates is not among them."""

    def column(self, name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Return the numbers (N,) of a column, in whatever case its name is given; BadInput names the near ones."""
        alike = [own for own in self.names if own.casefold() == name.casefold()]
        if name in alike or len(alike) == 1:
            return self.values[:, self.names.index(name if name in alike else alike[0])]
        near = ", ".join(map(_clipped, alike or get_close_matches(name, self.names, cutoff=0.5) or self.names[:9]))
        kind = "numbers in column" if name in self.left_out else "column"
        raise BadInput(f"{self.source}: has no {kind} {_clipped(_cleaned(name))}; there is {near}")


@dataclass(frozen=True, eq=False)
class _Column:
    source: str
    name: str
    rows: Sequence[int]  # as a spreadsheet counts them
    cells: Sequence[str]

    def refuse(self, bad: Sequence[int], what: str, right: str) -> None:
        """Raise BadInput naming the first of the `bad` places, and saying how many there are; none is fine."""
        if bad:
            listed = ", ".join(str(self.rows[n]) for n in bad[:3]) + f" and {len(bad) - 3:,} more" * (len(bad) > 3)
            raise BadInput(f"{self.source}: column {_clipped(self.name)} {what} in row{'s' * (len(bad) > 1)} {listed} "
                           f"(row {self.rows[bad[0]]}: {_clipped(self.cells[bad[0]])!r}); {right}")  # fmt: skip


def read_table(path: Path) -> Table:
    """Return the table in a CSV file: UTF-8 text, names in the first row, comma, semicolon or tab between cells.

    A column with at least one number must hold numbers only. Numbers are Python's, with thousands in groups
    ("4,921,900") or, between semicolons, with a decimal comma. The dates are the first column that holds nothing
    but dates of one format; of several that fit, the first under which the dates rise (month before day).
    BadInput names the file, the row (the header is row 1), the column and what would be right; a table is at most
    LARGEST_FILE bytes, MOST_ROWS rows and MOST_CELLS cells. WorkFailed says that there is not enough memory for it.
    """
    with opened(path) as file, io.TextIOWrapper(file, newline="", encoding="utf-8-sig") as text:
        if size_of(file) > LARGEST_FILE:
            raise BadInput(f"{path}: is larger than {LARGEST_FILE // 10**6} MB; keep the latest rows only")
        header, rows, records, delimiter = _records(text, path)
    numbers: dict[str, np.ndarray[Any, np.dtype[np.float64]]] = {}
    left_out: list[str] = []
    dates = None
    for place, name in enumerate(header):
        column = _Column(str(path), name, rows, [record[place] for record in records])
        if dates is None and (dates := _dates(name, column.cells)):
            steps = list(enumerate(pairwise(dates), 1))
            right = "every date must stand once, oldest first"
            column.refuse([n for n, (before, after) in steps if after < before], "goes back in time", right)
            column.refuse([n for n, (before, after) in steps if after == before], "repeats the date above", right)
        elif found := _numbers(column, delimiter):
            numbers[name] = np.array(found)
        else:
            left_out.append(name)
    if not numbers:
        raise BadInput(f"{path}: has no column of numbers; at least one must hold numbers such as 1234.5")
    values = np.column_stack(list(numbers.values()))
    values.flags.writeable = False
    return Table(str(path), tuple(numbers), values, dates, tuple(left_out))


def _records(text: TextIO, path: Path) -> tuple[list[str], list[int], list[list[str]], str]:
    """The names, the number and the cells of each row below them, and the delimiter."""
    header: list[str] = []
    rows: list[int] = []
    records: list[list[str]] = []
    row, delimiter = 0, ","
    try:
        first = next((line for line in lines(text, path) if line.strip()), "")
        delimiter = max(",;\t", key=re.sub('"[^"]*"', "", first).count)
        text.seek(0)
        reader = csv.reader(lines(text, path), delimiter=delimiter, skipinitialspace=True, strict=True)
        for row, found in enumerate(reader, 1):
            cells = [cell.strip() for cell in found] or [""]
            if not header:
                header = _header(path, row, cells) if any(cells) else []
                continue
            if cells == [""] and len(header) > 1:  # a blank line; in a table of one column it is an empty cell
                continue
            if not any(cells):
                cells = [""] * len(header)
            if len(cells) != len(header):
                raise BadInput(f"{path}: row {row} must have as many cells as the header, {len(header)}; "
                               f"it has {len(cells)}")  # fmt: skip
            if len(records) == min(MOST_ROWS, MOST_CELLS // len(header)):
                raise BadInput(f"{path}: is too long; it may have {MOST_ROWS:,} rows and {MOST_CELLS:,} cells: "
                               "keep the latest rows only")  # fmt: skip
            rows.append(row)
            records.append(cells)
    except csv.Error as error:
        reason = str(error).replace("\t", "tab")
        raise BadInput(f"{path}: row {row + 1} is not CSV ({reason}); it must be cells with {delimiter!r} between, "
                       "and every quote closed") from None  # fmt: skip
    while records and not any(records[-1]):  # spreadsheets leave such rows at the end
        records.pop()
    if not records:
        found_only = "has a header only" if header else "is empty"
        raise BadInput(f"{path}: {found_only}; it must hold a row of names and rows of numbers")
    return header, rows, records, delimiter


def _header(path: Path, row: int, cells: Sequence[str]) -> list[str]:
    if all(_number(cell) is not None or _dates("", [cell]) for cell in cells if cell):
        raise BadInput(f"{path}: row {row} holds values only; the first row must name the columns")
    places: dict[str, int] = {}
    for place, name in enumerate(map(_cleaned, cells), 1):
        if not name:
            raise BadInput(f"{path}: column {place} has no name; row {row} must name every column")
        if places.setdefault(name, place) < place:
            raise BadInput(f"{path}: columns {places[name]} and {place} are both called {_clipped(name)}; "
                           "every column must have a name of its own")  # fmt: skip
    return list(places)


def _numbers(column: _Column, delimiter: str) -> list[float]:
    """The numbers of a column, none where not one cell is a number; BadInput where only some are."""
    cells, found = column.cells, [_number(cell) for cell in column.cells]
    dotted = (n is not None and ("." in cell or cell.count(",") > 1) for n, cell in zip(found, cells, strict=True))
    if delimiter == ";" and not any(dotted):
        found = [_number(cell.replace(",", ".")) for cell in cells]
    numbers = [number for number in found if number is not None]
    if numbers:
        others = [n for n, number in enumerate(found) if number is None]
        missing = [n for n in others if cells[n].lstrip("+-").lower() in _MISSING]
        column.refuse(missing, "has no number", "fill such cells in, or leave their rows out")
        column.refuse(others, "has text", "every cell must be a number such as 1234.5")
        huge = [n for n, number in enumerate(numbers) if abs(number) > LARGEST_NUMBER]
        column.refuse(huge, "has a huge number", f"it must be between {-LARGEST_NUMBER:g} and {LARGEST_NUMBER:g}")
    return numbers


def _number(cell: str) -> float | None:
    if "," in cell and _GROUPED.fullmatch(cell):
        cell = cell.replace(",", "")
    try:
        number = float(cell)
    except ValueError:
        return None
    return None if cell[-1].isalpha() or "_" in cell else number  # Python takes nan, inf and 1_000


def _dates(name: str, cells: Sequence[str]) -> tuple[datetime.date, ...] | None:
    """The dates of a column under the first format under which they rise, or else the first that fits."""
    formats, fitting = _FORMATS, None
    if _number(cells[0]) is not None:  # digits are dates only where they are called so
        named = re.search("date|day", name, re.IGNORECASE) and all(re.fullmatch("[0-9]{8}", cell) for cell in cells)
        formats = ("%Y%m%d",) if named else ()
    for form in formats:
        try:
            moments = [_moment(cell, form) for cell in cells]
        except ValueError:
            continue
        if len({moment.tzinfo is None for moment in moments}) > 1:  # with and without a time zone: no order
            continue
        days = all(moment.time() == datetime.time() for moment in moments)
        dates = tuple(moment.date() if days else moment for moment in moments)
        if all(before < after for before, after in pairwise(dates)):
            return dates
        fitting = fitting or dates
    return fitting


def _moment(cell: str, form: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(cell) if form == "ISO" else datetime.datetime.strptime(cell, form)


def _cleaned(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _clipped(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:27]}..."
