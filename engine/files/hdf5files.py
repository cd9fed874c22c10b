"""HDF5 as Keras writes it: groups, text attributes, and arrays of plain numbers, each checked before it is read.

pyfive parses the structure, in Python alone, and the numbers are read here. It sees the file through a `Window`, which
ends where the file ends and gives out only so many bytes, so that a structure that leads round in circles comes to an
end. Links lead nowhere but to what is stored in this file, and nothing else is opened.
"""

import contextlib
import io
import itertools
import math
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from ..arrays import filled
from ..errors import BadInput, WorkFailed
from .contents import Tensor
from .opening import first_line, warranted

MAGIC = b"\x89HDF\r\n\x1a\n"
KIND = "is not an HDF5 file that Keras wrote"

FREELY, TIMES, AT_MOST = 2_000_000, 4, 64_000_000
"""Bytes of structure that may be read: FREELY and TIMES the file's size, but not more than AT_MOST."""

MOST_OBJECTS, DEEPEST = 100_000, 40
LINK_INFO, LINK, EXTERNAL_FILES = 2, 6, 7
"""Kinds of message in an object's header, by their numbers in the specification."""

SOFT, COMPACT, CONTIGUOUS, CHUNKED = 1, 0, 1, 2
SHUFFLE, DEFLATE, FLETCHER = 2, 1, 3

OTHER = "no plain numbers"
"""What stands for the type of an array of anything else."""

Opener = Callable[[], AbstractContextManager[tuple[BinaryIO, int, int]]]
"""Opens the file anew: the stream, where HDF5 begins in it, and how many bytes there are."""


class _Damaged(Exception):
    pass


class Window:
    """`size` bytes of `file` from `start` on, to seek and to read; no more than `most` bytes are given out."""

    closed = False

    def __init__(self, file: BinaryIO, start: int, size: int, most: int):
        self.file, self.start, self.size, self.left, self.at = file, start, size, most, 0

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to `offset`; the end is not passed by reading from behind it."""
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
            raise _Damaged("its structure leads round in circles")
        if not count:  # behind the end, where a file may not even be able to seek to
            return b""
        self.file.seek(self.start + self.at)
        self.at += count
        return self.file.read(count)


@dataclass(frozen=True)
class Hdf5:
    """What an HDF5 file holds: `tensors` by their path ("a/b"), and the text `attributes` of each group by its path.

    The root's path is "". An attribute is a str, or a list of them.
    """

    tensors: dict[str, Tensor] = field(default_factory=dict)
    attributes: dict[str, dict[str, Any]] = field(default_factory=dict)


def read_hdf5(path: Path, opener: Opener) -> Hdf5:
    """Return what the HDF5 that `opener` opens holds; `path` is what errors call it. No numbers are read yet.

    Raises BadInput for another kind of file, for links, storage and filters that lead out of it, and for shapes that
    it is too small for; WorkFailed where pyfive is not installed.
    """
    if find_spec("pyfive") is None:
        raise WorkFailed(f"{path}: reading it needs pyfive; pip install 'gatestep[keras]'")
    with opener() as (file, start, size), understood(path):
        found = Hdf5()
        stream = Window(file, start, size, min(FREELY + TIMES * size, AT_MOST))
        _Walk(path, opener, stream, found).all()
    return found


@contextlib.contextmanager
def understood(path: Path) -> Iterator[None]:
    """Turn whatever a damaged file makes of the block, which only reads HDF5, into BadInput."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about types that are not asked for
            yield
    except (BadInput, OSError):
        raise
    except Exception as error:  # pyfive checks with assert, and fails in many ways
        why = f" ({first_line(error)})" if isinstance(error, _Damaged) else ""
        raise BadInput(f"{path}: {KIND}, or it is damaged or cut short{why}; save the model again") from None


class _Walk:
    """One way through all groups of a file."""

    def __init__(self, path: Path, opener: Opener, stream: Window, found: Hdf5):
        self.path, self.opener, self.stream, self.found = path, opener, stream, found
        self.heaps: dict[int, Any] = {}
        self.groups: set[int] = set()
        self.objects = 0

    def all(self) -> None:
        """Find everything below the root."""
        from pyfive.misc_low_level import SuperBlock

        if self.stream.read(len(MAGIC)) != MAGIC:
            raise _Damaged("it does not begin as one")
        block = SuperBlock(self.stream, 0)
        left = [("", block.offset_to_dataobjects, 0)]
        while left:
            name, address, depth = left.pop()
            inside = self._group(name, address)
            if depth == DEEPEST and inside:
                raise _Damaged("its groups are nested too deep")
            left += [(inner, place, depth + 1) for inner, place in reversed(inside)]

    def _group(self, name: str, address: int) -> list[tuple[str, int]]:
        """Take in the object at `address`; of a group, return what it holds, by path and address."""
        from pyfive.dataobjects import DataObjects

        self.objects += 1
        if self.objects > MOST_OBJECTS:
            raise _Damaged("it has too many objects")
        one = DataObjects(self.stream, address, global_heaps=self.heaps)
        if one.is_dataset:
            self.found.tensors[name] = self._tensor(name, one)
            return []
        if address in self.groups:
            raise BadInput(f"{self.path}: {name} is a group that stands in two places; save the model again")
        self.groups.add(address)
        self.found.attributes[name] = _texts(one.get_attributes())
        return [(f"{name}/{key}" if name else key, place) for key, place in self._links(name, one).items()]

    def _links(self, name: str, group: Any) -> Mapping[str, int]:
        where = f"{self.path}: {name or 'its root'}"
        advice = "only what is stored in the file itself is read; copy the data into it"
        for message in group.find_msg_type(LINK):
            at = message["offset_to_message"]
            if group.msg_data[at + 1] & 8 and group.msg_data[at + 2] > SOFT:
                raise BadInput(f"{where} has a link into another file; {advice}")
        try:
            links: Mapping[str, Any] = group.get_links()
        except AssertionError:
            if not group.find_msg_type(LINK_INFO):
                raise
            # In a list of many links pyfive takes hard and soft ones for granted, and does not say which this is.
            raise BadInput(f"{where} has a link that is damaged or leads into another file; {advice}") from None
        for key, place in links.items():
            if isinstance(place, str):
                raise BadInput(f"{where} has {key}, a link by name; {advice}")
        return links

    def _tensor(self, name: str, one: Any) -> Tensor:
        """Return the dataset `one` as a Tensor, its storage checked against the file."""
        what = f"{self.path}: {name}"
        if one.find_msg_type(EXTERNAL_FILES):
            raise BadInput(f"{what} is stored in another file; only what is stored in the file itself is read")
        dtype, shape = one.ptype.dtype, one.shape
        attributes = _texts(one.get_attributes())
        brain = attributes.get("dtype") == "bfloat16" and getattr(dtype, "itemsize", 0) == 2
        if brain:  # NumPy has none; Keras says so beside the two bytes
            dtype = np.dtype("<u2")
        if shape is None or not isinstance(dtype, np.dtype) or dtype.kind not in "fiub" or dtype.itemsize > 8:
            return Tensor(tuple(shape or ()), OTHER, lambda: _refuse(f"{what} does not hold plain numbers"))
        size = math.prod(shape) * dtype.itemsize
        if size > warranted(self.stream.size):
            raise BadInput(f"{what} has shape {shape}, which is more than the file can hold")
        _, layout, at = one.get_id_storage_params()
        if layout == CHUNKED:
            load = self._chunked(what, one, dtype, shape)
        elif layout == CONTIGUOUS:
            (address,) = struct.unpack_from("<Q", one.msg_data, at)
            if size and address + size > self.stream.size:
                raise BadInput(f"{what} of shape {shape} does not fit into the file; it is damaged or cut short")
            load = self._contiguous(what, address if size else 0, dtype, shape)
        elif layout == COMPACT:
            (length,) = struct.unpack_from("<H", one.msg_data, at)
            stored = bytes(one.msg_data[at + 2 : at + 2 + length])
            if len(stored) != size:
                raise BadInput(f"{what} of shape {shape} has {len(stored)} bytes; it is damaged")
            load = lambda: np.frombuffer(stored, dtype).reshape(shape)  # noqa: E731
        else:
            raise BadInput(f"{what} is put together out of other data (a virtual dataset); copy the data itself")
        return Tensor(shape, "bfloat16" if brain else dtype.name, (lambda: _from_brain(load())) if brain else load)

    def _contiguous(self, what: str, address: int, dtype: Any, shape: tuple[int, ...]) -> Callable[[], Any]:
        def load() -> Any:
            with self.opener() as (file, start, _):
                file.seek(start + address)
                try:
                    return filled(file, dtype, shape)
                except EOFError:
                    raise BadInput(f"{what} is cut short, or changed while it was read") from None

        return load

    def _chunked(self, what: str, one: Any, dtype: Any, shape: tuple[int, ...]) -> Callable[[], Any]:
        from pyfive.dataobjects import DataObjects

        filters = [entry["filter_id"] for entry in one.filter_pipeline or ()]
        foreign = [number for number in filters if number not in (SHUFFLE, DEFLATE, FLETCHER)]
        if foreign:
            raise BadInput(
                f"{what} is packed by HDF5's filter {foreign[0]}; only gzip, shuffle and fletcher32 are read"
            )
        chunks = one.chunks
        if len(chunks) != len(shape) or 0 in chunks:
            raise BadInput(f"{what} of shape {shape} has chunks of {chunks}; it is damaged")
        if math.prod(chunks) * dtype.itemsize > warranted(self.stream.size):
            raise BadInput(f"{what} has chunks of {chunks}, which is more than the file can hold")
        address, most = one.offset, self.stream.left

        def load() -> Any:
            with self.opener() as (file, start, size), understood(self.path):
                from pyfive.h5d import DatasetID

                stream = Window(file, start, size, most + TIMES * size)
                stored = DatasetID(DataObjects(stream, address, global_heaps=self.heaps))
                whole = np.empty(shape, dtype)
                for corner in itertools.product(*(range(0, n, step) for n, step in zip(shape, chunks, strict=True))):
                    mask, packed = stored.read_direct_chunk(corner)
                    if mask:
                        raise _Damaged(f"{what} has a chunk that skips its filters")
                    chunk = np.frombuffer(_unpacked(packed, filters, chunks, dtype), dtype).reshape(chunks)
                    place = tuple(slice(at, at + step) for at, step in zip(corner, chunks, strict=True))
                    part = whole[place]
                    part[...] = chunk[tuple(slice(n) for n in part.shape)]
                return whole

        return load


def _unpacked(packed: bytes, filters: list[int], chunks: tuple[int, ...], dtype: Any) -> bytes:
    """Undo the filters of one chunk, which can be no longer than its shape says."""
    length = math.prod(chunks) * dtype.itemsize
    for number in reversed(filters):
        if number == FLETCHER:
            packed = packed[:-4]  # a checksum
        elif number == DEFLATE:
            packed = zlib.decompressobj().decompress(packed, length + 8)
        else:
            packed = np.frombuffer(packed, np.uint8).reshape(dtype.itemsize, -1).T.tobytes()
    if len(packed) != length:
        raise _Damaged("a chunk does not have the length of its shape")
    return packed


def _from_brain(halves: Any) -> Any:
    return (halves.astype("<u4") << 16).view("<f4")


def _refuse(line: str) -> Any:
    raise BadInput(line)


def _texts(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Those of `attributes` that are text, or lists of it."""
    texts: dict[str, Any] = {}
    for name, value in attributes.items():
        if isinstance(value, bytes | str):
            texts[name] = _text(value)
        elif isinstance(value, np.ndarray) and value.dtype.kind in "SUO" and value.ndim == 1:
            texts[name] = [_text(one) for one in value.tolist() if isinstance(one, bytes | str)]
    return texts


def _text(value: bytes | str) -> str:
    return value if isinstance(value, str) else value.rstrip(b"\0").decode("utf-8", "replace")
