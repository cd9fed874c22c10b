"""Every screen there is: how to get there, and keys that move in it. Tests and measurements go through all of them."""

import atexit
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from forks import starter
from ptydriver import COMMAND, Start, Terminal, environment


@dataclass(frozen=True)
class Place:
    """One screen. `args` are the command's; `keys` lead from its first screen here, each until it `shows` something.

    `moves` change what is shown and end where they began; with `turns` each is a page turn, which leaves no row as it
    was: another page, or a page of text scrolled.
    """

    name: str
    args: tuple[str, ...]
    shows: str
    keys: tuple[tuple[str, str], ...] = ()
    moves: tuple[str, ...] = ("right", "left")
    turns: bool = False

    def reach(self, terminal: Terminal) -> None:
        """Wait in a terminal that runs the command until this screen is there, and still."""
        terminal.wait_for(self.shows)
        terminal.settle()
        for key, shown in self.keys:
            terminal.press(key)
            terminal.wait_for(shown)
        terminal.settle()

    def terminal(
        self, size: tuple[int, int], changes: Mapping[str, str | None] | None = None, start: Start | None = None
    ) -> Terminal:
        """Return a terminal of its own in which this screen is open, with the command started as `start` does it."""
        terminal = Terminal([str(COMMAND), *self.args], size, environment(changes), ignore_hang_up=False, start=start)
        try:
            self.reach(terminal)
        except BaseException:
            terminal.close()
            raise
        return terminal


class Kept:
    """One command at one place, which all tests of a place share as long as each leaves it as it was."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._place: Place | None = None
        self._terminal: Terminal | None = None
        self._shown = ""

    def at(self, place: Place) -> Terminal:
        """Return a terminal of 80x24 in which the screen of `place` is open."""
        kept = self._terminal
        if kept and (place != self._place or kept.exit_code(within=0) is not None or kept.screen != self._shown):
            self.close()
        if not self._terminal:
            changes = {"HOME": str(self._home)}
            self._place, self._terminal = place, place.terminal((80, 24), changes, starter(environment(changes)))
            self._shown = self._terminal.screen
        return self._terminal

    def close(self) -> None:
        """End the command."""
        if self._terminal:
            self._terminal.close()
        self._terminal = None


def at_each(places: Sequence[Place]) -> pytest.MarkDecorator:
    """Return the mark that runs a test at each place; the same worker gets all tests of a place, one after another."""
    each = [pytest.param(place, marks=pytest.mark.xdist_group(f"at {place.name}"), id=place.name) for place in places]
    return pytest.mark.parametrize("place", each)


_PAKISTAN = ("run", "pakistan", "--at", "9")
_STEPPER = r"timestamp 9/24"


def several_networks() -> str:
    """Write a file with two networks, which is removed at the end, and return its path."""
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    path = Path(folder.name) / "several.npz"
    shapes = {"weight_ih_l0": (16, 2), "weight_hh_l0": (16, 4)}
    names = ("encoder", "decoder")
    tensors: dict[str, Any] = {
        f"{name}.{key}": np.full(shapes[key], n) for n, name in enumerate(names) for key in shapes
    }
    np.savez(path, **tensors)
    return str(path)


PLACES = (
    Place("picker", (), "Enter open", moves=("down", "up")),
    Place("lesson", ("run", "order"), "lesson 1/4", moves=("right", "left", "enter", "\x7f")),
    Place("stepper", _PAKISTAN, _STEPPER),
    Place("comparison", ("run", "order", "--compare", "I am Hassan, not Ahmad"), "compared .* timestamp 1/6"),
    Place("dense network", ("run", "order", "--model", "dense"), "no timestamps", moves=("j", "k")),
    Place("charts", ("run", "lengths"), "lesson 1/", (("a", "chart 1/2"),), moves=("right",) * 3),
    Place("forecaster", ("run", "starbucks", "--at", "201"), "Volume day by day"),
    Place("its pages", ("run", "starbucks", "--at", "201"), "Volume day by day", (("tab", ""),), moves=("tab",) * 4,
          turns=True),
    Place("a day", ("run", "starbucks", "--model", "windowed", "--text", "2020-03-02"), "timestamp 5/5",
          moves=("left", "right")),
    Place("gradients", ("run", "pakistan", "--gradients"), "Flat: it passes", moves=("left", "right")),
    Place("experiment", ("run", "gradients"), "1/7", (("tab", "2/7"), ("tab", "3/7")),
          moves=("left", "up", "down", "right")),
    Place("its questions", ("run", "gradients"), "1/7", moves=("tab", "enter", "\x1b[Z", "tab", "\x1b[Z")),
    Place("learning", _PAKISTAN, _STEPPER, (("w", r"training \d+/9000"), ("x", "cancelled")),
          moves=("right", "left", "j", "k")),
    Place("statistics", _PAKISTAN, _STEPPER, (("v", "Enter goes there"),), moves=("right", "left", "j", "k", "tab")),
    Place("unit page", _PAKISTAN, _STEPPER, (("u", r"without \d.* %"),), moves=("right", "left", "j", "k")),
    Place("all units", _PAKISTAN, _STEPPER, (("z", "all 8 units"),), moves=("right", "left", ".", ",")),
    Place("cell", _PAKISTAN, _STEPPER, (("p", "inside unit"),), moves=("right", "left", ".", ",")),
    Place("hits", _PAKISTAN, _STEPPER,
          (("/", "to find:"), ("?forget < .1", "< .1"), ("enter", "of 18"), ("f", "made true by")), moves=("j", "k")),
    Place("breakpoints", _PAKISTAN, _STEPPER, (("B", "can be kept"),), moves=("j", "k")),
    Place("edits", _PAKISTAN, _STEPPER, (("x", "diverges"), ("R", "reset@9:"), ("E", "what follows")),
          moves=("j", "k")),
    Place("grid", _PAKISTAN, _STEPPER, (("#", "largest effects"),), moves=("left", "right", "j", "k")),
    Place("similar", _PAKISTAN, _STEPPER, (("V", "begins here"), ("V", "place 1 of")), moves=("n", "N")),
    Place("networks", ("run", several_networks()), "Open it with", moves=("j", "k")),
    Place("help", _PAKISTAN, _STEPPER, (("?", "You are at"),), moves=("j", "k"), turns=True),
)  # fmt: skip
"""Every screen, and the pages of a screen where these are many."""

PROMPTS = (
    Place("prompt", _PAKISTAN, _STEPPER, (("/", "find:"), ("zebra", "zebra"))),
    Place("palette", _PAKISTAN, _STEPPER, (("ctrl+p", "Search for"),)),
)
"""What opens over a screen, and is typed in."""
