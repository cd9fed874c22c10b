"""Contrast: what is written can be read, on dark and on light, as WCAG 2.2 (1.4.3 and 1.4.11) measures it."""

from itertools import product

import pytest
from gatestep.tui.app import GatestepApp, _theme
from gatestep.tui.draw.look import BACK, BACKGROUND, BEHIND, RAISED, ROLES, UNICODE, Look
from gatestep.tui.draw.ramps import INK, RAMPS, SIDES, TICK
from rich.color import ANSI_COLOR_NAMES, Color, ColorSystem
from rich.color_triplet import ColorTriplet
from textual.command import CommandList

READABLE, VISIBLE = 4.5, 3.0
"""The least contrast of text, and of lines that carry no text."""

THEMES = ("dark", "light")

PALETTES = {
    "xterm": "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5"
             " 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff",
    "vga": "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa"
           " 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff",
    "vscode": "000000 cd3131 0dbc79 e5e510 2472c8 bc3fbc 11a8cd e5e5e5"
              " 666666 f14c4c 23d18b f5f543 3b8eea d670d6 29b8db e5e5e5",
    "campbell": "0c0c0c c50f1f 13a10e c19c00 0037da 881798 3a96dd cccccc"
                " 767676 e74856 16c60c f9f1a5 3b78ff b4009e 61d6d6 f2f2f2",
}  # fmt: skip
"""The 16 colours as some terminals have them, in their order: xterm's, the VGA's, VS Code's and Windows'."""


def luminance(colour: ColorTriplet) -> float:
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: ColorTriplet, other: ColorTriplet) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def of_256(number: int) -> ColorTriplet:
    return sent(Color.from_ansi(number))


def sent(colour: Color) -> ColorTriplet:
    """What a terminal gets: Textual makes every colour one of RGB, and Rich that one of 256 again, with other greys."""
    return Color.from_triplet(colour.get_truecolor()).downgrade(ColorSystem.EIGHT_BIT).get_truecolor()


def test_the_measure_is_that_of_the_standard() -> None:
    black, white = ColorTriplet(0, 0, 0), ColorTriplet(255, 255, 255)
    assert contrast(black, white) == pytest.approx(21)
    assert contrast(ColorTriplet(0x76, 0x76, 0x76), white) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(("role", "theme"), product(ROLES, THEMES))
def test_every_colour_of_256_is_readable_on_its_background_and_on_what_is_set_apart(role: str, theme: str) -> None:
    style = Look(UNICODE, theme=theme).style(role)
    assert style.color
    assert style.bgcolor
    front, least = sent(style.color), VISIBLE if role == "rule" else READABLE
    assert contrast(front, sent(style.bgcolor)) >= least
    for behind in BEHIND:
        back = Look(UNICODE, theme=theme).style(behind).bgcolor
        assert back
        assert contrast(front, sent(back)) >= (least if role != "rule" else 2)


@pytest.mark.parametrize(("role", "theme", "palette"), product(ROLES, THEMES, PALETTES))
def test_every_colour_of_16_is_readable_in_the_palettes_that_are_known(role: str, theme: str, palette: str) -> None:
    """`rule` draws lines that nothing depends on."""
    style = Look(UNICODE, "16", theme).style(role)
    assert not style.bgcolor
    if style.color and role != "rule":
        colours = [ColorTriplet(*bytes.fromhex(c)) for c in PALETTES[palette].split()]
        back = {"dark": {"vscode": "1e1e1e", "campbell": "0c0c0c"}.get(palette, "000000"), "light": "ffffff"}[theme]
        front = colours[ANSI_COLOR_NAMES[style.color.name]]
        assert contrast(front, ColorTriplet(*bytes.fromhex(back))) >= READABLE


@pytest.mark.parametrize("theme", THEMES)
def test_what_is_written_on_heat_maps_is_readable(theme: str) -> None:
    for ramp in RAMPS[theme].values():
        assert contrast(of_256(INK[theme]), of_256(ramp[-1])) >= READABLE
        assert contrast(of_256(TICK[theme]), of_256(ramp[0])) >= READABLE
    assert all(contrast(of_256(front), of_256(BACK[theme])) >= READABLE for front in SIDES["256"][theme])


@pytest.mark.parametrize("theme", THEMES)
def test_what_textual_draws_itself_is_readable(theme: str) -> None:
    colours = _theme(theme)
    for front, back in product((colours.foreground, colours.accent, colours.primary), (BACKGROUND, RAISED)):
        assert front
        assert contrast(sent(Color.parse(front)), sent(Color.parse(back[theme]))) >= READABLE


@pytest.mark.parametrize("theme", THEMES)
async def test_the_keys_in_the_palette_are_readable_and_its_lines_no_longer_than_eyes_follow(theme: str) -> None:
    app = GatestepApp(Look(UNICODE, theme=theme))
    async with app.run_test(size=(200, 50)) as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause()
        keys = app.screen.get_component_styles("command-palette--help-text")
        back = ColorTriplet(*bytes.fromhex(BACKGROUND[theme][1:]))
        assert contrast(ColorTriplet(*keys.color.rgb), back) >= 4.5
        assert "dim" not in str(keys.text_style)
        assert app.screen.query_one(CommandList).size.width <= 110
