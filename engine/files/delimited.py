"""Reading a table of numbers over time from delimited text, as programs write it and as people bring it.

One reader for every CSV: the delimiter, the names, the decimal marks and the column of dates are detected from all of
the file. Whatever is not wholly understood is refused in one line that names the cell; what is left out is noted.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import LARGEST
from ..errors import BadInput
from .dates import Dates, read_dates
from .header import Header, cleaned, read_header
from .numerals import Column, clipped, decimal_marks
from .rows import READING, Progress, Rows, read_rows

LARGEST_NUMBER = 1e30
SORTED = 0.9
"""The share of the work on a table that is done once it is known what each column holds."""

_INDEX_NAMES = ("", "index", "unnamed: 0")
_ZERO_PADDED = re.compile("-0|[+-]?0[0-9]+")


@dataclass(frozen=True, eq=False)
class Table:
    """N rows of C columns of finite numbers, oldest first."""

    source: str
    """What error messages call it."""

    names: tuple[str, ...]
    """C names, in the order of the file; empty where the file has none."""

    values: np.ndarray[Any, np.dtype[np.float64]]
    """(N, C), read-only."""

    rows: Sequence[int]
    """Where the N rows stand in the file, as a spreadsheet counts."""

    dates: Dates | None = None
    """The dates of the N rows; None where no column holds dates."""

    left_out: tuple[str, ...] = ()
    """What the columns without a single number are called, such as a ticker, and a column that counts the rows."""

    notes: tuple[str, ...] = ()
    """What a user has to know of how the file was read, a sentence each."""

    labels: Sequence[str] = ()
    """What names each of the N rows: its date, or its cell in an index column; empty where the file has neither."""

    def column(self, name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Return the numbers (N,) of a column. Raises BadInput, which lists similar names, for an unknown one."""
        return self.values[:, self.names.index(self.name(name))]

    def name(self, said: str) -> str:
        """Return the name of the column that `said` means: its own, in any case, or without its %.

        Raises BadInput, which lists similar names, where there is no such column of numbers.
        """
        if said in self.names:
            return said
        wanted = {said.casefold(), f"{said} %".casefold()}
        alike = [own for own in self.names if own.casefold() in wanted]
        if len(alike) == 1:
            return alike[0]
        near = ", ".join(map(clipped, alike or get_close_matches(said, self.names, cutoff=0.5) or self.names[:9]))
        if self.dates and said.casefold() == self.dates.name.casefold():
            raise BadInput(f"{self.source}: column {clipped(self.dates.name)} holds the dates; choose from {near}")
        kind = "numbers in column" if said in self.left_out else "column"
        raise BadInput(f"{self.source}: has no {kind} {clipped(cleaned(said))}; choose from {near}")


def read_table(path: Path, dates: str | None = None, progress: Progress | None = None) -> Table:
    """Return the table in a delimited text file whose columns have names.

    `dates` is DAY_FIRST or MONTH_FIRST where only the user knows it; `progress` receives the share that is read. A
    column with at least one number must hold numbers only. Where the newest row is first, the rows are reversed.
    Raises BadInput, which names the file, the row, the column, what is wrong and what would be right.
    """
    return _table(path, True, dates, progress)


def read_matrix(path: Path, progress: Progress | None = None) -> Table:
    """Return the table in a delimited text file that needs no names: a row a timestamp, a column an input.

    The order of the rows and errors are as in `read_table`; dates only label the rows.
    """
    return _table(path, False, None, progress)


def _table(path: Path, named: bool, order: str | None, progress: Progress | None) -> Table:
    rows = read_rows(path, progress)
    header = read_header(rows, named)
    places = rows.numbers[header.count :]
    if not places:
        found = "only names" if header.count else "nothing"
        raise BadInput(f"{path}: has no rows of numbers, {found}; it must hold a row a timestamp")
    if named and not any(header.names):
        raise BadInput(f"{path}: row {rows.numbers[0]} holds values only; the first row must name the columns")
    columns = [
        Column(rows.source, name, place, places, cells[header.count :])
        for place, (name, cells) in enumerate(zip(header.names, rows.columns, strict=True), 1)
    ]
    if not any(header.names):
        _refuse_cut_numbers(columns, rows.delimiter)
    return _Kinds(path, named, order, rows, header, progress).table(columns, places)


@dataclass(frozen=True, eq=False)
class _Kinds:
    """Sorts columns: dates, an index, numbers, and what is left out."""

    path: Path
    named: bool
    order: str | None
    text: Rows
    header: Header
    progress: Progress | None = None

    def table(self, columns: list[Column], places: Sequence[int]) -> Table:
        dates, numbers, left_out = self._sorted(columns)
        if self.order and dates is None:
            raise BadInput(f"{self.path}: --dates {self.order} does not apply: no column holds dates")
        if not numbers:
            raise BadInput(f"{self.path}: has no column of numbers; at least one must hold numbers such as 1234.5")
        marks, notes = decimal_marks(numbers, self.text.delimiter)
        most = LARGEST_NUMBER if self.named else LARGEST
        made = []
        for n, (column, mark) in enumerate(zip(numbers, marks, strict=True)):
            self._tell(SORTED, 1.0, n / len(numbers))
            made.append(column.numbers(mark, most))
        values = np.column_stack(made)
        names = [_with_unit(column) for column in numbers]
        if self.named:
            self._refuse_twice(numbers, names)
        index = None if dates else next((column for column in left_out if _names_rows(column)), None)
        labels: Sequence[str] = dates.iso if dates else index.cells if index else ()
        left_out_notes = self._notes(left_out, None if self.named else dates, None if self.named else index)
        notes = [*self.header.notes, *notes, *left_out_notes]
        if dates and dates.falling:
            dates, values, places, labels = dates.reversed(), values[::-1].copy(), places[::-1], labels[::-1]
            notes.append("newest first: the rows are reversed, oldest first")
        values.flags.writeable = False
        left = tuple(c.name for c in left_out)
        return Table(str(self.path), tuple(names), values, places, dates, left, tuple(notes), labels)

    def _tell(self, begun: float, done: float, share: float) -> None:
        """Report the overall progress: `share` is that of the part of the work which goes from `begun` to `done`."""
        if self.progress:
            self.progress(begun + (done - begun) * share)

    def _sorted(self, columns: list[Column]) -> tuple[Dates | None, list[Column], list[Column]]:
        dates: Dates | None = None
        numbers, left_out = [], []
        for n, column in enumerate(columns):
            self._tell(READING, SORTED, n / len(columns))
            if dates is None and (dates := self._dates(column)):
                continue
            if not column.holds_numbers or (any(self.header.names) and _counts(column)):
                left_out.append(column)
                continue
            if any(self.header.names) and not column.name:
                raise BadInput(f"{self.path}: column {column.place} has no name; row {self.text.numbers[0]} must name "
                               "every column")  # fmt: skip
            numbers.append(column)
        return dates, numbers, left_out

    def _dates(self, column: Column) -> Dates | None:
        """The dates of a column; as written where nothing distinguishes month and day and the file needs no names."""
        try:
            return read_dates(column, self.order)
        except BadInput:
            dates = None if self.named else read_dates(column, self.order, must_know=False)
            if dates is None:
                raise
            return replace(dates, iso=column.cells)

    def _refuse_twice(self, columns: list[Column], names: list[str]) -> None:
        places: dict[str, int] = {}
        for name, column in zip(names, columns, strict=True):
            if (one := places.setdefault(name, column.place)) != column.place:
                raise BadInput(f"{self.path}: columns {one} and {column.place} are both called {clipped(name)}; each "
                               "column must have its own name")  # fmt: skip

    def _notes(self, left_out: list[Column], dates: Dates | None, index: Column | None) -> list[str]:
        notes = []
        if self.text.comments:
            lines = f"{self.text.comments} lines that begin" if self.text.comments > 1 else "1 line that begins"
            notes.append(f"{lines} with # {'are' if self.text.comments > 1 else 'is'} left out")
        if dates:
            named = f" ({clipped(dates.name)})" if dates.name else ""
            notes.append(f"the column of dates{named} labels the timestamps and is not an input")
        for column in left_out:
            if column is index:
                notes.append(f"{column.title} labels the timestamps and is not an input")
                continue
            why = "it counts the rows" if column.holds_numbers else "it holds no numbers"
            notes.append(f"{column.title} is left out: {why}")
        return notes


def _names_rows(column: Column) -> bool:
    """Whether a column that is left out names the rows: no cell is empty, or the same as another.

    One that counts from 1 does not, for it only repeats the numbers of the timestamps.
    """
    return (
        len(column.cells) > 1
        and all(column.cells)
        and len(set(column.cells)) == len(column.cells)
        and column.cells[0] != "1"
    )


def _counts(column: Column) -> bool:
    """Whether this is the index that pandas writes: a first column without a name of its own that counts by one."""
    if column.place != 1 or column.name.lower() not in _INDEX_NAMES or not all(c.isdecimal() for c in column.cells):
        return False
    first = int(column.cells[0][:9])
    return first in (0, 1) and all(cell == str(n) for n, cell in enumerate(column.cells, first))


def _with_unit(column: Column) -> str:
    """The name of a column, with % where it holds per cents."""
    unit = column.unit()
    return f"{column.name} {unit}".strip() if unit and unit not in column.name else column.name


def _refuse_cut_numbers(columns: list[Column], delimiter: str) -> None:
    """Raise BadInput where a comma or a space between two integers may stand inside of one number.

    Nobody writes -0 or 07 as an integer, and two columns of 1 to 999 and of three digits each are thousands in groups;
    a row of names above them would tell how many columns there are.
    """
    if delimiter not in ", " or not all(cell.lstrip("+-").isdecimal() for column in columns for cell in column.cells):
        return
    one, *others = (column.cells for column in columns)
    cut = next((n for n, row in enumerate(zip(one, *others, strict=True)) if any(map(_ZERO_PADDED.fullmatch, row))), -1)
    if cut < 0 and len(others) == 1:
        groups = all(len(cell) == 3 and cell.isdecimal() for cell in others[0])
        cut = 0 if (groups and all(0 < len(c.lstrip("+-")) < 4 for c in one)) or set(one) == {"0"} else -1
    if cut >= 0:
        row = delimiter.join(column.cells[cut] for column in columns)
        first = columns[0]
        raise BadInput(f"{first.source}: row {first.rows[cut]} ({clipped(row)}) may be {len(columns)} numbers, or "
                       f"fewer with {delimiter!r} inside; put a row of names above, or write 0.5 and 1234")  # fmt: skip
