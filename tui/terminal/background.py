"""Whether the terminal's background is dark or light, from its own answer."""

import re
from collections.abc import Callable

from .keyboard import Answer

QUESTION = "\x1b]11;?\x1b\\\x1b[c"
"""Asks for the background, as xterm's OSC 11 does, and then what the terminal is (DA1): a terminal answers in order, so
once the second answer has come, the first will not."""

_ANSWER = re.compile(r"11;rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})(?:/[0-9a-fA-F]{1,4})?")
_FENCE = re.compile(r"\?[0-9;]*c")

_MIDDLE = 0.179
"""The relative luminance with the same contrast to black as to white (WCAG 2.2)."""


def theme_of(body: str) -> str | None:
    """Return "dark" or "light" for the body of an OSC 11 answer, as in 11;rgb:1e1e/1e1e/1e1e; None for any other."""
    if not (found := _ANSWER.fullmatch(body)):
        return None
    parts = [int(part, 16) / (16 ** len(part) - 1) for part in found.groups()]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return "light" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > _MIDDLE else "dark"


class Background:
    """Hears what a terminal answers to QUESTION, and calls `told` with its theme, at most once."""

    def __init__(self, told: Callable[[str], object]) -> None:
        self._told = told
        self._over = False

    def hear(self, answer: Answer) -> None:
        """Take one answer; what comes after the fence, or after an answer, was not asked for."""
        if self._over:
            return
        if answer.kind == "OSC" and (theme := theme_of(answer.body)):
            self._over = True
            self._told(theme)
        elif answer.kind == "CSI" and _FENCE.fullmatch(answer.body):
            self._over = True
