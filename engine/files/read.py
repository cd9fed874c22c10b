"""Writing results whole or not at all."""

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from ..errors import BadInput, WorkFailed


@contextlib.contextmanager
def written_whole(path: Path) -> Iterator[IO[bytes]]:
    """Open a file beside `path` to write bytes to, and rename it to `path` at the end: all of it appears, or nothing.

    A file that was there hands on its mode, and its owner where the system lets it; a new one has what umask leaves.
    A pipe or a device is written to as it stands. Raises BadInput where there is no directory to write into or `path`
    is one itself, and WorkFailed when the file system refuses.
    """
    beside = None
    try:
        if path.is_dir():
            raise BadInput(f"{path}: is a directory; give the name of a file")
        if path.exists() and not path.is_file():  # a pipe or a device such as /dev/null: nothing to rename over
            with path.open("wb") as stream:
                yield stream
            return
        target = Path(os.path.realpath(path))  # a link stays one
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".gatestep.", delete=False) as file:
            beside = Path(file.name)
            yield file  # type: ignore[misc]
            file.flush()
            os.fsync(file.fileno())
        _hand_on_mode(target, beside)
        beside.replace(target)
        beside = None
    except (FileNotFoundError, NotADirectoryError):
        if os.path.isdir(path.parent):
            raise WorkFailed(f"{path}: no file can be made there") from None
        raise BadInput(f"{path}: there is no directory {path.parent} to write into") from None
    except OSError as error:
        raise WorkFailed(f"{path}: cannot be written: {error.strerror or error}") from None
    finally:
        if beside is not None:
            beside.unlink(missing_ok=True)


def _hand_on_mode(old: Path, new: Path) -> None:
    """Give `new` the mode of `old`, so that what was private stays so; where `old` is not there, what umask leaves."""
    try:
        before = old.stat()
    except FileNotFoundError:
        umask = os.umask(0)
        os.umask(umask)
        new.chmod(0o666 & ~umask)
        return
    with contextlib.suppress(OSError):  # only root may give a file away, and a member to a group
        os.chown(new, before.st_uid, before.st_gid)
    new.chmod(stat.S_IMODE(before.st_mode) & 0o777)
