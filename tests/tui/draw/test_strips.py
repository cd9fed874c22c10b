"""Bars on one fixed log scale, by themselves: heights, what is off the scale, and the column at the cursor."""

import math

import pytest
from gatestep.tui.draw.lines import plain_text, width_of
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.draw.strips import HIGH, LABEL, LOW, Curve, column, size, strips
from hypothesis import given
from hypothesis import strategies as st

LOOKS = pytest.mark.parametrize("look", [Look(UNICODE), Look(ASCII)], ids=["unicode", "ascii"])
UP, PENDING = {True: "▲", False: "^"}, {True: "·", False: "."}


def height(cells: list[str], look: Look) -> int:
    """A bar in the smallest steps there are."""
    steps = len(look.glyphs.levels)
    return sum(steps if c == look.glyphs.solid else look.glyphs.levels.index(c) for c in cells if c != " ")


@LOOKS
def test_a_bar_is_as_high_as_its_power_of_ten(look: Look) -> None:
    rows, steps = 3, len(look.glyphs.levels)
    for power in range(LOW + 1, HIGH + 1):
        wanted = round((power - LOW) / (HIGH - LOW) * rows * steps)
        assert height(column(10.0**power, rows, look), look) == wanted


@LOOKS
@pytest.mark.parametrize("rows", [1, 3, 8])
def test_what_is_off_the_scale_is_marked_and_never_drawn_like_what_is_on_it(look: Look, rows: int) -> None:
    up, pending = UP[look.glyphs.unicode], PENDING[look.glyphs.unicode]
    for above in (math.inf, 1e300, 10.1**HIGH):
        assert column(above, rows, look) == [up, *[look.glyphs.solid] * (rows - 1)]
    for below in (1e-300, 10.0 ** (LOW - 1)):
        assert column(below, rows, look) == [*[" "] * (rows - 1), pending]
    assert column(0.0, rows, look) == [" "] * rows


@given(small=st.floats(1e-9, 99), factor=st.floats(1, 10))
def test_a_larger_value_never_has_a_lower_bar(small: float, factor: float) -> None:
    look = Look(UNICODE)
    large = min(small * factor, 99)
    assert height(column(small, 4, look), look) <= height(column(large, 4, look), look)


CURVES = (
    Curve("RNN", "|dL/dh|", "hidden", tuple(10.0**-k for k in range(9, -1, -1))),
    Curve("LSTM", "path", "forget", (1.0,) * 10),
)


@LOOKS
@pytest.mark.parametrize("size", [(80, 12), (40, 3), (9, 2), (8, 5), (200, 60), (80, 0)])
def test_strips_keep_to_their_room(look: Look, size: tuple[int, int]) -> None:
    lines = strips(CURVES, 4, *size, look)
    assert len(lines) <= size[1]
    assert all(width_of(line) <= size[0] for line in lines)
    assert look.glyphs.unicode or plain_text(lines).isascii()


def test_where_there_is_little_room_the_first_curves_come_first() -> None:
    text = plain_text(strips(CURVES, 0, 80, 5, Look(UNICODE)))
    assert "RNN" in text
    assert "path" not in text


def test_the_timestamp_is_lit_and_nothing_else() -> None:
    look = Look(UNICODE)
    for line in strips(CURVES, 3, 80, 6, look):
        lit = look.style("lit").bgcolor
        at = [n for n, part in enumerate(line) if part.style and part.style.bgcolor == lit]
        assert at == [2]
        before = sum(part.cell_length for part in line[: at[0]])
        assert (before - LABEL) % 3 == 0
        assert (before - LABEL) // line[2].cell_length == 3


def test_a_size_is_spelled_with_its_power_of_ten() -> None:
    assert [size(v) for v in (0.031, 4e-9, 1.0, 0.0, math.inf)] == ["3.1e-02", "4.0e-09", "1.0e+00", "0", "overflow"]
