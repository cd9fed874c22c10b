"""Every panel has its place from 80x24 on; below, panels give way and nothing overflows."""

from dataclasses import replace

import pytest
from gatestep.tui.views.stepper.layout import allot, too_small
from gatestep.tui.views.stepper.state import Moment
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


def test_everything_is_on_the_smallest_full_screen(moment: Moment) -> None:
    rows = allot(80, 24, moment, sentence=2)
    assert (rows.heading, rows.sentence, rows.footer) == (1, 2, 1)
    assert rows.units >= 9, "a header and eight units"
    assert rows.arithmetic >= 4
    assert rows.timeline >= 6, "a heading, eight units in four rows, and the words"
    assert rows.prediction >= 1
    assert rows.total == 24


def test_with_the_lesson_open_there_is_something_of_everything_left(moment: Moment) -> None:
    rows = allot(80, 24, moment, sentence=2, lesson=(4, 7))
    assert (rows.heading, rows.sentence, rows.footer, rows.lesson) == (1, 2, 1, 4)
    assert rows.units >= 5, "a header and four units"
    assert rows.arithmetic >= 4
    assert rows.prediction >= 2
    assert rows.timeline >= 4
    assert rows.total == 24


@given(
    width=st.integers(1, 300),
    height=st.integers(1, 120),
    lines=st.integers(1, 400),
    lesson=st.tuples(st.integers(0, 9), st.integers(0, 16)),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_never_overflow_nor_go_below_zero(
    moment: Moment, width: int, height: int, lines: int, lesson: tuple[int, int]
) -> None:
    rows = allot(width, height, moment, lines, lesson)
    assert rows.total <= max(height, 4)
    assert all(n >= 0 for n in rows.rows.values())


@given(
    width=st.integers(1, 300),
    height=st.integers(4, 120),
    picture=st.sampled_from([None, False, True]),
    lines=st.integers(1, 9),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_panel_lies_on_another_or_beyond_the_screen(
    moment: Moment, width: int, height: int, picture: bool | None, lines: int
) -> None:
    boxes = allot(width, height, replace(moment, picture=picture), lines).boxes
    taken: set[tuple[int, int]] = set()
    for box in boxes.values():
        assert box.x >= 0
        assert box.x + box.width <= width
        assert box.y + box.height <= height - 1, "the last row is the footer's"
        cells = {(x, y) for x in range(box.x, box.x + box.width) for y in range(box.y, box.y + box.height)}
        assert not cells & taken
        taken |= cells


@pytest.mark.parametrize(
    ("size", "there", "not_there"),
    [
        ((80, 24), ("units", "arithmetic", "timeline", "prediction"), ("cell", "strips", "chart", "written")),
        ((100, 30), ("units", "strips"), ("cell", "chart")),
        ((120, 36), ("units", "cell", "chart", "written"), ()),
        ((160, 45), ("units", "cell", "chart", "written", "strips"), ()),
        ((200, 50), ("units", "cell", "chart", "written", "strips"), ()),
    ],
)
def test_each_picture_is_there_from_its_size_on(
    moment: Moment, size: tuple[int, int], there: tuple[str, ...], not_there: tuple[str, ...]
) -> None:
    rows = allot(*size, moment, sentence=2).rows
    assert {name for name in there if not rows[name]} == set()
    assert {name for name in not_there if rows[name]} == set()


def test_the_picture_of_the_cell_takes_the_place_of_the_table_or_leaves_it(moment: Moment) -> None:
    small = allot(80, 24, replace(moment, picture=True), 2)
    large = allot(120, 40, replace(moment, picture=False), 2)
    assert allot(120, 40, replace(moment, picture=True), 2) == allot(120, 40, moment, 2)
    assert (small.cell, small.units) == (11, 0)
    assert (large.cell, large.side) == (0, 0)
    assert small.timeline >= 3


def test_from_160_columns_the_chart_stands_beside_the_picture(moment: Moment) -> None:
    for width in (160, 200, 300):
        boxes = allot(width, 45, moment, 1).boxes
        assert boxes["units"].y == boxes["cell"].y == boxes["chart"].y
        assert boxes["units"].x < boxes["cell"].x < boxes["chart"].x
        assert boxes["cell"].width >= 48
        assert boxes["chart"].width >= 40


@pytest.mark.parametrize("width", [80, 120, 159, 160, 200])
def test_more_height_never_takes_a_row_from_the_units(moment: Moment, width: int) -> None:
    first = 37 if width >= 120 else 31  # where a chart or strips come, they come at the cost of others
    for name in ("units", "timeline"):
        for heights in (range(24, 30), range(first, 80)):
            rows = [getattr(allot(width, height, moment, 2), name) for height in heights]
            assert rows == sorted(rows)


@pytest.mark.parametrize(("size", "told"), [((80, 24), False), ((79, 24), True), ((80, 23), True), ((200, 50), False)])
def test_says_when_not_everything_fits(size: tuple[int, int], told: bool) -> None:
    assert bool(too_small(*size)) == told


def test_without_words_there_is_no_prediction(moment: Moment) -> None:
    numbers = replace(moment, subject=replace(moment.subject, prediction=None))
    assert allot(120, 40, numbers, 1).prediction == 0
