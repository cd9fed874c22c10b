"""What is printed to stderr while a table is read, and on how it was read."""

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ...engine import printable
from ...engine.text import percent

if TYPE_CHECKING:
    from ...engine.files.rows import Progress

PATIENCE = 0.3
"""Seconds of reading before its progress is shown."""


def print_notes(notes: Iterable[str]) -> None:
    """Print a line for each of the `notes` on how a file was read."""
    for note in notes:
        print(printable(f"gatestep: {note}"), file=sys.stderr, flush=True)


@contextmanager
def reading(path: Path) -> Iterator["Progress | None"]:
    """Yield a function that shows, on a terminal, how far `path` is read (0..1), and remove its line at the end.

    Without a terminal, yield None.
    """
    if not sys.stderr.isatty():
        yield None
        return
    begun, shown = time.monotonic(), ""

    def show(share: float) -> None:
        nonlocal shown
        if time.monotonic() - begun > PATIENCE:
            shown = printable(f"reading {path.name[:40]}: {percent(share)}")
            print(f"\r{shown}", end="", file=sys.stderr, flush=True)

    try:
        yield show
    finally:
        if shown:
            print(f"\r{' ' * len(shown)}\r", end="", file=sys.stderr, flush=True)
