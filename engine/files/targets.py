"""What a network over numbers should say: targets from a file of their own, or from a column of the inputs' table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..errors import BadInput
from ..models.scaling import Numbers, Scaling
from .inputs import Given, Sequences, read_given
from .scalers import Scalers

LATER = re.compile(r"(?P<name>.*\S)\s*@\s*\+(?P<rows>[0-9]{1,6})")
"""A column that is to be forecast some rows ahead: Volume@+1."""


@dataclass(frozen=True, eq=False)
class Targets:
    """The targets (T, K) of every sequence, in their unit, NaN where there are none, and the `names` of the K.

    `aligned` says in words which row each is taken from; `places` are those of the columns in the table of inputs,
    where the targets come from it.
    """

    arrays: tuple[Numbers, ...]
    names: tuple[str, ...]
    aligned: str
    places: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Columns:
    """Columns of the inputs' table that are targets: `values` (N, K), at `places` in the table, `later` rows ahead.

    `given` is the table without them; they stay among the inputs where the network reads all columns of the table.
    """

    given: Given
    values: Numbers
    names: tuple[str, ...]
    places: tuple[int, ...]
    later: int


def columns_in(given: Given, target: str, width: int) -> Columns | None:
    """Return the columns of the table `given` that `target` names, for a network of `width` inputs; None for a file.

    Several names are separated by commas, and `@+1` at the end takes them from the next row. Raises BadInput for a name
    that is neither a column's nor a file's.
    """
    if not given.names:
        return None
    match = LATER.fullmatch(target)
    text, later = (match["name"], int(match["rows"])) if match and target not in given.names else (target, 0)
    parts = [text] if _place(given.names, text) is not None else [part.strip() for part in text.split(",")]
    places = [_place(given.names, part) for part in parts]
    if None in places:
        if Path(target).exists():
            return None
        unknown = parts[places.index(None)]
        raise BadInput(f"{given.path}: --target {target}: there is no column {unknown[:60]}, and no such file; choose "
                       f"from {', '.join(given.names[:9])}")  # fmt: skip
    chosen = tuple(place for place in places if place is not None)
    values = np.asarray(given.array, np.float64)[:, chosen]
    names = tuple(given.names[place] for place in chosen)
    if given.array.shape[1] == width:
        return Columns(given, values, names, chosen, later)
    left = [n for n in range(given.array.shape[1]) if n not in chosen]
    rest = replace(given, array=given.array[:, left], names=tuple(given.names[n] for n in left))
    return Columns(rest, values, names, chosen, later)


def _place(names: Sequence[str], text: str) -> int | None:
    """The place of the column called `text`, ignoring case where only one is called so; None where there is none."""
    alike = [n for n, name in enumerate(names) if name == text] or [
        n for n, name in enumerate(names) if name.casefold() == text.casefold()
    ]
    return alike[0] if len(alike) == 1 else None


def targets_of(columns: Columns) -> Targets:
    """Return the targets of the one sequence of a table, taken `later` rows ahead.

    Raises BadInput where there are no rows so far ahead.
    """
    values, later = columns.values, columns.later
    if later:
        if later >= len(values):
            raise BadInput(f"{columns.given.path}: --target @+{later}: there are {len(values)} rows")
        values = np.concatenate([values[later:], np.full((later, values.shape[1]), np.nan)])
    row = "of the same row" if not later else "of the next row" if later == 1 else f"{later} rows later"
    return Targets((values,), columns.names, row, columns.places)


def read_targets(path: Path, sequences: Sequences, layout: str | None, count: int) -> Targets:
    """Return the targets in a file, for `count` outputs: as many rows as the inputs have, or one a sequence.

    A single sequence has targets (T,) or (T, K); a batch has them in the layout of its inputs, or (B,) or (B, K) for
    the last timestamp of each alone. Raises BadInput for another shape.
    """
    given = read_given(path)
    array = np.asarray(given.array)
    if array.dtype.kind not in "iufb":
        given.refuse("does not hold plain numbers")
    array = array.astype(np.float64)
    lengths = [len(part) for part in sequences.arrays]
    B, T = len(lengths), sequences.padded or lengths[0]
    if count == 1 and (array.ndim == 1 or (sequences.padded and array.shape in ((B, T), (T, B)))):
        array = array[..., None]
    names = given.names if len(given.names) == count else tuple(f"y{n}" if count > 1 else "y" for n in range(count))
    if sequences.padded and array.shape == ((B, T, count) if layout == "batch-first" else (T, B, count)):
        whole = array if layout == "batch-first" else array.swapaxes(0, 1)
        return Targets(tuple(part[:n] for part, n in zip(whole, lengths, strict=True)), names, "of the same row")
    if not sequences.padded and array.shape == (T, count):
        return Targets((array,), names, "of the same row")
    if array.shape == (B, count):
        parts = [np.full((n, count), np.nan) for n in lengths]
        for part, row in zip(parts, array, strict=True):
            part[-1] = row
        return Targets(tuple(parts), names, "of the last timestamp")
    wanted = f"{(B, T, count) if layout == 'batch-first' else (T, B, count)}" if sequences.padded else f"{(T, count)}"
    given.refuse(f"has shape {given.array.shape}; the targets of {count} output{'s' * (count > 1)} are {wanted}, one a "
                 f"timestamp, or {(B, count)}, one a sequence")  # fmt: skip


def scaling_of_inputs(scalers: Scalers, given: Given, table: Given, columns: Columns | None) -> Scaling | None:
    """Return the scaling of the inputs `given`, which are left of `table`; None where the scalers are the target's.

    Raises BadInput where the scaler of the inputs does not fit them, or where a scaler may belong to either end.
    """
    width = given.array.shape[-1]
    if scalers.both is None:
        return None if scalers.inputs is None else _fitting(scalers.inputs, width, given.names, scalers, "inputs")
    both, whole = scalers.both, table.array.shape[-1]
    if both.names and given.names and set(given.names) <= set(both.names):
        return both.of([both.names.index(name) for name in given.names])
    if len(both) == width and columns is not None and len(columns.names) == width:
        raise BadInput(f"{scalers.source}: may be the scaler of the inputs or of the target, which are as many; call "
                       "its numbers inputs.mean_ or target.mean_")  # fmt: skip
    if len(both) == width:
        return both
    if columns is not None and len(both) == whole:
        return both.of([n for n in range(whole) if n not in columns.places or whole == width])
    return None


def scaling_of_targets(scalers: Scalers, count: int, targets: Targets | None, table: Given) -> Scaling | None:
    """Return the scaling of the `count` outputs; None where the scalers are the inputs' alone.

    Raises BadInput where the scaler of the target does not fit them.
    """
    if scalers.both is None:
        names = () if targets is None else targets.names
        return None if scalers.target is None else _fitting(scalers.target, count, names, scalers, "target")
    both, whole = scalers.both, table.array.shape[-1]
    if targets is not None and both.names and set(targets.names) <= set(both.names):
        return both.of([both.names.index(name) for name in targets.names])
    if targets is not None and targets.places and len(both) == whole:
        return both.of(list(targets.places))
    return both if len(both) == count else None


def _fitting(scaling: Scaling, width: int, names: Sequence[str], scalers: Scalers, what: str) -> Scaling:
    if scaling.names and names and set(names) <= set(scaling.names):
        return scaling.of([scaling.names.index(name) for name in names])
    if len(scaling) == 1 and width > 1:
        raise BadInput(f"{scalers.source}: the scaler of the {what} has 1 number; there are {width} columns")
    if len(scaling) != width:
        raise BadInput(f"{scalers.source}: the scaler of the {what} has {len(scaling)} numbers; there {_are(width)}")
    return scaling


def _are(width: int) -> str:
    return f"are {width} columns" if width > 1 else "is 1 column"
