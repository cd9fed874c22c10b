"""A large file that is being read, and what is opened when that is done."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LARGE = 1_000_000
"""Bytes from which on reading a table takes longer than opening the screen."""


@dataclass(frozen=True)
class Reading:
    """The file at `path`, of which the `share` 0..1 is read.

    `read` is told what to call with the share now and then, and returns the record to open, and at which timestamp.
    """

    path: Path
    read: Callable[[Callable[[float], None]], tuple[Any, int | None]] = field(compare=False, repr=False)
    share: float = 0.0
