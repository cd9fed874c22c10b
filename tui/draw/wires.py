"""Wires and words on a grid of cells: what the picture of a recurrent cell is made of.

A wire that is lit is heavy and bright, one that is not yet lit is light and dim, so that colour is not needed to tell
them apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rich.cells import cell_len
from rich.segment import Segment

from .lines import Line, segment
from .look import Look

UP, RIGHT, DOWN, LEFT = 1, 2, 4, 8

_LIGHT = " │─└││┌├─┘─┴┐┤┬┼"
_HEAVY = " ┃━┗┃┃┏┣━┛━┻┓┫┳╋"
"""Wires by the directions in which they leave a cell, as the sum of UP, RIGHT, DOWN and LEFT."""

_PENDING, _LIT = "-", "="
"""Horizontal wires in ASCII; vertical ones are |, and where they meet is a +."""


@dataclass
class Grid:
    """A picture under construction, `width` cells wide. `lit` are the roles of wires and words by what they wait for.

    Everything that is put down names what has to be computed before it lights up; what is not in `lit` is dim.
    """

    width: int
    rows: int
    look: Look
    lit: dict[str, str]
    _bits: dict[tuple[int, int], int] = field(default_factory=dict)
    _roles: dict[tuple[int, int], str] = field(default_factory=dict)
    _words: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)

    def wire(self, waits: str, *points: tuple[int, int]) -> None:
        """Lay a wire from point to point, (column, row) each, straight across or straight down."""
        for (x1, y1), (x2, y2) in pairwise(points):
            if y1 == y2:
                low, high = sorted((x1, x2))
                for x in range(low, high + 1):
                    self._add(waits, x, y1, (LEFT if x > low else 0) | (RIGHT if x < high else 0))
            else:
                low, high = sorted((y1, y2))
                for y in range(low, high + 1):
                    self._add(waits, x1, y, (UP if y > low else 0) | (DOWN if y < high else 0))

    def _add(self, waits: str, x: int, y: int, bits: int) -> None:
        self._bits[x, y] = self._bits.get((x, y), 0) | bits
        role = self.lit.get(waits, "")
        if role or (x, y) not in self._roles:
            self._roles[x, y] = role

    def word(self, waits: str, x: int, y: int, text: str, role: str = "") -> int:
        """Write `text` from column `x` on, in `role` or that of its part; return the column after it."""
        role = (role or self.lit[waits]) if waits in self.lit else "dim"
        for n, character in enumerate(_cells(text)):
            self._words[x + n, y] = (character, role)
        return x + cell_len(text)

    def centred(self, waits: str, x: int, y: int, text: str, role: str = "") -> None:
        """Write `text` around column `x`."""
        self.word(waits, x - cell_len(text) // 2, y, text, role)

    def number(self, waits: str, x: int, y: int, text: str, role: str = "") -> int:
        """Write a number, or dots as long as it is not computed; return the column after it."""
        return self.word(waits, x, y, text if waits in self.lit else self.look.glyphs.pending * cell_len(text), role)

    def lines(self) -> list[Line]:
        """Return the rows, with as few changes of style as possible."""
        return [self._line(y) for y in range(self.rows)]

    def _line(self, y: int) -> Line:
        parts: list[tuple[str, str]] = []
        for x in range(self.width):
            text, role = self._words.get((x, y)) or self._wire(x, y)
            if parts and (parts[-1][1] == role or text == " "):
                parts[-1] = (parts[-1][0] + text, parts[-1][1])
            else:
                parts.append((text, role))
        return list(Segment.simplify(segment(self.look, role, text) for text, role in parts))

    def _wire(self, x: int, y: int) -> tuple[str, str]:
        bits, role = self._bits.get((x, y), 0), self._roles.get((x, y), "")
        if self.look.glyphs.unicode:
            return (_HEAVY if role else _LIGHT)[bits], role or "rule"
        across, down = bits & (LEFT | RIGHT), bits & (UP | DOWN)
        straight = (_LIT if role else _PENDING) if across else "|" if down else " "
        return "+" if across and down else straight, role or "rule"


def _cells(text: str) -> Sequence[str]:
    """The text in pieces of a cell each; behind a wide character an empty one, an accent with its letter."""
    cells: list[str] = []
    for character in text:
        width = cell_len(character)
        if not width and cells:
            cells[-1] += character
            continue
        cells += [character, *[""] * (width - 1)]
    return cells
