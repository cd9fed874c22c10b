"""A session that lasts: after many steps, screens and trainings it takes no more memory, and answers as fast.

The counts are a tenth of a long day's; GATESTEP_LONG_LIFE=1 (or `make long-life`) runs all of it.
"""

import os
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ptydriver import Spawn, Terminal

WHOLE = "GATESTEP_LONG_LIFE" in os.environ
STEPS, SWITCHES, TRAININGS = (20_000, 2_000, 200) if WHOLE else (1_000, 150, 3)
TIMED = 100 if WHOLE else 10
"""Keys that are timed before and after."""

GROWTH = 1.05
"""How much more memory it may take at the end than when everything had been used once."""

SLOWER = 3.0
"""How much slower a step may be at the end: less would fail by chance on a machine with other work."""


def megabytes(terminal: "Terminal") -> float:
    """What the command has in memory now."""
    path = Path(f"/proc/{terminal.pid}/statm")
    if not path.exists():
        pytest.skip("there is no /proc here to read the memory of a process from")
    return int(path.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def milliseconds(terminal: "Terminal") -> float:
    """The median time that a step takes."""
    return statistics.median(terminal.redraw(key)[1] * 1000 for key in ("right", "left") * (TIMED // 2))


def lives(terminal: "Terminal", once: Callable[[], None], rounds: int) -> tuple[float, float]:
    """Do `once` so many times; return by how much memory and the time for a step have grown since the first rounds."""
    before = (0.0, 0.0)
    for n in range(rounds):
        once()
        if n == max(rounds // 10, 14):  # by then every thread has worked once
            before = megabytes(terminal), milliseconds(terminal)
    after = megabytes(terminal), milliseconds(terminal)
    print(f"{rounds} rounds: {before[0]:.1f} to {after[0]:.1f} MB, a step {before[1]:.1f} to {after[1]:.1f} ms")
    return after[0] / before[0], after[1] / before[1]


def test_thousands_of_steps(stepper: "Terminal") -> None:
    def there_and_back() -> None:
        stepper.press(*["right"] * 20, *["."] * 4, "tab", "down")
        stepper.wait_for("step 22/24")
        stepper.press(*["left"] * 20, *[","] * 4)
        stepper.wait_for("step 1/24")

    memory, time = lives(stepper, there_and_back, STEPS // 50)
    assert memory < GROWTH
    assert time < SLOWER


@pytest.mark.parametrize(
    ("key", "shows"),
    [
        ("?", "You are at"), ("c", "compared"), ("b", "at am, step 24"), ("v", "held-out"), ("u", "one word replaced"),
        ("a", "chart 1"),
    ],
)  # fmt: skip
def test_hundreds_of_screens(stepper: "Terminal", key: str, shows: str) -> None:
    def there_and_back() -> None:
        stepper.press(key)
        stepper.wait_for(shows)
        stepper.settle(0.05)
        stepper.press("q")
        stepper.wait_for(rf"\A(?![\s\S]*{shows})[\s\S]*step 1/24")
        stepper.settle(0.05)

    memory, time = lives(stepper, there_and_back, SWITCHES // 6)
    assert memory < GROWTH
    assert time < SLOWER


def test_one_training_after_another(spawn: "Spawn") -> None:
    terminal = spawn("run", "starbucks")
    terminal.wait_for("after epoch 1000 of 1000")
    sizes = []
    for _ in range(TRAININGS):
        terminal.press("space")
        terminal.wait_for("epoch 0 of|waiting|starting|training")
        terminal.wait_for("trained in")
        terminal.press("right")
        terminal.settle(0.3)
        sizes.append(megabytes(terminal))
    print(f"{TRAININGS} trainings: {sizes[1]:.0f} MB after two, {sizes[-1]:.0f} MB at the end")
    assert sizes[-1] < sizes[1] * GROWTH
