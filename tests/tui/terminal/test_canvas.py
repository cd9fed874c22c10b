"""What is sent brings a terminal to the screen as it should be, whatever was left out before."""

import random

import pyte
import pytest
from gatestep.tui.terminal.canvas import Canvas
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

STYLES = [
    Style.parse(style)
    for style in ("none", "bold", "color(252) on color(233)", "red", "bold reverse", "underline", "dim color(9)")
]
TEXTS = ("a", "word ", "   ", "━━╸", "0.97", "▁▂", " × ")


def strip(rng: random.Random, width: int) -> Strip:
    """Some words in some styles, `width` cells of them."""
    words = [Segment(rng.choice(TEXTS), rng.choice(STYLES)) for _ in range(width)]
    return Strip(words).crop(0, width)


def cells(screen: pyte.Screen) -> list[list[tuple[object, ...]]]:
    """What is to be seen in each cell: a blank has no colour unless it is underlined or reversed."""
    rows = []
    for y in range(screen.lines):
        row = [screen.buffer[y][x] for x in range(screen.columns)]
        rows.append([
            (c.data, c.bg) if c.data == " " and not (c.reverse or c.underscore) else tuple(c) for c in row
        ])  # fmt: skip
    return rows


@pytest.mark.parametrize("seed", range(5))
def test_a_frame_that_was_left_out_leaves_no_hole(seed: int) -> None:
    rng = random.Random(seed)
    width, height = 40, 8
    frames, direct = Canvas(width, height, ColorSystem.EIGHT_BIT), Canvas(width, height, ColorSystem.EIGHT_BIT)
    seen, whole = pyte.Screen(width, height), pyte.Screen(width, height)
    for _ in range(40):
        part = rng.randrange(1, 12)
        spans = [(rng.randrange(height), x := rng.randrange(width - 12), strip(rng, part)) for _ in range(3)]
        assert x >= 0
        frames.draw(spans)
        direct.draw(spans)
        if rng.random() < 0.4:
            pyte.Stream(seen).feed(frames.send())
            direct.forget()
            pyte.Stream(whole).feed(direct.send())
            assert cells(seen) == cells(whole)
            assert not frames.send()


def test_what_is_drawn_is_on_the_screen_with_its_style() -> None:
    canvas, screen = Canvas(6, 2, ColorSystem.EIGHT_BIT), pyte.Screen(6, 2)
    canvas.draw([(1, 2, Strip([Segment("hi", Style.parse("bold red on blue"))]))])
    pyte.Stream(screen).feed(canvas.send())
    assert screen.display == ["      ", "  hi  "]
    cell = screen.buffer[1][2]
    assert (cell.fg, cell.bg, cell.bold) == ("red", "blue", True)
    assert screen.buffer[1][4].bg == "default"


def test_nothing_is_sent_twice_and_little_for_little() -> None:
    canvas = Canvas(80, 24, ColorSystem.EIGHT_BIT)
    line = Strip([Segment("x" * 80, STYLES[2])])
    canvas.draw([(y, 0, line) for y in range(24)])
    assert len(canvas.send()) > 80 * 24
    canvas.draw([(y, 0, line) for y in range(24)])
    assert canvas.send() == ""
    canvas.draw([(3, 70, Strip([Segment("y", STYLES[2])]))])
    assert len(canvas.send()) < 40
    canvas.forget()
    assert len(canvas.send()) > 80 * 24


def test_a_line_with_wide_characters_is_sent_whole() -> None:
    """Terminals do not agree how wide some of them are: what stands behind them has to be sent with them."""
    canvas, screen = Canvas(12, 1, None), pyte.Screen(12, 1)
    canvas.draw([(0, 0, Strip([Segment("日本 e\u0301 word")]))])
    pyte.Stream(screen).feed(canvas.send())
    canvas.draw([(0, 7, Strip([Segment("W")]))])
    sent = canvas.send()
    assert "日本" in sent
    assert "e\u0301" in sent
    assert sent.endswith("Word \x1b[0m")


def test_a_wide_character_needs_none_with_an_accent_beside_it() -> None:
    canvas = Canvas(6, 1, ColorSystem.EIGHT_BIT)
    canvas.draw([(0, 0, Strip([Segment("日本")]))])
    assert "日本  " in canvas.send()


def test_a_terminal_without_colours_gets_what_else_there_is() -> None:
    canvas = Canvas(10, 1, None)
    canvas.draw([(0, 0, Strip([Segment("dark", STYLES[2]), Segment("bold", Style.parse("bold red"))]))])
    assert canvas.send() == "\x1b[1;1H\x1b[0mdark\x1b[0;1mbold  \x1b[0m"


def test_what_does_not_fit_is_left_out() -> None:
    canvas = Canvas(4, 1, None)
    canvas.draw([(0, 2, Strip([Segment("long")])), (7, 0, Strip([Segment("low")]))])
    assert "  lo\x1b" in canvas.send()
