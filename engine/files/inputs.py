"""Inputs as people have them: one sequence or a batch, numbers or word numbers, in any of several formats."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from ..arrays import Floats, as_floats
from ..errors import BadInput
from .numpyfiles import holds_arrays, members, read_npy, read_npz
from .opening import opened
from .rows import Progress

NAMES = ("input", "inputs", "x")
"""What the input is called in a file of several arrays."""

Numbers = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False)
class Given:
    """The array of an input file in the shape it has there, and `notes` on what was left out of a table.

    `names` are those of a table's columns, and `labels` those of its rows; both are empty where it has none.
    """

    path: Path
    array: Numbers
    notes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    def refuse(self, what: str) -> NoReturn:
        """Raise BadInput, with the notes on what was left out: a missing column may be one of these."""
        raise BadInput("; ".join([f"{self.path}: {what}", *self.notes]))

    def holds_ids(self, width: int) -> bool:
        """Whether these are word numbers: whole numbers of one axis, (T,), for a network of more than one input."""
        return self.array.ndim == 1 and self.array.dtype.kind in "iu" and width > 1


@dataclass(frozen=True, eq=False)
class Sequences:
    """The sequences of an input file, each float32 (T, I), read-only; of a batch, T may differ from one to the next.

    `ids` are the word numbers, (T,) each, where the inputs are rows of an embedding; `source` is the file's name.
    `notes` are what a user has to know of how it was read. `columns` are the names of the I inputs, and `labels` of
    the T timestamps of a single sequence; each is empty where the file has none. `padded` is the number of timestamps
    that a batch has for every sequence, padding included; it is 0 for a single sequence.
    """

    source: str
    arrays: tuple[Floats, ...]
    ids: tuple[Numbers, ...] | None = None
    notes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    padded: int = 0

    def number(self, sequence: int | None) -> int:
        """Return the index, from 0, of what --sequence says, from 1 or None.

        Raises BadInput where there is no such sequence, and where there are several and `sequence` is None.
        """
        count = len(self.arrays)
        if sequence is None:
            if count > 1:
                raise BadInput(f"{self.source}: holds {count} sequences; --sequence N, 1 to {count}, says which one")
            return 0
        if not 1 <= sequence <= count:
            raise BadInput(f"{self.source}: --sequence {sequence}: there is none; it holds 1 to {count}")
        return sequence - 1

    def index_of(self, number: int) -> int:
        """Return the index, from 0, of sequence `number`, from 1. Raises BadInput where there is no such sequence."""
        if not 1 <= number <= len(self.arrays):
            raise BadInput(f"there is no sequence {number}; {self.source} holds 1 to {len(self.arrays)}")
        return number - 1


def read_inputs(path: Path, tell: Callable[[str], object] | None = None) -> Floats:
    """Return the inputs (T, I) of a file with one sequence. Raises BadInput, which names what does not fit.

    `tell` is called with a sentence for whatever of a table is left out or put in order, such as a column of dates.
    """
    given = read_given(path)
    array = as_floats(given.array, str(path))
    if array.ndim != 2 or 0 in array.shape:
        given.refuse(f"has shape {array.shape}; it must be (T, I), a row a timestamp and a column an input")
    for note in given.notes:
        if tell:
            tell(note)
    return array


def read_sequences(
    path: Path | Given,
    width: int,
    layout: str | None = None,
    lengths: Path | None = None,
    embedding: Floats | None = None,
) -> Sequences:
    """Return the sequences in a file, or in what was already read from one, for a network of `width` inputs.

    (T, I) is one sequence. A batch, (T, B, I) or (B, T, I), needs its `layout`, one of LAYOUTS; `lengths` is a file
    with the timestamps (B,) that count in each. With an `embedding` (V, I) the file holds word numbers, (T,), or a
    batch of them. Raises BadInput for shapes that do not fit, and for one that two layouts fit.
    """
    given = path if isinstance(path, Given) else read_given(path)
    array, axes = given.array, 2 if embedding is None else 1
    if embedding is not None:
        array = _whole_numbers(array, given.path)
    elif array.ndim == 1 and width == 1:
        array = array[:, None]
    if 0 in array.shape:
        given.refuse(f"has shape {array.shape}, and holds nothing")
    fits = embedding is not None or array.shape[-1:] == (width,)
    if array.ndim not in (axes, axes + 1) or not fits:
        turned = f"; turned around, {array.shape[::-1]}, it would" if array.ndim == 2 and len(array) == width else ""
        given.refuse(f"has shape {array.shape}; {_wanted(width, embedding)}{turned}")
    if array.ndim == axes:
        for option, value in (("--layout", layout), ("--lengths", lengths)):
            if value is not None:
                given.refuse(f"has shape {array.shape}, one sequence; {option} goes with a batch of them")
        parts, padded = [array], 0
    else:
        whole = _sequences(array, layout, given.path)
        parts, padded = _shortened(whole, lengths), len(whole[0])
    source = str(given.path)
    if embedding is None:
        arrays = tuple(as_floats(part, source) for part in parts)
        labels = given.labels if len(parts) == 1 and len(given.labels) == len(parts[0]) else ()
        return Sequences(source, arrays, None, given.notes, given.names, labels, padded)
    rows = tuple(as_floats(embedding[_within(part, len(embedding), given.path)], source) for part in parts)
    return Sequences(source, rows, tuple(parts), given.notes)


def read_array(path: Path) -> Numbers:
    """Return the array of an input file in the shape it has there. Raises what `read_given` raises."""
    return read_given(path).array


def read_given(path: Path, progress: Progress | None = None) -> Given:
    """Return what an input file holds; its format is detected from its content.

    Formats are .npy; .npz and files of torch.save with one array, or one called input, inputs or x; and delimited text,
    a row a timestamp, of which `progress` receives the share that is read. Raises BadInput for another kind of file.
    """
    with opened(path) as file:
        start = file.read(6)
        file.seek(0)
        names = members(file, path) if start[:2] == b"PK" else []
    if start == b"\x93NUMPY" or (path.suffix.lower() == ".npy" and not names):
        return Given(path, read_npy(path))
    if names and holds_arrays(names):
        return Given(path, np.asarray(_only(read_npz(path), path)))
    if start[:1] == b"\x80" or any(name.rpartition("/")[2] == "data.pkl" for name in names):
        from .torchfiles import read_old_torch, read_torch_zip  # with what reads pickles

        tensors = (read_torch_zip if names else read_old_torch)(path).tensors
        return Given(path, np.asarray(_only(tensors, path).read()))
    from .delimited import read_matrix  # with all that reads numbers and dates as people write them

    table = read_matrix(path, progress)
    columns = table.names if any(table.names) else ()
    return Given(path, table.values, tuple(f"{path}: {note}" for note in table.notes), columns, tuple(table.labels))


def _only(arrays: Mapping[str, Any], path: Path) -> Any:
    """The one array of a file, or the one with a name that inputs have."""
    if len(arrays) == 1:
        return next(iter(arrays.values()))
    for name in NAMES:
        if name in arrays:
            return arrays[name]
    raise BadInput(f"{path}: holds {_listed(arrays)}; it must hold one array, or one called input")


def _wanted(width: int, embedding: Floats | None) -> str:
    if embedding is not None:
        return "word numbers are (T,), or (T, B) or (B, T) for a batch"
    alone = ", or (T,)" if width == 1 else ""
    return f"this network takes (T, {width}){alone}, or (T, B, {width}) or (B, T, {width}) for a batch"


def _sequences(array: Numbers, layout: str | None, path: Path) -> list[Numbers]:
    """The sequences of a batch, of which the first two axes are time and batch."""
    first, second = array.shape[:2]
    if layout is None:
        if first == second == 1:
            return [array[0]]
        readings = (
            f"--layout batch-first reads {_counted(first, second)}, --layout time-first {_counted(second, first)}"
        )
        raise BadInput(f"{path}: has shape {array.shape}, which two layouts fit: {readings}; give the right one")
    return list(array) if layout == "batch-first" else [array[:, n] for n in range(second)]


def _counted(sequences: int, timestamps: int) -> str:
    return f"{sequences} sequence{'s' * (sequences > 1)} of {timestamps} timestamp{'s' * (timestamps > 1)}"


def _shortened(parts: list[Numbers], lengths: Path | None) -> list[Numbers]:
    """The sequences without the timestamps that only pad them."""
    if lengths is None:
        return parts
    counts = _whole_numbers(read_array(lengths), lengths).reshape(-1)
    T = len(parts[0])
    if len(counts) != len(parts):
        raise BadInput(f"{lengths}: holds {len(counts)} lengths; there are {len(parts)} sequences")
    for n, count in enumerate(counts.tolist(), 1):
        if not 1 <= count <= T:
            raise BadInput(
                f"{lengths}: says {count} for sequence {n}; it must be within 1 to {T}, the timestamps there"
            )
    return [part[:count] for part, count in zip(parts, counts.tolist(), strict=True)]


def _whole_numbers(array: Numbers, path: Path) -> Numbers:
    """The array as int64. Raises BadInput where a number is not whole."""
    if array.ndim == 2 and 1 in array.shape and array.dtype.kind == "f":  # a column of text
        array = array.reshape(-1)
    if array.dtype.kind not in "iuf" or not (np.abs(array) < 2**53).all() or (array != np.floor(array)).any():
        raise BadInput(f"{path}: must hold whole numbers")
    return array.astype(np.int64)


def _within(ids: Numbers, V: int, path: Path) -> Numbers:
    bad = np.flatnonzero((ids < 0) | (ids >= V))
    if len(bad):
        raise BadInput(f"{path}: has the word number {ids[bad[0]]} at t={bad[0] + 1}; the embedding has 0 to {V - 1}")
    return ids


def _listed(names: Mapping[str, Any], most: int = 6) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return (", ".join(list(names)[:most]) or "nothing") + more
