"""The part of a file that holds HDF5, as a window for a library that is not to be trusted with the whole file."""

import contextlib
import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO

from ..errors import BadInput
from .opening import first_line

KIND = "is not an HDF5 file that Keras wrote"

Opener = Callable[[], AbstractContextManager[tuple[BinaryIO, int, int]]]
"""Opens the file again: the stream, where HDF5 begins in it, and how many bytes there are."""


class Damaged(Exception):
    """What is read is not what it should be; the message says how."""


class Window:
    """`size` bytes of `file` from `start` on, to seek and to read; no more than `most` bytes are given out."""

    closed = False

    def __init__(self, file: BinaryIO, start: int, size: int, most: int):
        self.file, self.start, self.size, self.left, self.at = file, start, size, most, 0

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to `offset`, which may lie behind the end; nothing is read there."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.size}[whence]
        self.at = max(0, base + offset)
        return self.at

    def tell(self) -> int:
        """Return the place that is read next."""
        return self.at

    def read(self, count: int = -1) -> bytes:
        """Return up to `count` bytes, or all that follow."""
        there = max(self.size - self.at, 0)
        count = there if count < 0 else min(count, there)
        self.left -= max(count, 16)
        if self.left < 0:
            raise Damaged("its structure contains a cycle")
        if not count:  # behind the end, where a file may not even be able to seek to
            return b""
        self.file.seek(self.start + self.at)
        self.at += count
        return self.file.read(count)


@contextlib.contextmanager
def understood(path: Path) -> Iterator[None]:
    """Turn whatever a damaged file raises in the block, which must only read HDF5, into BadInput."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about types that are not asked for
            yield
    except (BadInput, OSError):
        raise
    except Exception as error:  # pyfive checks with assert, and fails in many ways
        why = f" ({first_line(error)})" if isinstance(error, Damaged) else ""
        raise BadInput(f"{path}: {KIND}, or it is damaged or cut short{why}; save the model again") from None
