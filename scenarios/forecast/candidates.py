"""Choosing the window and the size of the windowed forecaster, without a look at the test days."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .recipes import Recipe, fitted_days, prepare
from .scores import scores
from .series import Series

UNITS, SEEDS = (2, 4, 8), (0, 1, 2)
"""The units that are tried with each window of the recipe, and the seeds over which the error is averaged."""


@dataclass(frozen=True)
class Candidate:
    """The mean absolute error on the validation days, averaged over SEEDS, of a network that never saw them."""

    window: int
    units: int
    error: float


def grid_search(series: Series, recipe: Recipe) -> Iterator[Candidate]:
    """Yield a candidate for every window that is short enough and every size.

    Each is trained on the first of the train days and measured on the last of them. Raises WorkFailed where PyTorch is
    not installed.
    """
    fitted = fitted_days(series.train)
    days = slice(fitted, series.train)
    for window in recipe.windows(series):
        for units in UNITS:
            task = prepare(series, with_size(recipe, window, units), fitted)
            networks = [task.trained(seed).checkpoints[-1].network for seed in SEEDS]
            errors = [scores(task.forecast(network)[days], series.actual[days])["mae"] for network in networks]
            yield Candidate(window, units, sum(errors) / len(errors))


def with_size(recipe: Recipe, window: int, units: int) -> Recipe:
    """Return the windowed `recipe` with this window and size."""
    return replace(recipe, window=window, fit=replace(recipe.fit, units=units))


def best(results: list[Candidate], recipe: Recipe) -> Recipe:
    """Return the windowed `recipe` with the window and size of the least error."""
    least = min(results, key=lambda t: t.error)
    return with_size(recipe, least.window, least.units)
