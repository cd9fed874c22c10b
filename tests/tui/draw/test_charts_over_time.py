"""Charts of many points: fine lines, gaps, marks, names on the axis, and a cursor that is drawn apart."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from math import exp, sin
from time import perf_counter

import charted
import pytest
from charted import LOOK, NAN, PLAIN, Points, shown
from gatestep.scenarios import Chart
from gatestep.tui.draw import overlay
from gatestep.tui.draw.charts import draw
from gatestep.tui.draw.lines import Line
from gatestep.tui.draw.look import UNICODE, Look
from hypothesis import given
from hypothesis import strategies as st

LOOKS = [*charted.LOOKS, Look(UNICODE, plain=True)]
FINE = "▖▗▘▝▀▄▌▐▙▟▛▜▚▞█" + "".join(map(chr, range(0x2801, 0x2900)))

DAYS = range(253)
ACTUAL = [(float(x), 1e7 * (3 + 2 * sin(x / 9) + sin(x / 2))) for x in DAYS]
PREDICTED = [(float(x), NAN if x < 5 else 1e7 * (3 + 2 * sin(x / 9 - 0.3))) for x in DAYS]
DATES = {float(x): f"2020-{1 + x // 28:02}-{1 + x % 28:02}" for x in DAYS}
VOLUME = Chart(
    "volume",
    "day",
    "shares",
    {"actual": ACTUAL, "predicted": PREDICTED},
    labels=DATES,
    marks={200.0: "test days from here"},
)
LOSS = Chart("loss", "epoch", "loss", {"training": [(e, exp(-e / 90)) for e in range(1, 1001)]}, log=True)


def many(points: Points) -> Chart:
    return Chart("title", "across", "up", {"a": points})


def cells(lines: list[Line]) -> list[list[tuple[str, object]]]:
    """Every cell with its style."""
    return [[(c, s.style) for s in line for c in s.text] for line in lines]


def canvas(rows: list[str]) -> list[str]:
    """What is right of the y axis and above the x axis."""
    left = next(i for i, c in enumerate(rows[-3]) if c in "└+") + 1
    return [row[left : len(rows[-3].rstrip())] for row in rows[2:-3]]


def dots(rows: list[str]) -> set[int]:
    """The columns that have fine dots."""
    return {x for row in canvas(rows) for x, c in enumerate(row) if c in FINE}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("size", [(40, 8), (80, 15), (120, 25), (200, 40)])
def test_every_size_and_look_has_all_of_it(size: tuple[int, int], look: Look) -> None:
    rows = shown(VOLUME, *size, look, 120.0)
    whole = "".join(rows)
    assert look.glyphs.unicode or whole.isascii()
    assert all(word in whole for word in ("actual", "predicted", "shares", DATES[0.0], DATES[252.0]))
    assert "test days from here" in whole or size[0] < 120


def test_a_line_is_fine_when_it_has_more_points_than_half_of_the_columns() -> None:
    points = [(float(x), x / 40) for x in range(41)]
    assert "● a" not in "".join(shown(many(points)))
    assert dots(shown(many(points))) == set(range(len(canvas(shown(many(points)))[0])))
    assert "● a" in "".join(shown(many(points[:40])))


@pytest.mark.parametrize("look", LOOKS)
def test_fine_lines_are_told_apart_without_colours_and_named_with_a_sample(look: Look) -> None:
    count = 4 if look.glyphs.unicode else 8
    lines = {str(i): [(float(x), i + 0.5) for x in DAYS] for i in range(count)}
    rows = shown(Chart("t", "x", "y", lines), 120, 40, look)
    drawn = [row for row in canvas(rows) if len(row.replace(" ", "")) > 8]
    assert len(drawn) == count
    patterns = {("".join(sorted({*row} - {" "})), row.count(" ") // 10) for row in drawn}
    assert len(patterns) == count
    samples = [row.split()[-2:] for row in rows if row.split() and row.split()[-1] in lines]
    assert len({tuple(sample[:1]) for sample in samples}) == count


def test_points_are_above_fine_lines() -> None:
    flat = [(float(x), 0.5) for x in DAYS]
    rows = shown(Chart("t", "x", "y", {"a": flat, "b": flat, "c": [(126.0, 0.5)]}), look=PLAIN)
    row = next(row for row in canvas(rows) if "%" in row)
    assert set(row) == {"%", "x"}
    assert row.count("x") == 1


def test_a_gap_is_not_bridged_and_a_point_alone_is_seen() -> None:
    gap = [(float(x), NAN if 60 < x < 120 and x != 90 else 0.5) for x in DAYS]
    for bad in (NAN, float("inf"), 1e301):
        columns = dots(shown(many([(x, bad if y != y else y) for x, y in gap]), 266))
        assert columns == {*range(61), 90, *range(120, 253)}


@pytest.mark.parametrize("width", range(60, 140, 7))
def test_a_fine_point_is_in_the_cell_of_its_tick_and_of_its_cursor(width: int) -> None:
    chart = many([(float(x), {99: NAN, 100: 1.0, 101: NAN}.get(x, 0.0)) for x in range(201)])
    rows = shown(chart, width)
    point = next(x for x, c in enumerate(rows[2]) if c in FINE)
    assert point == rows[-3].index("┬", rows[-2].index("100") - 1)
    bare, lit = (cells(draw(chart, width, 20, LOOK, cursor))[2] for cursor in (None, 100.0))
    assert [x for x in range(width) if bare[x] != lit[x]] == [point]


@pytest.mark.parametrize("look", LOOKS)
def test_a_mark_is_a_line_over_the_whole_height_with_its_words_beside(look: Look) -> None:
    glyph = "┊" if look.glyphs.unicode else "!"
    flat = Chart("t", "x", "y", {"a": [(0, 0), (10, 0)]}, marks={3: "here", 9.9: "no room on the right", 11: "beyond"})
    rows = canvas(shown(flat, look=look))
    first, second = (x for x, c in enumerate(rows[0]) if c == glyph)
    assert all(row[first] == row[second] == glyph for row in rows[:-1])
    assert rows[0][first:].startswith(f"{glyph} here ")
    assert rows[0][:second].endswith(" no room on the right ")
    assert "beyond" not in "".join(rows)


def test_a_mark_hides_no_point_and_its_words_go_where_there_are_none() -> None:
    flat = [(float(x), 1.0) for x in DAYS]
    alone, marked = (canvas(shown(Chart("t", "x", "y", {"a": flat}, marks=marks))) for marks in ({}, {50.0: "words"}))
    assert marked[0] == alone[0]
    assert "┊ words" in marked[1]


@pytest.mark.parametrize(("columns", "expected"), [(30, "┊ some long words"), (13, "┊ some long…"), (5, "┊")])
def test_the_words_of_a_mark_are_cut_to_the_room_they_have(columns: int, expected: str) -> None:
    walls = [(x, y / 20) for x in (125.0 - columns, 125.0 + columns) for y in range(21)]
    lines: dict[str, Points] = {"a": walls[:21], "b": walls[21:], "c": [(0.0, 0.0), (250.0, 0.0)]}
    rows = canvas(shown(Chart("t", "x", "y", lines, marks={125.0: "some long words"}), 262))
    assert rows[0].split("●")[-1].split("◆")[0].strip() == expected


def test_the_names_on_the_axis_are_of_days_that_exist_the_first_and_the_last_among_them() -> None:
    for width in (40, 57, 80, 121, 200):
        rows = shown(VOLUME, width)
        names = rows[-2].split()
        assert names[0] == DATES[0.0]
        assert names[-1] == DATES[252.0]
        assert names == sorted({*names} & {*DATES.values()})
        assert rows[-3].count("┬") == len(names) >= width // 20
        assert len(names) == 2 or rows[-2].count("   ")  # not one after another


def test_a_name_is_shown_as_a_terminal_may_see_it() -> None:
    names = {0.0: "day\x1b[31m", 1.0: "日本", 2.0: "x" * 300}
    row = shown(Chart("t", "x", "y", {"a": [(x, x) for x in range(3)]}, labels=names), 80)[-2]
    assert row.split()[0] == "day?[31m"
    assert row.split()[-1].endswith("…")


CURSORS = [0.0, 1.0, 120.4, 200.0, 251.0, 252.0]


@pytest.mark.parametrize("look", LOOKS)
def test_the_cursor_changes_nothing_but_its_column(look: Look) -> None:
    bare = cells(draw(VOLUME, 200, 40, look))
    columns = []
    for cursor in CURSORS:
        moved = cells(draw(VOLUME, 200, 40, look, cursor))
        changed = {(x, y) for y, row in enumerate(moved) for x, cell in enumerate(row) if cell != bare[y][x] and y > 1}
        columns.append({x for x, _ in changed})
        assert len({y for _, y in changed}) >= 20
        assert look.plain or {y for _, y in changed} == {*range(2, 38)}
    assert [len(column) for column in columns] == [1] * len(CURSORS)
    assert sorted(map(min, columns)) == [min(c) for c in columns]
    assert cells(draw(VOLUME, 200, 40, look)) == bare


@pytest.mark.parametrize("look", [look for look in LOOKS if look.plain or look.depth != "256"])
def test_without_a_background_the_cursor_is_a_line_even_on_a_mark(look: Look) -> None:
    for cursor in (120.0, 200.0):
        rows = canvas(shown(VOLUME, 200, 40, look, cursor))
        column = next(x for x, c in enumerate(rows[-1]) if c == look.glyphs.zero)
        assert sum(row[column] == look.glyphs.zero for row in rows) > 20
        assert not any(row[column] == " " for row in rows)


@pytest.mark.parametrize("cursor", [-1.0, 252.01, NAN, float("inf")])
def test_a_cursor_beyond_the_axis_is_nowhere(cursor: float) -> None:
    assert cells(draw(VOLUME, 80, 20, LOOK, cursor)) == cells(draw(VOLUME, 80, 20, LOOK))
    assert "no room" in shown(VOLUME, 20, 5, LOOK, 3.0)[0]


def test_moving_the_cursor_draws_nothing_again(monkeypatch: pytest.MonkeyPatch) -> None:
    draw(VOLUME, 200, 40, LOOK)
    monkeypatch.setattr(overlay, "picture", None)
    times = []
    for day in DAYS:
        start = perf_counter()
        draw(VOLUME, 200, 40, LOOK, float(day))
        times.append(perf_counter() - start)
    assert sorted(times)[len(times) // 2] < 0.002


def test_what_is_kept_cannot_be_changed_from_outside() -> None:
    before = cells(draw(VOLUME, 80, 20, LOOK))
    lines = draw(VOLUME, 80, 20, LOOK)
    lines[3].clear()
    lines.pop()
    assert cells(draw(VOLUME, 80, 20, LOOK)) == before


def test_threads_with_cursors_of_their_own() -> None:
    work: list[tuple[Chart, int, float]] = list(product((VOLUME, LOSS), (60, 90, 133), (3.0, 100.0)))
    one: Callable[[tuple[Chart, int, float]], list[str]] = lambda job: shown(job[0], job[1], 20, PLAIN, job[2])  # noqa: E731
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(one, work * 3))
    assert together == [one(job) for job in work] * 3


NUMBERS = st.one_of(st.floats(), st.integers(-50, 50).map(float), st.floats(0, 1))
NAMED = st.dictionaries(NUMBERS, st.text(max_size=20), max_size=5)


@given(
    st.lists(st.tuples(NUMBERS, NUMBERS), max_size=30), NAMED, NAMED, st.booleans(), st.booleans(), NUMBERS,
    st.integers(30, 70), st.integers(6, 14), st.sampled_from(LOOKS),
)  # fmt: skip
def test_any_chart_at_any_size(
    points: Points, labels: dict[float, str], marks: dict[float, str], log: bool, zero: bool,
    cursor: float, width: int, height: int, look: Look,
) -> None:  # fmt: skip
    named = {**{x: "é日" for x, _ in points[::2]}, **labels}
    chart = Chart("t", "x", "y", {"a": points}, labels=named, marks=marks, log=log, zero=zero)
    whole = "".join(shown(chart, width, height, look, cursor))
    assert whole.isprintable()
    assert look.glyphs.unicode or whole.isascii()
