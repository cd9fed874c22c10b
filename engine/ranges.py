"""UNITS and STEPS as a person types them: 3, 0,3,7-9, 5:9, 5:, :9.

Units count from 0, timestamps from 1, and ends are included.
"""

import re

from .errors import BadInput


def units_from(text: str, H: int, option: str) -> tuple[int, ...]:
    """Return the units of H that `text` names, such as 0,3,7-9, each once and in order; BadInput names `option`."""
    found: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d{1,9})(?:-(\d{1,9}))?\s*", part, re.ASCII)
        if match is None:
            raise BadInput(f"{option} {text}: give units as in 3 or 0,3,7-9")
        first, last = int(match[1]), int(match[2] or match[1])
        if first > last or last >= H:
            raise BadInput(f"{option} {text}: there are units 0 to {H - 1}")
        found |= set(range(first, last + 1))
    return tuple(sorted(found))


def steps_from(text: str, T: int, option: str) -> tuple[int, int]:
    """Return the first timestamp (from 0) and the one after the last of those of T that `text` names; see above."""
    match = re.fullmatch(r"\s*(?:(\d{1,9})|(\d{0,9}):(\d{0,9}))\s*", text, re.ASCII)
    if match is None:
        raise BadInput(f"{option} {text}: give timestamps in a row as in 9, 5:9, 5: or :9")
    first, last = (match[1], match[1]) if match[1] else (match[2] or 1, match[3] or T)
    start, stop = int(first) - 1, int(last)
    if not 0 <= start < stop <= T:
        raise BadInput(f"{option} {text}: there are timestamps 1 to {T}")
    return start, stop
