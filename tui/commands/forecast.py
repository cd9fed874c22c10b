"""`gatestep forecast`: train a forecaster, print what the article prints, and judge it."""

import argparse
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from ...engine import BadInput, History, Regressor
from ...scenarios import Chart
from ...scenarios.forecast import (
    ARTICLE,
    RECIPES,
    SEEDS,
    STARBUCKS,
    Recipe,
    Series,
    Task,
    TrainedForecaster,
    best,
    grid_search,
    measured,
    prepare,
    table,
    train,
)
from ..draw.charts import draw
from ..draw.lines import Line
from ..draw.look import Look
from ..launch import plain_look, print_lines, printed_look
from ..source.days import forecast_chart, series_chart
from ..views.forecast.panels import head
from ..views.forecast.scores import scores
from ..views.forecast.state import loss_chart
from .applies import What, check
from .model_file import fill_in, is_model_file
from .options import add_glyphs, path
from .series import OwnSeries, add_series, read_series

TOLD_EVERY = 100
"""Epochs between two lines of the training, as in the article."""

FEW_ROWS, CHART_ROWS = 5, 18
LEAST_WIDTH, PIPE_WIDTH, MOST_WIDTH = 60, 100, 160


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "forecast",
        help="train a forecaster of a stock's volume, or of your own CSV, and judge it",
        description="Train a forecaster, print its losses and charts, and measure it against forecasts that need no "
        "network. Without --csv it forecasts Starbucks' traded volume, by the recipe article.",
    )
    parser.add_argument("file", metavar="MODEL.toml", nargs="?", type=path,
                        help="--csv and the options below it, written down once")  # fmt: skip
    add_series(parser)
    parser.add_argument("--epochs", metavar="N", type=int, help="default: 1000 (article), 300 (windowed)")
    parser.add_argument("--seed", metavar="N", type=int, default=STARBUCKS.seed, help="default: 0")
    parser.add_argument("--seeds", metavar="N", type=int, default=SEEDS,
                        help=f"how many seeds the spread in the table covers (default: {SEEDS})")  # fmt: skip
    add_glyphs(parser, inner=True)
    parser.set_defaults(call=call)


def call(arguments: argparse.Namespace) -> int:
    """Train, and print everything."""
    a = arguments
    for option, value, least, most in (("--seed", a.seed, 0, 2**63 - 1), ("--seeds", a.seeds, 1, 1000),
                                       ("--epochs", a.epochs, 1, 1_000_000)):  # fmt: skip
        if value is not None and not least <= value <= most:
            raise BadInput(f"{option} {value}: must be between {least} and {most}")
    if a.file is not None:
        if not is_model_file(a.file):
            raise BadInput(f"{a.file}: is not a MODEL.toml; a table goes with --csv FILE --target COLUMN")
        fill_in(a, a.file)
    if any(value is not None for value in (a.csv, a.target, a.dates)):
        check(a, What.TABLE)
        own = read_series(a, ARTICLE.name)
    else:
        check(a, What.NUMBERS)
        own = OwnSeries(STARBUCKS.series, RECIPES, a.recipe or ARTICLE.name)
    plain = a.plain or not sys.stdout.isatty()
    width = PIPE_WIDTH if plain else max(min(shutil.get_terminal_size().columns - 1, MOST_WIDTH), LEAST_WIDTH)
    _Printer(plain_look(a.glyphs) if plain else printed_look(a.glyphs), width).tell(own, a)
    return 0


@dataclass(frozen=True)
class _Printer:
    """Prints the results of a forecaster, in order, `width` cells wide."""

    look: Look
    width: int

    def tell(self, own: OwnSeries, a: argparse.Namespace) -> None:
        """Print the data, a training, its forecast, and the table."""
        series = own.series
        self._print(head(series, None, self.width, FEW_ROWS, self.look))
        self._chart(series_chart(series))
        recipes = [recipe for recipe in own.recipes.values() if not recipe.cannot(series)]
        recipes = [self._sized(series, recipe) for recipe in recipes]
        if a.epochs is not None:
            recipes = [replace(recipe, fit=replace(recipe.fit, epochs=a.epochs)) for recipe in recipes]
        task = next(prepare(series, recipe) for recipe in recipes if recipe.name == own.recipe)
        self._say(f"\nThe {task.recipe.name} recipe: {task.recipe.summary}; seed {a.seed}\n")
        self._say(_shapes(task))
        history = self._train(task, a.seed)
        self._chart(loss_chart(history))
        last = history.checkpoints[-1]
        self._chart(forecast_chart(task, last.network, last.epoch, 0, len(series) - 1))
        if series is STARBUCKS.series and (a.seed, a.seeds, a.epochs) == (STARBUCKS.seed, SEEDS, None):
            forecasters = list(STARBUCKS.forecasters.values())  # the same seeds, measured when they were made
        else:
            first = TrainedForecaster(task, history, a.seed)
            forecasters = [
                self._measured(first if recipe is task.recipe else train(prepare(series, recipe), a.seed), a.seeds)
                for recipe in recipes
            ]
        self._print([[], *scores(table(series, forecasters), series, self.width, self.look)])

    def _sized(self, series: Series, recipe: Recipe) -> Recipe:
        """The recipe with the window and the size that suit the series."""
        if recipe.window is None:
            return recipe
        if series is STARBUCKS.series:
            return STARBUCKS.trained(recipe.name).task.recipe
        with self._progress() as show:
            results = []
            for one in grid_search(series, recipe):
                results.append(one)
                show(f"choosing {recipe.choice}: {len(results)} tried")
        return best(results, recipe)

    def _train(self, task: Task, seed: int) -> History[Regressor]:
        """Train, with the losses as the article prints them."""
        epochs = []
        for epoch in task.train(seed):
            if epoch.epoch % TOLD_EVERY == 0 and epoch.epoch < epoch.epochs:
                self._say("Epoch: %d, loss: %1.5f" % (epoch.epoch, epoch.loss))  # noqa: UP031 (the article's own)
            epochs.append(epoch)
        self._say(f"{task.recipe.fit.epochs} epochs in {epochs[-1].seconds:.2f} s, loss {epochs[-1].loss:1.5f}")
        return History[Regressor](task.recipe.fit.epochs).after(epochs)

    def _measured(self, first: TrainedForecaster, seeds: int) -> TrainedForecaster:
        """The forecaster with the scores of every seed."""
        with self._progress() as show:
            for trained in measured(first, seeds):
                show(f"{trained.task.recipe.name}: {len(trained.each)} of {seeds} seeds")
        return trained

    @contextmanager
    def _progress(self) -> Iterator[Callable[[str], None]]:
        """A line that comes and goes, on a terminal; nothing in a pipe."""
        if self.look.plain:
            yield lambda text: None
            return
        from rich.console import Console

        with Console(stderr=True).status("") as status:
            yield status.update

    def _chart(self, chart: Chart) -> None:
        self._print([[], *draw(chart, self.width, CHART_ROWS, self.look)])

    def _print(self, lines: list[Line]) -> None:
        print_lines(lines, self.look)

    def _say(self, text: str) -> None:
        print("\n".join(self.look.text(line) for line in text.split("\n")), flush=True)


def _shapes(task: Task) -> str:
    """The shapes as the article prints them: before the axis of timestamps is added, and after."""
    cut, (N, T, inputs) = task.fitted - task.first, task.windows.shape
    parts = (("Training", cut), ("Testing", N - cut))
    flat = (
        [f"{name} Shape ({rows}, {inputs}) ({rows}, 1)" for name, rows in parts] if task.recipe.window is None else []
    )
    return "\n".join(
        flat + [f"{name} Shape torch.Size([{rows}, {T}, {inputs}]) torch.Size([{rows}, 1])" for name, rows in parts]
    )
