"""The one spelling of text that came from outside: nothing in it can move, hide or recolour what a terminal shows."""

import re
import unicodedata

MOST_MARKS = 3
"""The most combining marks on one character; more are no letter of any language, and pile up over the rows above."""

_UNSURE = re.compile(
    "[\u034f\u115f\u1160-\u11ff\u17b4\u17b5\u180b-\u180f\u2065\u3164\ud7b0-\ud7ff\ufe00-\ufe0f\uffa0"
    "\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]"
)
"""Characters that Python calls printable, but that take different numbers of cells in different terminals.

They are Unicode's default ignorable characters, Korean letters that do not make a syllable, flags and skin colours.
"""


def printable(text: str) -> str:
    """Return `text` with ? for every character that a terminal would obey or nobody could see.

    These are control characters (ASCII's and C1's), line and paragraph breaks, marks of writing direction, characters
    without width, surrogates, and combining marks with nothing to stand on or too many of them.
    """
    if text.isascii():
        return text if text.isprintable() else "".join(c if c.isprintable() else "?" for c in text)
    spelled, marks = [], MOST_MARKS
    for c in _UNSURE.sub("?", unicodedata.normalize("NFC", text)):
        if unicodedata.category(c) in ("Mn", "Mc", "Me"):
            marks += 1
        else:
            marks = MOST_MARKS if c == " " or not c.isprintable() else 0
        spelled.append(c if c.isprintable() and marks <= MOST_MARKS else "?")
    return "".join(spelled)


def counted(count: int, what: str = "timestamp") -> str:
    """Return a count with its noun: 1 timestamp, 1,024 timestamps."""
    return f"{count:,} {what}{'s' * (count != 1)}"


def percent(share: float, decimals: int = 0) -> str:
    """Return a share of 1 in percent: 100 %, 88.2 %."""
    return f"{share:.{decimals}%}".replace("%", " %")


SPACES = {" ": "\u2423", "\n": "\u21b5", "\t": "\u21e5", "\r": "\u240d"}
"""The marks for a space, a line break, a tab and a carriage return that are tokens by themselves."""


def visible(token: str) -> str:
    """Return a token as it is shown: one of white space alone as visible marks, any other as it is."""
    return "".join(SPACES.get(c, c) for c in token) if token.isspace() else token


def described(error: BaseException) -> str:
    """Return the type of `error` and its message, for an error without a wording of ours."""
    return f"{type(error).__name__}: {error}".removesuffix(": ")


def cells(text: str) -> int:
    """Return how many cells of a terminal the `printable` spelling of `text` takes."""
    text = printable(text)
    if text.isascii():
        return len(text)
    narrow = sum(unicodedata.category(c) not in ("Mn", "Mc", "Me") for c in text)
    return narrow + sum(unicodedata.east_asian_width(c) in ("W", "F") for c in text)


def one_line(text: str, longest: int = 1000) -> str:
    """Return `text` as one printable line; the middle of one longer than `longest` characters is left out."""
    line = printable(re.sub(r"\s*[\r\n]+\s*", " ", text.strip()))
    return line if len(line) <= longest else f"{line[: longest * 2 // 3]} ... {line[5 - longest // 3 :]}"
