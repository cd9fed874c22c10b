"""Heat maps by themselves: levels, signs, scales and their numbers, in every look; and the words below them."""

import re
from itertools import pairwise, product

import numpy as np
import pytest
from gatestep.engine import QUANTITIES
from gatestep.tui.draw import heat
from gatestep.tui.draw.columns import numbers_below, paged, place_of, words_below
from gatestep.tui.draw.heat import DIGITS, Scale
from gatestep.tui.draw.lines import plain_text, width_of
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.draw.ramps import HUES, LEVELS, RAMPS
from hypothesis import given
from hypothesis import strategies as st

SHADED = [Look(UNICODE), Look(UNICODE, theme="light")]
SPELLED = [Look(ASCII), Look(UNICODE, "16"), Look(UNICODE, "none", "light"), Look(ASCII, "none", plain=True)]
LOOKS = [*SHADED, *SPELLED]
SCALES = [Scale(1.0, False), Scale(4.0, True)]
ROLES = [*HUES, "candidate", "cell", "hidden"]
finite = st.floats(-1e6, 1e6)


def lightness(index: int) -> float:
    """L of OKLab for one of the 256 colours from 16 on (Ottosson 2020)."""
    if index >= 232:
        rgb = np.full(3, 8 + 10 * (index - 232))
    else:
        steps = (0, 95, 135, 175, 215, 255)
        rgb = np.array([steps[(index - 16) // n % 6] for n in (36, 6, 1)])
    light = rgb / 255
    linear = np.where(light <= 0.04045, light / 12.92, ((light + 0.055) / 1.055) ** 2.4)
    to_cones = np.array(
        [[0.41222147, 0.53633254, 0.05144599], [0.2119035, 0.6806995, 0.10739696], [0.08830246, 0.28171884, 0.62997870]]
    )
    return float(np.cbrt(to_cones @ linear) @ [0.21045426, 0.79361779, -0.00407205])


@pytest.mark.parametrize(("theme", "name"), [(theme, name) for theme in RAMPS for name in RAMPS[theme]])
def test_a_ramp_goes_from_the_background_in_even_steps(theme: str, name: str) -> None:
    ramp = RAMPS[theme][name]
    steps = [b - a for a, b in pairwise(map(lightness, ramp))]
    assert len(ramp) == len(set(ramp)) == LEVELS
    assert all(16 <= index < 256 for index in ramp), "the first 16 are each terminal's own"
    assert all((step > 0) == (theme == "dark") for step in steps), "ever further from the background"
    assert max(map(abs, steps)) <= 0.18
    assert ramp[0] == {"dark": 234, "light": 255}[theme]


@given(a=finite, b=finite, full=st.floats(1e-3, 1e3), count=st.sampled_from([LEVELS, DIGITS]), signed=st.booleans())
def test_a_larger_value_never_has_a_lower_level(a: float, b: float, full: float, count: int, signed: bool) -> None:
    low, high = Scale(full, signed).levels(np.array([[min(a, b)], [max(a, b)]]), count=count)[:, 0]
    assert -count <= low <= high <= count


@given(value=st.floats(-1, 1), full=st.floats(1e-3, 1e3), count=st.sampled_from([LEVELS, DIGITS]))
def test_a_level_is_within_half_a_step_of_its_value(value: float, full: float, count: int) -> None:
    level = int(Scale(full, True).levels(np.array([[value * full]]), count=count)[0, 0])
    assert abs(level / (count - 1) - value) <= 0.5 / (count - 1) + 1e-6
    assert level * value >= 0


def test_what_is_beyond_or_no_number_or_not_there_has_a_level_of_its_own() -> None:
    values = np.array([[4.0, 4.1, -4.1, np.inf, -np.inf, np.nan, 0.0]], np.float32)
    assert Scale(4.0, True).levels(values)[0].tolist() == [7, 8, -8, 8, -8, 9, 0]
    assert Scale(1.0, False).levels(np.array([[-0.5, -1e-9, 1.0000001, 1.1]]))[0].tolist() == [-8, 0, 7, 8]
    assert Scale(1.0, False).levels(np.ones((2, 2)), np.array([True, False])).tolist() == [[7, 10], [7, 10]]


@pytest.mark.parametrize(
    ("values", "full"),
    [
        ([0.5, -0.9], 1.0),
        ([11.0, -12.4], 15.0),
        ([0.0, 0.0], 1.0),
        ([0.031] * 9, 0.04),
        ([1.0] * 95 + [12.74] * 5, 1.0),  # a few that are far beyond do not flatten the others
        ([3.0, np.inf, np.nan], 3.0),
        ([1e30, 1e29], 1e30),
    ],
)
def test_a_scale_without_bounds_is_a_round_number_that_reaches_what_is_usual(values: list[float], full: float) -> None:
    scale = heat.scale_of(QUANTITIES["cell"], np.array(values, np.float32)[:, None])
    assert scale.signed
    assert scale.full == pytest.approx(full)


def test_a_scale_with_bounds_is_its_bounds_whatever_there_is() -> None:
    for name, signed in (("forget", False), ("hidden", True)):
        for values in (np.zeros((3, 2), np.float32), np.full((3, 2), 7, np.float32)):
            assert heat.scale_of(QUANTITIES[name], values) == Scale(1.0, signed)
    hard = QUANTITIES["candidate"].within(0.0, 6.0)
    assert heat.scale_of(hard, np.zeros((1, 1), np.float32)) == Scale(6.0, False)


def drawn(values: list[float], scale: Scale, look: Look, role: str = "cell", half: bool = False) -> str:
    levels = scale.levels(np.array(values)[:, None], None, heat.steps(scale, look))
    return plain_text(heat.rows(levels, scale, role, 3, look, half))


@pytest.mark.parametrize("look", SPELLED)
def test_without_shades_every_level_and_every_sign_is_spelled_apart(look: Look) -> None:
    for scale in SCALES:
        count = heat.steps(scale, look)
        levels = range(-count * scale.signed, count + 2)
        cells = {plain_text(heat.rows(np.array([[n]]), scale, "cell", 3, look)) for n in levels}
        assert len(cells) == len(levels)
        assert look.glyphs.unicode or all(cell.isascii() for cell in cells)
        assert all(len(cell) <= 2 for cell in cells)


def test_digits_are_read_as_they_are() -> None:
    assert drawn([-4, -0.9, 0, 2.2, 4, 9, -9, np.nan], SCALES[1], Look(ASCII)) == "-9 -2  0 +5 +9 +^ -v  ?"
    assert drawn([0, 0.5, 1, 2], SCALES[0], Look(ASCII)) == "0  4  9  ^"


@pytest.mark.parametrize("look", SHADED)
def test_a_shade_tells_the_level_and_the_side(look: Look) -> None:
    for scale, role in product(SCALES, ROLES):
        levels = range((1 - LEVELS) * scale.signed, LEVELS)
        row = heat.rows(np.array([levels]).T, scale, role, 2, look)[0]
        assert len({part.style for part in row}) == len(row) == len(levels)
        assert width_of(row) == 2 * len(levels)


@pytest.mark.parametrize("look", SHADED)
def test_two_units_share_a_row_each_with_the_shade_it_has_alone(look: Look) -> None:
    levels = np.array([[-7, 3, 5], [2, 0, -1]])  # (T, units)
    scale = SCALES[1]
    alone = [[part.style for part in row if part.style] for row in heat.rows(levels, scale, "cell", 2, look)]
    both = heat.rows(levels, scale, "cell", 2, look, half=True)
    assert len(both) == 2
    for t in range(2):
        first, last = both[0][t], both[1][t]
        assert first.text == "▀▀"
        assert first.style
        assert last.style
        assert (first.style.color, first.style.bgcolor) == (alone[0][t].bgcolor, alone[1][t].bgcolor)
        assert last.style.color == alone[2][t].bgcolor


@pytest.mark.parametrize("look", LOOKS)
def test_what_is_not_computed_is_not_drawn(look: Look) -> None:
    levels = np.full((4, 2), 5)
    for half in (False, True):
        for row in heat.rows(levels, SCALES[1], "cell", 3, look, half, blank=2):
            assert plain_text([row])[6:9] == look.glyphs.pending * 3
            assert width_of(row) == 12


@pytest.mark.parametrize("look", SHADED)
def test_what_the_scale_does_not_reach_is_marked_in_its_place(look: Look) -> None:
    beyond, full = (heat.rows(np.array([[n, 1]]), SCALES[1], "cell", 3, look, half=True)[0] for n in (8, 7))
    assert len(full) == 1
    assert (beyond[0].cell_length, beyond[1]) == (1, full[0]._replace(text="▀▀"))
    assert plain_text(heat.rows(np.array([[8], [-8], [9]]), SCALES[1], "cell", 3, look)) == "▲  ▼  ?"


@pytest.mark.parametrize("look", LOOKS)
def test_the_legend_has_the_numbers_and_the_very_shades(look: Look) -> None:
    for scale, role in ((SCALES[0], "forget"), (SCALES[1], "cell")):
        line = heat.legend(scale, role, look)
        text = plain_text([line])
        low = f"{look.glyphs.minus}4" if scale.signed else "0"
        assert low in text
        assert text.endswith(f"{scale.full:g}")
        assert look.glyphs.unicode or text.isascii()
        if look in SHADED:
            levels = np.arange((1 - LEVELS) * scale.signed, LEVELS)[:, None]
            row = heat.rows(levels, scale, role, 1, look)[0]
            assert [part.style for part in line[1:-1]] == [part.style for part in row]


@pytest.mark.parametrize("look", LOOKS)
def test_a_heading_fits_and_keeps_the_numbers_longest(look: Look) -> None:
    mark = heat.beyond(np.array([[8, 10]]), SCALES[1], look, half=True)
    for width in (60, 80, 200):
        text = plain_text([heat.heading([], "timestamps 1 to 1,000 of 2,000", mark, SCALES[1], "cell", width, look)])
        assert len(text) <= width
        assert re.search(r"4\b", text)
        assert ("2,000" in text) == (width > 60)


@given(T=st.integers(1, 400), room=st.integers(1, 200), widest=st.integers(1, 9), data=st.data())
def test_every_page_is_full_and_holds_the_timestamp(T: int, room: int, widest: int, data: st.DataObject) -> None:
    t = data.draw(st.integers(0, T - 1))
    cell, start, stop = paged(T, t, room, widest)
    assert 0 <= start <= t < stop <= T
    assert (stop - start) * cell <= room
    assert stop - start == min(T, room // cell), "the last page is as full as any"


def test_a_page_says_where_it_is_and_all_of_them_how_many() -> None:
    assert [place_of(*at) for at in ((0, 24, 24), (0, 1, 1), (24, 48, 60))] == [
        "24 timestamps",
        "1 timestamp",
        "timestamps 25 to 48 of 60",
    ]


WORDS = ["My", "name", "is", "Ahmad", ",", "I", "live", "in", "日本語の名前", "e\u0301te\u0301", "am"]


@pytest.mark.parametrize("cell", [1, 2, 3, 6, 12])
def test_the_word_at_the_cursor_is_whole_and_marked_in_its_column(cell: int) -> None:
    look = Look(UNICODE)
    for here, word in enumerate(WORDS):
        row = words_below(WORDS, word, here, cell, look)
        assert width_of(row) == cell * len(WORDS)
        if width_of(row) >= 12:
            assert word in plain_text([row])
        at = next(n for n, part in enumerate(row) if part.style == look.style("cursor"))
        start = sum(part.cell_length for part in row[:at])
        assert abs(start - here * cell) <= (word == "日本語の名前"), "a wide character is not cut in two"


def test_other_words_stay_as_the_cursor_moves() -> None:
    look = Look(UNICODE)
    words = [f"w{n}" for n in range(30)]
    rows = [plain_text([words_below(words, words[t], t, 2, look)]) for t in range(30)]
    for a, b in pairwise(rows):
        assert sum(x != y for x, y in zip(a.ljust(60), b.ljust(60), strict=True)) <= 12
    assert plain_text([words_below(words, "", -1, 4, look)]).split() == words


def test_where_there_are_no_words_there_are_round_numbers_that_fit() -> None:
    name = numbers_below(980, 1080, 1)
    assert [t + 1 for t in range(980, 1080) if name(t)] == [990, 1000, 1010, 1020, 1030, 1040, 1050, 1060, 1070, 1080]
    assert [numbers_below(0, 9, 6)(t) for t in range(3)] == ["1", "2", "3"]
