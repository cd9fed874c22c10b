"""The screen as it should be and as the terminal has it, and the few bytes that lead from the one to the other.

Textual sends every region that it has drawn again, each piece of it with its full style. Over a slow line that is most
of the waiting, and a frame that is left out would leave a hole. Here frames are kept instead, cell by cell: what is
sent brings the terminal to the latest of them, whatever was left out before.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

import numpy as np
import numpy.typing as npt
from rich.cells import cell_len
from rich.color import ColorSystem
from textual.strip import Strip

from .ink import Ink

Spans = Iterable[tuple[int, int, Strip]]
"""(row, column, what begins there)."""

_NEAR = 4
"""Cells that are sent again rather than jumped over: a jump costs as many bytes."""

_Numbers = npt.NDArray[np.uint32]

_CODES = "utf-32-le"
_ODD = 0x110000
"""The first number after those of all characters: from here on a cell has no single character, see _Texts."""

_UNKNOWN = 0xFFFFFFFF
"""What no cell should have: it differs from all."""


class Canvas:
    """A screen of `width` x `height`, without colours where `system` is None.

    Until something was sent, nothing is known of the terminal. Cells are numbers, so that those of a whole frame are
    compared at once: what stands in them, and the pen that it is drawn with.
    """

    def __init__(self, width: int, height: int, system: ColorSystem | None) -> None:
        self.size = (width, height)
        self._ink, self._texts = Ink(system), _Texts()
        self._wanted = np.empty((2, height, width), np.uint32)
        self._wanted[0], self._wanted[1] = ord(" "), self._ink.empty
        self._shown = np.full_like(self._wanted, _UNKNOWN)
        self._changed = set(range(height))

    @property
    def wanted(self) -> list[list[tuple[str, tuple[str, ...]]]]:
        """The screen as it should be: for each cell of each row what stands in it, and its pen."""
        return [
            [(text, self._ink.pens[pen]) for text, pen in zip(self._texts.of(codes), pens.tolist(), strict=True)]
            for codes, pens in zip(*self._wanted, strict=True)
        ]

    def forget(self) -> None:
        """Assume nothing about what the terminal shows: all of it will be sent again."""
        self._shown[:] = _UNKNOWN
        self._changed = set(range(self.size[1]))

    def draw(self, spans: Spans) -> None:
        """Take `spans` as a part of what the screen should show."""
        width, height = self.size
        places: list[tuple[int, int, int, int]] = []  # row and column, and which of all cells: from and to
        texts: list[str] = []
        pens: list[int] = []
        sizes: list[int] = []
        odd: list[tuple[int, list[int]]] = []
        size = 0
        for y, x, strip in spans:
            if not (0 <= y < height and x < width):
                continue
            start = size
            for text, style, _ in strip:
                if not (text.isascii() or self._texts.single(text)):
                    codes = self._texts.numbers(text)
                    odd.append((size, codes))
                    text = " " * len(codes)  # in its place until all are numbers
                texts.append(text)
                pens.append(self._ink.pen(style))
                sizes.append(len(text))
                size += len(text)
            places.append((y, x, start, min(size, start + width - x)))
            self._changed.add(y)
        cells = np.empty((2, size), np.uint32)
        cells[0] = np.frombuffer("".join(texts).encode(_CODES, "surrogatepass"), "<u4")
        cells[1] = np.repeat(np.array(pens, np.uint32), sizes)
        for start, codes in odd:
            cells[0, start : start + len(codes)] = codes
        cells[1] = np.where(cells[0] == ord(" "), np.array(self._ink.blanks, np.uint32)[cells[1]], cells[1])
        for y, x, start, stop in places:
            self._wanted[:, y, x : x + stop - start] = cells[:, start:stop]

    def send(self) -> str:
        """Return what makes the terminal show the screen as it should be, and assume that it does."""
        if not self._changed:
            return ""
        rows = sorted(self._changed)
        self._changed.clear()
        wanted, shown = self._wanted[:, rows], self._shown[:, rows]
        self._shown[:, rows] = wanted
        sent: list[str] = []
        pen: int | None = None
        for row, runs in _runs(wanted, shown).items():
            texts, wishes = self._texts.of(wanted[0, row]), wanted[1, row].tolist()
            at = None
            for start, end in runs:
                sent.append(f"\x1b[{rows[row] + 1};{start + 1}H" if at is None else f"\x1b[{start - at}C")
                at = start
                for wish, cells in groupby(wishes[start:end]):
                    before, at = at, at + len([*cells])
                    change, pen = self._ink.turn(pen, wish)
                    sent += change, *texts[before:at]
        return "".join(sent) + ("\x1b[0m" if sent else "")


class _Texts:
    """What stands in cells, as numbers: a character as its own, and from _ODD on, beyond all characters, the others.

    These are a letter with its accents, and nothing at all, as in the second column of a wide character.
    """

    def __init__(self) -> None:
        self._single: set[str] = set()
        self._odd = [""]
        self._numbers = {"": _ODD}

    def single(self, text: str) -> bool:
        """Return whether each character of `text` takes one cell."""
        if not self._single.issuperset(text):
            self._single.update(c for c in text if cell_len(c) == 1)
        return self._single.issuperset(text)

    def numbers(self, text: str) -> list[int]:
        """Return what stands in each cell of `text`."""
        cells: list[str] = []
        for c in text:
            width = cell_len(c)
            if width:
                cells += [c, *[""] * (width - 1)]
            elif cells:  # an accent goes with its letter
                cells[-1] += c
        return [ord(cell) if len(cell) == 1 else self._number(cell) for cell in cells]

    def _number(self, cell: str) -> int:
        if cell not in self._numbers:
            self._numbers[cell] = _ODD + len(self._odd)
            self._odd.append(cell)
        return self._numbers[cell]

    def of(self, numbers: _Numbers) -> Sequence[str]:
        """Return what stands in cells of these numbers."""
        if (numbers < _ODD).all():
            return numbers.tobytes().decode(_CODES, "surrogatepass")
        return [chr(n) if n < _ODD else self._odd[n - _ODD] for n in numbers.tolist()]


def _runs(wanted: _Numbers, shown: _Numbers) -> dict[int, list[tuple[int, int]]]:
    """Where cells, (2, rows, columns), differ: by row, from and to, left to right.

    A row in which a character takes more or less than one cell is one run: terminals disagree on how wide such
    characters are.
    """
    differ = (wanted != shown).any(axis=0)
    odd = ((wanted[0] >= _ODD) | (shown[0] >= _ODD)).any(axis=1)
    differ |= (differ.any(axis=1) & odd)[:, np.newaxis]
    ends = np.diff(differ, prepend=False, append=False)
    rows, columns = (found.tolist() for found in np.nonzero(ends))
    runs: dict[int, list[tuple[int, int]]] = {}
    for row, start, end in zip(rows[::2], columns[::2], columns[1::2], strict=True):
        there = runs.setdefault(row, [])
        if there and start - there[-1][1] <= _NEAR and len({*wanted[1, row, there[-1][1] : start].tolist()}) == 1:
            there[-1] = there[-1][0], end
        else:
            there.append((start, end))
    return runs
