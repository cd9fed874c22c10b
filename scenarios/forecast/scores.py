"""How good a forecast is, and how good it is over several seeds."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .series import Numbers, Series

MEASURES = ("mae", "rmse", "mape", "r2")
"""Mean absolute error and root mean square error in the target's unit, mean absolute percentage error, R²."""

PARTS = ("train", "test")

Scores = Mapping[str, float]
"""MEASURES of one forecast, MAPE as a share. MAPE is NaN where an actual is 0, R² where all are the same."""


def scores(forecast: Numbers, actual: Numbers) -> dict[str, float]:
    """Return the MEASURES of `forecast` against `actual`, both (N,), over the days that have a forecast (not NaN).

    They are computed by scikit-learn, which is loaded here, except where they are NaN or infinite.
    """
    from sklearn import metrics

    there = ~np.isnan(forecast)
    y, said = actual[there], forecast[there]
    if not np.isfinite(said).all():  # an infinite forecast, from a training that diverged
        return {"mae": math.inf, "rmse": math.inf, "mape": math.inf, "r2": -math.inf}
    return {
        "mae": float(metrics.mean_absolute_error(y, said)),
        "rmse": float(metrics.root_mean_squared_error(y, said)),
        "mape": float(metrics.mean_absolute_percentage_error(y, said)) if y.all() else math.nan,
        "r2": float(metrics.r2_score(y, said)) if np.ptp(y) else math.nan,
    }


def by_part(forecast: Numbers, series: Series) -> dict[str, dict[str, float]]:
    """Return the scores of `forecast` (N,) on the train days and on the test days."""
    cut, y = series.train, series.actual
    return {"train": scores(forecast[:cut], y[:cut]), "test": scores(forecast[cut:], y[cut:])}


@dataclass(frozen=True)
class Spread:
    """One measure over several seeds."""

    mean: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Return the spread of `values`."""
        return cls(sum(values) / len(values), min(values), max(values))


@dataclass(frozen=True)
class Row:
    """One line of the table: a forecast's scores by part and measure, over `seeds` seeds (1 where nothing is drawn)."""

    name: str
    seeds: int
    spreads: Mapping[str, Mapping[str, Spread]]


def row(name: str, each: Sequence[Mapping[str, Scores]]) -> Row:
    """Return the row of a forecast whose scores by part are `each`, one a seed."""
    spreads = {part: {m: Spread.of([one[part][m] for one in each]) for m in MEASURES} for part in PARTS}
    return Row(name, len(each), spreads)


def naive_scores(series: Series) -> dict[str, dict[str, dict[str, float]]]:
    """Return the scores by part of each forecast that needs no network, by its name."""
    return {name: by_part(forecast, series) for name, forecast in series.naive.items()}
