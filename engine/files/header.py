"""The rows above the numbers of a table: which they are, and what they call the columns."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ..errors import BadInput
from .dates import is_date
from .numerals import MISSING, clipped, numeral
from .rows import Rows

MOST_HEADER_ROWS = 4
_YEAR = re.compile("(?:19|20)[0-9]{2}")


@dataclass(frozen=True)
class Header:
    """`count` rows of names stand above the data; `names` has one a column, empty where a column has none."""

    names: tuple[str, ...]
    count: int
    notes: tuple[str, ...] = ()


def read_header(table: Rows, named: bool) -> Header:
    """Return the names of the columns. Rows with neither a number nor a date are names, and so are pandas' 0, 1, 2, ...

    Where the first row must be names (`named`), integers such as years may be among them.
    Raises BadInput, which names the row, where names and numbers cannot be told apart.
    """
    count = 0
    while count < len(table) and _names(table.row(count), count == 0):
        count += 1
    if count > MOST_HEADER_ROWS and count < len(table):
        raise BadInput(f"{table.source}: rows {table.numbers[0]} to {table.numbers[count - 1]} hold no number; one row "
                       "must name the columns, and numbers must follow")  # fmt: skip
    if count == len(table):
        count = min(count, 1)
    if count:
        above = f"rows {table.numbers[0]} to {table.numbers[count - 1]} are read as names"
        return Header(_joined([table.row(n) for n in range(count)]), count, (above,) if count > 1 else ())
    if not len(table):
        return Header((), 0)
    first = table.row(0)
    if _numbered(table) or (named and _with_integers(first)):
        shown = clipped(", ".join(filter(None, first)))
        return Header(tuple(map(cleaned, first)), 1, (f"row {table.numbers[0]} ({shown}) is read as names",))
    _refuse_mixed(table)
    if len(table.comment) == len(first) and not any(numeral(cell) for cell in table.comment):
        return Header(tuple(map(cleaned, table.comment)), 0)
    return Header(("",) * len(first), 0)


def _names(row: Sequence[str], topmost: bool) -> bool:
    """Whether a row can only be names: it has no number and no date.

    Below the topmost it names all columns, such as their units, or the first alone: pandas' name of the index.
    """
    kinds = [_kind(cell) if cell else "" for cell in row]
    if topmost:
        return "text" in kinds and not {"number", "date"} & set(kinds)
    return len(row) > 1 and kinds[0] in ("text", "") and set(kinds[1:]) in ({"text"}, {""}) and any(row)


def _kind(cell: str) -> str:
    if cell.lstrip("+-").lower() in MISSING:
        return "missing"
    return "number" if numeral(cell) else "date" if is_date(cell) else "text"


def _joined(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """One name for each column, from several rows as pandas writes them: each row a level, or the name of the index."""
    if len(rows) > 1 and rows[-1][0] and not any(rows[-1][1:]):
        index, levels = rows[-1][0], rows[:-1]
    else:
        index, levels = "", rows
    told = [level for level in levels if len(set(level[1:])) > 1] or levels[:1]
    names = [" ".join(filter(None, parts)) for parts in zip(*told, strict=True)]
    return tuple(map(cleaned, [index, *names[1:]] if index else names))


def _numbered(table: Rows) -> bool:
    """Whether the first row numbers the columns, as pandas writes them where they have no names.

    Above numbers with decimals, 0, 1 can hardly be anything else: as data a program would have written 0.0, 1.0.
    """
    first = table.row(0)
    if len(table) == 1 or not all(cell.isdecimal() for cell in first[1:]):
        return False
    if not first[0]:
        return len(first) > 1 and len(set(first)) == len(first) and all(_below(table, 0))
    if not first[0].isdecimal():
        return not numeral(first[0]) and not is_date(first[0]) and _over_text(table) and _as_names(first[1:])
    run = [int(first[0]) + n for n in range(len(first))]
    if [str(n) for n in run] != list(first) or (run[0] != 0 and len(first) == 1):
        return False
    marks = ".eE" if table.delimiter == "," else ".,eE"
    fractions = [all(any(mark in cell for mark in marks) for cell in _below(table, n)) for n in range(len(first))]
    if run[0] == 0 and any(fractions):
        return True
    if len(first) > 1 and (run[0] == 0 or all(fractions)):
        shown = clipped(", ".join(first))
        raise BadInput(f"{table.source}: row {table.numbers[0]} ({shown}) may be names or numbers; put a row of names "
                       "above it, or write it with decimals as 0.0")  # fmt: skip
    return False


def _below(table: Rows, place: int) -> Iterator[str]:
    """The cells of a column below the first row."""
    return islice(table.columns[place], 1, None)


def _with_integers(row: Sequence[str]) -> bool:
    return any(_kind(cell) == "text" for cell in row) and all(_kind(c) == "text" or c.isdecimal() for c in row if c)


def _as_names(cells: Sequence[str]) -> bool:
    return cells == [str(n) for n in range(len(cells))] or all(map(_YEAR.fullmatch, cells))


def _over_text(table: Rows) -> bool:
    """Whether the cells below the first one are text or dates, none of them a number or the same as it."""
    first = table.row(0)[0]
    return not any(numeral(cell) or cell == first for cell in _below(table, 0))


def _refuse_mixed(table: Rows) -> None:
    """Raise BadInput where the first row has text above numbers: it may be a name or a bad cell."""
    first = table.row(0)
    for place, cell in enumerate(first):
        if _kind(cell) == "text" and any(numeral(other) for other in _below(table, place)):
            other = next(c for c in first if _kind(c) not in ("text", "missing"))
            raise BadInput(f"{table.source}: row {table.numbers[0]}, column {place + 1} holds {clipped(cell)!r} beside "
                           f"{clipped(other)!r}; it must be a number, or the row must hold names only")  # fmt: skip


def cleaned(text: str) -> str:
    """Return `text` on one line, without control characters and double spaces."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
