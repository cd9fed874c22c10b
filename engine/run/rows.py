"""Arrays (T, width) whose rows are computed when they are indexed."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import Floats

if TYPE_CHECKING:
    from .lazy import LazyRun

APART = 64
"""A distance of two wanted rows above which the rows between them are left out."""


class Rows(ABC):
    """Stands in for a read-only array (T, width) of float32 whose rows are computed when they are indexed."""

    dtype = np.dtype(np.float32)
    ndim = 2

    def __init__(self, T: int, width: int, walks: tuple["LazyRun", ...]) -> None:
        self.shape = (T, width)
        self.walks = walks

    @abstractmethod
    def rows(self, start: int, stop: int) -> Floats:
        """Return the rows of timestamps `start` to `stop` (not included), (stop - start, width)."""

    @abstractmethod
    def passing(self, start: int, stop: int) -> Floats:
        """Return the same rows to float32 rounding, as a walk through the layer above reads them."""

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, key: Any) -> Any:
        """Index as NumPy does; only the rows that the first index names are computed, where it names some."""
        first, *rest = key if isinstance(key, tuple) else (key,)
        if isinstance(first, slice):
            return self._sliced(first, rest)
        if isinstance(first, list):
            first = np.asarray(first)
        if isinstance(first, np.ndarray) and first.dtype.kind == "b" and first.shape == (len(self),):
            first = np.flatnonzero(first)
        if isinstance(first, np.ndarray) and first.dtype.kind in "iu" and first.size:
            return self._picked(first, rest)
        if isinstance(first, int | np.integer) and not isinstance(first, bool):
            t = int(first)
            if not -len(self) <= t < len(self):
                raise IndexError(f"timestamp {first} is outside 0..{len(self) - 1}")
            t %= len(self)
            return self.rows(t, t + 1)[(0, *rest)]
        return np.asarray(self)[key]

    def _sliced(self, key: slice, rest: list[Any]) -> Any:
        """The rows of a slice, whatever its step, and `rest` of the index."""
        wanted = range(*key.indices(len(self)))
        if not wanted:
            return self.rows(0, 0)[(slice(None), *rest)]
        low, high = min(wanted[0], wanted[-1]), max(wanted[0], wanted[-1])
        start = None if wanted.step > 0 else high - low
        return self.rows(low, high + 1)[(slice(start, None, wanted.step), *rest)]

    def _picked(self, ts: np.ndarray, rest: list[Any]) -> Any:
        """The rows at timestamps `ts`, an array of any shape, and `rest` of the index."""
        if ts.min() < -len(self) or ts.max() >= len(self):
            wrong = ts.min() if ts.min() < -len(self) else ts.max()
            raise IndexError(f"timestamp {wrong} is outside 0..{len(self) - 1}")
        ts = ts.astype(np.int64)
        wanted, place = np.unique(np.where(ts < 0, ts + len(self), ts), return_inverse=True)
        runs = np.split(wanted, np.flatnonzero(np.diff(wanted) > APART) + 1)
        found = np.concatenate([self.rows(int(run[0]), int(run[-1]) + 1)[run - run[0]] for run in runs])
        return found[(place.reshape(ts.shape), *rest)]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return self.rows(0, len(self)).astype(dtype or self.dtype, copy=False)


class Looked(Rows):
    """One quantity of one direction of a layer, (T, H)."""

    def __init__(self, walk: "LazyRun", quantity: str) -> None:
        super().__init__(walk.T, walk.weights.width(quantity), (walk,))
        self.quantity = quantity

    def rows(self, start: int, stop: int) -> Floats:
        """Return the quantity of every unit from `start` to `stop`, (stop - start, H)."""
        return self.walks[0].rows(self.quantity, start, stop)

    def passing(self, start: int, stop: int) -> Floats:
        """Return the hidden states from `start` to `stop`, (stop - start, H): nothing else is read by a layer."""
        assert self.quantity == "hidden"
        return self.walks[0].hidden(start, stop)


class SideBySide(Rows):
    """What a layer reads from both directions of the layer below it, (T, 2*H)."""

    def __init__(self, parts: list[Rows]) -> None:
        super().__init__(len(parts[0]), sum(part.shape[1] for part in parts), sum((p.walks for p in parts), ()))
        self.parts = parts

    def rows(self, start: int, stop: int) -> Floats:
        """Return both parts side by side from `start` to `stop`, (stop - start, 2*H)."""
        return np.concatenate([part.rows(start, stop) for part in self.parts], axis=1)

    def passing(self, start: int, stop: int) -> Floats:
        """Return both parts side by side to float32 rounding, (stop - start, 2*H)."""
        return np.concatenate([part.passing(start, stop) for part in self.parts], axis=1)
