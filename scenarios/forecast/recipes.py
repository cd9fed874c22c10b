"""The two ways to make a forecaster: as the article publishes it, and one that reads nothing of the day it predicts."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count

import numpy as np

from ...engine import BadInput, Epoch, Floats, History, Regressor, Trace
from ...engine.train.regression import Fit, fit
from .scalers import Scaler, min_max, standard
from .scores import by_part
from .series import LEAST_PART, Numbers, Series


@dataclass(frozen=True)
class Recipe:
    """How a forecaster is made.

    With `window` None every day is a sequence of one timestamp, the other columns of that day, and the scalers are
    fitted on all days. Otherwise a network reads all columns of `window` days, the last of them the series' horizon
    before the day that is forecast, and the scalers are fitted on the days that train; columns that are above zero
    there are scaled by their logarithms. `tried` are the windows to choose from by the train days.
    """

    name: str
    summary: str
    fit: Fit
    window: int | None = None
    tried: tuple[int, ...] = ()

    def cannot(self, series: Series) -> str:
        """Return why the recipe cannot be used on `series`, and what would be right; "" where it can."""
        if self.window is None:
            if series.horizon > 1:
                return (f"{series.source}: the article's recipe reads the very day that it forecasts, so a horizon of "
                        f"{series.horizon} goes with --recipe windowed")  # fmt: skip
            if not series.others:
                return (f"{series.source}: has no column beside {series.target}; the article's recipe reads the same "
                        "day's other columns, so give more columns, or --recipe windowed")  # fmt: skip
        return "" if self.window is None or self.windows(series) else self._no_room(series)

    def windows(self, series: Series) -> tuple[int, ...]:
        """Return those of the windows to choose among that are short enough for the train days of `series`."""
        return tuple(w for w in self.tried if self._least(w, series) <= fitted_days(series.train))

    def _least(self, window: int, series: Series) -> int:
        """How many days a network must train on: four times the window, or a few windows where there is no choice."""
        return series.horizon - 1 + (4 * window if len(self.tried) > 1 else window + LEAST_PART)

    def _no_room(self, series: Series) -> str:
        window = min(self.tried)
        least = next(n for n in count(1) if fitted_days(n) >= self._least(window, series))
        most = window + fitted_days(series.train) - self._least(window, series)  # with the horizon as it is
        right = [f"a window of at most {most:,}"] if len(self.tried) == 1 and most > 0 else []
        right += [*(["a shorter horizon"] if series.horizon > 1 else []), "a later split"]
        return (f"{series.source}: a window of {window} and a horizon of {series.horizon} need {least:,} rows to "
                f"train on, and there are {series.train:,} of {len(series):,}; give {', or '.join(right)}")  # fmt: skip

    @property
    def choice(self) -> str:
        """What is chosen by the train days, in words."""
        return "size" if len(self.tried) == 1 else "window and size"

    @property
    def network(self) -> str:
        """What the network is, in words."""
        days = "the same day" if self.window is None else f"{self.window} days before"
        return f"LSTM {self.fit.units} units, {days}"


ARTICLE = Recipe(
    "article",
    "reads the same day's other columns, as in the article",
    Fit(units=2, dense=(128,), rectified=True, epochs=1000, rate=0.001),
)

WINDOWED = Recipe(
    "windowed",
    "reads the days before, and nothing from the day itself",
    Fit(units=4, epochs=300, rate=0.01),
    window=5,
    tried=(5, 10, 20),
)

RECIPES = {recipe.name: recipe for recipe in (ARTICLE, WINDOWED)}
"""Both recipes; the window and units of the windowed one are chosen for each series."""

VALIDATION_SHARE = 0.2
"""The share of the train days, the last of them, by which window and size are chosen."""


def fitted_days(train: int) -> int:
    """Return how many of `train` days a network trains on while window and size are chosen by the rest."""
    return round(train * (1 - VALIDATION_SHARE))


def recipes(window: int | None = None) -> dict[str, Recipe]:
    """Return both recipes by name; a `window` is that of the windowed one, of which only the units are then chosen."""
    return RECIPES if window is None else {**RECIPES, WINDOWED.name: replace(WINDOWED, window=window, tried=(window,))}


@dataclass(frozen=True, eq=False)
class Task:
    """A series made ready for a recipe.

    `columns` names the I inputs, `first` is the first day that has a forecast, and the days before `fitted` train.
    `carried` are the scalers of inputs and target that a file carries; without them they are fitted when first needed.
    """

    series: Series
    recipe: Recipe
    columns: tuple[str, ...]
    first: int
    fitted: int
    carried: tuple[Scaler, Scaler] | None = None

    @cached_property
    def inputs(self) -> Scaler:
        """The scaler of the I inputs."""
        return self.carried[0] if self.carried else standard(*self._fitted_on(self._columns))

    @cached_property
    def output(self) -> Scaler:
        """The scaler of the target."""
        return self.carried[1] if self.carried else min_max(*self._fitted_on(self.series.actual[:, None]))

    @cached_property
    def windows(self) -> Floats:
        """The scaled inputs of each day that has a forecast, (N, T, I)."""
        scaled, window = self.inputs.scaled(self._columns), self.recipe.window
        if window is None:
            return scaled[:, None].astype(np.float32)
        read = scaled[: -self.series.horizon]
        windows = np.lib.stride_tricks.sliding_window_view(read, window, axis=0)  # (N, I, T)
        return np.ascontiguousarray(windows.swapaxes(1, 2), dtype=np.float32)

    @cached_property
    def targets(self) -> Floats:
        """The scaled target of each day that has a forecast, (N,)."""
        return self.output.scaled(self.series.actual[:, None])[self.first :, 0].astype(np.float32)

    @property
    def _columns(self) -> Numbers:
        """What the network reads of each day before scaling, (N, I)."""
        return self.series.values[:, [self.series.names.index(name) for name in self.columns]]

    def _fitted_on(self, values: Numbers) -> tuple[Numbers, bool]:
        """The days of `values` (N, C) that a scaler is fitted on, and whether it takes logarithms."""
        return (values, False) if self.recipe.window is None else (values[: self.fitted], True)

    @property
    def network(self) -> str:
        """What the network is, in words."""
        recipe, horizon = self.recipe, self.series.horizon
        if horizon == 1:
            return recipe.network
        return f"LSTM {recipe.fit.units} units, {recipe.window} days, {horizon} ahead"

    def rows(self, day: int) -> range:
        """Return the days that the network reads for `day`."""
        window = self.recipe.window
        if window is None:
            return range(day, day + 1)
        last = day - self.series.horizon
        return range(last - window + 1, last + 1)

    def raw_inputs(self, day: int) -> Numbers:
        """Return what the network reads for `day` before scaling, (T, I)."""
        return self._columns[self.rows(day)]

    def clamp(self, day: int) -> int:
        """Return the nearest day that has a forecast."""
        return min(max(day, self.first), len(self.series) - 1)

    def trace(self, network: Regressor, day: int) -> Trace:
        """Return the run of `network` over the window of `day`; the dates of its days are its tokens."""
        trace = network.trace(self.windows[day - self.first])
        tokens = tuple(self.series.label(read) for read in self.rows(day))
        return replace(trace, tokens=tokens, known=(True,) * len(tokens), columns=self.columns)

    def forecast(self, network: Regressor) -> Numbers:
        """Return the forecast of every day in the target's unit, (N,); NaN before the first."""
        missing = np.full(self.first, np.nan)
        return np.concatenate([missing, self.in_units(network.forecast(self.windows))])

    def in_units(self, scaled: Floats) -> Numbers:
        """Return scaled numbers (N,) in the target's unit."""
        return self.output.raw(scaled[:, None])[:, 0]

    def train(self, seed: int) -> Iterator[Epoch[Regressor]]:
        """Train a network from `seed`; yields every epoch. Raises WorkFailed where PyTorch is not installed."""
        cut = self.fitted - self.first
        return fit(self.recipe.fit, self.windows[:cut], self.targets[:cut], seed)

    def trained(self, seed: int) -> History[Regressor]:
        """Return a whole training from `seed`. Raises WorkFailed where PyTorch is not installed."""
        return History[Regressor](self.recipe.fit.epochs).after(list(self.train(seed)))

    def scores(self, network: Regressor) -> dict[str, dict[str, float]]:
        """Return how good `network` is, by part and measure."""
        return by_part(self.forecast(network), self.series)


def prepare(
    series: Series, recipe: Recipe, fitted: int | None = None, carried: tuple[Scaler, Scaler] | None = None
) -> Task:
    """Make `series` ready for `recipe`, to train on its first `fitted` days, by default all train days.

    Raises BadInput when the recipe cannot be used on the series.
    """
    cut = series.train if fitted is None else fitted
    if why := recipe.cannot(series):
        raise BadInput(why)
    if recipe.window is not None:
        return Task(series, recipe, series.names, recipe.window + series.horizon - 1, cut, carried)
    return Task(series, recipe, series.others, 0, cut, carried)
