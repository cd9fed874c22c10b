"""Lines of a chart that meet: none hides a point of another, and all that share a cell are seen."""

from typing import Any

import pytest
from charted import NAN, Points, chart, named, places, shown
from gatestep.scenarios import Chart
from gatestep.tui.draw.look import ASCII, BRAILLE, UNICODE, Look
from gatestep.tui.draw.pens import BITS, DOTS, bits_of
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
