"""Scalers: numbers of any unit to numbers that a network learns from, and back."""

from dataclasses import dataclass

import numpy as np

Numbers = np.ndarray
"""A float64 array."""

EPSILON = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, eq=False)
class Scaler:
    """Per column: (v - offset) / scale, with v the value or, where `log`, its logarithm. All are (C,).

    `least` is the least value that was fitted; where `log`, what is not above zero is read as that.
    """

    offset: Numbers
    scale: Numbers
    log: Numbers
    least: Numbers

    def scaled(self, values: Numbers) -> Numbers:
        """Return `values` (..., C) scaled."""
        scaled: Numbers = (_bent(values, self.log, self.least) - self.offset) / self.scale
        return scaled

    def raw(self, scaled: Numbers) -> Numbers:
        """Return what `scaled` (..., C) was."""
        v = scaled.astype(np.float64) * self.scale + self.offset
        with np.errstate(over="ignore"):
            return np.where(self.log, np.exp(np.where(self.log, v, 0.0)), v)


def standard(values: Numbers, log: bool = False) -> Scaler:
    """Return the scaler that gives the columns of `values` (N, C) mean 0 and standard deviation 1.

    As scikit-learn's StandardScaler: a column that never changes, but for what rounding makes of its mean, keeps its
    scale. With `log` columns that are above zero are scaled by their logarithms.
    """
    v, bent = _fitted(values, log)
    mean, variance, N = v.mean(axis=0), v.var(axis=0), len(v)
    constant = variance <= N * EPSILON * variance + (N * mean * EPSILON) ** 2
    return Scaler(mean, np.where(constant, 1.0, np.sqrt(variance)), bent, values.min(axis=0))


def min_max(values: Numbers, log: bool = False) -> Scaler:
    """Return the scaler that brings the columns of `values` (N, C) to 0..1, as scikit-learn's MinMaxScaler.

    With `log` columns that are above zero are scaled by their logarithms.
    """
    v, bent = _fitted(values, log)
    span = v.max(axis=0) - v.min(axis=0)
    return Scaler(v.min(axis=0), np.where(span < 10 * EPSILON, 1.0, span), bent, values.min(axis=0))


def _fitted(values: Numbers, log: bool) -> tuple[Numbers, Numbers]:
    """The values or their logarithms, and which columns have these."""
    above = np.asarray((values > 0).all(axis=0) & log)
    return _bent(values, above, values.min(axis=0)), above


def _bent(values: Numbers, log: Numbers, least: Numbers) -> Numbers:
    return np.where(log, np.log(np.where(log, np.where(values > 0, values, least), 1.0)), values)
