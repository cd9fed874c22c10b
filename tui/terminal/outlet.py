"""The file into which the thread that writes puts what is drawn."""

import contextlib
import sys
from collections.abc import Callable


class Outlet:
    """Writes to standard output for the thread that writes, and calls `taken` with how many characters it has taken.

    What goes wrong is passed to `failed`, and the thread lives on: it is needed to give the terminal back.
    """

    def __init__(self, taken: Callable[[int], None], failed: Callable[[BaseException], None]) -> None:
        assert sys.__stdout__ is not None
        self._file, self._taken, self._failed = sys.__stdout__, taken, failed

    def write(self, text: str) -> None:
        """Write and flush `text`, or drop it when the terminal is gone."""
        try:
            try:
                with contextlib.suppress(OSError):
                    self._file.write(text)
                    self._file.flush()
            finally:
                self._taken(len(text))
        except BaseException as error:
            self._failed(error)

    def flush(self) -> None:
        """Do nothing: `write` has flushed."""
