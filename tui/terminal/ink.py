"""Styles as the parameters of SGR, and what leads from one to the next."""

from typing import NamedTuple

from rich.color import Color, ColorSystem
from rich.style import Style

_STEPS = (0, 95, 135, 175, 215, 255)
_GREYS = range(8, 239, 10)
_CUBE = [(r, g, b) for r in _STEPS for g in _STEPS for b in _STEPS]
_INDEXED = {rgb: str(n) for n, rgb in enumerate([*_CUBE, *((grey, grey, grey) for grey in _GREYS)], 16)}
"""The colours of the palette after the first 16, by red, green and blue; rich takes most greys for darker ones."""

_ATTRIBUTES = {"bold": "1", "dim": "2", "italic": "3", "underline": "4", "reverse": "7", "strike": "9"}

_SEEN_ON_BLANKS = {"4", "7", "9"}
"""Underlined, reversed, struck through."""

_MOST = 4096
"""The styles that are known again; those that say what a click does can be others in every frame."""

_NO_STYLE = Style.null()


class Pen(NamedTuple):
    """How a cell is drawn, in the parameters of SGR: attributes, such as 1;7, and the two colours.

    A blank on which only the background shows has no colour: any will do.
    """

    attributes: str
    colour: str
    background: str

    @property
    def marks_blanks(self) -> bool:
        """Whether more than the background shows where nothing is written."""
        return not _SEEN_ON_BLANKS.isdisjoint(self.attributes.split(";"))


_PLAIN = Pen("", "39", "49")


class Ink:
    """The pens that a screen is drawn with, each known by a number; without colours where `system` is None.

    `pens` has them, and `blanks` the number of the one that draws the spaces of each.
    """

    def __init__(self, system: ColorSystem | None) -> None:
        self._system = system
        self.pens: list[Pen] = []
        self._numbers: dict[Pen, int] = {}
        self._styled: dict[int, tuple[Style | None, int]] = {}
        self._turns: dict[tuple[int | None, int], tuple[str, int]] = {}
        self.blanks: list[int] = []
        self.empty = self._number(Pen("", "", "49"))

    def pen(self, style: Style | None) -> int:
        """Return the number of the pen for `style`."""
        known = self._styled.get(id(style))  # by identity: comparing styles takes longer than all else here
        if known is None:
            if len(self._styled) >= _MOST:
                self._styled.clear()
            known = self._styled[id(style)] = style, self._number(_pen(style or _NO_STYLE, self._system))
        return known[1]

    def turn(self, old: int | None, wish: int) -> tuple[str, int]:
        """Return what makes the terminal draw as `wish` says after the pen `old`, and the pen that it then draws with.

        Blanks, which may have any colour, keep that of `old` where they can.
        """
        known = self._turns.get((old, wish))
        if known is None:
            before = None if old is None else self.pens[old]
            new = _to_draw(self.pens[wish], before)
            known = self._turns[old, wish] = _change(before, new), self._number(new)
        return known

    def _number(self, pen: Pen) -> int:
        number = self._numbers.get(pen)
        if number is None:
            number = self._numbers[pen] = len(self.pens)
            self.pens.append(pen)
            self.blanks.append(number)
            if pen.colour and not pen.marks_blanks:
                self.blanks[number] = self._number(Pen("", "", pen.background))
        return number


def _to_draw(wish: Pen, old: Pen | None) -> Pen:
    """The pen that draws as `wish` says: it has a colour."""
    if wish.colour:
        return wish
    return wish._replace(colour="39") if old is None or old.marks_blanks else old._replace(background=wish.background)


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


def _pen(style: Style, system: ColorSystem | None) -> Pen:
    attributes = ";".join(code for name, code in _ATTRIBUTES.items() if getattr(style, name))
    if system is None:
        return _PLAIN._replace(attributes=attributes)
    return Pen(attributes, _codes(style.color, system, True), _codes(style.bgcolor, system, False))


def _codes(colour: Color | None, system: ColorSystem, foreground: bool) -> str:
    if colour is None:
        return _PLAIN.colour if foreground else _PLAIN.background
    if system in (ColorSystem.EIGHT_BIT, ColorSystem.TRUECOLOR) and colour.triplet in _INDEXED:
        return f"{38 if foreground else 48};5;{_INDEXED[colour.triplet]}"
    return ";".join(colour.downgrade(system).get_ansi_codes(foreground))
