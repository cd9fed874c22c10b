"""Charts as they are drawn: their size, where the points are, and that nothing around the process matters."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from charted import ANSWERS, INF, LOOK, LOOKS, NAN, PLAIN, Points, chart, named, places, shown, ticks
from gatestep.scenarios import Chart
from gatestep.tui.draw import plotting
from gatestep.tui.draw.charts import LEAST_HEIGHT, LEAST_WIDTH, draw, draw_over
from gatestep.tui.draw.lines import plain_text
from gatestep.tui.draw.look import ASCII, BRAILLE, UNICODE, Look
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

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
