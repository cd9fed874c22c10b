"""Opening a file that the user names: a plain file that may be read, or one line that says why it cannot be."""

import contextlib
import csv
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO

from ..errors import BadInput, WorkFailed

LONGEST_LINE = 1_000_000
NOT_TEXT = "is not UTF-8 text; save it as CSV in UTF-8"

FREELY, TIMES = 64_000_000, 20
"""What a file may unpack to, in bytes: FREELY, or TIMES its own size where that is more."""


@contextlib.contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open the plain file `path`, or a link to one, to read its bytes.

    What goes wrong with it before the end of the block becomes one line: BadInput where there is no such file, where
    it is a directory, a pipe or a device, or may not be read; WorkFailed where it takes more memory than there is.
    """
    try:
        with open(_descriptor(path), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise BadInput(f"{path}: is a pipe or a device; give a file")
            yield file
    except FileNotFoundError:
        linked = path.is_symlink()
        raise BadInput(f"{path}: {'is a link to a file that does not exist' if linked else 'no such file'}") from None
    except PermissionError:
        raise BadInput(f"{path}: permission denied") from None
    except OSError as error:
        raise BadInput(f"{path}: cannot be read: {error.strerror or error}") from None
    except MemoryError:
        raise WorkFailed(f"{path}: needs more memory than there is; cut it into smaller files") from None


def _descriptor(path: Path) -> int:
    try:
        # A pipe that nobody writes to would keep the process waiting; opened like this it does not.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except ValueError:  # a NUL, or a character that the file system cannot spell
        raise BadInput(f"{path}: is not a valid file name") from None
    if stat.S_ISDIR(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise BadInput(f"{path}: is a directory; give a file")
    return descriptor


def size_of(file: IO[bytes]) -> int:
    """Return the size of an open file in bytes."""
    return os.fstat(file.fileno()).st_size


def warranted(size: int) -> int:
    """Return how many bytes a file of `size` bytes may unpack to."""
    return max(FREELY, TIMES * size)


def lines(file: IO[str], path: Path) -> Iterator[str]:
    """Yield the lines of the text `file`; `path` is what errors call it.

    Raises BadInput for what is no text, and csv.Error for a line of more than LONGEST_LINE characters.
    """
    try:
        while line := file.readline(LONGEST_LINE + 1):
            if "\0" in line:  # binary, or UTF-16 without its mark
                raise BadInput(f"{path}: {NOT_TEXT}")
            if len(line) > LONGEST_LINE:
                raise csv.Error(f"a line of more than {LONGEST_LINE:,} characters")
            yield line
    except UnicodeDecodeError:
        raise BadInput(f"{path}: {NOT_TEXT}") from None


def first_line(error: Exception) -> str:
    """Return the first line of a library's error, short enough to stand inside a message."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
