"""Where to go: timestamps as a person types them."""

DIGITS = 7
"""Digits of a typed number that are read; no sequence here is longer."""


def timestamp_from(text: str, t: int, timestamps: int) -> int | str:
    """Return the timestamp (from 0) that `text` means at `t`: "12" counts from 1, "+5" and "-5" from here.

    Returns what is wrong instead, as a sentence, where there is no such timestamp among `timestamps`.
    """
    digits = text.lstrip("+-")
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > DIGITS or len(text) - len(digits) > 1:
        return f"{text}: not a timestamp; give 1 to {timestamps}, +n or -n"
    there = t + int(text) if text[0] in "+-" else int(text) - 1
    if not 0 <= there < timestamps:
        return f"there is no timestamp {there + 1}; the sequence has 1 to {timestamps}"
    return there
