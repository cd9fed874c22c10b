"""Where to go: timestamps as a user types them."""

from collections.abc import Sequence

DIGITS = 7
"""Digits of a typed number that are read; no sequence here is longer."""


def timestamp_from(text: str, t: int, timestamps: int, labels: Sequence[str] = ()) -> int | str:
    """Return the timestamp (from 0) that `text` means at `t`: "12" counts from 1, "+5" and "-5" from here.

    It may also be one of the `labels`, or the beginning of one: "2020-03" is the first day of that month. Where it is
    none of the `timestamps`, what is wrong is returned as a sentence.
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
        return f"{text}: no such label; give one from {labels[0]} to {labels[-1]}, or a timestamp, 1 to {steps}"
    return f"{text}: not a timestamp; give 1 to {steps}, +n or -n"
