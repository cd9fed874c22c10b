"""Networks that forecast a number: a recurrent layer over a window, and dense layers on its last hidden state."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..arrays import Floats
from ..run.batch import run_batch
from ..run.forward import run
from ..trace import Trace
from ..weights import Stack


@dataclass(frozen=True, eq=False)
class Head:
    """Dense layers that turn a hidden state (H,) into one number.

    `layers` are (matrix (out, in), bias (out,)), the last with one row. With `rectified` a ReLU comes before each.
    """

    layers: tuple[tuple[Floats, Floats], ...]
    rectified: bool

    def seen(self, hidden: Floats) -> Floats:
        """Return what the last layer sees of `hidden` (..., H), (..., D)."""
        for matrix, bias in self.layers[:-1]:
            hidden = self._let_through(hidden) @ matrix.T + bias
        return self._let_through(hidden)

    def value(self, hidden: Floats) -> Floats:
        """Return the number for `hidden` (..., H), (...)."""
        matrix, bias = self.layers[-1]
        value: Floats = self.seen(hidden) @ matrix[0] + bias[0]
        return value

    def terms(self, hidden: Floats) -> Floats:
        """Return what each of the D numbers that the last layer sees adds to the value for `hidden` (H,), (D,)."""
        terms: Floats = self.seen(hidden) * self.layers[-1][0][0]
        return terms

    def effects(self, hidden: Floats) -> Floats:
        """Return the effect of each unit of `hidden` (H,), (H,): how the value changes with the unit set to zero."""
        without = np.where(np.eye(len(hidden), dtype=bool), np.float32(0), hidden)
        effects: Floats = self.value(without) - self.value(hidden)
        return effects

    def _let_through(self, x: Floats) -> Floats:
        return np.maximum(x, np.float32(0)) if self.rectified else x


@dataclass(frozen=True, eq=False)
class Regressor:
    """A network of one recurrent layer that reads windows (T, I) of scaled numbers and forecasts a scaled number."""

    stack: Stack
    head: Head

    @property
    def parameters(self) -> int:
        """How many numbers training adjusts."""
        return self.stack.parameters + sum(matrix.size + bias.size for matrix, bias in self.head.layers)

    @cached_property
    def tensors(self) -> dict[str, Floats]:
        """Every parameter by its name: PyTorch's for the recurrent layer, and fc_1, …, fc for the dense ones.

        Shapes are those of `CellWeights`, and of each (matrix, bias) of the head.
        """
        (w,) = self.stack.flat
        named = {f"{self.stack.cell.name}.{kind}_{w.name}": array for kind, array in w.tensors.items()}
        for name, (matrix, bias) in zip(dense_names(len(self.head.layers)), self.head.layers, strict=True):
            named |= {f"{name}.weight": matrix, f"{name}.bias": bias}
        return named

    def trace(self, window: Floats) -> Trace:
        """Run the network over one `window` (T, I) from zero states. Raises BadInput when it does not fit."""
        return run(self.stack, window, source="window")

    def forecast(self, windows: Floats) -> Floats:
        """Return the scaled number for each of `windows` (N, T, I), (N,)."""
        _, hidden = run_batch(self.stack, windows.swapaxes(0, 1))  # (T, N, H)
        return self.head.value(hidden[-1])


def dense_names(count: int) -> list[str]:
    """Return what `count` dense layers are called: fc_1, fc_2, …, and the last one fc."""
    return [*(f"fc_{n}" for n in range(1, count)), "fc"]
