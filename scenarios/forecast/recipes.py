"""The two ways to make a forecaster: as the article publishes it, and one that knows nothing of the day it is about."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ...engine import BadInput, Epoch, Floats, History, Regressor, Trace
from ...engine.train.regression import Fit, fit
from .scaling import Numbers, Scaler, min_max, standard
from .scores import by_part
from .series import Series


@dataclass(frozen=True)
class Recipe:
    """How a forecaster is made.

    With `window` None every day is a sequence of one timestamp, its own day's other columns, and the scalers are fitted
    on all days. Otherwise it reads all columns of the `window` days before, and the scalers are fitted on the days
    that train; columns that are above zero there are scaled by their logarithms.
    """

    name: str
    summary: str
    fit: Fit
    window: int | None = None

    def fits(self, series: Series) -> bool:
        """Whether the series has the columns that the recipe reads."""
        return self.window is not None or bool(series.others)

    @property
    def network(self) -> str:
        """What the network is, in words."""
        days = "the same day" if self.window is None else f"{self.window} days before"
        return f"LSTM {self.fit.units} units, {days}"


ARTICLE = Recipe(
    "article",
    "the same day's other columns in, as the article publishes it",
    Fit(units=2, dense=(128,), rectified=True, epochs=1000, rate=0.001),
)

WINDOWED = Recipe(
    "windowed",
    "the days before in, and nothing of the day itself",
    Fit(units=4, epochs=300, rate=0.01),
    window=5,
)

RECIPES = {recipe.name: recipe for recipe in (ARTICLE, WINDOWED)}
"""Both recipes; window and units of the windowed one are chosen anew for every series."""


@dataclass(frozen=True, eq=False)
class Task:
    """A series made ready for a recipe.

    `windows` (N, T, I) are the scaled inputs of each day that has a forecast, `first` the first such day; `columns`
    names the I inputs. `targets` (N,) are scaled. The days before `fitted` train.
    """

    series: Series
    recipe: Recipe
    columns: tuple[str, ...]
    first: int
    fitted: int
    windows: Floats
    targets: Floats
    inputs: Scaler
    output: Scaler

    def rows(self, day: int) -> range:
        """Return the days that the network reads for `day`."""
        window = self.recipe.window
        return range(day, day + 1) if window is None else range(day - window, day)

    def raw_inputs(self, day: int) -> Numbers:
        """Return what the network reads for `day` before scaling, (T, I)."""
        names = self.series.table.names
        return self.series.table.values[:, [names.index(c) for c in self.columns]][self.rows(day)]

    def clamp(self, day: int) -> int:
        """Return the nearest day that has a forecast."""
        return min(max(day, self.first), len(self.series) - 1)

    def trace(self, network: Regressor, day: int) -> Trace:
        """Return what `network` does with the window of `day`; its timestamps are named by their dates."""
        trace = network.trace(self.windows[day - self.first])
        tokens = tuple(self.series.label(read) for read in self.rows(day))
        return replace(trace, tokens=tokens, known=(True,) * len(tokens))

    def forecast(self, network: Regressor) -> Numbers:
        """Return the forecast of every day in the target's unit, (N,); NaN before the first."""
        missing = np.full(self.first, np.nan)
        return np.concatenate([missing, self.in_units(network.forecast(self.windows))])

    def in_units(self, scaled: Floats) -> Numbers:
        """Return scaled numbers (N,) in the target's unit."""
        return self.output.raw(scaled[:, None])[:, 0]

    def train(self, seed: int) -> Iterator[Epoch[Regressor]]:
        """Train a network from `seed`, an epoch an item. Raises WorkFailed when PyTorch is not installed."""
        cut = self.fitted - self.first
        return fit(self.recipe.fit, self.windows[:cut], self.targets[:cut], seed)

    def trained(self, seed: int) -> History[Regressor]:
        """Return a whole training from `seed`."""
        return History[Regressor](self.recipe.fit.epochs).after(list(self.train(seed)))

    def scores(self, network: Regressor) -> dict[str, dict[str, float]]:
        """Return how good `network` is, by part and measure."""
        return by_part(self.forecast(network), self.series)


def prepare(series: Series, recipe: Recipe, fitted: int | None = None) -> Task:
    """Make `series` ready for `recipe`, to train on its first `fitted` days, by default all train days.

    Raises BadInput when the recipe needs columns that the series does not have.
    """
    y, cut = series.actual[:, None], series.train if fitted is None else fitted
    if recipe.window is None:
        if not recipe.fits(series):
            raise BadInput(
                f"{series.table.source}: has no column beside {series.target}; the article's recipe reads the same "
                "day's other columns, so give more columns or --recipe windowed"
            )
        x = np.stack([series.table.column(name) for name in series.others], axis=1)
        inputs, output = standard(x), min_max(y)
        windows, first, columns = inputs.scaled(x)[:, None], 0, series.others
    else:
        x = series.table.values
        inputs, output = standard(x[:cut], log=True), min_max(y[:cut], log=True)
        scaled = inputs.scaled(x)
        windows = np.stack([scaled[day - recipe.window : day] for day in range(recipe.window, len(x))])
        first, columns = recipe.window, series.table.names
    targets = output.scaled(y)[first:, 0]
    return Task(
        series, recipe, columns, first, cut, windows.astype(np.float32), targets.astype(np.float32), inputs, output
    )
