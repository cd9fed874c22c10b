"""A terminal that is resized at any moment, in bursts and down to almost nothing, shows the same again afterwards."""

import random
from collections.abc import Callable

from places import PLACES, PROMPTS, Place, at_each
from ptydriver import Spawn, Terminal

LEAST, MOST = (40, 10), (250, 70)
ALIKE = ("charts", "its questions", "learning", "hits", "breakpoints", "edits", "networks")
"""Places whose rows are shared as those of others are."""

_PAKISTAN = ("run", "pakistan", "--at", "9")
MOMENTS = (*(place for place in PLACES if place.name not in ALIKE), *PROMPTS)


def burst(terminal: Terminal, seed: int, times: int = 50) -> None:
    """Resize at random, without waiting for anything; then be 80x24 again."""
    rng = random.Random(seed)
    for _ in range(times):
        terminal.resize(rng.randint(LEAST[0], MOST[0]), rng.randint(LEAST[1], MOST[1]))
        terminal.bytes_in(rng.choice((0.0, 0.0, 0.01)))
    terminal.resize(80, 24)


@at_each(MOMENTS)
def test_after_a_burst_of_resizes_everything_is_as_before(at: Callable[[Place], Terminal], place: Place) -> None:
    terminal = at(place)
    before = terminal.screen
    burst(terminal, seed=len(place.name))
    assert terminal.becomes(before), terminal.screen
    assert terminal.exit_code(within=0) is None
    for size in (LEAST, (41, 11), MOST):
        terminal.resized(*size)
        assert terminal.exit_code(within=0) is None
        shown = terminal.screen
        assert len(shown.split()) > 10, f"nothing to read at {size}:\n{shown}"
        assert terminal.redrawn() == shown, "drawn again, whole, it is the same"


def test_the_smallest_terminal_still_tells_the_gates(spawn: Spawn) -> None:
    terminal = spawn(*_PAKISTAN, size=LEAST)
    terminal.wait_for("timestamp 9/24")
    terminal.wait_for(r"40x10 shows a part; 80x24 shows all")
    terminal.wait_for(r"3/8 +f +i +g +cell c +o +h")
    terminal.wait_for(r"▸ 5 +0\.00 +0\.57 +\+0\.91 +\+0\.52 +0\.00 +\+0\.00")


def test_a_resize_while_it_plays_changes_nothing_but_the_size(spawn: Spawn) -> None:
    terminal = spawn("run", "pakistan", "--at", "1")
    terminal.wait_for("timestamp 1/24")
    terminal.settle()
    terminal.press("+", "+", " ")
    burst_over = "timestamp 24/24"
    rng = random.Random(1)
    for _ in range(50):
        terminal.resize(rng.randint(LEAST[0], MOST[0]), rng.randint(LEAST[1], MOST[1]))
        terminal.bytes_in(0.02)
    terminal.resize(80, 24)
    terminal.wait_for(burst_over)
    terminal.settle()
    shown = terminal.screen
    assert terminal.redrawn() == shown
