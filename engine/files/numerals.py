"""Numbers as people and programs write them: decimal marks, groups of thousands, suffixes, currencies, per cent.

A cell has one reading with a decimal point and one with a decimal comma. Where both are numbers and differ, as in
1,234, the rest of its column decides, or how other columns are written for sure; else the cell is refused.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..errors import BadInput

MISSING = frozenset(
    ("", ".", "?", "-", "--", "na", "n/a", "n.a.", "#na", "#n/a", "<na>", "nan", "null", "none", "inf", "infinity")
)

_SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2009\u2007"), " ") | {0x2212: "-", 0x2019: "'"}
_SIGNS = "$€£¥₹₩₽₺₫₴₪฿₿¢"
_CELL = re.compile(
    rf"(\()?([+-])?\ ?([{_SIGNS}])?\ ?([+-])?([0-9.,](?:[0-9.,' ]*[0-9.,])?)(?:[eE]([+-]?[0-9]{{1,4}}))?"
    rf"\ ?([KkMBT])?\ ?([{_SIGNS}])?\ ?(%)?(\))?"
)
_POWERS = {"K": 3, "k": 3, "M": 6, "B": 9, "T": 12}
_GROUPED = {
    ".": re.compile(
        r"[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+|(?: [0-9]{3})+|(?:'[0-9]{3})+)|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}"
    ),
    ",": re.compile(r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+|(?: [0-9]{3})+|(?:'[0-9]{3})+)"),
}  # fmt: skip
_BARE = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")

Values = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Numeral:
    """One cell as a number, read with a decimal point and with a decimal comma; None where a reading is none."""

    point: float | None
    comma: float | None
    percent: bool = False
    currency: str = ""

    @property
    def unsure(self) -> bool:
        """Whether both readings are numbers, and not the same."""
        return self.point is not None and self.comma is not None and self.point != self.comma

    @property
    def decided(self) -> str:
        """The decimal mark that this cell must have, . or ,; "" where it may have either."""
        return "." if self.comma is None else "," if self.point is None else ""


def numeral(cell: str) -> Numeral | None:
    """Return the readings of a cell, or None where it is no number: `1,234.5`, `1 234,5 €`, `(68.18K)`, `-0.61 %`."""
    if _BARE.fullmatch(cell) and "." not in cell:
        return Numeral(float(cell), float(cell))
    found = _CELL.fullmatch(cell.translate(_SPACES))
    if not found:
        return None
    opening, sign, before, inner, body, exponent, suffix, after, percent, closing = found.groups()
    if bool(opening) != bool(closing) or sum(map(bool, (opening, sign, inner))) > 1 or (before and after):
        return None
    if percent and (suffix or before or after):
        return None
    power = int(exponent or 0) + _POWERS.get(suffix or "", 0)
    minus = "-" if opening or "-" in (sign, inner) else ""
    point, comma = (_value(body, mark, minus, power) for mark in ".,")
    if point is None and comma is None:
        return None
    return Numeral(point, comma, bool(percent), before or after or "")


def _value(body: str, mark: str, minus: str, power: int) -> float | None:
    whole, found, fraction = body.partition(mark)
    if (fraction and not fraction.isdecimal()) or not (whole or fraction):
        return None
    if whole and not whole.isdecimal():
        if not _GROUPED[mark].fullmatch(whole):
            return None
        whole = re.sub("[^0-9]", "", whole)
    return float(f"{minus}{whole or 0}{'.' if found else ''}{fraction}e{power}")


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a table, as text."""

    source: str
    name: str
    place: int  # from 1
    rows: Sequence[int]  # as a spreadsheet counts them
    cells: Sequence[str]

    @property
    def title(self) -> str:
        """What messages call it."""
        return f"column {self.place}" + (f" ({clipped(self.name)})" if self.name else "")

    def refused(self, n: int, what: str, right: str, count: int = 1) -> BadInput:
        """Return the error about the cell in place `n`, which is the first of `count` such cells."""
        more = f", the first of {count:,} such cells" if count > 1 else ""
        return BadInput(f"{self.source}: row {self.rows[n]}, {self.title} {what}{more}; {right}")

    @cached_property
    def bare(self) -> bool:
        """Whether every cell is as programs write numbers: digits, a decimal point, an exponent."""
        return all(map(_BARE.fullmatch, self.cells))

    @cached_property
    def numerals(self) -> list[Numeral | None]:
        """The readings of every cell."""
        return [numeral(cell) for cell in self.cells]

    @cached_property
    def holds_numbers(self) -> bool:
        """Whether any cell is a number."""
        return self.bare or any(found is not None for found in self.numerals)

    @cached_property
    def unsure(self) -> int | None:
        """The first place whose two readings differ."""
        return next((n for n, found in enumerate(self.numerals) if found and found.unsure), None)

    @cached_property
    def decided(self) -> str:
        """The decimal mark that its own cells prove, . or , or "". Raises BadInput where they disagree."""
        marks = {found.decided: n for n, found in reversed(list(enumerate(self.numerals))) if found}
        if "." in marks and "," in marks:
            one, other = sorted((marks["."], marks[","]))
            raise self.refused(
                other,
                f"holds {self.cells[other]!r}, and row {self.rows[one]} holds {clipped(self.cells[one])!r}",
                "a column must have one decimal mark",
            )
        return "." if "." in marks else "," if "," in marks else ""

    @cached_property
    def grouped(self) -> bool:
        """Whether a cell proves by groups of thousands, not by its decimals alone, how numbers are written here."""
        other = {".": ",", ",": "."}.get(self.decided)
        return other is not None and any(
            found and found.decided and other in cell for found, cell in zip(self.numerals, self.cells, strict=True)
        )

    def numbers(self, mark: str, most: float) -> Values:
        """Return the numbers (N,), read with the decimal `mark`, each at most `most` in size.

        Raises BadInput, which names the first cell that is none.
        """
        if self.bare and mark == ".":
            values = np.fromiter(map(float, self.cells), np.float64, len(self.cells))
        else:
            values = np.fromiter((self._number(n, mark) for n in range(len(self.cells))), np.float64, len(self.cells))
        huge = np.flatnonzero(~(np.abs(values) <= most))
        if huge.size:
            raise self.refused(int(huge[0]), f"holds {clipped(self.cells[huge[0]])!r}",
                               f"it must be a finite number between {-most:g} and {most:g}", huge.size)  # fmt: skip
        return values

    def _number(self, n: int, mark: str) -> float:
        found = self.numerals[n]
        value = None if found is None else found.point if mark == "." else found.comma
        if value is None:
            raise self._bad(n)
        return value

    def _bad(self, n: int) -> BadInput:
        bad = [k for k, found in enumerate(self.numerals) if found is None]
        if self.cells[n].lstrip("+-").lower() in MISSING:
            what = f"holds {self.cells[n]!r}" if self.cells[n] else "holds nothing"
            alike = sum(self.cells[k].lstrip("+-").lower() in MISSING for k in bad)
            return self.refused(
                n, what, "it must be a finite number: fill in such cells, or leave out their rows", alike
            )
        return self.refused(n, f"holds {clipped(self.cells[n])!r}", "it must be a number such as 1234.5", len(bad))

    def unit(self) -> str:
        """Return "%" where all cells have it, else "". Raises BadInput where cells differ in unit."""
        if self.bare:
            return ""
        found = [(n, one) for n, one in enumerate(self.numerals) if one]
        for kind in ([one.percent for _, one in found], [one.currency for _, one in found if one.currency]):
            if len(set(kind)) > 1:
                n = next(
                    n for n, one in found if (one.percent, one.currency) != (found[0][1].percent, found[0][1].currency)
                )
                raise self.refused(n, f"holds {clipped(self.cells[n])!r}, and row {self.rows[found[0][0]]} "
                                   f"{clipped(self.cells[found[0][0]])!r}", "a column must have one unit")  # fmt: skip
        return "%" if found[0][1].percent else ""


def decimal_marks(columns: Sequence[Column], delimiter: str) -> tuple[list[str], list[str]]:
    """Return the decimal mark of each of `columns`, and a note for each that only the others decide.

    A column's own cells decide; else the columns with groups of thousands, or with decimal commas between semicolons or
    tabs, where no other contradicts them. A point that nothing speaks against is a decimal point, except between
    semicolons. Raises BadInput with both readings of a cell where nothing decides.
    """
    if delimiter not in ";\t" and all(column.bare for column in columns):
        return ["."] * len(columns), []
    own = [column.decided for column in columns]
    proofs = {mark for column, mark in zip(columns, own, strict=True)
              if column.grouped or (mark == "," and delimiter in ";\t")}  # fmt: skip
    proof = proofs.pop() if len(proofs) == 1 and len(set(own) - {""}) == 1 else ""
    marks, notes = [], []
    for column, mark in zip(columns, own, strict=True):
        if not mark and column.unsure is not None:
            cell = column.cells[column.unsure]
            if "," not in cell and "," not in own and (delimiter != ";" or "." in own):
                mark = "."
            else:
                mark = proof
                notes.append(_told_by_others(column, mark))
        marks.append(mark or ".")
    return marks, notes


def _told_by_others(column: Column, mark: str) -> str:
    """The note on a column that only the others decide. Raises BadInput where they do not either."""
    assert column.unsure is not None
    cell, found = clipped(column.cells[column.unsure]), column.numerals[column.unsure]
    assert found is not None
    if not mark:
        raise column.refused(
            column.unsure,
            f"holds {cell!r}, which is {found.point:.15g} or {found.comma:.15g}, and the rest of the column does not "
            "tell",
            "write it without groups of thousands, or with more or fewer decimals",
        )
    value = found.point if mark == "." else found.comma
    return f"{column.title}: {cell} is read as {value:.15g}, as the other columns are written"


def clipped(text: str) -> str:
    """Return `text` short enough to stand inside a message."""
    return text if len(text) <= 30 else f"{text[:27]}..."
