"""Wires and words on a grid of cells: what the picture of a recurrent cell is made of.

A wire that is lit is heavy and bright, one that is not yet lit is light and dim, so that colour is not needed to tell
them apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rich.cells import cell_len

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
        wires = ((place, self._wire(bits, self._roles[place])) for place, bits in self._bits.items())
        rows: list[dict[int, tuple[str, str]]] = [{} for _ in range(self.rows)]
        for (x, y), cell in [*wires, *self._words.items()]:
            if 0 <= x < self.width and 0 <= y < self.rows:
                rows[y][x] = cell
        return [self._line(row) for row in rows]

    def _line(self, cells: Mapping[int, tuple[str, str]]) -> Line:
        """A row of these cells by column; a blank is in the style of what is before it."""
        texts, roles = [""], ["rule"]
        end = 0
        for x in sorted(cells):
            text, role = cells[x]
            texts[-1] += " " * (x - end)
            end = x + 1
            if role == roles[-1] or text == " ":
                texts[-1] += text
            else:
                texts.append(text)
                roles.append(role)
        texts[-1] += " " * (self.width - end)
        return [segment(self.look, role, text) for text, role in zip(texts, roles, strict=True) if text]

    def _wire(self, bits: int, role: str) -> tuple[str, str]:
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
