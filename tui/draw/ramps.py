"""The colours of heat maps: eight levels each, from the background to a hue, as indices of the 256-colour palette.

An index takes half the bytes of an RGB colour. The steps of a ramp are even in lightness, as OKLab measures it
(Ottosson 2020), as far as the palette has such colours.
"""

from functools import cache

from rich.color import Color
from rich.style import Style

LEVELS = 8
"""Levels of a ramp; the first is nothing, the last is full."""

_Ramp = tuple[int, ...]

_DARK: dict[str, _Ramp] = {
    "blue": (234, 236, 238, 24, 26, 32, 69, 111),
    "green": (234, 236, 22, 29, 65, 35, 108, 114),
    "magenta": (234, 236, 54, 91, 97, 134, 140, 177),
    "below": (234, 18, 19, 25, 26, 68, 75, 117),
    "above": (234, 52, 88, 94, 130, 172, 208, 215),
}
_LIGHT: dict[str, _Ramp] = {
    "blue": (255, 189, 153, 111, 69, 32, 26, 25),
    "green": (255, 121, 151, 77, 108, 35, 29, 22),
    "magenta": (255, 225, 219, 177, 134, 97, 91, 53),
    "below": (255, 189, 153, 111, 69, 32, 25, 19),
    "above": (255, 223, 215, 208, 166, 130, 94, 88),
}
RAMPS = {"dark": _DARK, "light": _LIGHT}
"""The ramps of each theme by name; "below" and "above" are the two sides of signed values."""

HUES = {"forget": "blue", "update": "blue", "input": "green", "output": "magenta", "reset": "magenta"}
"""The ramp of each quantity in 0..1."""

TICK = {"dark": 231, "light": 16}
"""The colour of the tick on a value that the scale does not reach, where two units share a row."""

INK = {"dark": 16, "light": 231}
"""The colour of what is written on a full shade."""

SIDES = {"256": {"dark": (75, 215), "light": (25, 88)}, "16": {"dark": (14, 11), "light": (4, 1)}}
"""The colours of digits below and above zero."""


def colour(role: str, level: int, theme: str) -> int:
    """Return the palette index for `level`, -7..7, of a quantity; one without a ramp of its own is signed."""
    ramp = HUES.get(role, "below" if level < 0 else "above")
    return RAMPS[theme][ramp][abs(level)]


@cache
def pair(front: int, back: int) -> Style:
    """Return the style with these two palette indices."""
    return Style(color=Color.from_ansi(front), bgcolor=Color.from_ansi(back))


@cache
def ink_on(back: int) -> int:
    """Return black or white, whichever stands out more on a palette index (the contrast of WCAG 2.1)."""
    parts = [part / 255 for part in Color.from_ansi(back).get_truecolor()]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 16 if (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) else 231


@cache
def side(below: bool, depth: str, theme: str) -> Style:
    """Return the style of a digit on one side of zero, which on a terminal without colours is bold above it."""
    if depth == "none":
        return Style(bold=not below)
    front = Color.from_ansi(SIDES[depth][theme][not below])
    return Style(color=front, bgcolor=Color.from_ansi({"dark": 233, "light": 255}[theme]) if depth == "256" else None)
