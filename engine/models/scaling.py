"""Linear scaling of columns, which a network's inputs and targets went through before it was trained."""

from dataclasses import dataclass
from typing import Any

import numpy as np

Numbers = np.ndarray[Any, np.dtype[np.float64]]
"""A float64 array."""


@dataclass(frozen=True, eq=False)
class Scaling:
    """A scaling of C columns: scaled = (v - offset) / scale, both (C,), no scale 0; `names` are theirs or ()."""

    offset: Numbers
    scale: Numbers
    names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.offset)

    def scaled(self, values: Any) -> Numbers:
        """Return `values` (..., C) scaled."""
        scaled: Numbers = (np.asarray(values, np.float64) - self.offset) / self.scale
        return scaled

    def raw(self, scaled: Any) -> Numbers:
        """Return `scaled` (..., C) in their own unit."""
        raw: Numbers = np.asarray(scaled, np.float64) * self.scale + self.offset
        return raw

    def of(self, columns: list[int]) -> "Scaling":
        """Return the scaling of some of the columns, by their places."""
        names = tuple(self.names[n] for n in columns) if self.names else ()
        return Scaling(self.offset[columns], self.scale[columns], names)
