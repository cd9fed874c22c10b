"""Slow lines: how little is sent for a key, and that nothing stale is on its way when a key is let go."""

import contextlib
import re
import statistics
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from gatestep.tui.terminal.link import QUESTION
from places import PLACES, Place, at_each
from ptydriver import COMMAND, Spawn, Terminal, environment
from slowline import SlowTerminal

RATE, DELAY = 20_000, 0.075
"""Bytes a second, and seconds one way."""

FOR_NOTHING = re.compile(rb"\x1b\[\d+;\d+H")
"""A frame that draws nothing: it only puts the cursor where it is."""

SOON = 3.0
"""Seconds for the last frame, the one before it, a round trip, and a busy machine; a queue would take 7 to 20."""


@at_each(PLACES)
def test_a_key_sends_little(at: Callable[[Place], Terminal], place: Place) -> None:
    terminal = at(place)
    for size, most in (
        (((80, 24), 10_000), ((200, 50), 30_000)) if place.turns else (((80, 24), 5_000), ((200, 50), 10_000))
    ):
        if size != (80, 24):
            terminal.resized(*size)
        redraws = [terminal.redraw(key)[0] for key in (*place.moves, *place.moves)]
        sent = [len(redraw) for redraw in redraws]
        assert statistics.median(sent) <= most, f"{sent} bytes at {size}"
        frames = [frame for redraw in redraws for frame in redraw.split(QUESTION.encode())[:-1]]
        assert not [frame for frame in frames if FOR_NOTHING.fullmatch(frame)]
    terminal.resized(80, 24)  # as it was, for the next test


def test_playing_and_watching_a_training_send_little(spawn: Spawn) -> None:
    terminal = spawn("run", "pakistan", "--at", "1", torch=True)
    terminal.wait_for("timestamp 1/24")
    terminal.settle()
    terminal.press("+", "+", " ")
    terminal.wait_for("timestamp 2/24")
    assert len(terminal.bytes_in(2.0)) < 5_000 * 8 * 2
    terminal.press(" ", "w")
    terminal.wait_for(r"training \d+/9000")
    assert 0 < len(terminal.bytes_in(2.0)) < 5_000 * 10 * 2
    terminal.press("ctrl+c")
    assert terminal.exit_code() == 0


@pytest.fixture(params=["sshd holds it", "the pty holds it"])
def slow(request: pytest.FixtureRequest) -> Iterator[SlowTerminal]:
    """The stepper at the far end of a slow line."""
    argv = [str(COMMAND), "run", "pakistan", "--at", "1"]
    buffered = request.param == "sshd holds it"
    terminal = SlowTerminal(argv, (120, 40), environment(), rate=RATE, delay=DELAY, buffered=buffered)
    try:
        terminal.wait_for("timestamp 1/24")
        terminal.settle(0.6)
        yield terminal
    finally:
        terminal.close()


def hold(terminal: Terminal, seconds: float) -> None:
    """Hold a key down, then another, as a keyboard repeats them: 30 times a second."""
    start = time.monotonic()
    for n in range(int(seconds * 30)):
        terminal.press("left" if n // 20 % 2 else "right")
        terminal.bytes_in(max(start + (n + 1) / 30 - time.monotonic(), 0.0))


def test_a_key_held_down_leaves_no_queue_behind(slow: SlowTerminal) -> None:
    hold(slow, 3.0)
    while len(slow.sent) <= 10_000:  # it moves meanwhile: on a machine that does other things, more slowly
        hold(slow, 0.5)
    before = len(slow.sent)
    slow.press("G")
    slow.wait_for("timestamp 24/24")
    slow.settle(0.4)
    assert len(slow.sent) - before < RATE, "what was on its way is little: a queue would be seven times as much"


def test_playing_keeps_its_pace(slow: SlowTerminal) -> None:
    slow.press("+", "+", "+", "g", " ")  # 16 steps a second
    start = time.monotonic()
    slow.wait_for("timestamp 24/24")
    assert time.monotonic() - start < 23 / 16 + SOON


def test_quitting_does_not_wait_for_what_nobody_wants_to_see(slow: SlowTerminal) -> None:
    hold(slow, 1.5)
    slow.press("ctrl+c")
    start = time.monotonic()
    assert slow.exit_code() == 0
    assert time.monotonic() - start < SOON
    slow.settle(0.4)
    assert slow.sent.endswith(b"\x1b[?1004l")
    assert slow.sent.count(b"\x1b[6n") == slow.answers, "no answer is left to be read by the shell"
    assert slow.screen.strip() in ("", "u"), "nothing of ours is left, but what pyte does not know of the keyboard"


def test_a_terminal_that_answers_nothing_is_drawn_on_all_the_same() -> None:
    argv = [str(COMMAND), "run", "pakistan", "--at", "1"]
    terminal = SlowTerminal(argv, (80, 24), environment(), rate=RATE, delay=DELAY, buffered=False, mute=True)
    try:
        terminal.wait_for("timestamp 1/24")
        hold(terminal, 2.0)
        terminal.press("G")
        released = time.monotonic()
        terminal.wait_for("timestamp 24/24")
        assert time.monotonic() - released < 2 * SOON
        terminal.bytes_in(3.0)
        terminal.press("g")
        terminal.wait_for("timestamp 1/24")
        asked = terminal.sent.count(b"\x1b[6n")
        terminal.press("9", "G")
        terminal.wait_for("timestamp 9/24")
        assert terminal.sent.count(b"\x1b[6n") == asked, "it is not asked any more"
    finally:
        terminal.close()


class LateTerminal(Terminal):
    """Answers, but `late` seconds after it was asked; keys arrive at once."""

    late, asked, answered = 0.0, 0, 0
    timers: tuple[threading.Timer, ...] = ()

    def _answer(self, data: bytes) -> None:
        self.asked += 1
        self.timers += (threading.Timer(self.late, self._tell, [data]),)
        self.timers[-1].start()

    def _tell(self, data: bytes) -> None:
        with contextlib.suppress(OSError):  # the terminal is closed
            self.send(data)
            self.answered += 1


@pytest.mark.parametrize("late", [1.5, 2.5])
def test_an_answer_that_comes_late_is_waited_for_and_does_not_reach_the_shell(late: float) -> None:
    terminal = LateTerminal([str(COMMAND), "run", "pakistan", "--at", "1"], (80, 24), environment(), False)
    terminal.late = late
    try:
        terminal.wait_for("timestamp 1/24")
        terminal.press("right")
        terminal.wait_for("timestamp 2/24")
        terminal.press("ctrl+c")
        assert terminal.exit_code() == 0
        for timer in terminal.timers:
            timer.join()
        assert terminal.asked == terminal.answered > 0
    finally:
        terminal.close()
