"""How far a long command has got: a line on a terminal that comes and goes, and nothing anywhere else."""

import os
import sys
import time
from types import TracebackType

FIRST, EVERY = 0.3, 0.1
"""Seconds until the line is first shown, and between two changes of it."""


class Progress:
    """The line, on standard error. What a command prints goes through `say`, so that the two do not mix."""

    def __init__(self) -> None:
        self._shows = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._next = time.monotonic() + FIRST
        self._shown = False

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._clear()

    def tell(self, done: int, total: int, text: str) -> None:
        """Show `text` and which part of the whole is done, not more often than a person can read."""
        if not self._shows or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + EVERY
        sys.stderr.write(f"\r\x1b[K{100 * done // max(total, 1)} %  {text}")
        sys.stderr.flush()
        self._shown = True

    def say(self, text: str) -> None:
        """Print `text` to standard output, and at once."""
        self._clear()
        sys.stdout.write(text)
        sys.stdout.flush()

    def _clear(self) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._shown = False
