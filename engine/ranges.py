"""The one grammar for lists of units and timestamps: `3`, `0,3,7-9`, `5:9`, `5:`, `:9`."""

import re
from collections.abc import Sequence

from .errors import BadInput

LONGEST = 10_000
"""The most characters that a list may have."""

_PART = re.compile(r"(?P<first>[0-9]{1,12})?(?:(?P<sign>[-:])(?P<last>[0-9]{1,12})?)?")


def units(text: str, H: int, source: str = "units") -> Sequence[int]:
    """Return those of H units, from 0, that `text` names: each once, rising.

    Raises BadInput, which calls what was given `source`, for another grammar and for a unit that does not exist.
    """
    return _numbers(text, 0, H - 1, source, "unit")


def timestamps(text: str, T: int, source: str = "timestamps") -> Sequence[int]:
    """Return those of T timestamps that `text` names, from 1 in the text and from 0 in the result: each once, rising.

    Raises BadInput as `units` does.
    """
    found = _numbers(text, 1, T, source, "timestamp")
    return range(found.start - 1, found.stop - 1) if isinstance(found, range) else tuple(t - 1 for t in found)


def _numbers(text: str, low: int, high: int, source: str, what: str) -> Sequence[int]:
    """The numbers that `text` names, ends included; a range where one part names them all."""
    if len(text) > LONGEST:
        raise BadInput(f"{source}: is a list of more than {LONGEST:,} characters; name ranges, as in 5:9")
    parts = [_part(part.strip(), low, high, f"{source} {text}", what) for part in text.split(",")]
    return parts[0] if len(parts) == 1 else tuple(sorted(set().union(*parts)))


def _part(part: str, low: int, high: int, source: str, what: str) -> range:
    match = _PART.fullmatch(part)
    first, sign, last = match.group("first", "sign", "last") if match else (None, None, None)
    if (first is None and last is None) or (sign == "-" and None in (first, last)):
        said = f"{part} names no {what}s" if part else f"no {what} is named"
        raise BadInput(f"{source}: {said}; write 3, 0,3,7-9, 5:9, 5: or :9")
    start = low if first is None else int(first)
    stop = start if sign is None else high if last is None else int(last)
    for number in (start, stop):
        if not low <= number <= high:
            raise BadInput(f"{source}: there is no {what} {number}; choose from {low} to {high}")
    if stop < start:
        raise BadInput(f"{source}: {part} runs backwards; write {stop}{sign}{start}")
    return range(start, stop + 1)
