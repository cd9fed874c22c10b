"""An app of Textual's that shows one word: what starting any app at all takes."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import measuring  # noqa: F401 (so that tests/support is found)
from ptydriver import Terminal, environment

BARE_APP = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("forget")
Bare().run()
"""


@contextmanager
def bare_app() -> Iterator[Path]:
    """Give the file of the app."""
    with tempfile.NamedTemporaryFile("w", suffix=".py") as bare:
        bare.write(BARE_APP)
        bare.flush()
        yield Path(bare.name)


def until_shown(*argv: str) -> Callable[[], float]:
    """Return a job: seconds from starting a command in a terminal until it shows gates."""

    def job() -> float:
        start = time.perf_counter()
        terminal = Terminal(list(argv), (80, 24), environment(), ignore_hang_up=False)
        try:
            terminal.wait_for("forget")
            return time.perf_counter() - start
        finally:
            terminal.close()

    return job
