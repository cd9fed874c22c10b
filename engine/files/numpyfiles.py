"""Arrays in NumPy's own files, .npy and .npz, read for no more memory than the file is worth, and without pickle."""

import contextlib
import math
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy

from ..arrays import filled
from ..errors import BadInput
from .contents import Tensor
from .listing import Listing
from .opening import first_line, opened, size_of, warranted

PLAIN = "is not a .npy file of plain numbers"
ARCHIVE = "is not an .npz archive of plain arrays"

DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What zipfile raises for a damaged archive, or one that it cannot read."""


def read_npy(path: Path) -> np.ndarray[Any, Any]:
    """Return the array of a .npy file, in the shape and type that it is stored in.

    Raises BadInput for another kind of file, for Python objects, and where the file is not as long as its array.
    """
    with opened(path) as file:
        try:
            return _array(file, size_of(file))
        except _Damaged as error:
            raise BadInput(f"{path}: {PLAIN} ({error}); write it with np.save") from None


def read_npz(path: Path) -> dict[str, np.ndarray[Any, Any]]:
    """Return the arrays of an .npz file by name, in the shapes they are stored in; what is not an array is ignored.

    Raises BadInput for another kind of file, for Python objects, and where it would unpack to more than is warranted.
    """
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    with opened(path) as file, unpacked(file, path, ARCHIVE, "np.savez") as archive:
        for member in archive.infolist():
            if not member.filename.endswith(".npy"):
                continue
            name = member.filename.removesuffix(".npy")
            with archive.open(member) as stream, _said_of(path, name):
                arrays[name] = _array(stream, member.file_size)
    return arrays


def list_npz(path: Path) -> Listing:
    """Return the arrays of an .npz file by name, each to be read when it is asked for. Raises as `read_npz` does."""
    tensors: dict[str, Tensor] = {}
    with opened(path) as file, unpacked(file, path, ARCHIVE, "np.savez") as archive:
        for member in archive.infolist():
            if member.filename.endswith(".npy"):
                name = member.filename.removesuffix(".npy")
                with archive.open(member) as stream, _said_of(path, name):
                    shape, _, dtype = _header(stream, member.file_size)
                tensors[name] = Tensor(shape, str(dtype), partial(_member, path, member.filename))
    return Listing("NumPy archive", tensors)


def _member(path: Path, filename: str) -> Any:
    """The array of one member."""
    with opened(path) as file, unpacked(file, path, ARCHIVE, "np.savez") as archive:
        name = filename.removesuffix(".npy")
        if filename not in archive.namelist():
            raise BadInput(f"{path}: changed while it was read")
        with archive.open(filename) as stream, _said_of(path, name):
            return _array(stream, archive.getinfo(filename).file_size)


@contextlib.contextmanager
def _said_of(path: Path, name: str) -> Iterator[None]:
    try:
        yield
    except _Damaged as error:
        raise BadInput(f"{path}: {ARCHIVE} ({name}: {error}); write it with np.savez") from None


def members(file: IO[bytes], path: Path) -> list[str]:
    """Return the names in a zip archive, from which its kind is detected. Raises BadInput where it is damaged."""
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.namelist()
    except DAMAGE as error:
        raise BadInput(
            f"{path}: is not a whole zip archive ({first_line(error)}); it is damaged or cut short"
        ) from None


def holds_arrays(names: Iterable[str]) -> bool:
    """Whether an archive with members of these names is NumPy's."""
    return any(name.endswith(".npy") for name in names)


@contextlib.contextmanager
def unpacked(file: IO[bytes], path: Path, kind: str, maker: str, size: int | None = None) -> Iterator[zipfile.ZipFile]:
    """Open the zip archive in `file`, checked to be no bomb; what goes wrong in the block becomes BadInput.

    `kind` completes the error ("is not ..."), `maker` is the function that writes a good file, and `size` is the bytes
    of an archive that is a member of another.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            _check(archive.infolist(), size_of(file) if size is None else size, path, kind, maker)
            yield archive
    except BadInput:
        raise
    except DAMAGE as error:
        raise BadInput(f"{path}: {kind} ({first_line(error)}); write it with {maker}") from None


def _check(found: list[zipfile.ZipInfo], size: int, path: Path, kind: str, maker: str) -> None:
    """Raise BadInput for an archive with one name twice, or that would unpack to more than its size warrants."""
    names: set[str] = set()
    for member in found:
        if member.filename in names:
            raise BadInput(f"{path}: holds {member.filename} twice; each name must occur once")
        names.add(member.filename)
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadInput(f"{path}: {kind} ({member.filename} is packed in another way); write it with {maker}")
    if sum(member.compress_size for member in found) > size:  # members that overlap, as in a bomb
        raise BadInput(f"{path}: {kind} (its members are longer than the file); write it with {maker}")
    unpacked = sum(member.file_size for member in found)
    if unpacked > warranted(size):
        raise BadInput(f"{path}: would unpack to {unpacked / 1e6:,.0f} MB, and {warranted(size) / 1e6:,.0f} MB is the "
                       f"most for a file of its size; write it with {maker}, which does not compress")  # fmt: skip


class _Damaged(Exception):
    pass


def _header(stream: IO[bytes], size: int) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """The shape, whether Fortran's order, and the type of the array in `size` bytes of .npy format."""
    try:
        version = npy.read_magic(stream)
        header = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0  # 3.0 is 2.0 in UTF-8
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about headers that Python 2 wrote; they are read all the same
            shape, fortran, dtype = header(stream)
    except OSError:
        raise
    except Exception as error:  # NumPy reads the header as Python literals, with all the errors of that
        raise _Damaged(first_line(error)) from None
    if dtype.hasobject:
        raise _Damaged("it holds Python objects, and loading those could run code")
    if not dtype.itemsize:
        raise _Damaged("its values have no size")
    if not all(type(n) is int and n >= 0 for n in shape):
        raise _Damaged(f"its shape is {shape}")
    there = size - stream.tell()
    if math.prod(shape) * dtype.itemsize != there:
        raise _Damaged(f"{there:,} bytes are not those of shape {shape} in {dtype}")
    return shape, fortran, dtype


def _array(stream: IO[bytes], size: int) -> np.ndarray[Any, Any]:
    """The array in `size` bytes of .npy format."""
    shape, fortran, dtype = _header(stream, size)
    try:
        array = filled(stream, dtype, shape, "F" if fortran else "C")
        if stream.read(1):
            raise EOFError
    except EOFError:
        raise _Damaged("it is cut short, or changed while it was read") from None
    except (ValueError, TypeError) as error:
        raise _Damaged(first_line(error)) from None
    return array
