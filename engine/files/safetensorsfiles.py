"""Reading safetensors files: a length, a header in JSON, and the numbers.

The package of that name only writes them here: it reads by mapping the file into memory, and a mapped file that another
program cuts short ends the process without a message.
"""

import contextlib
import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from ..arrays import filled, from_bfloat16
from ..errors import BadInput
from .contents import Tensor
from .listing import Listing, is_text
from .opening import opened, size_of

DTYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1", "BOOL": "?", "BF16": "<u2",
}  # fmt: skip
"""NumPy's name of each type that it can hold; BF16 are the upper halves of float32."""

WHAT = "is not a safetensors file"

LONGEST_HEADER = 100_000_000
MOST_AXES = 64
METADATA = "__metadata__"


def list_safetensors(path: Path) -> Listing:
    """Return the tensors of a safetensors file by name, each to be read when it is asked for.

    Raises BadInput as `read_safetensors` does, for a type that NumPy does not have only when that tensor is read.
    """
    with opened(path) as file:
        entries, metadata = _entries(file, path)
    tensors = {name: _tensor(path, name, entry) for name, entry in entries.items()}
    return Listing("safetensors file", tensors, texts=_texts(metadata))


def read_safetensors(path: Path) -> tuple[dict[str, np.ndarray[Any, Any]], dict[str, str]]:
    """Return the tensors of a safetensors file by name, in their shapes, and its text metadata, empty if it has none.

    Raises BadInput for another kind of file, for a header that does not say where every byte belongs, and for a type
    that NumPy does not have.
    """
    with opened(path) as file:
        entries, metadata = _entries(file, path)
        return {name: _numbers(file, path, name, entry) for name, entry in entries.items()}, metadata


def _texts(metadata: Mapping[str, str]) -> dict[str, Any]:
    """The lists and maps of text that stand in the metadata as JSON."""
    found = {}
    for name, text in metadata.items():
        if text[:1] in ("[", "{"):
            with contextlib.suppress(ValueError, RecursionError):
                held = json.loads(text)
                if held and is_text(held):
                    found[name] = held
    return found


class _Entry(NamedTuple):
    dtype: str
    shape: tuple[int, ...]
    begin: int  # from the beginning of the file


def _tensor(path: Path, name: str, entry: _Entry) -> Tensor:
    def read() -> Any:
        with opened(path) as file:
            return _numbers(file, path, name, entry)

    return Tensor(entry.shape, entry.dtype, read)


def _numbers(file: BinaryIO, path: Path, name: str, entry: _Entry) -> Any:
    if entry.dtype not in DTYPES:
        raise BadInput(f"{path}: {name} is stored as {entry.dtype}; save it as float32")
    try:
        file.seek(entry.begin)
        array = filled(file, np.dtype(DTYPES[entry.dtype]), entry.shape)
    except (EOFError, ValueError):
        raise BadInput(f"{path}: {WHAT} (it is cut short, or changed while it was read)") from None
    return from_bfloat16(array) if entry.dtype == "BF16" else array


def _entries(file: BinaryIO, path: Path) -> tuple[dict[str, _Entry], dict[str, str]]:
    """The tensors of the header, checked to fill the file, and its metadata."""
    try:
        size = size_of(file)
        length = int.from_bytes(file.read(8), "little")
        if not 2 <= length <= min(size - 8, LONGEST_HEADER):
            raise ValueError("it does not begin with the length of a header")
        header = _header(file.read(length))
        metadata = header.pop(METADATA, {})
        if not isinstance(metadata, dict) or not all(isinstance(text, str) for text in metadata.values()):
            raise ValueError("its metadata is not text by name")
        places = sorted((_place(name, about), name) for name, about in header.items())
        ends = [0, *(end for (_, end), _ in places)]
        if [begin for (begin, _), _ in places] != ends[:-1] or ends[-1] != size - 8 - length:
            raise ValueError("its header does not fit its length; it is damaged or cut short")
        entries = {}
        for (begin, end), name in places:
            dtype, shape = header[name]["dtype"], tuple(header[name]["shape"])
            if dtype in DTYPES and math.prod(shape) * np.dtype(DTYPES[dtype]).itemsize != end - begin:
                raise ValueError(f"{name} of shape {shape} does not fit its place")
            entries[name] = _Entry(dtype, shape, 8 + length + begin)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{path}: {WHAT} ({error})") from None
    return {name: entries[name] for name in header}, metadata


def _header(text: bytes) -> dict[str, Any]:
    """The header's JSON object. Raises ValueError where it is none, or has a key twice."""
    try:
        header = json.loads(text.decode("utf-8"), object_pairs_hook=_once)
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise ValueError("its header is not JSON") from None
    if not isinstance(header, dict):
        raise ValueError("its header is not a JSON object")
    return header


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in pairs:
        if key in made:
            raise ValueError(f"it holds {key} twice")
        made[key] = value
    return made


def _place(name: str, about: Any) -> tuple[int, int]:
    """Where the bytes of a tensor begin and end, behind the header. Raises ValueError where `about` does not say it."""
    if isinstance(about, dict) and isinstance(about.get("dtype"), str):
        shape, place = _whole(about.get("shape")), _whole(about.get("data_offsets"))
        if shape is not None and place is not None and len(place) == 2 and len(shape) <= MOST_AXES:
            return place[0], place[1]
    raise ValueError(f"its header does not say what {name} is")


def _whole(numbers: Any) -> list[int] | None:
    """Return a list of whole numbers from 0 as it is, and None for anything else."""
    return numbers if isinstance(numbers, list) and all(type(n) is int and n >= 0 for n in numbers) else None
