"""What a terminal answers about its background: only a whole answer in its form counts, and only before the fence."""

from itertools import pairwise

import pytest
from gatestep.tui.terminal.background import Background, theme_of
from gatestep.tui.terminal.keyboard import Answer, Keyboard
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("body", "theme"),
    [
        ("11;rgb:0000/0000/0000", "dark"),
        ("11;rgb:ffff/ffff/ffff", "light"),
        ("11;rgb:1e/1e/1e", "dark"),
        ("11;rgb:fd/f6/e3", "light"),
        ("11;rgb:f/f/f", "light"),
        ("11;rgba:ffff/ffff/ffff/ffff", "light"),
        ("11;rgb:0000/2b2b/3636", "dark"),
        ("11;rgb:00/00/ff", "dark"),
        ("11;rgb:00/ff/00", "light"),
        ("11;rgb:ffff/ffff", None),
        ("11;rgb:fffff/0/0", None),
        ("11;rgb:gg/00/00", None),
        ("10;rgb:ffff/ffff/ffff", None),
        ("11;rgb:ffff/ffff/ffff ", None),
        ("11;?", None),
        ("11;#ffffff", None),
        ("", None),
    ],
)
def test_only_an_answer_in_its_form_counts(body: str, theme: str | None) -> None:
    assert theme_of(body) == theme


@given(st.text(max_size=40))
def test_any_text_is_an_answer_or_none(body: str) -> None:
    assert theme_of(body) in (None, "dark", "light")
    assert theme_of(f"11;rgb:{body}") is None or body.isascii()


LIGHT = Answer("OSC", "11;rgb:ffff/ffff/ffff")
DARK, FENCE = Answer("OSC", "11;rgb:0000/0000/0000"), Answer("CSI", "?62;22c")


@pytest.mark.parametrize(
    ("answers", "heard"),
    [
        ([LIGHT, FENCE], ["light"]),
        ([FENCE, LIGHT], []),
        ([LIGHT, DARK], ["light"]),
        ([Answer("OSC", "11;garbage"), Answer("OSC", "52;c;abc"), Answer("CSI", "5n"), DARK], ["dark"]),
        ([Answer("CSI", "?6c"), DARK], []),
        ([Answer("DCS", "11;rgb:ffff/ffff/ffff"), FENCE], []),
    ],
)
def test_one_answer_before_the_fence_is_heard(answers: list[Answer], heard: list[str]) -> None:
    told: list[str] = []
    background = Background(told.append)
    for answer in answers:
        background.hear(answer)
    assert told == heard


@given(st.lists(st.integers(1, 30), max_size=4))
def test_an_answer_may_come_in_pieces_and_with_either_end(cuts: list[int]) -> None:
    for data in (b"\x1b]11;rgb:ffff/ffff/ffff\x07\x1b[?1;2c", b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?1;2c"):
        told: list[str] = []
        background, keyboard = Background(told.append), Keyboard()
        places = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
        for start, stop in pairwise([*places, len(data)]):
            for message in keyboard.feed(data[start:stop]):
                assert isinstance(message, Answer)
                background.hear(message)
        assert told == ["light"]
