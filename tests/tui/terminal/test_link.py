"""What may be sent while answers are out, and what becomes of a terminal that gives none."""

import time

from gatestep.tui.terminal.link import WINDOW, Line


def answering() -> Line:
    """A line to a terminal that has answered once."""
    line = Line()
    line.sent(1)
    line.answered()
    return line


def test_a_little_more_than_a_window_is_on_its_way_at_most() -> None:
    line = answering()
    line.sent(WINDOW)
    assert line.free
    line.sent(1)
    assert not line.free
    line.answered()
    assert line.free


def test_a_terminal_that_never_answers_is_not_waited_for() -> None:
    line = Line()
    line.sent(100 * WINDOW)
    assert line.free
    assert line.asks
    line.lost()
    assert not line.asks


def test_a_lost_answer_stops_nothing_for_long() -> None:
    line = answering()
    line.sent(2 * WINDOW)
    assert not line.free
    assert 0 < line.waits < 10
    line.lost()
    assert line.free
    assert line.asks, "the terminal has answered before, and is asked again"
    assert not line.waits


def test_what_the_system_has_not_taken_comes_first() -> None:
    line = Line()
    line.given(10)
    assert not line.free
    line.taken(10)
    assert line.free


def test_leaving_waits_for_answers_but_not_long() -> None:
    line = answering()
    line.drain()
    line.sent(10)
    start = time.monotonic()
    line.drain()
    assert 0.5 < time.monotonic() - start < 5
