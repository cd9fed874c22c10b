"""The screen as it should be and as the terminal has it, and the few bytes that lead from the one to the other.

Textual sends every region that it has drawn again, each piece of it with its full style. Over a slow line that is most
of the waiting, and a frame that is left out would leave a hole. Here frames are kept instead, cell by cell: what is
sent brings the terminal to the latest of them, whatever was left out before.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import compress, groupby
from operator import itemgetter, ne
from typing import NamedTuple

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.style import Style
from textual.strip import Strip

Spans = Iterable[tuple[int, int, Strip]]
"""(row, column, what begins there)."""

_NEAR = 4
"""Cells that are sent again rather than jumped over: a jump costs as many bytes."""


class Pen(NamedTuple):
    """How a cell is drawn, in the parameters of SGR: attributes, such as 1;7, and the two colours."""

    attributes: str
    colour: str
    background: str


_PLAIN = Pen("", "39", "49")
_EMPTY = Pen("", "", "49")
"""A blank of any colour."""

_SEEN_ON_BLANKS = {"4", "7", "9"}
"""Underlined, reversed, struck through."""

_NO_STYLE = Style.null()

_Cell = tuple[str, Pen]
"""One column: its character, nothing in the second of a wide one."""


class Canvas:
    """A screen of `width` x `height`, without colours where `system` is None.

    Until something was sent, nothing is known of the terminal.
    """

    def __init__(self, width: int, height: int, system: ColorSystem | None) -> None:
        self.size = (width, height)
        self._system = system
        self._wanted: list[list[_Cell]] = [[(" ", _EMPTY)] * width for _ in range(height)]
        self._shown: list[list[_Cell] | None] = [None] * height
        self._changed = set(range(height))
        self._odd: set[int] = set()

    def forget(self) -> None:
        """Assume nothing about what the terminal shows: all of it will be sent again."""
        self._shown = [None] * len(self._wanted)
        self._changed = set(range(len(self._wanted)))

    def draw(self, spans: Spans) -> None:
        """Take `spans` as a part of what the screen should show."""
        for y, x, strip in spans:
            if 0 <= y < len(self._wanted):
                cells: list[_Cell] = []
                for text, style, _ in strip:
                    pen, blank = _pens(style or _NO_STYLE, self._system)
                    if text.isascii() or _single(text):
                        cells += [(c, blank if c == " " else pen) for c in text]
                    else:
                        cells += _odd_cells(text, pen, blank)
                        self._odd.add(y)
                row = self._wanted[y]
                row[x : x + len(cells)] = cells
                del row[self.size[0] :]
                self._changed.add(y)

    def send(self) -> str:
        """Return what makes the terminal show the screen as it should be, and assume that it does."""
        sent: list[str] = []
        pen: Pen | None = None
        for y in sorted(self._changed):
            wanted = self._wanted[y]
            at = None
            for start, end in _runs(self._shown[y], wanted, y in self._odd):
                sent.append(f"\x1b[{y + 1};{start + 1}H" if at is None else f"\x1b[{start - at}C")
                for wish, cells in groupby(wanted[start:end], key=itemgetter(1)):
                    new = _to_draw(wish, pen)
                    sent += [_change(pen, new), *(text for text, _ in cells)]
                    pen = new
                at = end
            self._shown[y] = wanted[:]
        self._changed.clear()
        return "".join(sent) + ("\x1b[0m" if sent else "")


def _odd_cells(text: str, pen: Pen, blank: Pen) -> list[_Cell]:
    """The cells of `text` where not each of its characters takes one."""
    cells: list[_Cell] = []
    for c in text:
        width = cell_len(c)
        if width:
            cells += [(c, blank if c == " " else pen), *[("", pen)] * (width - 1)]
        elif cells:  # an accent goes with its letter
            cells[-1] = (cells[-1][0] + c, pen)
    return cells


@lru_cache(maxsize=4096)
def _single(text: str) -> bool:
    return all(cell_len(c) == 1 for c in text)


def _runs(shown: Sequence[_Cell] | None, wanted: Sequence[_Cell], odd: bool) -> list[tuple[int, int]]:
    """Where the two rows differ, from and to, left to right.

    An `odd` row, in which a character has ever taken more or less than one cell, is one run: terminals disagree on
    how wide such characters are.
    """
    if shown is None:
        return [(0, len(wanted))]
    if shown == wanted:
        return []
    if odd and any(len(text) != 1 for row in (shown, wanted) for text, _ in row):
        return [(0, len(wanted))]
    runs: list[tuple[int, int]] = []
    for x in compress(range(len(wanted)), map(ne, shown, wanted)):
        if runs and x - runs[-1][1] <= _NEAR and all(c[1] == wanted[x - 1][1] for c in wanted[runs[-1][1] : x]):
            runs[-1] = (runs[-1][0], x + 1)
        else:
            runs.append((x, x + 1))
    return runs


@lru_cache(maxsize=4096)
def _marks_blanks(pen: Pen) -> bool:
    return not _SEEN_ON_BLANKS.isdisjoint(pen.attributes.split(";"))


def _to_draw(wish: Pen, pen: Pen | None) -> Pen:
    """The pen that draws as `wish` says; blanks, which may have any colour, keep the current one where they can."""
    if wish.colour:
        return wish
    return wish._replace(colour="39") if pen is None or _marks_blanks(pen) else pen._replace(background=wish.background)


@lru_cache(maxsize=4096)
def _change(old: Pen | None, new: Pen) -> str:
    """What makes the terminal draw with `new` after `old`."""
    if new == old:
        return ""
    if old is None or old.attributes != new.attributes:
        codes = ["0", new.attributes]
        codes += [code for code, usual in zip(new[1:], _PLAIN[1:], strict=True) if code != usual]
    else:
        codes = [code for was, code in zip(old[1:], new[1:], strict=True) if was != code]
    return f"\x1b[{';'.join(code for code in codes if code)}m"


_ATTRIBUTES = {"bold": "1", "dim": "2", "italic": "3", "underline": "4", "reverse": "7", "strike": "9"}


@lru_cache(maxsize=4096)
def _pens(style: Style, system: ColorSystem | None) -> tuple[Pen, Pen]:
    """The pens for the characters of `style` and for its spaces; where only a background shows, any colour will do."""
    pen = _pen(style, system)
    return pen, pen if _marks_blanks(pen) else Pen("", "", pen.background)


def _pen(style: Style, system: ColorSystem | None) -> Pen:
    attributes = ";".join(code for name, code in _ATTRIBUTES.items() if getattr(style, name))
    if system is None:
        return _PLAIN._replace(attributes=attributes)
    colour = style.color.downgrade(system).get_ansi_codes() if style.color else ("39",)
    background = style.bgcolor.downgrade(system).get_ansi_codes(foreground=False) if style.bgcolor else ("49",)
    return Pen(attributes, ";".join(colour), ";".join(background))
