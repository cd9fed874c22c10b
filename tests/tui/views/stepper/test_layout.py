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
    assert all(n >= 0 for n in vars(rows).values())


@pytest.mark.parametrize("width", [80, 120, 129, 130, 200])
def test_more_height_never_takes_a_row_from_a_panel_that_had_it(moment: Moment, width: int) -> None:
    for name in ("units", "arithmetic", "timeline", "prediction"):
        heights = [getattr(allot(width, height, moment, 2), name) for height in range(24, 80)]
        assert heights == sorted(heights)


@pytest.mark.parametrize(("size", "told"), [((80, 24), False), ((79, 24), True), ((80, 23), True), ((200, 50), False)])
def test_says_when_not_everything_fits(size: tuple[int, int], told: bool) -> None:
    assert bool(too_small(*size)) == told


def test_without_words_there_is_no_prediction(moment: Moment) -> None:
    numbers = replace(moment, subject=replace(moment.subject, prediction=None))
    assert allot(120, 40, numbers, 1).prediction == 0
