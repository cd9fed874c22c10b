"""Tensors as a pickle of torch describes them, by offset, shape and strides into a storage; and how to read them."""

import math
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import IO, Any

import numpy as np

from ..arrays import filled, from_bfloat16
from ..errors import BadInput
from .contents import Tensor
from .standins import PERSISTENT, Stand

TYPES = {
    "float32": "f4", "float64": "f8", "float16": "f2", "bfloat16": "u2", "int64": "i8", "int32": "i4", "int16": "i2",
    "int8": "i1", "uint8": "u1", "uint16": "u2", "uint32": "u4", "uint64": "u8", "bool": "?",
}  # fmt: skip
"""NumPy's code of each of torch's types that it can hold; bfloat16 are the upper halves of float32."""

STORAGES = {
    "FloatStorage": "float32", "DoubleStorage": "float64", "HalfStorage": "float16", "BFloat16Storage": "bfloat16",
    "LongStorage": "int64", "IntStorage": "int32", "ShortStorage": "int16", "CharStorage": "int8",
    "ByteStorage": "uint8", "BoolStorage": "bool", "UntypedStorage": "uint8", "QInt8Storage": "qint8",
    "QUInt8Storage": "quint8", "QInt32Storage": "qint32", "QUInt4x2Storage": "quint4x2", "QUInt2x4Storage": "quint2x4",
    "ComplexFloatStorage": "complex64", "ComplexDoubleStorage": "complex128",
}  # fmt: skip
SIZES = {"qint8": 1, "quint8": 1, "qint32": 4, "quint4x2": 1, "quint2x4": 1, "complex64": 8, "complex128": 16}
MOST_AXES = 64
NO_VALUES = "a tensor without values"

Opener = Callable[[str], AbstractContextManager[IO[bytes]]]
"""Opens the storage of a key, to be read from its first byte."""


@dataclass(frozen=True)
class Storage:
    """Numbers that tensors share: the `size` bytes under `key` from `begin` on, of `dtype`, in byte `order` < or >."""

    key: str
    dtype: str
    size: int
    begin: int = 0
    order: str = "<"

    @property
    def itemsize(self) -> int:
        """The bytes of one number."""
        return SIZES[self.dtype] if self.dtype in SIZES else np.dtype(TYPES[self.dtype]).itemsize

    @property
    def length(self) -> int:
        """How many numbers there are."""
        return (self.size - self.begin) // self.itemsize


def storage_type(identity: Any) -> tuple[str, str, int] | None:
    """Return (key, type, first number) of ("storage", class, key, device, count[, view]); None for anything else."""
    if not (isinstance(identity, tuple) and len(identity) >= 5 and identity[0] == "storage"):
        return None
    kind, key = identity[1], identity[2]
    if not isinstance(kind, Stand) or kind.last not in STORAGES or not isinstance(key, str):
        return None
    view = identity[5] if len(identity) > 5 else None  # in old files: (key, first number, count)
    first = view[1] if isinstance(view, tuple) and len(view) == 3 and isinstance(view[1], int) else 0
    return key, STORAGES[kind.last], first


class Tensors:
    """Turns the stand-ins of one file's tensors into `Tensor`s.

    `lengths` are the bytes under each key; `opener` opens a storage; `source` is what errors call the file, `most` the
    numbers that a sparse tensor may have when it is made dense, and `order` the byte order ("<" or ">").
    """

    def __init__(self, source: str, lengths: Mapping[str, int], opener: Opener, most: int, order: str = "<"):
        self.source, self.lengths, self.opener, self.most, self.order = source, lengths, opener, most, order

    def tensor(self, stand: Stand, name: str) -> Tensor | None:
        """Return the tensor that a stand-in describes, called `name` in errors; None where it describes none.

        Reading it raises BadInput where its numbers are missing, damaged or of a type that NumPy does not have.
        """
        args = stand.args or ()
        match stand.last:
            case "_rebuild_tensor" | "_rebuild_tensor_v2" | "_rebuild_qtensor" if len(args) >= 4:
                return self._strided(args[0], args[1], args[2], args[3], None, name)
            case "_rebuild_tensor_v3" if len(args) >= 7 and isinstance(args[6], Stand):
                return self._strided(args[0], args[1], args[2], args[3], args[6].last, name)
            case "_rebuild_parameter" | "_rebuild_parameter_with_state" if args and isinstance(args[0], Stand):
                return self.tensor(args[0], name)
            case "_rebuild_from_type_v2" if (
                len(args) >= 3 and isinstance(args[0], Stand) and isinstance(args[2], tuple)
            ):
                return self.tensor(Stand(args[0].name, args[2]), name)
            case "_rebuild_sparse_tensor" if len(args) == 2 and isinstance(args[1], tuple) and len(args[1]) >= 3:
                return self._sparse(args[1][0], args[1][1], args[1][2], name)
            case "_rebuild_meta_tensor_no_storage" if len(args) >= 2:
                return self._unreadable(whole(args[1]), NO_VALUES, name)
            case "_reconstruct" if stand.name.startswith("numpy."):
                return self._numpy(stand.state, name)
            case "_frombuffer" if stand.name.startswith("numpy.") and len(args) == 4:  # as pickle's protocol 5 has it
                data = bytes(args[0]) if isinstance(args[0], bytes | bytearray) else args[0]
                return self._numpy((1, args[2], args[1], args[3] == "F", data), name)
        return None

    def _strided(self, storage: Any, offset: Any, shape: Any, stride: Any, dtype: str | None, name: str) -> Tensor:
        size, steps = whole(shape), whole(stride)
        if size is None or steps is None or len(size) != len(steps) or not _whole(offset):
            return self._unreadable(size, "a tensor without a shape", name)
        identity = (
            storage.args[0] if isinstance(storage, Stand) and storage.name == PERSISTENT and storage.args else None
        )
        found = storage_type(identity)
        if found is None:
            return self._unreadable(size, "a part of a pickle", name)
        key, kind, first = found
        kind = dtype if dtype in TYPES else kind
        if kind not in TYPES:
            return self._unreadable(size, kind, name)
        if key not in self.lengths:
            return self._unreadable(size, NO_VALUES, name)
        begin = first * np.dtype(TYPES[kind]).itemsize
        place = Storage(key, kind, self.lengths[key], begin, self.order)
        return Tensor(size, kind, lambda: self._read(place, offset, size, steps, name), (place, offset, size, steps))

    def _read(self, storage: Storage, offset: int, shape: tuple[int, ...], stride: tuple[int, ...], name: str) -> Any:
        count = math.prod(shape)
        last = offset + sum((n - 1) * step for n, step in zip(shape, stride, strict=True))
        if count and (last >= storage.length or storage.length < count):
            raise BadInput(f"{self.source}: {name} of shape {shape} is larger than what is stored for it; the file is "
                           "damaged, or holds views: save each with tensor.clone()")  # fmt: skip
        if not count:
            return np.zeros(shape, np.float32)
        dtype = np.dtype(storage.order + TYPES[storage.dtype])
        steps = [math.prod(shape[axis + 1 :]) for axis in range(len(shape))]
        dense = all(n == 1 or own == step for n, own, step in zip(shape, steps, stride, strict=True))
        try:
            with self.opener(storage.key) as stream:
                stream.seek(storage.begin + offset * dtype.itemsize, 1)
                array = filled(stream, dtype, shape if dense else (last - offset + 1,))
        except EOFError:
            raise BadInput(f"{self.source}: {name} is cut short, or the file changed while it was read") from None
        if not dense:
            array = np.lib.stride_tricks.as_strided(array, shape, [step * dtype.itemsize for step in stride])
            array = np.ascontiguousarray(array)
        return from_bfloat16(array) if storage.dtype == "bfloat16" else array

    def _sparse(self, indices: Any, values: Any, size: Any, name: str) -> Tensor | None:
        shape = whole(size)
        parts = [self.tensor(part, name) for part in (indices, values) if isinstance(part, Stand)]
        if shape is None or len(parts) != 2 or None in parts:
            return None
        where, what = parts

        def read() -> Any:
            assert where is not None
            assert what is not None
            if math.prod(shape) > self.most:
                raise BadInput(f"{self.source}: {name} of shape {shape} is larger than the file; save it dense")
            dense, at, added = np.zeros(shape, np.float32), where.read(), what.read()
            if at.ndim != 2 or len(at) != len(shape) or at.shape[1:] != added.shape or at.dtype.kind != "i":
                raise BadInput(f"{self.source}: {name} is a sparse tensor that does not fit its shape {shape}")
            if at.size and ((at < 0).any() or (at.max(axis=1) >= shape).any()):
                raise BadInput(f"{self.source}: {name} is a sparse tensor with a place outside of its shape {shape}")
            np.add.at(dense, tuple(at), added)
            return dense

        return Tensor(shape, "sparse", read)

    def _numpy(self, state: Any, name: str) -> Tensor | None:
        """A NumPy array in the pickle itself: (version, shape, type, Fortran's order, its bytes)."""
        if not isinstance(state, tuple) or len(state) != 5 or not isinstance(state[2], Stand):
            return None
        shape, (kind, *_) = whole(state[1]), state[2].args or ("",)
        data, order = state[4], state[2].state
        if isinstance(data, Stand) and data.name == "_codecs.encode" and data.args:
            data = data.args[0].encode("latin-1", "replace") if isinstance(data.args[0], str) else b""
        if shape is None or not isinstance(kind, str) or kind not in ("f2", "f4", "f8", "i4", "i8"):
            return self._unreadable(shape, "an array of another kind", name)
        big = isinstance(order, tuple) and len(order) > 1 and order[1] == ">"

        def read() -> Any:
            dtype = np.dtype((">" if big else "<") + kind)
            if not isinstance(data, bytes) or math.prod(shape) * dtype.itemsize != len(data):
                raise BadInput(f"{self.source}: {name} does not have the bytes of shape {shape}; the file is damaged")
            return np.frombuffer(data, dtype).reshape(shape, order="F" if state[3] is True else "C")

        return Tensor(shape, np.dtype(kind).name, read)

    def _unreadable(self, shape: tuple[int, ...] | None, kind: str, name: str) -> Tensor:
        quantized = " (quantized)" if kind.startswith("q") else ""

        def refuse() -> Any:
            raise BadInput(f"{self.source}: {name} is stored as {kind}{quantized}; save it as float32")

        return Tensor(shape or (), kind, refuse)


def whole(numbers: Any) -> tuple[int, ...] | None:
    """Return a tuple, list or torch.Size of whole numbers from 0 as a tuple, and None for anything else."""
    if isinstance(numbers, Stand) and numbers.last == "Size" and numbers.args:
        numbers = numbers.args[0]
    if not isinstance(numbers, tuple | list) or len(numbers) > MOST_AXES or not all(map(_whole, numbers)):
        return None
    return tuple(numbers)


def _whole(number: Any) -> bool:
    return type(number) is int and 0 <= number < 2**62
