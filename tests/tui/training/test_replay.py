"""A training is shown no faster than in SECONDS, whole and in order, and one that is slower as it goes."""

import pytest
from gatestep.tui.training.process import Report
from gatestep.tui.training.replay import SECONDS, Replay
from hypothesis import given
from hypothesis import strategies as st


def shown(replay: Replay, now: float, until: float, step: float = 0.1) -> tuple[list[object], float]:
    """Everything that is given out from `now` on, and when the last of it was."""
    items: list[object] = []
    while now < until:
        report = replay.due(now)
        items += report.items
        if report.over:
            return items, now
        now += step
    raise AssertionError("it never ends")


def test_what_comes_at_once_is_shown_in_as_many_seconds_as_are_meant() -> None:
    replay = Replay(1000)
    replay.take(Report(tuple(range(1000)), over=True))
    items, end = shown(replay, 5.0, 60.0)
    assert items == list(range(1000))
    assert end - 5.0 == pytest.approx(SECONDS, abs=0.2)
    assert replay.slowed
    assert not replay.pending


def test_a_slow_training_is_not_slowed_further() -> None:
    replay, now, items = Replay(100), 0.0, list[object]()
    for n in range(100):
        now += 1.0
        replay.take(Report((n,), over=n == 99))
        items += replay.due(now).items
    assert items == list(range(100))
    assert not replay.slowed


def test_a_pause_does_not_count_and_a_failure_does_not_wait() -> None:
    replay = Replay(1000)
    replay.take(Report(tuple(range(1000))))
    replay.due(0.0)
    replay.hold()
    assert len(replay.due(100.0).items) == 1
    replay.take(Report(over=True, failed="no memory"))
    assert replay.due(100.1).failed == "no memory"
    assert not replay.pending


@given(st.lists(st.lists(st.integers(), max_size=50), max_size=20), st.floats(0.01, 2.0))
def test_nothing_is_lost_or_turned_round(reports: list[list[int]], step: float) -> None:
    replay, now, items = Replay(max(sum(map(len, reports)), 1)), 0.0, list[object]()
    for report in reports:
        replay.take(Report(tuple(report)))
        items += replay.due(now).items
        now += step
    replay.take(Report(over=True))
    rest, _ = shown(replay, now, now + 60 + 60 * step, step)
    assert items + rest == [n for report in reports for n in report]
