"""Columns of dates: the usual ways to write a day and a time, each brought to ISO 8601."""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..errors import BadInput
from .choices import DAY_FIRST, MONTH_FIRST
from .numerals import Column, clipped
from .packed import Packed

_NAMES = ["january", "february", "march", "april", "may", "june",
          "july", "august", "september", "october", "november", "december"]  # fmt: skip
_MONTHS = {spelled: n for n, name in enumerate(_NAMES, 1) for spelled in (name, name[:3])} | {"sept": 9}
_WORD = f"(?P<word>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\\.?"
_TIME = (
    r"(?:(?:[T]|,? +)(?P<h>\d{1,2}):(?P<min>\d\d)(?::(?P<s>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"(?: ?(?P<half>[ap])\.?m\.?)?(?: ?(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d))?)?"
)
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? )?"
_PATTERNS = [
    re.compile(_WEEKDAY + day + _TIME, re.IGNORECASE | re.ASCII)
    for day in (
        r"(?P<y>\d{4})(?P<mark>[-/.])(?P<m>\d{1,2})(?P=mark)(?P<d>\d{1,2})",
        r"(?P<a>\d{1,2})(?P<mark>[-/.])(?P<b>\d{1,2})(?P=mark)(?P<y>\d{4}|\d\d)",
        rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[ -]?{_WORD}[ ,-]+(?P<y>\d{{4}}|\d\d)",
        rf"{_WORD} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}})",
        r"(?P<y>\d{4})[-/](?P<m>\d{1,2})",
        rf"{_WORD}[ -](?P<y>\d{{4}})",
    )
]
_DIGITS = re.compile(r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)", re.ASCII)


@dataclass(frozen=True, eq=False)
class Dates:
    """N dates of a column in ISO 8601, all with a time of day or none, in the local time of the file."""

    name: str
    iso: Sequence[str]
    instants: Sequence[str]
    """The same in UTC where the file says their time zones: what can be put in order."""

    @property
    def falling(self) -> bool:
        """Whether the newest is first: no date is later than the one before, and the last is earlier than the first."""
        return self.instants[-1] < self.instants[0] and all(a >= b for a, b in pairwise(self.instants))

    @property
    def rising(self) -> bool:
        """Whether every date is later than the one before."""
        return all(a < b for a, b in pairwise(self.instants))

    def reversed(self) -> "Dates":
        """Return the same dates, last row first."""
        return Dates(self.name, self.iso[::-1], self.instants[::-1])


def is_date(cell: str) -> bool:
    """Whether a cell is written as a date is."""
    return any(form.fullmatch(cell) for form in _PATTERNS)


def read_dates(column: Column, order: str | None = None, must_know: bool = True) -> Dates | None:
    """Return the dates of a column that holds them, else None; the first cell says how they are written.

    Dates such as 01/02/2020 are read in the `order` DAY_FIRST or MONTH_FIRST; where it is None, in the only order that
    is possible, or in the only one in which they rise, or else fall. Where that leaves two, BadInput asks for --dates,
    unless the day itself does not matter (`must_know` False). BadInput names the first cell that is no such date.
    """
    form = _form(column)
    if form is None:
        return None
    if 2 * sum(form.fullmatch(cell) is not None for cell in column.cells) <= len(column.cells):
        return None
    for n, cell in enumerate(column.cells):
        if not form.fullmatch(cell):
            raise column.refused(n, f"holds {clipped(cell)!r} among dates",
                                 f"it must be a date as {clipped(column.cells[0])} is")  # fmt: skip
    parts = _Parts(form, column.cells)
    if form is not _PATTERNS[1]:
        if order:
            raise BadInput(f"{column.source}: --dates {order} does not apply: {column.title} has dates such as "
                           f"{clipped(column.cells[0])}")  # fmt: skip
        return _dates(column, parts, "ymd")
    return _ordered(column, parts, order, must_know)


class _Parts:
    """The match of each date, made afresh at every pass: kept, the matches are many times as large as the text."""

    def __init__(self, form: re.Pattern[str], cells: Sequence[str]) -> None:
        self._form, self._cells = form, cells

    def __iter__(self) -> Iterator[re.Match[str]]:
        return (match for cell in self._cells if (match := self._form.fullmatch(cell)))


def _form(column: Column) -> re.Pattern[str] | None:
    first = column.cells[0]
    if first.isdecimal():  # digits alone are dates only where they are called so
        return _DIGITS if _DIGITS.fullmatch(first) and re.search("date|day", column.name, re.IGNORECASE) else None
    return next((form for form in _PATTERNS if form.fullmatch(first)), None)


def _ordered(column: Column, parts: _Parts, order: str | None, must_know: bool) -> Dates | None:
    """The dates of a column in which a date alone does not show which part is the day."""
    short = any(len(match["y"]) == 2 for match in parts)
    if next(iter(parts))["mark"] == ".":
        candidates = {"dmy": DAY_FIRST} | ({"ymd": ""} if short else {})
    else:
        candidates = {"mdy": MONTH_FIRST, "dmy": DAY_FIRST} | ({"ymd": ""} if short else {})
    if order:
        letters = "dmy" if order == DAY_FIRST else "mdy"
        n = _impossible(parts, letters)
        if letters not in candidates:
            raise BadInput(f"{column.source}: --dates {order} does not apply: with points between the day is first")
        if n is not None:
            raise column.refused(n, f"holds {clipped(column.cells[n])!r}", f"which is not a date {order} (--dates)")
        return _dates(column, parts, letters)
    possible = [letters for letters in candidates if _impossible(parts, letters) is None]
    if not possible:
        n = min(k for letters in candidates if (k := _impossible(parts, letters)) is not None)
        raise column.refused(n, f"holds {clipped(column.cells[n])!r}", "it must be a date, written as those above it")
    read = [_dates(column, parts, letters) for letters in possible]
    ordered = [dates for dates in read if dates.rising] or [dates for dates in read if dates.falling]
    if len(read) == 1 or not must_know:
        return (ordered or read)[0]
    if len(ordered) == 1:
        return ordered[0]
    if short and "ymd" in possible:
        raise column.refused(0, f"holds {clipped(column.cells[0])!r}, in which any part may be the year",
                             "write years with four digits")  # fmt: skip
    raise column.refused(0, f"holds {clipped(column.cells[0])!r}, and neither the other rows nor their order tell "
                         "the month from the day", f"say --dates {DAY_FIRST} or --dates {MONTH_FIRST}")  # fmt: skip


def _impossible(parts: _Parts, letters: str) -> int | None:
    """The first place where a date cannot be read in this order."""
    for n, match in enumerate(parts):
        try:
            _day(match, letters)
        except ValueError:
            return n
    return None


def _dates(column: Column, parts: _Parts, letters: str) -> Dates:
    zones: list[int | None] = []
    texts = Packed.of(_written(column, parts, letters, zones))
    if all(text.endswith("T00:00:00") for text in texts):
        texts = Packed.of(text.partition("T")[0] for text in texts)
        return Dates(column.name, texts, texts)
    if len(set(zones)) == 1:
        return Dates(column.name, texts, texts)
    instants = Packed.of(
        (datetime.datetime.fromisoformat(text[:19]) - datetime.timedelta(minutes=zone or 0)).isoformat() + text[19:]
        for text, zone in zip(texts, zones, strict=True)
    )
    return Dates(column.name, texts, instants)


def _written(column: Column, parts: _Parts, letters: str, zones: list[int | None]) -> Iterator[str]:
    """Each date with its time of day in ISO 8601; `zones` receives how many minutes each one's is ahead of UTC."""
    for n, match in enumerate(parts):
        try:
            day, time, zone = _day(match, letters), *_time(match)
        except ValueError:
            raise column.refused(n, f"holds {clipped(column.cells[n])!r}", "no such date exists") from None
        if zones and (zone is None) != (zones[0] is None):
            raise column.refused(n, f"holds {clipped(column.cells[n])!r}", "all dates or none must have a time zone")
        zones.append(zone)
        yield f"{day}T{time}"


def _day(match: re.Match[str], letters: str) -> datetime.date:
    if match.re is _PATTERNS[1]:
        said = dict(zip(letters, (match["a"], match["b"], match["y"]), strict=True))
        return datetime.date(_year(said["y"]), int(said["m"]), int(said["d"]))
    said = match.groupdict()
    month = _MONTHS[said["word"].lower()] if said.get("word") else int(said["m"])
    return datetime.date(_year(said["y"]), month, int(said.get("d") or 1))


def _year(text: str) -> int:
    """A year of two digits is one of 1969 to 2068, as POSIX has it."""
    if len(text) == 4:
        return int(text)
    if len(text) == 1:
        raise ValueError
    return int(text) + (1900 if int(text) >= 69 else 2000)


def _time(match: re.Match[str]) -> tuple[str, int | None]:
    """The time of day, and how many minutes its zone is ahead of UTC."""
    said = match.groupdict()
    if not said.get("h"):
        return "00:00:00", None
    hour, half = int(said["h"]), (said["half"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if half == "p" else 0)
    fraction = (said["fraction"] or "").rstrip("0")[:6]
    text = datetime.time(hour, int(said["min"]), int(said["s"] or 0)).isoformat()
    zone = said["zone"]
    if zone is None:
        ahead = None
    elif zone[0] in "+-":
        ahead = (int(zone[1:3]) * 60 + int(zone[-2:])) * (-1 if zone[0] == "-" else 1)
    else:
        ahead = 0
    return text + (f".{fraction}" if fraction else ""), ahead
