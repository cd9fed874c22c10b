"""Choosing the window and the size of the windowed forecaster, without a look at the test days."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .recipes import WINDOWED, Recipe, prepare
from .scores import scores
from .series import Series

WINDOWS, UNITS, SEEDS = (5, 10, 20), (2, 4, 8), (0, 1, 2)
"""What is tried."""

VALIDATION_SHARE = 0.2
"""The share of train days, the last of them, by which the choice is made."""


@dataclass(frozen=True)
class Candidate:
    """The mean absolute error on the validation days, averaged over SEEDS, of a network that never saw them."""

    window: int
    units: int
    error: float


def grid_search(series: Series) -> Iterator[Candidate]:
    """Train on the first train days and measure on the last, for every window that is short enough and every size."""
    fitted = round(series.train * (1 - VALIDATION_SHARE))
    days = slice(fitted, series.train)
    for window in (w for w in WINDOWS if 4 * w <= fitted):
        for units in UNITS:
            task = prepare(series, with_size(window, units), fitted)
            networks = [task.trained(seed).checkpoints[-1].network for seed in SEEDS]
            errors = [scores(task.forecast(network)[days], series.actual[days])["mae"] for network in networks]
            yield Candidate(window, units, sum(errors) / len(errors))


def with_size(window: int, units: int) -> Recipe:
    """Return the windowed recipe with this window and size."""
    return replace(WINDOWED, window=window, fit=replace(WINDOWED.fit, units=units))


def best(results: list[Candidate]) -> Recipe:
    """Return the windowed recipe with the least error."""
    least = min(results, key=lambda t: t.error)
    return with_size(least.window, least.units)
