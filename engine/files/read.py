"""Reading weights, inputs and initial states from files, and writing results whole or not at all.

Every file is data: nothing here unpickles or evaluates what it reads.
"""

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np

from ..arrays import Floats, as_floats
from ..errors import BadInput, WorkFailed
from .delimited import read_matrix
from .numpyfiles import read_npy, read_npz
from .safetensorsfiles import read_safetensors
from .torchfiles import read_torch

WEIGHT_FILES = (".safetensors", ".npz", ".pt", ".pth")
TABLES = (".csv", ".tsv", ".txt")
INPUT_FILES = (".npy", ".npz", *TABLES)


def read_tensors(path: Path) -> dict[str, np.ndarray[Any, Any]]:
    """Return the tensors of a weights file by name, in their own shapes. The ending names the format (WEIGHT_FILES).

    Raises BadInput for a file that is not what it claims, and WorkFailed where it takes what this machine does not
    have: PyTorch for .pt and .pth, or the memory.
    """
    reader = _by_ending(
        path,
        "weights",
        {
            ".safetensors": lambda path: read_safetensors(path)[0],
            ".npz": read_npz,
            ".pt": read_torch,
            ".pth": read_torch,
        },
    )
    tensors: dict[str, np.ndarray[Any, Any]] = reader(path)
    return tensors


def read_inputs(path: Path, tell: Callable[[str], object] | None = None) -> Floats:
    """Return the inputs (T, I) of a .npy or .npz file, or of delimited text (TABLES); BadInput names what does not fit.

    `tell` is called with a sentence for whatever of a table is left out or put in order, such as a column of dates.
    """

    def table(path: Path) -> np.ndarray[Any, Any]:
        found = read_matrix(path)
        for note in found.notes:
            if tell:
                tell(f"{path}: {note}")
        return found.values

    reader = _by_ending(path, "input", {".npy": read_npy, ".npz": _only_array, **dict.fromkeys(TABLES, table)})
    array = as_floats(reader(path), str(path))
    if array.ndim != 2 or 0 in array.shape:
        raise BadInput(f"{path}: has shape {array.shape}; it must be (T, I), a row a timestamp and a column an input")
    return array


def read_initial_state(path: Path) -> dict[str, np.ndarray[Any, Any]]:
    """Return h0 (and c0) of an .npz file, each (layers x directions, H) as the file has them, and what else it holds.

    Raises BadInput for another kind of file and where h0 is missing.
    """
    arrays: dict[str, np.ndarray[Any, Any]] = _by_ending(path, "initial state", {".npz": read_npz})(path)
    if "h0" not in arrays:
        raise BadInput(f"{path}: holds {_names(arrays)}; it must hold h0 (and c0 for an LSTM)")
    return arrays


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


def _by_ending(path: Path, what: str, readers: Mapping[str, Callable[[Path], Any]]) -> Callable[[Path], Any]:
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise BadInput(f"{path}: {what} must be a file that ends in {', '.join(readers)}")
    return reader


def _only_array(path: Path) -> Any:
    """The one array of an .npz file, or the one called input, inputs or x."""
    arrays = read_npz(path)
    if len(arrays) == 1:
        return next(iter(arrays.values()))
    for name in ("input", "inputs", "x"):
        if name in arrays:
            return arrays[name]
    raise BadInput(f"{path}: holds {_names(arrays)}; it must hold one array, or one called input")


def _names(arrays: Mapping[str, Any]) -> str:
    return ", ".join(arrays) or "nothing"
