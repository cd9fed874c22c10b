"""The article's forecaster of Starbucks' traded volume: the series and networks that ship, and what they really do."""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from ..scenario import Choices, Claim
from .candidates import Candidate, best, grid_search
from .recipes import ARTICLE, RECIPES, WINDOWED, prepare
from .series import Series, series_of
from .trained import SEEDS, TrainedForecaster, load_forecaster, measured, save_forecaster, train

Forecasters = Mapping[str, TrainedForecaster]
"""The forecaster of each recipe by its name."""

PAGES = ("data", "forecast", "learning", "scores")
"""The pages of a forecaster's screen."""


@dataclass(frozen=True)
class ForecastStep:
    """A few lines of the lesson: `text` asks about a `page` of a `recipe`, and the claim answers after a guess."""

    text: str
    claim: Claim[Forecasters]
    page: str
    recipe: str = ARTICLE.name
    choices: Choices = field(kw_only=True)


@dataclass(frozen=True, eq=False)
class Forecaster:
    """A series that ships with its forecasters: `file` holds it, `target` is forecast; `seed` is the first of them."""

    name: str
    title: str
    summary: str
    file: str
    target: str
    lesson: tuple[ForecastStep, ...]
    seed: int = 0

    @property
    def models(self) -> tuple[str, ...]:
        """The recipes, the one to open with first."""
        return tuple(RECIPES)

    @property
    def claims(self) -> tuple[Claim[Forecasters], ...]:
        """Everything that the lesson claims."""
        return tuple(step.claim for step in self.lesson)

    def file_name(self, model: str) -> str:
        """Return the name of the file of a recipe's forecaster."""
        return f"{self.name}-{model}.safetensors"

    @property
    def series(self) -> Series:
        """The series that ships."""
        return _series(self)

    @property
    def actual(self) -> np.ndarray:
        """The target's numbers, (N,), read without pandas."""
        from ...engine import read_table  # with all that reading tables takes

        with as_file(files("gatestep.data") / self.file) as path:
            return read_table(path).column(self.target)

    def trained(self, model: str) -> TrainedForecaster:
        """Return the forecaster that ships, with its training."""
        return _shipped(self, model)

    @property
    def forecasters(self) -> dict[str, TrainedForecaster]:
        """Every forecaster that ships."""
        return {model: self.trained(model) for model in self.models}

    def train_and_save(
        self, model: str, seed: int, directory: Path, report: Callable[["Candidate | TrainedForecaster"], None]
    ) -> tuple[Path, TrainedForecaster]:
        """Make one of the forecasters that ship again from `seed`, choose window and size, and write into `directory`.

        `report` is called with each size that was tried and after each seed. Raises WorkFailed when PyTorch is not
        installed, or the file cannot be written.
        """
        recipe, about = ARTICLE, {}
        if model == WINDOWED.name:
            results = [*_reported(grid_search(self.series, WINDOWED), report)]
            recipe = best(results, WINDOWED)
            about = {"tried": json.dumps([(t.window, t.units, round(t.error, 1)) for t in results])}
        trained = [*_reported(measured(train(prepare(self.series, recipe), seed), SEEDS), report)][-1]
        path = directory / self.file_name(model)
        save_forecaster(trained, path, {"scenario": self.name, "model": model, **about})
        return path, trained


def _reported(items: Iterator, report: Callable[..., None]) -> Iterator:  # type: ignore[type-arg]
    for item in items:
        report(item)
        yield item


@cache
def _series(forecaster: Forecaster) -> Series:
    from ...engine import read_table

    with as_file(files("gatestep.data") / forecaster.file) as path:
        return series_of(read_table(path), forecaster.target)


@cache
def _shipped(forecaster: Forecaster, model: str) -> TrainedForecaster:
    with as_file(files("gatestep.data") / forecaster.file_name(model)) as path:
        return load_forecaster(path, forecaster.series)


def _sees_the_day_itself(forecasters: Forecasters) -> bool:
    task = forecasters["article"].task
    whole = {"High", "Low", "Close"}
    return whole <= set(task.columns) and all(task.rows(day) == range(day, day + 1) for day in range(len(task.series)))


def unlearnt(trained: TrainedForecaster) -> dict[str, int]:
    """Return how many weights of each part had no gradient at any checkpoint and never changed, bit for bit."""
    first, last = (
        trained.history.checkpoints[0].network.stack.flat[0],
        trained.history.checkpoints[-1].network.stack.flat[0],
    )
    found = {}
    for kind, before in first.tensors.items():
        for gate in first.cell.rows:
            part, rows = f"{kind}_{first.name}.{gate}", slice(first.row(gate, 0), first.row(gate, 0) + first.H)
            never = all(checkpoint.gradients[part] == 0.0 for checkpoint in trained.history.checkpoints)
            if never and np.array_equal(before[rows], last.tensors[kind][rows]):
                found[part] = before[rows].size
    return found


def _thirty_of_72(forecasters: Forecasters) -> bool:
    trained = forecasters["article"]
    dead, stack = unlearnt(trained), trained.history.checkpoints[0].network.stack
    recurrent = {f"weight_hh_l0.{gate}" for gate in stack.cell.rows}
    forget = {f"{tensor}.forget" for tensor in ("weight_ih_l0", "bias_ih_l0", "bias_hh_l0")}
    whole = trained.history.done and trained.history.epochs == 1000
    return whole and dead.keys() == recurrent | forget and sum(dead.values()) == 30 and stack.parameters == 72


def _test(forecasters: Forecasters, model: str, measure: str) -> list[float]:
    return [one["test"][measure] for one in forecasters[model].each]


def _naive(forecasters: Forecasters, name: str) -> float:
    series = forecasters["article"].task.series
    cut = series.train
    return float(np.abs(series.naive[name][cut:] - series.actual[cut:]).mean())


def scores_are_its_networks(trained: TrainedForecaster) -> bool:
    """Whether the first scores that `trained` carries are those that its last network computes here."""
    scores = trained.task.scores(trained.history.checkpoints[-1].network)
    return all(
        math.isclose(trained.each[0][part][measure], value, rel_tol=1e-4, abs_tol=1e-5)
        for part, by_measure in scores.items()
        for measure, value in by_measure.items()
    )


def _near(values: list[float], least: float, most: float, within: float) -> bool:
    """Whether `values` go from `least` to `most`, as far as another processor may move either."""
    return abs(min(values) - least) < within and abs(max(values) - most) < within


def _hardly(forecasters: Forecasters) -> bool:
    errors, r2 = _test(forecasters, "article", "mae"), _test(forecasters, "article", "r2")
    yesterday = _naive(forecasters, "persistence")
    return (
        len(errors) == SEEDS
        and scores_are_its_networks(forecasters["article"])
        and round(yesterday / 1e6, 2) == 2.04
        and min(errors) < 0.95 * yesterday < 1.05 * yesterday < max(errors)
        and _near(errors, 1.7e6, 2.2e6, 0.1e6)
        and _near(r2, -0.3, 0.35, 0.05)
    )


def _by_a_little(forecasters: Forecasters) -> bool:
    errors, others = _test(forecasters, "windowed", "mae"), _test(forecasters, "article", "mae")
    average = _naive(forecasters, "5-day average")
    return (
        len(errors) == len(others) == SEEDS
        and scores_are_its_networks(forecasters["windowed"])
        and 0.9 < sum(errors) / sum(others) < 1
        and max(errors) < 0.9 * _naive(forecasters, "persistence")
        and [round(v / 1e6, 2) for v in (min(errors), max(errors), average)] == [1.68, 1.81, 1.81]  # the same anywhere
        and forecasters["windowed"].task.recipe.window == 5
    )


STARBUCKS = Forecaster(
    name="starbucks",
    title="Forecasting: what an LSTM knows about tomorrow",
    summary="A stock's volume day by day: the article's forecaster, and an honest one.",
    file="SBUX.csv",
    target="Volume",
    lesson=(
        ForecastStep(
            "The article's forecaster reads five prices of a day and predicts that day's volume. The line is where "
            "its test days begin. Guess when its forecast for a day can be made.",
            Claim(
                "When the day is over: it reads the day's own high, low and close, which are known no earlier than the "
                "volume. It fills in a value; it does not look ahead.",
                _sees_the_day_itself,
                by_design=True,
            ),
            page="forecast",
            choices=Choices(("the day before", "in the morning", "when the day is over"), 2),
        ),
        ForecastStep(
            "Each day is a sequence of one timestamp that starts from zero: c′ = 0 and h′ = 0. Guess how many of the "
            "LSTM's 72 weights learn nothing in 1,000 epochs.",
            Claim(
                "30: all that act on h′, and all of the forget gate, which multiplies zero. Their gradient is exactly "
                "0 at every checkpoint, and they end exactly as they began, bit for bit.",
                _thirty_of_72,
            ),
            page="learning",
            choices=Choices(("none", "8", "30", "all 72"), 2),
        ),
        ForecastStep(
            "Yesterday's volume as the forecast is off by 2.04 M shares on average on the test days. Guess how far off "
            "the article's recipe is over ten seeds.",
            Claim(
                "About 1.7 to 2.2 M: some seeds beat yesterday's volume and some do not, and R² goes from about −0.3 "
                "to +0.35. One seed, as published, says little.",
                _hardly,
            ),
            page="scores",
            choices=Choices(("1 M", "about 2 M", "4 M"), 1),
        ),
        ForecastStep(
            "The windowed recipe reads the five days before, and nothing from the day itself. Its window and size were "
            "chosen on train days. Guess whether it is better.",
            Claim(
                "Yes, a little: 1.68 to 1.81 M over ten seeds. All beat yesterday's volume by a tenth or more; the "
                "average of the last five days, with no network at all, has 1.81 M.",
                _by_a_little,
            ),
            page="scores",
            recipe=WINDOWED.name,
            choices=Choices(("no", "a little", "twice as good"), 1),
        ),
    ),
)
