"""Scaling by scikit-learn's scalers, of numbers or of their logarithms, and what a file carries of a fitted scaler.

scikit-learn is loaded when a scaler is fitted; a scaler that ships does not need it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...engine import Floats
from .series import Numbers


@dataclass(frozen=True, eq=False)
class Scaler:
    """A scaling of C columns: (v - offset) / scale, with v the value or, in the columns `log`, its logarithm.

    All are (C,). `least` is the least value that was fitted; in the columns `log` it stands in for values that are not
    above zero. `fitted` is scikit-learn's own scaler, which does the work; None where a file carries the numbers alone.
    """

    offset: Numbers
    scale: Numbers
    log: np.ndarray[Any, np.dtype[np.bool_]]
    least: Numbers
    fitted: Any = None

    def scaled(self, values: Numbers) -> Numbers:
        """Return `values` (..., C) scaled."""
        transformed = _logarithms(values, self.log, self.least)
        if self.fitted is None:
            scaled: Numbers = (transformed - self.offset) / self.scale
        else:
            scaled = self.fitted.transform(transformed.reshape(-1, transformed.shape[-1])).reshape(transformed.shape)
        return scaled

    def raw(self, scaled: Numbers | Floats) -> Numbers:
        """Return the values (..., C) that `scaled` (..., C) came from."""
        v = scaled.astype(np.float64)
        if self.fitted is None:
            v = v * self.scale + self.offset
        else:
            v = self.fitted.inverse_transform(v.reshape(-1, v.shape[-1])).reshape(v.shape)
        with np.errstate(over="ignore"):
            return np.where(self.log, np.exp(np.where(self.log, v, 0.0)), v)

    @property
    def carried(self) -> dict[str, list[Any]]:
        """What a file carries of it: lists with a number for each column."""
        return {name: getattr(self, name).tolist() for name in ("offset", "scale", "log", "least")}


def carried(numbers: Mapping[str, Any], columns: int) -> Scaler:
    """Return the scaler of so many `columns` that a file carries as `numbers`.

    Raises KeyError, TypeError or ValueError where these are no such scaler.
    """
    offset, scale, least = (np.array(numbers[name], dtype=np.float64) for name in ("offset", "scale", "least"))
    log = np.array(numbers["log"])
    if any(array.shape != (columns,) for array in (offset, scale, least, log)) or log.dtype != np.bool_:
        raise ValueError
    if not (np.isfinite([offset, scale, least]).all() and scale.all() and (least[log] > 0).all()):
        raise ValueError
    return Scaler(offset, scale, log, least)


def standard(values: Numbers, log: bool = False) -> Scaler:
    """Return the scaler that gives the columns of `values` (N, C) mean 0 and standard deviation 1.

    With `log` columns that are above zero are scaled by their logarithms.
    """
    from sklearn.preprocessing import StandardScaler

    above, least, transformed = _transformed(values, log)
    fitted = StandardScaler().fit(transformed)
    return Scaler(fitted.mean_, fitted.scale_, above, least, fitted)


def min_max(values: Numbers, log: bool = False) -> Scaler:
    """Return the scaler that brings the columns of `values` (N, C) to 0..1.

    With `log` columns that are above zero are scaled by their logarithms.
    """
    from sklearn.preprocessing import MinMaxScaler

    above, least, transformed = _transformed(values, log)
    fitted = MinMaxScaler().fit(transformed)
    return Scaler(fitted.data_min_, 1 / fitted.scale_, above, least, fitted)


def _transformed(values: Numbers, log: bool) -> tuple[np.ndarray[Any, np.dtype[np.bool_]], Numbers, Numbers]:
    """Which columns are scaled by their logarithms, the least values, and the numbers that a scaler is fitted on."""
    above, least = np.asarray((values > 0).all(axis=0) & log), values.min(axis=0)
    return above, least, _logarithms(values, above, least)


def _logarithms(values: Numbers, log: np.ndarray[Any, np.dtype[np.bool_]], least: Numbers) -> Numbers:
    """The values, with their logarithm in the columns `log`."""
    return np.where(log, np.log(np.where(log, np.where(values > 0, values, least), 1.0)), values)
