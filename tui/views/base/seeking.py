"""Where to go: places of a token in a sequence, and timestamps as a person types them."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

DIGITS = 7
"""Digits of a typed number that are read; no sequence here is longer."""


def places_of(token: str, tokens: Sequence[str]) -> list[int]:
    """Return the timestamps at which `token` stands, whatever its case; where it stands nowhere, those that hold it."""
    wanted = token.casefold()
    whole = [t for t, other in enumerate(tokens) if other.casefold() == wanted]
    return whole or [t for t, other in enumerate(tokens) if wanted in other.casefold()]


def place_after(places: Sequence[int], t: int, count: int) -> tuple[int, bool]:
    """Return the place `count` places after `t` (before it, for a count below zero), and whether the way went around.

    `places` are in order, and not empty.
    """
    n = bisect_right(places, t) - 1 + count if count > 0 else bisect_left(places, t) + count
    return places[n % len(places)], not 0 <= n < len(places)


def timestamp_from(text: str, t: int, timestamps: int, labels: Sequence[str] = ()) -> int | str:
    """Return the timestamp (from 0) that `text` means at `t`: "12" counts from 1, "+5" and "-5" from here.

    It may also be one of the `labels`, or the beginning of one, as "2020-03" is of the first day of that month. Returns
    what is wrong instead, as a sentence, where there is no such timestamp among `timestamps`.
    """
    digits = text.lstrip("+-")
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > DIGITS or len(text) - len(digits) > 1:
        return _labelled(text, timestamps, labels)
    there = t + int(text) if text[0] in "+-" else int(text) - 1
    if not 0 <= there < timestamps:
        return f"there is no timestamp {there + 1}; the sequence has 1 to {timestamps}"
    return there


def _labelled(text: str, steps: int, labels: Sequence[str]) -> int | str:
    """The timestamp with the label `text`, or the first whose label begins so; or what is wrong."""
    wanted = text.casefold()
    whole = [t for t, label in enumerate(labels) if label.casefold() == wanted]
    begun = whole or [t for t, label in enumerate(labels) if label.casefold().startswith(wanted)]
    if begun:
        return begun[0]
    if labels:
        return f"{text}: no timestamp is called so; they go from {labels[0]} to {labels[-1]}, 1 to {steps}"
    return f"{text}: not a timestamp; give 1 to {steps}, +n or -n"
