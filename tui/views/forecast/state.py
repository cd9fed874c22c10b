"""What the forecaster's screen shows, as one frozen record: a forecaster, a day, a checkpoint and a page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ....engine import History, Regressor
from ....scenarios import Chart
from ....scenarios.forecast import (
    PAGES,
    RECIPES,
    Candidate,
    Forecaster,
    ForecastStep,
    Recipe,
    Row,
    Series,
    Task,
    TrainedForecaster,
    prepare,
    table,
)
from ...draw.memo import memo
from ...source.day import DayForecast
from ...training.state import Watching
from ...views.base.lesson_progress import LessonProgress

CHOOSING = "choosing"

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


@memo(maxsize=4)
def loss_chart(history: History[Regressor]) -> Chart:
    """Return the loss over the epochs."""
    return Chart("loss", "epoch", "mean squared error of the scaled target on train days",
                 {"loss": list(enumerate(history.losses))}, log=True, span=(0.0, float(history.epochs)))  # fmt: skip
