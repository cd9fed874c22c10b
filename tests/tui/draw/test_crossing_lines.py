"""Lines of a chart that meet: none hides a point of another, and all that share a cell are seen."""

from typing import Any

import pytest
from charted import NAN, Points, chart, named, places, shown
from gatestep.scenarios import Chart
from gatestep.tui.draw.look import ASCII, BRAILLE, UNICODE, Look
from gatestep.tui.draw.pens import bits_of, dashed
from hypothesis import given
from hypothesis import strategies as st


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
    pen = "braille" if glyphs.braille else "hd"
    first, second = (bits(chart(a=line), glyphs) for line in (up, down))
    second = {place: dashed(pen, cell, LEFT + place[0], place[1], 1) for place, cell in second.items()}
    both = bits(chart(a=up, b=down), glyphs)
    assert len(first) == len(second) > 60
    expected = {place: first.get(place, 0) | second.get(place, 0) for place in {*first, *second}}
    assert {place: dots for place, dots in expected.items() if dots} == both
    assert {*first} & {*second}


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
