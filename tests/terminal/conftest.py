"""Terminals to run the command in, closed at the end of each test."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from forks import starter
from places import Kept, Place
from ptydriver import COMMAND, Spawn, Terminal, environment


@pytest.fixture
def spawn(tmp_path: Path) -> Iterator[Spawn]:
    """Start the command: spawn("run", "pakistan", size=(80, 24)), or a line for `shell` that does so.

    `env` changes what the command finds in its environment; None removes a variable. It is started by fork unless it
    is to be `real`; one with `torch` finds PyTorch loaded, and so does its first training. For `measures` see `Forks`.
    """
    opened: list[Terminal] = []

    def start(
        *args: str,
        size: tuple[int, int] = (80, 24),
        env: Mapping[str, str | None] | None = None,
        shell: str = "",
        ignore_hang_up: bool = False,
        real: bool = False,
        torch: bool = False,
        measures: str = "",
    ) -> Terminal:
        argv = ["/bin/sh", "-c", shell] if shell else [str(COMMAND), *args]
        environ = environment({"HOME": str(tmp_path), **(env or {})})
        start = None if real or shell else starter(environ, torch, measures)
        opened.append(Terminal(argv, size, environ, ignore_hang_up, start))
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.close()


@pytest.fixture(scope="session")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Place], Terminal]]:
    """The screen of a place in a terminal of 80x24, which other tests have found as this one does."""
    kept = Kept(tmp_path_factory.mktemp("home"))
    yield kept.at
    kept.close()


@pytest.fixture
def stepper(spawn: Spawn) -> Terminal:
    """The stepper on "pakistan" at its first step, without the lesson, ready for keys."""
    return _at_first_step(spawn)


@pytest.fixture
def control(spawn: Spawn) -> Terminal:
    """Another of the same, to leave alone and compare with."""
    return _at_first_step(spawn)


def _at_first_step(spawn: Spawn) -> Terminal:
    terminal = spawn("run", "pakistan", "--at", "1")
    terminal.wait_for(r"timestamp 1/24")
    terminal.settle()
    return terminal
