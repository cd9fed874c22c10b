"""What is said on stderr while a table is read, and of how it was read."""

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ...engine import printable

if TYPE_CHECKING:
    from ...engine.files.rows import Progress

PATIENCE = 0.3
"""Seconds of reading before a word of it is said."""


def told(notes: Iterable[str]) -> None:
    """Print a line for each of the `notes` on how a file was read."""
    for note in notes:
        print(printable(f"gatestep: {note}"), file=sys.stderr, flush=True)


@contextmanager
def reading(path: Path) -> Iterator["Progress | None"]:
    """Give what shows, on a terminal, how far `path` is read; the line goes when the reading is over."""
    if not sys.stderr.isatty():
        yield None
        return
    begun, shown = time.monotonic(), ""

    def show(share: float) -> None:
        nonlocal shown
        if time.monotonic() - begun > PATIENCE:
            shown = printable(f"reading {path.name[:40]}: {share:.0%}".replace("%", " %"))
            print(f"\r{shown}", end="", file=sys.stderr, flush=True)

    try:
        yield show
    finally:
        if shown:
            print(f"\r{' ' * len(shown)}\r", end="", file=sys.stderr, flush=True)
