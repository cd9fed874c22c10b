"""A session that lasts: after many steps, screens and trainings it takes no more memory, and answers as fast.

Here a few rounds are enough, for what the allocators of Python and C have in use is known to the block. GATESTEP_SOAK=1
(or `make soak`) does a hundred times as many, with a command started for real, and looks at what the system gave it.
"""

import os
import signal
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from forks import can_measure

if TYPE_CHECKING:
    from ptydriver import Spawn, Terminal

DENSE = "GATESTEP_SOAK" in os.environ
STEPS, SWITCHES, TRAININGS = (20_000, 2_000, 200) if DENSE else (400, 48, 2)
TIMED = 100 if DENSE else 10
"""Steps that are timed at the end."""

TRAINED = 90.0
"""Seconds within which a training of 1,000 epochs is over, on a machine that does other things."""

GROWTH = 1.05
"""How much more memory it may take at the end than when everything had been used once, as the system counts it."""

BLOCKS, BYTES = 600, 60_000
"""How much more a round may leave in use, by Python's blocks and C's bytes: a screen that is kept holds thousands."""

DRAWN = 20 * BLOCKS, 5 * BYTES
"""How much more a training may: a thousand epochs are drawn, and caches of what was drawn fill up."""

SLOWER = 1.2 if DENSE else 3.0
"""How much slower a step may be at the end than in a command left alone: less would fail by chance."""


class Memory:
    """What the command of a terminal has in memory, from one time that it is looked at to another."""

    def __init__(self, terminal: "Terminal", file: Path) -> None:
        self._terminal, self._file = terminal, file
        self._before = self._now()

    def assert_no_more(self, rounds: int, most: tuple[int, int] = (BLOCKS, BYTES)) -> None:
        """So many rounds later it is no more than when this was made, but for `most` a round."""
        before, after = self._before, self._now()
        print(f"{rounds} rounds later: {before} has become {after}")
        if DENSE:
            assert after[0] < before[0] * GROWTH
        else:
            assert after[0] - before[0] < most[0] * rounds, "blocks of Python"
            assert after[1] - before[1] < most[1] * rounds, "bytes of C"

    def _now(self) -> tuple[int, int]:
        if DENSE:
            resident = int(Path(f"/proc/{self._terminal.pid}/statm").read_text().split()[1])
            return resident * os.sysconf("SC_PAGE_SIZE"), 0
        self._file.unlink(missing_ok=True)
        os.kill(self._terminal.pid, signal.SIGRTMIN)
        self._terminal.wait_until(self._file.exists, "says what it has in memory")
        blocks, taken = self._file.read_text().split()
        return int(blocks), int(taken)


Started = Callable[..., tuple["Terminal", Path]]


@pytest.fixture
def start(spawn: "Spawn", tmp_path: Path) -> Started:
    """Start a command whose memory can be looked at, by means of a file."""
    if sys.platform != "linux" or not (DENSE or can_measure()):
        pytest.skip("there is nothing here to measure the memory of a process by")

    def started(*args: str, torch: bool = False) -> tuple["Terminal", Path]:
        file = tmp_path / "memory"
        return spawn(*args, real=DENSE, torch=torch, measures=str(file)), file

    return started


def milliseconds(*terminals: "Terminal") -> list[float]:
    """The median time that a step takes in each, by turns: what else the machine does falls on all of them alike."""
    times: list[list[float]] = [[] for _ in terminals]
    for key in ("right", "left") * (TIMED // 2):
        for taken, terminal in zip(times, terminals, strict=True):
            taken.append(terminal.redraw(key)[1] * 1000)
    return [statistics.median(taken) for taken in times]


def assert_lives(
    start: Started, once: Callable[["Terminal"], None], rounds: int, control: "Terminal", torch: bool = False
) -> None:
    """Do `once` so many times; then it has no more memory than after the first rounds, and is as fast as `control`."""
    terminal, file = start("run", "pakistan", "--at", "1", torch=torch)
    terminal.wait_for("timestamp 1/24")
    terminal.settle()
    first = max(rounds // 10, 14) if DENSE else 4  # by then every thread has worked once
    for _ in range(first):
        once(terminal)
    memory = Memory(terminal, file)
    for _ in range(rounds - first):
        once(terminal)
    terminal.settle()
    memory.assert_no_more(rounds - first)
    assert terminal.screen == control.screen, "else their steps are not the same work"
    old, new = milliseconds(terminal, control)
    print(f"{rounds} rounds: a step takes {old:.1f} ms, in one left alone {new:.1f} ms")
    assert old < new * SLOWER


def test_thousands_of_steps(start: Started, control: "Terminal") -> None:
    def there_and_back(terminal: "Terminal") -> None:
        terminal.press(*["right"] * 20, *["."] * 4, *["tab", "up"] * 3)
        terminal.wait_for("timestamp 22/24")
        terminal.press(*["down"] * 3, *[","] * 4, *["left"] * 20, "tab")  # from h, where , ends, to f
        terminal.wait_for("timestamp 1/24")

    assert_lives(start, there_and_back, STEPS // 50, control)


@pytest.mark.parametrize(
    ("key", "shows"),
    [
        ("?", "You are at"), ("c", "compared"), ("b", "L = L24"), ("v", "held-out"), ("u", "one word replaced"),
        ("a", "chart 1"),
    ],
)  # fmt: skip
def test_hundreds_of_screens(start: Started, control: "Terminal", key: str, shows: str) -> None:
    def there_and_back(terminal: "Terminal") -> None:
        terminal.press(key)
        terminal.wait_for(shows)
        terminal.settle(0.05)
        terminal.press("q")
        terminal.wait_for(rf"\A(?![\s\S]*{shows})[\s\S]*timestamp 1/24")
        terminal.settle(0.05)

    assert_lives(start, there_and_back, SWITCHES // 6, control, torch=key == "b")


def test_one_training_after_another(start: Started) -> None:
    terminal, file = start("run", "starbucks", "--at", "201", torch=True)
    terminal.wait_for("after epoch 1000 of 1000")

    def once() -> None:
        terminal.press("space")
        terminal.wait_for("epoch 0 of|waiting|starting|training")
        terminal.wait_for("trained in", within=TRAINED)
        terminal.press("right")
        terminal.settle(0.3)

    first = max(TRAININGS // 100, 1)
    for _ in range(first):
        once()
    memory = Memory(terminal, file)
    for _ in range(TRAININGS - first):
        once()
    memory.assert_no_more(TRAININGS - first, DRAWN)
