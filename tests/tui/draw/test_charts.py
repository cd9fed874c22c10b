"""Charts as they are drawn: their size, where the points are, and that nothing around the process matters."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import Any

import numpy as np
import pytest
from gatestep.scenarios import Chart
from gatestep.tui.draw import charts
from gatestep.tui.draw.charts import LEAST_HEIGHT, LEAST_WIDTH, draw
from gatestep.tui.draw.lines import plain_text, width_of
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

LOOK = Look(UNICODE)
PLAIN = Look(ASCII, "none", plain=True)
LOOKS = [LOOK, PLAIN, Look(ASCII), Look(UNICODE, "16"), Look(UNICODE, "none", "light")]
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
    """(column, row) of every `marker` below the legend, from left to right."""
    return sorted((x, y) for y, row in enumerate(rows) for x, c in enumerate(row) if c == marker and y > 1)


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
            assert "lstm" in rows[1]
            assert "rnn" in rows[1]
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
    assert rows[1].split() == ["right", "answers", "●", "lstm", "◆", "rnn"]
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
    assert places(rows, "●") == [(4, labels["4"] + 1), (79, labels["14"])]
    assert "−2" in ticks(shown(chart(a=[(0, -2), (1, 2)])))


def test_a_point_stands_over_its_x_and_beside_its_y() -> None:
    rows = shown(chart(a=[(x, x / 5) for x in range(6)]))
    labels, below = ticks(rows), rows[-2]
    found = places(rows, "●")
    assert [below[x] for x, _ in found] == list("012345")
    assert [y for _, y in found] == [labels[f"{share} %"] for share in range(0, 101, 20)]
    assert all(rows[-3][x] == "┬" for x, _ in found)


def test_the_path_leads_from_point_to_point() -> None:
    path = places(shown(ANSWERS), ":")
    first, second = places(shown(ANSWERS), "◆")[:2]
    between = [(x, y) for x, y in path if x < second[0]]
    assert [x for x, _ in between] == [*range(first[0] + 1, second[0])]
    assert all(first[1] <= y <= second[1] for _, y in between)


def test_x_has_its_own_values_where_they_fit_and_round_ones_elsewhere() -> None:
    assert shown(ANSWERS, 40)[-2].split() == [str(x) for x in range(9)]
    assert shown(chart(a=[(1, 0), (4, 0), (16, 0)]))[-2].split() == ["1", "4", "16"]
    many = chart(a=[(x, 0) for x in range(0, 1001, 10)])
    assert shown(many, 50)[-2].split() == ["0", "200", "400", "600", "800", "1000"]


def test_the_smallest_chart_still_shows_every_point() -> None:
    rows = shown(ANSWERS, LEAST_WIDTH, LEAST_HEIGHT)
    assert list(ticks(rows)) == ["100 %", "50 %", "0 %"]
    assert len(places(rows, "●")) == 9
    assert {y for _, y in places(rows, "◆")} == {3}
    assert len(places(rows, "◆")) == 8  # the first shares its cell with the other line


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


def test_lines_that_coincide_take_turns_and_the_legend_says_so() -> None:
    points = [(float(x), 1.0) for x in range(9)]
    rows = shown(chart(a=points, b=points))
    assert rows[1].endswith("● a  ◆ b: same as a ".ljust(80 - rows[1].index("●")))
    marks = "".join(c for c in rows[2] if c in "●◆")
    assert marks == "●◆●◆●◆●◆●"
    near = shown(chart(a=points, b=[(x, 0.999) for x, _ in points]))
    assert "same" not in near[1]
    assert near[2] == rows[2]


def test_a_point_is_never_hidden_by_a_path() -> None:
    crossing = {"a": [(0.0, 0.5), (2.0, 0.5)], "b": [(1.0, 0.5)]}
    for lines in (crossing, dict(reversed(crossing.items()))):
        row = shown(chart(**lines))[9]
        assert [c for c in row if c in "●◆"] == (["●", "◆", "●"] if lines is crossing else ["◆", "●", "◆"])


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
    thin = charts._seen

    def note(xs: Any, ys: Any, places: int) -> Any:
        found = thin(xs, ys, places)
        given.append(len(found))
        return found

    monkeypatch.setattr(charts, "_seen", note)
    few = plain_text(draw(Chart("less", "", "y", lines), 60, 16, look))
    monkeypatch.setattr(charts, "_seen", lambda xs, ys, places: range(len(xs)))
    every = plain_text(draw(Chart("more", "", "y", lines), 60, 16, look))
    differ = sum(one != other for one, other in zip(few.replace("less", "more"), every, strict=True))
    assert differ < len(every) / 30, "plotext may round a dot at the edge of a place another way"
    assert given
    assert max(given) < 5000
