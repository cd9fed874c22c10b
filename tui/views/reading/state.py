"""A large file that is being read, and the record that is then opened."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LARGE = 1_000_000
"""The size in bytes from which reading a table takes longer than opening the screen."""


@dataclass(frozen=True)
class Reading:
    """The file at `path`, of which `share` (0..1) has been read.

    `read` takes a function that it calls with the share now and then; it returns the record to open, and its timestamp.
    """

    path: Path
    read: Callable[[Callable[[float], None]], tuple[Any, int | None]] = field(compare=False, repr=False)
    share: float = 0.0
