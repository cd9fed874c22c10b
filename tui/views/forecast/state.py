"""What the forecaster's screen shows, as one frozen record: a forecaster, a day, a checkpoint and a page."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ....engine import History, Regressor
from ....scenarios import Chart
from ....scenarios.forecast import (
    PAGES,
    RECIPES,
    Candidate,
    Forecaster,
    ForecastStep,
    Numbers,
    Recipe,
    Row,
    Series,
    Task,
    TrainedForecaster,
    prepare,
    table,
)
from ...draw.memo import memo
from ...source.day import DayForecast, forecasts
from ...training.state import Watching
from ...views.base.lesson_progress import LessonProgress

CHOOSING = "choosing"

BINS = 4096
"""How many parts a long series is drawn in, with a few points of each: more than a chart has dots across."""

DATA, FORECAST, LEARNING, SCORES = PAGES


@dataclass(frozen=True)
class Forecasting(Watching[Regressor]):
    """A series called `title`, the `task` of a recipe on it, and what is known of its training.

    `state` is CHOOSING while window and size are tried, with the `candidates` so far. `forecasters` are those whose
    scores are known, by recipe; `recipes` are all that there are.
    """

    title: str
    task: Task
    day: int
    page: str = DATA
    candidates: tuple[Candidate, ...] = ()
    forecasters: tuple[TrainedForecaster, ...] = ()
    lesson: tuple[ForecastStep, ...] = ()
    progress: LessonProgress | None = None
    recipes: tuple[Recipe, ...] = tuple(RECIPES.values())

    @property
    def series(self) -> Series:
        """The series that is forecast."""
        return self.task.series

    @property
    def lesson_of(self) -> str:
        """The scenario whose lesson it is."""
        return self.title

    @property
    def forecast(self) -> DayForecast | None:
        """The forecast of this day; None without a network, or for a day with too few before it."""
        if self.checkpoint is None or self.day < self.task.first:
            return None
        number = len(self.history.checkpoints) - 1 if self.checkpoint_number is None else self.checkpoint_number
        return DayForecast(self.task, self.history, number, self.day)

    @property
    def rows(self) -> list[Row]:
        """The table of scores: every forecaster that is known, and the baselines, which need no network."""
        return list(_rows(self.series, *self.forecasters))

    # Going places.

    def at(self, day: int) -> "Forecasting":
        """Return the same at the nearest `day` that there is."""
        return replace(self, day=min(max(day, 0), len(self.series) - 1))

    def paged(self, count: int) -> "Forecasting":
        """Return the same with the page that is `count` further, around the end."""
        return replace(self, page=PAGES[(PAGES.index(self.page) + count) % len(PAGES)])

    def with_recipe(self, name: str) -> "Forecasting":
        """Return the same day and page in the recipe called `name`, with the training that is known of it."""
        known = next((c for c in self.forecasters if c.task.recipe.name == name), None)
        task = known.task if known else prepare(self.series, next(r for r in self.recipes if r.name == name))
        history = known.history if known else History[Regressor](task.recipe.fit.epochs)
        seed = known.seed if known else self.seed
        return replace(self, task=task, history=history, checkpoint_number=None, state="", candidates=(), seed=seed)

    def at_lesson_step(self) -> "Forecasting":
        """Return the same with the recipe and page of the lesson's step; unchanged where the lesson is closed."""
        if self.progress is None or not self.progress.open:
            return self
        step = self.lesson[self.progress.step]
        return replace(self.with_recipe(step.recipe), page=step.page)

    def with_trained(self, trained: TrainedForecaster) -> "Forecasting":
        """Return the same with `trained` in the table, in place of the one of its recipe."""
        names = [recipe.name for recipe in self.recipes]
        others = [c for c in self.forecasters if c.task.recipe.name != trained.task.recipe.name]
        forecasters = sorted([*others, trained], key=lambda c: names.index(c.task.recipe.name))
        return replace(self, forecasters=tuple(forecasters))


@memo(maxsize=8)
def _rows(series: Series, *forecasters: TrainedForecaster) -> tuple[Row, ...]:
    return tuple(table(series, list(forecasters)))


def shipped_forecasting(forecaster: Forecaster, model: str | None = None) -> Forecasting:
    """Return what `forecaster` opens with: its series, and the networks that ship."""
    forecasters = tuple(forecaster.forecasters.values())
    trained = forecaster.trained(model or forecaster.models[0])
    series = forecaster.series
    return Forecasting(
        forecaster.name, trained.task, series.train, history=trained.history, seed=trained.seed,
        forecasters=forecasters, lesson=forecaster.lesson, progress=LessonProgress(len(forecaster.lesson), open=False),
    )  # fmt: skip


def own_forecasting(
    series: Series, title: str, recipe: str | None = None, recipes: Mapping[str, Recipe] = RECIPES
) -> Forecasting:
    """Return a user's series, with nothing trained on it, in `recipe`, or in the first of `recipes` that fits it."""
    one = recipes[recipe] if recipe else next(one for one in recipes.values() if not one.cannot(series))
    task, epochs = prepare(series, one), one.fit.epochs
    return Forecasting(title, task, series.train, history=History[Regressor](epochs), recipes=tuple(recipes.values()))


# Charts, each drawn from the same records only once.


@memo(maxsize=8)
def series_chart(series: Series) -> Chart:
    """Return the target over the days."""
    lines = _lines({series.target: series.actual}, range(len(series)))
    return Chart(f"{series.target} day by day", "", series.target, **lines, **_days(series))


@memo(maxsize=64)
def forecast_chart(task: Task, network: Regressor, epoch: int, first: int, last: int) -> Chart:
    """Return the actual values of the target and the network's forecasts, from day `first` to `last`, from 0."""
    series, days = task.series, range(first, last + 1)
    lines = _lines({"actual": series.actual, "forecast": forecasts(task, network)}, days)
    part = "" if len(days) == len(series) else f": days {first + 1} to {last + 1} of {len(series)}"
    ahead = f" {series.horizon} days ahead" * (series.horizon > 1)
    title = f"{series.target}, actual and forecast{ahead} after epoch {epoch}{part}"
    return Chart(title, "", series.target, **lines, **_days(series))


@memo(maxsize=64)
def error_chart(task: Task, network: Regressor, epoch: int, first: int, last: int) -> Chart:
    """Return how far the forecast is above or below the actual value, from day `first` to `last`, from 0."""
    series = task.series
    lines = _lines({"error": forecasts(task, network) - series.actual}, range(first, last + 1))
    ends = (float(first), float(last))
    return Chart("error: forecast less actual", "", "", **lines, stems=True, span=ends,
                 **_days(series) | {"marks": {}, "zero": True})  # fmt: skip


@memo(maxsize=4)
def tested_chart(series: Series, *forecasters: TrainedForecaster) -> Chart:
    """Return the test days alone: the target, and what each of the `forecasters` predicts once it is trained."""
    days = range(series.train, len(series))
    said = {c.task.recipe.name: forecasts(c.task, c.history.checkpoints[-1].network) for c in forecasters}
    lines = _lines({"actual": series.actual, **said}, days)
    ends = (float(days[0]), float(days[-1])) if days else ()
    return Chart(f"{series.target} on test days", "", series.target, **lines, labels=DayLabels(series), span=ends,
                 zero=_from_zero(series))  # fmt: skip


@memo(maxsize=4)
def loss_chart(history: History[Regressor]) -> Chart:
    """Return the loss over the epochs."""
    return Chart("loss", "epoch", "mean squared error of the scaled target on train days",
                 {"loss": list(enumerate(history.losses))}, log=True, span=(0.0, float(history.epochs)))  # fmt: skip


def _lines(said: Mapping[str, Numbers], days: range) -> dict[str, Any]:
    """The lines of a chart over `days` by name, from all days (N,), and what returns a line's value on a day."""
    return {
        "lines": {name: [(day, float(values[day])) for day in _drawn(values, days)] for name, values in said.items()},
        "value_at": lambda name, day: float(said[name][round(day)]),
        "shares": False,
    }


def _drawn(values: Numbers, days: range) -> Sequence[int]:
    """The days at which a line has points: all, or, of very many, the first, least, greatest and last of each part."""
    if len(days) <= 4 * BINS:
        return days
    kept = set[int]()
    for start in range(days.start, days.stop, math.ceil(len(days) / BINS)):
        stop = min(start + math.ceil(len(days) / BINS), days.stop)
        there = start + np.flatnonzero(np.isfinite(values[start:stop]))
        extremes = (there[values[there].argmin()], there[values[there].argmax()]) if there.size else ()
        kept |= {start, stop - 1, *map(int, extremes)}
    return sorted(kept)


class DayLabels(Mapping[float, str]):
    """The names of the days of a series, made when they are asked for: of a long series, few ever are."""

    def __init__(self, series: Series) -> None:
        self._series = series

    def __len__(self) -> int:
        return len(self._series)

    def __iter__(self) -> Iterator[float]:
        return map(float, range(len(self)))

    def __contains__(self, day: object) -> bool:
        return isinstance(day, float | int) and 0 <= day < len(self) and day == int(day)

    def __getitem__(self, day: float) -> str:
        if day not in self:
            raise KeyError(day)
        return self._series.label(int(day))


def _days(series: Series) -> dict[str, Any]:
    """What every chart over the days has: their names, and the test days set apart."""
    first, last = float(series.train), float(len(series) - 1)
    return {"labels": DayLabels(series), "marks": {first: "test days"}, "shaded": (first, last),
            "zero": _from_zero(series)}  # fmt: skip


def _from_zero(series: Series) -> bool:
    """Whether an axis of the target starts at zero: not where all of its values are far away from there."""
    values = series.actual[np.isfinite(series.actual)]
    return not len(values) or bool(values.min() < values.max() / 3)
