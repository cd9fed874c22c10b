"""Charts as they are drawn: their size, where the points are, and that nothing around the process matters."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from gatestep.scenarios import Chart
from gatestep.tui.draw import plotting
from gatestep.tui.draw.charts import LEAST_HEIGHT, LEAST_WIDTH, draw, draw_over
from gatestep.tui.draw.lines import plain_text, width_of
from gatestep.tui.draw.look import ASCII, BRAILLE, UNICODE, Look
from gatestep.tui.draw.pens import BITS, DOTS, bits_of
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

LOOK = Look(UNICODE)
PLAIN = Look(ASCII, "none", plain=True)
LOOKS = [LOOK, Look(BRAILLE), PLAIN, Look(ASCII), Look(UNICODE, "16"), Look(UNICODE, "none", "light")]
INF, NAN = float("inf"), float("nan")

RNN = [0.87, 0.68, 0.63, 0.55, 0.48, 0.37, 0.45, 0.45, 0.4]
ANSWERS = Chart(
    "Right answers by words between",
    "words between",
    "right answers",
    {"lstm": [(x, 1.0) for x in range(9)], "rnn": list(enumerate(RNN))},
)

Points = list[tuple[float, float]]


def chart(**lines: Points) -> Chart:
    return Chart("title", "across", "up", lines)


def shown(chart: Chart, width: int = 80, height: int = 20, look: Look = LOOK) -> list[str]:
    lines = draw(chart, width, height, look)
    assert len(lines) == height
    assert [width_of(line) for line in lines] == [width] * height
    return ["".join(s.text for s in line) for line in lines]


def places(rows: list[str], marker: str) -> list[tuple[int, int]]:
    """(column, row) of every `marker` among the points, from left to right."""
    end = max(len(row.rstrip()) for row in rows if row.lstrip()[:1] in ("└", "+"))
    return sorted((x, y) for y, row in enumerate(rows) for x, c in enumerate(row[:end]) if c == marker and y > 1)


def named(rows: list[str]) -> dict[str, int]:
    """The row of each name that stands at the end of a line."""
    end = max(len(row.rstrip()) for row in rows if row.lstrip()[:1] in ("└", "+"))
    return {row[end:].strip(): y for y, row in enumerate(rows[2:-3], 2) if row[end:].strip()}


def ticks(rows: list[str]) -> dict[str, int]:
    """The row of each label of the y axis."""
    return {row.split("┤")[0].strip(): y for y, row in enumerate(rows) if "┤" in row}


SIZES = [*product((40, 41, 57, 80, 131, 300), (8, 9, 13, 20, 90)), (0, 0), (1, 1), (20, 2), (39, 20), (80, 7), (5, 40)]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_chart_is_exactly_as_large_as_asked(width: int, height: int) -> None:
    for look in LOOKS:
        rows = shown(ANSWERS, width, height, look)
        assert look.glyphs.unicode or "".join(rows).isascii()
        if width >= LEAST_WIDTH and height >= LEAST_HEIGHT:
            assert "lstm" in "".join(rows)
            assert "rnn" in "".join(rows)
            assert "words between" in rows[-1]
        elif width >= 24 and height:
            assert rows[0].strip() == "no room for this chart"
            assert not "".join(rows[1:]).strip()


NUMBERS = st.one_of(st.floats(), st.integers(-50, 50).map(float), st.floats(0, 1))
NAMES = st.text(max_size=30)


@given(
    st.dictionaries(NAMES, st.lists(st.tuples(NUMBERS, NUMBERS), max_size=6), max_size=9),
    NAMES,
    st.integers(0, 90),
    st.integers(0, 30),
    st.sampled_from(LOOKS),
)
def test_any_numbers_and_names_at_any_size(
    lines: dict[str, Points], name: str, width: int, height: int, look: Look
) -> None:
    text = "".join(shown(Chart(name, name, name, lines), width, height, look))
    assert text.isprintable()
    assert look.glyphs.unicode or text.isascii()


def test_the_title_the_axes_and_every_line_are_named() -> None:
    rows = shown(ANSWERS)
    assert rows[0].startswith("── Right answers by words between ──")
    assert rows[1].split() == ["right", "answers"]
    assert named(rows) == {"● lstm": places(rows, "●")[-1][1], "◆ rnn": places(rows, "◆")[-1][1]}
    assert rows[-1].strip() == "words between"


def test_each_line_has_its_own_marker_and_its_own_style() -> None:
    lines = draw(
        chart(a=[(0, 0), (1, 0)], b=[(0, 0.3), (1, 0.3)], c=[(0, 0.7), (1, 0.7)], d=[(0, 1), (1, 1)]), 80, 20, LOOK
    )
    for marker, role in {"●": "hidden", "◆": "candidate", "▲": "output", "■": "forget"}.items():
        styles = [s.style for line in lines for s in line if marker in s.text]
        assert styles == [LOOK.style(role)] * 2  # the legend and the line


@pytest.mark.parametrize("look", [PLAIN, Look(UNICODE, plain=True), Look(UNICODE, "none")])
def test_where_there_are_no_colours_none_are_sent(look: Look) -> None:
    styles = [s.style or Style() for line in draw(ANSWERS, 80, 20, look) for s in line]
    assert not any(style.color or style.bgcolor for style in styles)
    assert not look.plain or not any(styles)


def test_shares_are_percentages_from_0_to_100() -> None:
    rows = shown(chart(a=[(0, 0.5), (1, 0.5)]))
    labels = ticks(rows)
    assert list(labels) == ["100 %", "80 %", "60 %", "40 %", "20 %", "0 %"]
    assert labels["100 %"] == 2
    assert labels["0 %"] == 16
    assert {y for _, y in places(rows, "●")} == {9}  # halfway


def test_other_values_start_at_0_and_end_at_the_largest() -> None:
    rows = shown(chart(a=[(0, 3), (1, 14)]))
    labels = ticks(rows)
    assert list(labels) == ["14", "12", "10", "8", "6", "4", "2", "0"]
    assert places(rows, "●") == [(4, labels["4"] + 1), (75, labels["14"])]
    assert "−2" in ticks(shown(chart(a=[(0, -2), (1, 2)])))


def test_a_point_stands_over_its_x_and_beside_its_y() -> None:
    rows = shown(chart(a=[(x, x / 5) for x in range(6)]))
    labels, below = ticks(rows), rows[-2]
    found = places(rows, "●")
    assert [below[x] for x, _ in found] == list("012345")
    assert [y for _, y in found] == [labels[f"{share} %"] for share in range(0, 101, 20)]
    assert all(rows[-3][x] == "┬" for x, _ in found)


def test_the_path_leads_from_point_to_point() -> None:
    rows = shown(chart(a=[(0, 0.2), (1, 0.8), (2, 0.4)]), look=Look(BRAILLE))
    points = places(rows, "●")
    for (left, one), (right, other) in pairwise(points):
        low, high = sorted((one, other))
        columns = [
            [y for y in range(low, high + 1) if "\u2800" <= rows[y][x] < "\u2900"] for x in range(left + 1, right)
        ]
        assert all(columns), "in every column between, and between the two heights"
        assert columns == sorted(columns, reverse=one > other)


def test_x_has_its_own_values_where_they_fit_and_round_ones_elsewhere() -> None:
    assert shown(ANSWERS, 40)[-2].split() == [str(x) for x in range(9)]
    assert shown(chart(a=[(1, 0), (4, 0), (16, 0)]))[-2].split() == ["1", "4", "16"]
    many = chart(a=[(x, 0) for x in range(0, 1001, 10)])
    assert shown(many, 50)[-2].split() == ["0", "200", "400", "600", "800", "1000"]


def test_the_smallest_chart_still_shows_every_point() -> None:
    rows = shown(ANSWERS, LEAST_WIDTH, LEAST_HEIGHT)
    assert list(ticks(rows)) == ["100 %", "50 %", "0 %"]
    assert len(places(rows, "●")) == 9
    assert {y for _, y in places(rows, "◆")} == {2, 3}, "the first stands beside that of the other line"
    assert len(places(rows, "◆")) == 9


@pytest.mark.parametrize("bad", [INF, -INF, NAN, 1e308])
def test_what_no_axis_can_hold_is_left_out(bad: float) -> None:
    good = [(0.0, 0.2), (2.0, 0.8)]
    assert shown(chart(a=[good[0], (1, bad), good[1]])) == shown(chart(a=good))
    assert shown(chart(a=[good[0], (bad, 0.5), good[1]])) == shown(chart(a=good))


def test_a_line_with_nothing_to_draw_is_still_named() -> None:
    rows = shown(chart(a=[(0, 0.5)], b=[], c=[(0, NAN)]))
    assert rows[1].split("up")[1].strip() == "● a  ◆ b: nothing to draw  ▲ c: nothing to draw"
    assert len(places(rows, "●")) == 1
    assert not places(rows, "◆")
    assert list(ticks(shown(chart()))) == list(ticks(rows))


def test_points_that_coincide_stand_side_by_side_and_both_lines_are_named() -> None:
    points = [(float(x), 1.0) for x in range(9)]
    rows = shown(chart(a=points, b=points))
    assert "".join(c for c in rows[2] if c in "●◆")[:18] == "●◆" * 9
    assert [*named(rows)] == ["● a", "◆ b = a"]
    rows = shown(chart(a=points, b=[(x, 0.999) for x, _ in points]))
    assert "".join(c for c in rows[2] if c in "●◆")[:18] == "●◆" * 9
    assert [*named(rows)] == ["● a", "◆ b"]


def test_where_there_is_no_room_beside_them_they_take_turns() -> None:
    points = [(float(x), 1.0) for x in range(36)]
    rows = shown(chart(a=points, b=points))
    marks = "".join(c for c in rows[2] if c in "●◆")
    assert marks.startswith("●◆●◆●◆")
    assert len(places(rows, "●")) == len(places(rows, "◆")) == 18


@given(
    st.dictionaries(
        st.sampled_from("abcd"),
        st.lists(st.tuples(st.integers(0, 5).map(float), st.sampled_from([0.0, 0.5, 1.0])), min_size=1, unique=True),
        min_size=2,
    ),
    st.sampled_from([Look(UNICODE), Look(BRAILLE), Look(ASCII)]),
)
def test_no_line_hides_a_point_of_another(lines: dict[str, Points], look: Look) -> None:
    lines = {name: sorted({x: (x, y) for x, y in points}.values()) for name, points in lines.items()}
    rows = shown(Chart("", "", "", lines, span=()), 100, 24, look)
    marks = "●◆▲■" if look.glyphs.unicode else "*ox#"
    for mark, points in zip(marks, lines.values(), strict=False):
        assert len(places(rows, mark)) == len(points)


@pytest.mark.parametrize("glyphs", [UNICODE, BRAILLE])
def test_where_lines_of_many_points_cross_the_dots_of_all_are_there(glyphs: Any) -> None:
    up, down = ([(float(x), x / 199 if rising else 1 - x / 199) for x in range(200)] for rising in (True, False))
    first, second = (bits(chart(a=line), glyphs) for line in (up, down))
    both = bits(chart(a=up, b=down), glyphs)
    assert len(first) == len(second) > 60
    assert {*first} & {*second}
    assert all(dots & ~both[place] == 0 for place, dots in first.items())
    assert all(dots & ~(first.get(place, 0) | second.get(place, 0)) == 0 for place, dots in both.items())
    apart = [place for place in second if place not in first]
    kept, all_of_it = (sum(there.get(place, 0).bit_count() for place in apart) for there in (both, second))
    assert 0.5 < kept / all_of_it < 0.8


@pytest.mark.parametrize("glyphs", [UNICODE, BRAILLE])
@pytest.mark.parametrize("top", [0.1, 0.2, 0.3, 0.45, 0.6, 0.9])
@pytest.mark.parametrize("steep", [1, 8])
def test_dashes_are_as_long_in_every_direction(glyphs: Any, top: float, steep: int) -> None:
    slope = [(float(x), min(0.1 + top * max(x - 40, 0) * steep / 199, 0.9)) for x in range(200)]
    pen = "braille" if glyphs.braille else "hd"
    (across, down), flat = DOTS[pen], [(float(x), 0.0) for x in range(200)]
    cells = bits(chart(a=flat, b=slope), glyphs)
    lowest = max(y for _, y in cells)
    there = {
        (x * across + dx, y * down + dy)
        for (x, y), dots in cells.items() if y < lowest
        for n, (dx, dy) in enumerate(BITS[pen]) if dots >> n & 1
    }  # fmt: skip
    place, gaps = min(there), []
    while onward := [(max(abs(x - place[0]), abs(y - place[1])), x, -y) for x, y in there if x >= place[0]
                     and (x, -y) > (place[0], -place[1])]:  # fmt: skip
        gap, x, y = min(onward)
        gaps.append(gap - 1)
        place = x, -y
    assert max(gaps) <= 3, "nowhere does the line end"
    assert sum(gap > 0 for gap in gaps) > len(gaps) / 8, "it has dashes everywhere"


LEFT = 7
"""The columns before the points of a chart whose axis goes from 0 to 100 %."""


def bits(chart: Chart, glyphs: Any) -> dict[tuple[int, int], int]:
    """The dots of every cell, by its place among the points."""
    rows = shown(chart, 100, 24, Look(glyphs))
    end = max(len(row.rstrip()) for row in rows if row.lstrip().startswith("└"))
    pen = "braille" if glyphs.braille else "hd"
    cells = {(x, y): bits_of(pen, c) for y, row in enumerate(rows[2:-3]) for x, c in enumerate(row[LEFT:end])}
    return {place: found for place, found in cells.items() if found}


def test_a_point_alone_shows_in_a_line_of_dashes() -> None:
    for x in range(1, 200, 7):
        lines = {n: [(float(k), 0.0 if n == "a" else 0.9 if k == x else NAN) for k in range(200)] for n in "abcd"}
        rows = shown(chart(**lines), 100, 24, Look(BRAILLE))
        assert sum(row[LEFT:90].strip() != "" for row in rows[2:12]) == 1


def test_ascii_tells_where_lines_of_many_points_share_a_cell() -> None:
    up, down = ([(float(x), x / 199 if rising else 1 - x / 199) for x in range(200)] for rising in (True, False))
    rows = shown(chart(a=up, b=down), look=Look(ASCII))
    assert "% several here" in rows[0]
    assert len(places(rows, "%")) >= 1
    assert "several" not in shown(chart(a=up), look=Look(ASCII))[0]


def test_a_logarithmic_axis_is_named() -> None:
    logarithmic = Chart("t", "x", "loss", {"a": [(0, 1.0), (1, 0.001)]}, log=True)
    assert shown(logarithmic)[1].strip() == "loss, log scale"


def test_what_the_bounds_leave_out_is_marked_at_their_edge() -> None:
    far = Chart("t", "x", "y", {"a": [(0, 1e-12), (1, 1e-3), (2, INF), (3, NAN)]}, log=True, bounds=(1e-10, 1e2))
    rows = shown(far)
    labels = [*ticks(rows)]
    assert (labels[0], labels[-1]) == ("100", "1e−10")
    assert len(places(rows, "●")) == 1
    ((_, top),), ((_, bottom),) = places(rows, "▲"), places(rows, "▼")
    assert (top, bottom) == (2, len(rows) - 4)


@pytest.mark.parametrize("look", LOOKS)
def test_what_is_shaded_is_told_in_every_look_and_hides_nothing(look: Look) -> None:
    points = [(float(x), 0.5) for x in range(200)]
    plain, shaded = (
        draw(Chart("t", "x", "y", {"a": points}, shaded=span), 90, 20, look) for span in ((), (100.0, 199.0))
    )
    changed = set()
    for y, lines in enumerate(zip(plain, shaded, strict=True)):
        before, after = ([(c, s.style) for s in line for c in s.text] for line in lines)
        for x, (one, other) in enumerate(zip(before, after, strict=True)):
            if one != other:
                changed.add(x)
                assert one[0] in (" ", other[0])
                assert 2 <= y < 17
    assert len(changed) > 15
    assert min(changed) > 40


def test_the_cursor_has_the_values_of_every_line_above_it() -> None:
    rows = shown(ANSWERS)
    lines = draw(ANSWERS, 80, 20, LOOK, 3.0)
    row = "".join(s.text for s in lines[1])
    column = places(rows, "◆")[3][0]
    assert row[column:].startswith("▼ words between 3  lstm 100.0 %  rnn 55.0 %")
    assert "".join(s.text for s in draw(ANSWERS, 80, 20, LOOK, 8.0)[1]).rstrip().endswith("lstm 100.0 %  rnn 40.0 %")
    assert "▼" not in "".join(s.text for s in draw(ANSWERS, 80, 20, LOOK, 9.0)[1])


def test_a_strip_below_a_chart_has_the_same_columns() -> None:
    days = [float(x) for x in range(200)]
    upper = Chart("actual", "day", "y", {"actual": [(x, 1e6 + x) for x in days]})
    lower = Chart("error", "day", "", {"error": [(x, x - 100) for x in days]}, stems=True)
    lines = draw_over(upper, lower, 100, 24, LOOK, 100.0)
    rows = ["".join(s.text for s in line) for line in lines]
    assert [len(row) for row in rows] == [100] * 24
    assert rows[18].startswith("── error ──")
    axis = {row.index(c) for row in rows for c in "┤└" if c in row}
    assert len(axis) == 1
    left, right = ([row[axis.copy().pop() + 1 :][part] for row in rows[19:]] for part in (slice(5), slice(60, 65)))
    assert "".join(left[:2]).strip() == ""
    assert "".join(right[3:]).strip() == ""
    assert "".join(left[3:]).strip()
    assert "".join(right[:2]).strip()


def test_a_long_legend_takes_more_lines_or_shorter_names_but_never_drops_one() -> None:
    long = Chart("t", "x", "y", {f"{i} a network with a long name": [(0, i / 8)] for i in range(8)})
    rows = shown(long, 80, 20)
    assert [row for row in range(20) if any(f"{i} a network" in rows[row] for i in range(8))] == [1, 2, 3, 4]
    rows = shown(long, 60, 9)
    assert all(f" {marker} {i} " in "".join(rows[1:4]) for i, marker in enumerate("●◆▲■○◇△□"))
    assert shown(long, 40, 8)[0].strip() == "no room for this chart"


def test_threads_do_not_get_into_each_others_charts(capsys: pytest.CaptureFixture[str]) -> None:
    sizes = [(60 + i, 10 + i) for i in range(8)] * 4
    alone = [shown(ANSWERS, *size) for size in sizes]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda size: shown(ANSWERS, *size), sizes)) == alone
    assert capsys.readouterr() == ("", "")


SAMPLE = chart(a=[(0, 0.1), (1, 0.9)])
SCRIPT = f"""
import sys
from gatestep.scenarios import Chart
from gatestep.tui.draw.charts import draw
from gatestep.tui.draw.look import ASCII, Look
from gatestep.tui.draw.lines import plain_text
assert "plotext" not in sys.modules
print(plain_text(draw({SAMPLE!r}, 120, 60, Look(ASCII))))
assert "plotext" in sys.modules
"""


@pytest.mark.parametrize("size", [("7", "2"), ("0", "0"), ("500", "200"), ("x", "")])
def test_the_terminal_does_not_matter_and_the_first_chart_loads_the_library(size: tuple[str, str]) -> None:
    environ = {"COLUMNS": size[0], "LINES": size[1], "TERM": "dumb"}
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout == plain_text(draw(SAMPLE, 120, 60, Look(ASCII))) + "\n"


def test_a_line_of_very_many_points_looks_almost_as_if_all_were_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """What makes hardly a difference to the picture is not given to plotext: a hundred thousand days open at once."""
    rng = np.random.default_rng(0)
    lines = {"y": list(enumerate(rng.normal(size=30_000).cumsum().tolist()))}
    look, given = Look(UNICODE, "256"), list[int]()
    thin = plotting.thinned

    def note(xs: Any, ys: Any, places: int) -> Any:
        found = thin(xs, ys, places)
        given.append(len(found))
        return found

    monkeypatch.setattr(plotting, "thinned", note)
    few = plain_text(draw(Chart("less", "", "y", lines), 60, 16, look))
    monkeypatch.setattr(plotting, "thinned", lambda xs, ys, places: range(len(xs)))
    every = plain_text(draw(Chart("more", "", "y", lines), 60, 16, look))
    differ = sum(one != other for one, other in zip(few.replace("less", "more"), every, strict=True))
    assert differ < len(every) / 30, "plotext may round a dot at the edge of a place another way"
    assert given
    assert max(given) < 5000
