"""The one table of what can be opened: which screen shows a record, its page as text, and its timestamps."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..scenarios import Experiment, Forecaster, Study, check_model
from .draw.look import Look
from .source.make import scenario_subject
from .views.base.lesson_progress import LessonProgress

if TYPE_CHECKING:
    from textual.screen import Screen


@dataclass(frozen=True)
class Opening:
    """How a kind of record is opened.

    `screen` is "module:class" below `views`; `state` makes the screen's state from the record and a timestamp, from 0
    (None: where it begins); `page` names the function of `plain` that prints it; `timestamps` counts its timestamps.
    """

    screen: str
    state: Callable[[Any, int | None], Any] = lambda record, t: record
    page: str = ""
    timestamps: Callable[[Any], int] = lambda record: 0


def at_timestamp(record: Any, t: int | None) -> Any:
    """Return `record` at timestamp `t` (from 0) where a timestamp is a part of it; else, or for None, as it is."""
    return record if t is None or opening_of(record).state is not _at else record.at(t)


def _at(record: Any, t: int | None) -> Any:
    return record if t is None else record.at(t)


def _moment(subject: Any, t: int | None) -> Any:
    from .views.stepper.state import first_moment  # loaded when one is opened, as are all records and screens

    return first_moment(subject, t or 0)


def _last_moment(subject: Any, t: int | None) -> Any:
    return _moment(subject, len(subject.trace) - 1 if t is None else t)


def _dense(subject: Any, t: int | None) -> Any:
    from .views.dense.state import Dense

    return Dense(subject)


OPENINGS: dict[str, Opening] = {
    "source.subject:Subject": Opening(
        "stepper.screen:StepperScreen", _moment, "stepper", lambda subject: len(subject.trace)
    ),
    "source.subject:DaySubject": Opening(
        "day.screen:DayScreen", _last_moment, "stepper", lambda subject: len(subject.trace)
    ),
    "views.stepper.state:Moment": Opening("stepper.screen:StepperScreen", _at),
    "source.subject:DenseSubject": Opening("dense.screen:DenseScreen", _dense, "dense"),
    "views.compare.state:Comparison": Opening(
        "compare.screen:CompareScreen", _at, "comparison", lambda pair: pair.timestamps if pair.moments else 0
    ),
    "views.forecast.state:Forecasting": Opening(
        "forecast.screen:ForecastScreen", _at, "forecasting", lambda shown: len(shown.series)
    ),
    "views.gradients.state:GradientView": Opening(
        "gradients.screen:GradientsScreen", _at, "backward_pass", lambda shown: shown.timestamps
    ),
    "views.experiment.state:Trial": Opening(
        "experiment.screen:ExperimentScreen", _at, "experiment", lambda shown: shown.timestamps
    ),
    "views.gates.state:GateStatistics": Opening("gates.screen:GatesScreen"),
    "views.unit.state:UnitPage": Opening("unit.screen:UnitScreen"),
    "views.overview.state:Overview": Opening("overview.screen:OverviewScreen", _at),
    "views.edits.state:EditsPage": Opening("edits.screen:EditsScreen"),
    "views.grid.state:GridView": Opening("grid.screen:GridScreen"),
    "views.similar.state:SimilarPage": Opening("similar.screen:SimilarScreen"),
    "views.hits.state:HitList": Opening("hits.screen:HitsScreen"),
    "views.breakpoints.state:BreakpointList": Opening("breakpoints.screen:BreakpointsScreen"),
    "views.learning.state:Learning": Opening("learning.screen:LearningScreen"),
    "views.learning.state:AtCheckpoint": Opening("learning.checkpoint:CheckpointScreen"),
    "views.charts.state:ChartPage": Opening("charts.screen:ChartScreen"),
    "views.networks.state:Networks": Opening("networks.screen:NetworksScreen"),
    "views.reading.state:Reading": Opening("reading.screen:ReadingScreen"),
}  # fmt: skip
"""How each type of record is opened, by "module:class" of the type, below this package."""


def opening_of(record: Any) -> Opening:
    """Return how `record` is opened."""
    kind = type(record)
    return OPENINGS[f"{kind.__module__.removeprefix(f'{__package__}.')}:{kind.__name__}"]


def screen_of(record: Any, look: Look, t: int | None = None, progress: LessonProgress | None = None) -> "Screen[None]":
    """Return the screen for `record`, at timestamp `t` or where it begins. Screens are loaded when needed."""
    opening = opening_of(record)
    module, _, name = opening.screen.partition(":")
    state = opening.state(record, t)
    if progress is not None:
        state = replace(state, progress=progress)
    screen: Screen[None] = getattr(import_module(f"{__package__}.views.{module}"), name)(state, look)
    return screen


def page_of(record: Any, t: int, look: Look) -> str:
    """Return the page of `record` as text, at timestamp `t` (from 0) where it has timestamps."""
    from . import plain  # it loads the libraries that draw

    page: Callable[[Any, int, Look], str] = getattr(plain, opening_of(record).page)
    return page(record, t, look)


def timestamps_of(record: Any) -> int:
    """Return how many timestamps there are to go to; 0 where there are none."""
    return opening_of(record).timestamps(record)


def opened_study(study: Study, model: str | None = None) -> Any:
    """Return what `study` opens with, in its network or recipe `model`. Raises BadInput for an unknown `model`."""
    if isinstance(study, Experiment):
        from .views.experiment.state import Trial

        return Trial(study)
    if isinstance(study, Forecaster):
        from .views.forecast.state import shipped_forecasting

        return shipped_forecasting(study, None if model is None else check_model(study, model))
    return scenario_subject(study, model)
