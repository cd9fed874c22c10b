"""The arrays of an HDF5 file: how each is stored is checked, and the numbers are read here and not by a library."""

import itertools
import math
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import filled
from ..errors import BadInput
from .contents import Tensor
from .hdf5window import Damaged, Opener, Window, understood
from .opening import warranted

LAYOUT, EXTERNAL_FILES = 8, 7
"""Kinds of message in an object's header, by their numbers in the specification."""

COMPACT, CONTIGUOUS, CHUNKED, VIRTUAL = 0, 1, 2, 3
SHUFFLE, DEFLATE, FLETCHER = 2, 1, 3
FILTERS = (SHUFFLE, DEFLATE, FLETCHER)
MOST_STRUCTURE = 64_000_000
"""Bytes of an index of chunks that may be read, besides the chunks."""

OTHER = "no plain numbers"
"""The type of a Tensor that stands for an array of anything else."""

Load = Callable[[], Any]


@dataclass(frozen=True)
class Source:
    """Where an array comes from: the file's name and how it is opened, its size, and pyfive's heaps of it."""

    path: Path
    opener: Opener
    size: int
    heaps: dict[int, Any]


def tensor(source: Source, name: str, one: Any, brain: bool) -> Tensor:
    """Return the dataset `one`, a DataObjects of pyfive, as a Tensor; `brain` says that its two bytes are bfloat16.

    What is wrong with this array alone raises BadInput when it is read. Raises BadInput at once for what leads out of
    the file, and for a shape that the file is too small for.
    """
    what = f"{source.path}: {name}"
    if one.find_msg_type(EXTERNAL_FILES):
        raise BadInput(f"{what} is stored in another file; only what is stored in the file itself is read")
    dtype, shape = one.ptype.dtype, one.shape
    if brain and getattr(dtype, "itemsize", 0) == 2:
        dtype = np.dtype("<u2")  # NumPy has none
    if shape is None or not isinstance(dtype, np.dtype) or dtype.kind not in "fiub" or dtype.itemsize > 8:
        return Tensor(tuple(shape or ()), OTHER, refusal(f"{what} does not hold plain numbers"))
    if math.prod(shape) * dtype.itemsize > warranted(source.size):
        raise BadInput(f"{what} has shape {shape}, which is more than the file can hold")
    load = _storage(source, what, one, dtype, shape)
    return Tensor(shape, "bfloat16", lambda: _from_brain(load())) if brain else Tensor(shape, dtype.name, load)


def refusal(line: str) -> Load:
    """Return a function that raises BadInput with this line."""

    def refuse() -> Any:
        raise BadInput(line)

    return refuse


def _storage(source: Source, what: str, one: Any, dtype: Any, shape: tuple[int, ...]) -> Load:
    """What reads an array, by how it is stored."""
    (message,) = one.find_msg_type(LAYOUT)
    version, kind = struct.unpack_from("<BB", one.msg_data, message["offset_to_message"])
    if kind == VIRTUAL and version > 3:
        raise BadInput(f"{what} is put together out of other data (a virtual dataset); copy the data itself")
    if version > 4 or (version > 3 and kind == CHUNKED):
        return refusal(f"{what} is stored in a newer layout of HDF5, which is not read; write it with libver=earliest")
    size = math.prod(shape) * dtype.itemsize
    _, kind, at = one.get_id_storage_params()
    if kind == CHUNKED:
        return _chunked(source, what, one, dtype, shape)
    if kind == COMPACT:
        (length,) = struct.unpack_from("<H", one.msg_data, at)
        stored = bytes(one.msg_data[at + 2 : at + 2 + length])
        if len(stored) != size:
            raise BadInput(f"{what} of shape {shape} has {len(stored)} bytes; it is damaged")
        return lambda: np.frombuffer(stored, dtype).reshape(shape)
    (address,) = struct.unpack_from("<Q", one.msg_data, at)
    if size and address + size > source.size:
        raise BadInput(f"{what} of shape {shape} does not fit into the file; it is damaged or cut short")
    return _contiguous(source, what, address if size else 0, dtype, shape)


def _contiguous(source: Source, what: str, address: int, dtype: Any, shape: tuple[int, ...]) -> Load:
    def load() -> Any:
        with source.opener() as (file, start, _):
            file.seek(start + address)
            try:
                return filled(file, dtype, shape)
            except EOFError:
                raise BadInput(f"{what} is cut short, or changed while it was read") from None

    return load


def _chunked(source: Source, what: str, one: Any, dtype: Any, shape: tuple[int, ...]) -> Load:
    filters = [entry["filter_id"] for entry in one.filter_pipeline or ()]
    foreign = [number for number in filters if number not in FILTERS]
    if foreign:
        return refusal(f"{what} is packed by filter {foreign[0]} of HDF5; gzip, shuffle and fletcher32 are read")
    chunks, address = one.chunks, one.offset
    if len(chunks) != len(shape) or 0 in chunks:
        raise BadInput(f"{what} of shape {shape} has chunks of {chunks}; it is damaged")
    if math.prod(chunks) * dtype.itemsize > warranted(source.size):
        raise BadInput(f"{what} has chunks of {chunks}, which is more than the file can hold")

    def load() -> Any:
        with source.opener() as (file, start, size), understood(source.path):
            from pyfive.dataobjects import DataObjects
            from pyfive.h5d import DatasetID

            stream = Window(file, start, size, MOST_STRUCTURE + size)
            stored = DatasetID(DataObjects(stream, address, global_heaps=source.heaps))
            whole = np.empty(shape, dtype)
            for corner in itertools.product(*(range(0, n, step) for n, step in zip(shape, chunks, strict=True))):
                mask, packed = stored.read_direct_chunk(corner)
                if mask:
                    raise Damaged(f"{what} has a chunk that skips its filters")
                chunk = np.frombuffer(_unpacked(packed, filters, chunks, dtype), dtype).reshape(chunks)
                part = whole[tuple(slice(at, at + step) for at, step in zip(corner, chunks, strict=True))]
                part[...] = chunk[tuple(slice(n) for n in part.shape)]
            return whole

    return load


def _unpacked(packed: bytes, filters: list[int], chunks: tuple[int, ...], dtype: Any) -> bytes:
    """Undo the filters of one chunk. Raises Damaged where its length is not that of its shape."""
    length = math.prod(chunks) * dtype.itemsize
    for number in reversed(filters):
        if number == FLETCHER:
            packed = packed[:-4]  # a checksum
        elif number == DEFLATE:
            packed = zlib.decompressobj().decompress(packed, length + 8)
        else:
            packed = np.frombuffer(packed, np.uint8).reshape(dtype.itemsize, -1).T.tobytes()
    if len(packed) != length:
        raise Damaged("a chunk does not have the length of its shape")
    return packed


def _from_brain(halves: Any) -> Any:
    return (halves.astype("<u4") << 16).view("<f4")
