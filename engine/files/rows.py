"""The rows of a delimited text file: which delimiter it has, and which of its lines are no rows."""

import csv
import io
import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

from ..errors import BadInput
from .opening import lines, opened, size_of
from .packed import Packed, Packer

MOST_ROWS = 1_000_000
MOST_CELLS = 10_000_000
LARGEST_FILE = 200_000_000
READING = 0.6
"""The share of the work on a table that the two passes over its lines take, half of it each."""

TOLD_EVERY = 20_000
"""Lines between two reports of progress."""

DELIMITERS = "\t;|,"
"""What may stand between cells, besides runs of spaces; of two that fit equally well the first is taken."""

_OTHER_KINDS = {
    b"pk\x03\x04": "is an Excel workbook or another archive; save its sheet as CSV",
    b"\xd0\xcf\x11\xe0": "is an Excel workbook; save its sheet as CSV",
    b"\x1f\x8b": "is packed with gzip; unpack it first",
    b"{": "is JSON; save it as CSV",
    b"[{": "is JSON; save it as CSV",
    b"[[": "is JSON; save it as CSV",
    **dict.fromkeys(
        (b"<!doctype", b"<html", b"<?xml", b"<!--", b"<head", b"<body", b"<table", b"<div"),
        "is HTML or XML, a page in place of a table; download the CSV itself",
    ),
}
_PLAIN_CELL = re.compile(r"[\s+$€£¥(-]*[0-9][0-9.,'\s%KMBT/:eE+)-]*")
"""What a number or a date written in digits looks like from afar."""

_WORD = re.compile("[^ \t\r\n]+")  # a no-break space is part of one

Progress = Callable[[float], None]
"""Receives the share of the work that is done, 0..1."""


@dataclass(frozen=True, eq=False)
class Rows:
    """N rows of one width, as text, without blank rows and comments."""

    source: str
    """What error messages call the file."""

    columns: tuple[Packed, ...]
    """Stripped cells, a column at a time."""

    numbers: Sequence[int]
    """Where each row stands, as a spreadsheet counts."""

    delimiter: str
    """What stands between the cells; a space stands for a run of them."""

    comments: int
    """How many lines that begin with # were left out."""

    comment: list[str]
    """The cells of the last comment above the first row, which may name the columns; empty where there is none."""

    def __len__(self) -> int:
        return len(self.numbers)

    def row(self, n: int) -> list[str]:
        """Return the cells of the row at place `n`."""
        return [column[n] for column in self.columns]


def read_rows(path: Path, progress: Progress | None = None) -> Rows:
    """Return the rows of a text file: UTF-8, one delimiter, cells in double quotes where they hold it.

    The delimiter is what all lines have equally often. Raises BadInput for a row with more or fewer cells than the
    first, for HTML, JSON, workbooks and archives, and for more than LARGEST_FILE bytes, MOST_ROWS rows or MOST_CELLS
    cells; WorkFailed where the memory is not enough.
    """
    with opened(path) as file:
        if size_of(file) > LARGEST_FILE:
            raise BadInput(f"{path}: is larger than {LARGEST_FILE // 10**6} MB; keep the latest rows only")
        _refuse_other_kinds(file, path)
        with io.TextIOWrapper(file, newline="", encoding="utf-8-sig") as text:
            return _Reader(path, file, text, progress).rows()


def _refuse_other_kinds(file: BinaryIO, path: Path) -> None:
    start = file.read(512).removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    file.seek(0)
    for mark, what in _OTHER_KINDS.items():
        if start.startswith(mark):
            raise BadInput(f"{path}: {what}")


class _Reader:
    def __init__(self, path: Path, file: BinaryIO, text: TextIO, progress: Progress | None):
        self.path, self.file, self.text, self.progress = path, file, text, progress
        self.comments, self.comment, self.begun, self.row = 0, "", False, 0
        self.told = 0.0  # the share that was done before this pass over the lines

    def rows(self) -> Rows:
        delimiter, width, table = ",", 0, Packer(0)
        numbers, blank = array("L"), array("L")  # rows that are blank are kept only where another one follows
        try:
            delimiter = self._delimiter()
            self.text.seek(0)
            self.row, self.told = 0, READING / 2
            for row, found in enumerate(_split(self._uncommented(), delimiter), 1):
                self.row, stripped = row, [cell.strip() for cell in found]
                if not any(stripped) and (not width or (not found and width > 1)):
                    continue  # a blank line; in a table of one column it is an empty cell
                if row == 1 and re.fullmatch("sep=.?", ",".join(found).strip()):
                    continue
                if not self.begun:
                    self.begun, width = True, len(stripped)
                    table = Packer(width)
                if not any(stripped):  # spreadsheets leave such rows at the end
                    blank.append(row)
                    continue
                if len(stripped) != width:
                    self._refuse_width(row, len(stripped), numbers[0], width, delimiter)
                for number in (*blank, row):
                    if len(table) == min(MOST_ROWS + 1, MOST_CELLS // width + 1):
                        raise BadInput(f"{self.path}: is too long; it may have {MOST_ROWS:,} rows and {MOST_CELLS:,} "
                                       "cells: keep the latest rows only")  # fmt: skip
                    table.add(stripped if number == row else [""] * width)
                    numbers.append(number)
                blank = array("L")
        except csv.Error as error:
            reason, shown = str(error).replace("\t", "tab"), repr(delimiter)
            raise BadInput(f"{self.path}: row {self.row + 1} is not CSV ({reason}); it must be cells with {shown} "
                           "between, and every quote closed") from None  # fmt: skip
        comment = next(_split(iter([self.comment]), delimiter), []) if self.comment else []
        return Rows(
            str(self.path), table.columns(), numbers, delimiter, self.comments, [cell.strip() for cell in comment]
        )

    def _refuse_width(self, row: int, cells: int, first: int, expected: int, delimiter: str) -> None:
        why = "every row must have as many"
        if delimiter == "," and cells > expected:
            why += "; where a comma is part of a number or a date, decimal or thousands, quotes must stand around it"
        raise BadInput(f"{self.path}: row {row} has {cells} columns, where row {first} has {expected}; {why}")

    def _lines(self) -> Iterator[str]:
        """The lines of the file, with a report of progress now and then."""
        size = max(size_of(self.file), 1)
        for number, line in enumerate(lines(self.text, self.path)):
            if self.progress and number % TOLD_EVERY == 0:
                self.progress(self.told + READING / 2 * min(self.file.tell() / size, 1.0))
            yield line

    def _uncommented(self) -> Iterator[str]:
        """The lines, with a blank one in place of a comment, so that rows keep their numbers."""
        inside = False
        self.comments, self.begun = 0, False
        for line in self._lines():
            if line.startswith("#") and not inside:
                self.comments += 1
                self.comment = self.comment if self.begun else line[1:].strip()
                yield "\n"
                continue
            inside ^= line.count('"') % 2 == 1
            yield line

    def _delimiter(self) -> str:
        """What stands between cells: it occurs equally often in all lines, and leaves numbers and dates."""
        tallies = {mark: Counter[int]() for mark in (*DELIMITERS, " ")}
        sample: list[str] = []
        inside = False
        for number, line in enumerate(self._lines()):
            if not number and (said := re.fullmatch(r"sep=([,;|\t])\s*", line)):
                return said[1]
            parts = line.split('"')
            self.row = number + 1
            whole = not inside and len(parts) % 2 == 1
            inside ^= len(parts) % 2 == 0
            bare = parts[0] if len(parts) == 1 else '""'.join(parts[::2])
            if not whole or not bare.strip() or bare.startswith("#"):
                continue
            for mark in DELIMITERS:
                tallies[mark][bare.count(mark)] += 1
            tallies[" "][len(_WORD.findall(bare)) - 1] += 1
            if len(sample) < 100:
                sample.append(bare)
        return _best(tallies, sample)


def _best(tallies: dict[str, Counter[int]], sample: Sequence[str]) -> str:
    total = tallies[","].total()
    within = [mark for mark in DELIMITERS if 2 * (total - tallies[mark][0]) > total]  # in most lines
    if not within:
        return " " if 2 * (total - tallies[" "][0]) > total else ","
    even = [mark for mark in within if len(tallies[mark]) == 1]
    if not even:
        return max(within, key=lambda mark: max(n for count, n in tallies[mark].items() if count))

    def plain(mark: str) -> float:
        cells = [cell.strip() for line in sample[1:] or sample for cell in line.split(mark)]
        return sum(1 for cell in cells if cell in ("", '""') or _PLAIN_CELL.fullmatch(cell)) / len(cells)

    return max(even, key=plain)


def _split(text: Iterator[str], delimiter: str) -> Iterator[list[str]]:
    if delimiter == " ":
        return (_WORD.findall(line) for line in text)
    return csv.reader(text, delimiter=delimiter, skipinitialspace=True, strict=True)
