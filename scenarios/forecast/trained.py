"""A recipe trained on a series: the task, its training, and its scores over several seeds."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ...engine import BadInput, History, Regressor
from ...engine.files.histories import load_history, save_history
from .candidates import with_size
from .recipes import ARTICLE, WINDOWED, Task, prepare
from .scalers import carried
from .scores import MEASURES, PARTS, Row, Scores, naive_scores, row
from .series import Series

SEEDS = 10
"""How many seeds are scored, to show how much of a score is luck."""


@dataclass(frozen=True, eq=False)
class TrainedForecaster:
    """A `task`, the training `history` of one seed, and the scores of several by part and measure, that seed first.

    `naive` has the scores of forecasts without a network by their names, where a file carries them.
    """

    task: Task
    history: History[Regressor]
    seed: int
    each: tuple[Mapping[str, Scores], ...] = ()
    naive: Mapping[str, Mapping[str, Scores]] | None = None

    @property
    def row(self) -> Row:
        """Its line of the table of scores."""
        each = self.each or (self.task.scores(self.history.checkpoints[-1].network),)
        return row(self.task.recipe.name, each)


def train(task: Task, seed: int) -> TrainedForecaster:
    """Train from `seed`; return the forecaster, not scored yet. Raises WorkFailed where PyTorch is not installed."""
    return TrainedForecaster(task, task.trained(seed), seed)


def measured(first: TrainedForecaster, seeds: int) -> Iterator[TrainedForecaster]:
    """Train from the seeds after that of `first`; yield the forecaster with the scores of 1, 2, …, `seeds` seeds.

    Raises WorkFailed where PyTorch is not installed.
    """
    task, each = first.task, [first.task.scores(first.history.checkpoints[-1].network)]
    yield replace(first, each=tuple(each))
    for seed in range(first.seed + 1, first.seed + seeds):
        each.append(task.scores(task.trained(seed).checkpoints[-1].network))
        yield replace(first, each=tuple(each))


def table(series: Series, forecasters: list[TrainedForecaster]) -> list[Row]:
    """Return a row for each forecaster, and for each forecast that needs no network."""
    naive = next((trained.naive for trained in forecasters if trained.naive), None) or naive_scores(series)
    return [*(trained.row for trained in forecasters), *(row(name, [scores]) for name, scores in naive.items())]


def save_forecaster(trained: TrainedForecaster, path: Path, about: Mapping[str, str]) -> None:
    """Write `trained` to `path`, whole or not at all; `about` becomes text metadata.

    The file also carries the fitted scalers and the scores of forecasts without a network, so that looking at it needs
    no scikit-learn. Raises BadInput and WorkFailed as `save_history` does.
    """
    task, recipe = trained.task, trained.task.recipe
    scalers = {name: scaler.carried for name, scaler in (("inputs", task.inputs), ("output", task.output))}
    own = {"recipe": recipe.name, "window": json.dumps(recipe.window), "units": str(recipe.fit.units),
           "seed": str(trained.seed), "scores_by_seed": json.dumps(trained.each),
           "scalers": json.dumps(scalers),
           "naive_scores": json.dumps(trained.naive or naive_scores(task.series))}  # fmt: skip
    save_history(trained.history, path, {**about, **own})


def load_forecaster(path: Path, series: Series) -> TrainedForecaster:
    """Return the forecaster on `series` that save_forecaster wrote.

    Raises BadInput where the file is no such forecaster, or does not fit the series.
    """
    history, about = load_history(path)
    stack = history.checkpoints[0].network.stack
    try:
        recipe = ARTICLE
        if about["recipe"] == WINDOWED.name:
            recipe = with_size(WINDOWED, int(about["window"]), int(about["units"]))
        each = tuple(map(_scores, json.loads(about["scores_by_seed"])))
        naive = {str(name): _scores(one) for name, one in json.loads(about["naive_scores"]).items()}
        scalers = json.loads(about["scalers"])
        fits = about["recipe"] == recipe.name and recipe.fit.units == stack.H
        if not fits or (recipe.window is not None and not 0 < recipe.window < len(series)):
            raise ValueError
        own = carried(scalers["inputs"], stack.I), carried(scalers["output"], 1)
        task, seed = prepare(series, recipe, carried=own), int(about["seed"])
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        raise BadInput(f"{path}: does not name its recipe; make it again with gatestep train starbucks") from None
    if len(task.columns) != stack.I:
        raise BadInput(f"{path}: reads {stack.I} columns, and {series.source} has {len(task.columns)} for it")
    return TrainedForecaster(task, history, seed, each, naive)


def _scores(one: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    return {part: {m: float(one[part][m]) for m in MEASURES} for part in PARTS}
