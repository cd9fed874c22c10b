"""A session that lasts: after many steps, screens and trainings it takes no more memory, and answers as fast.

The counts are a tenth of the soak test's; GATESTEP_SOAK=1 (or `make soak`) runs all of it.
"""

import os
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ptydriver import Spawn, Terminal

DENSE = "GATESTEP_SOAK" in os.environ
STEPS, SWITCHES, TRAININGS = (20_000, 2_000, 200) if DENSE else (1_000, 150, 3)
TIMED = 100 if DENSE else 10
"""Steps that are timed at the end."""

GROWTH = 1.05
"""How much more memory it may take at the end than when everything had been used once."""

SLOWER = 1.2 if DENSE else 3.0
"""How much slower a step may be at the end than in a command left alone: less would fail by chance."""


def megabytes(terminal: "Terminal") -> float:
    """What the command has in memory now."""
    path = Path(f"/proc/{terminal.pid}/statm")
    if not path.exists():
        pytest.skip("there is no /proc here to read the memory of a process from")
    return int(path.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def milliseconds(*terminals: "Terminal") -> list[float]:
    """The median time that a step takes in each, by turns: what else the machine does falls on all of them alike."""
    times: list[list[float]] = [[] for _ in terminals]
    for key in ("right", "left") * (TIMED // 2):
        for taken, terminal in zip(times, terminals, strict=True):
            taken.append(terminal.redraw(key)[1] * 1000)
    return [statistics.median(taken) for taken in times]


def assert_lives(terminal: "Terminal", once: Callable[[], None], rounds: int, control: "Terminal") -> None:
    """Do `once` so many times; then it has no more memory than after the first rounds, and is as fast as `control`."""
    before = 0.0
    for n in range(rounds):
        once()
        if n == max(rounds // 10, 14):  # by then every thread has worked once
            before = megabytes(terminal)
    terminal.settle()
    after = megabytes(terminal)
    assert terminal.screen == control.screen, "else their steps are not the same work"
    old, new = milliseconds(terminal, control)
    print(f"{rounds} rounds: {before:.1f} to {after:.1f} MB, a step {old:.1f} ms, one left alone {new:.1f} ms")
    assert after < before * GROWTH
    assert old < new * SLOWER


def test_thousands_of_steps(stepper: "Terminal", control: "Terminal") -> None:
    def there_and_back() -> None:
        stepper.press(*["right"] * 20, *["."] * 4, *["tab", "up"] * 3)
        stepper.wait_for("timestamp 22/24")
        stepper.press(*["down"] * 3, *[","] * 4, *["left"] * 20, "tab")  # from h, where , ends, to f
        stepper.wait_for("timestamp 1/24")

    assert_lives(stepper, there_and_back, STEPS // 50, control)


@pytest.mark.parametrize(
    ("key", "shows"),
    [
        ("?", "You are at"), ("c", "compared"), ("b", "L = L24"), ("v", "held-out"), ("u", "one word replaced"),
        ("a", "chart 1"),
    ],
)  # fmt: skip
def test_hundreds_of_screens(stepper: "Terminal", control: "Terminal", key: str, shows: str) -> None:
    def there_and_back() -> None:
        stepper.press(key)
        stepper.wait_for(shows)
        stepper.settle(0.05)
        stepper.press("q")
        stepper.wait_for(rf"\A(?![\s\S]*{shows})[\s\S]*timestamp 1/24")
        stepper.settle(0.05)

    few = key == "b" and not DENSE  # PyTorch makes its gradients anew each time: no page takes longer
    assert_lives(stepper, there_and_back, 16 if few else SWITCHES // 6, control)


def test_one_training_after_another(spawn: "Spawn") -> None:
    terminal = spawn("run", "starbucks", "--at", "201")
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
