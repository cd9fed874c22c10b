"""Commands as lines that a shell takes as one when they are copied."""

import shlex

from rich.cells import cell_len

from .lines import Line, rule, segment
from .look import Look

CONTINUED = "\\"
"""The end of a line that continues on the next."""


def from_shell(command: str, width: int, height: int, look: Look) -> list[Line]:
    """Return the command that does the same as a screen, under a heading; nothing where there is none."""
    if not command:
        return []
    lines = [rule(look, [segment(look, "text", "the same from the shell")], [], width)]
    return [*lines, *in_lines(shlex.split(command), width, look)][:height]


def in_lines(words: list[str], width: int, look: Look) -> list[Line]:
    """Return a command, quoted for a shell, in lines that it takes as one when they are copied."""
    lines, row = [], ""
    for word in words:
        quoted = shlex.quote(word)
        if row and columns_of(row, look) + columns_of(quoted, look) + 3 > width:
            lines.append(f"{row} {CONTINUED}")
            row = ""
        while (
            not row and len(word) > 1 and columns_of(quoted, look) + 2 > width
        ):  # quoted in parts, which a shell joins again
            part = word[: max(width // 4, 1)]
            lines.append(shlex.quote(part) + CONTINUED)
            word = word.removeprefix(part)
            quoted = shlex.quote(word)
        row = f"{row} {quoted}" if row else quoted
    return [[segment(look, "chosen", look.text(line))] for line in [*lines, row]]


def columns_of(text: str, look: Look) -> int:
    """Return how many columns a text takes as it is shown."""
    return cell_len(look.text(text))
