"""Styles become what the terminal draws them with: of two equal colours both become the same, and short, code."""

import pytest
from gatestep.tui.terminal.ink import Ink
from rich._palettes import EIGHT_BIT_PALETTE
from rich.color import ColorSystem
from rich.style import Style


@pytest.mark.parametrize("system", [ColorSystem.EIGHT_BIT, ColorSystem.TRUECOLOR])
def test_a_colour_of_the_palette_is_sent_by_its_number_however_it_was_written(system: ColorSystem) -> None:
    ink = Ink(system)
    for number in range(16, 256):
        red, green, blue = EIGHT_BIT_PALETTE[number]
        for style in (f"color({number}) on color({number})", f"rgb({red},{green},{blue}) on rgb({red},{green},{blue})"):
            pen = ink.pens[ink.pen(Style.parse(style))]
            assert pen == ("", f"38;5;{number}", f"48;5;{number}"), style


def test_other_colours_are_sent_as_the_terminal_can_show_them() -> None:
    style = Style.parse("#010203")
    codes = {ColorSystem.TRUECOLOR: "38;2;1;2;3", ColorSystem.EIGHT_BIT: "38;5;16", ColorSystem.STANDARD: "30"}
    for system, code in [*codes.items(), (None, "39")]:
        ink = Ink(system)
        assert ink.pens[ink.pen(style)].colour == code


def test_a_style_is_not_taken_for_one_that_is_gone() -> None:
    """Styles are known by where they are in memory, where another may be once they are gone."""
    ink = Ink(ColorSystem.TRUECOLOR)
    for n in range(10_000):
        style = Style(color=f"#01{n:04x}")
        assert ink.pens[ink.pen(style)].colour == f"38;2;1;{n // 256};{n % 256}"
