"""The one table of what can be opened: which screen shows a record, its page as text, and its timestamps."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..scenarios import Experiment, Forecaster, Study, check_model
from .draw.look import Look
from .source.make import scenario_subject
from .source.subject import DaySubject, DenseSubject, Subject
from .views.base.lesson_progress import LessonProgress
from .views.breakpoints.state import BreakpointList
from .views.charts.state import ChartPage
from .views.compare.state import Comparison
from .views.dense.state import Dense
from .views.edits.state import EditsPage
from .views.experiment.state import Trial
from .views.forecast.state import Forecasting, shipped_forecasting
from .views.gates.state import GateStatistics
from .views.gradients.state import GradientView
from .views.grid.state import GridView
from .views.hits.state import HitList
from .views.learning.state import AtCheckpoint, Learning
from .views.networks.state import Networks
from .views.overview.state import Overview
from .views.reading.state import Reading
from .views.similar.state import SimilarPage
from .views.stepper.state import Moment, first_moment
from .views.unit.state import UnitPage

if TYPE_CHECKING:
    from textual.screen import Screen


@dataclass(frozen=True)
class Opening:
    """How a kind of record is opened: by `screen`, "module:class" below `views`, in the state that `state` makes of it
    at a timestamp (None: where it begins), or by `page` of `plain`; `timestamps` is how many timestamps it has.
    """

    screen: str
    state: Callable[[Any, int | None], Any] = lambda record, t: record
    page: str = ""
    timestamps: Callable[[Any], int] = lambda record: 0


def _at(record: Any, t: int | None) -> Any:
    return record if t is None else record.at(t)


OPENINGS: dict[type, Opening] = {
    Subject: Opening(
        "stepper.screen:StepperScreen", lambda subject, t: first_moment(subject, t or 0), "stepper",
        lambda subject: len(subject.trace),
    ),
    DaySubject: Opening(
        "day.screen:DayScreen", lambda subject, t: first_moment(subject, len(subject.trace) - 1 if t is None else t),
        "stepper", lambda subject: len(subject.trace),
    ),
    Moment: Opening("stepper.screen:StepperScreen", _at),
    DenseSubject: Opening("dense.screen:DenseScreen", lambda subject, t: Dense(subject), "dense"),
    Comparison: Opening(
        "compare.screen:CompareScreen", _at, "comparison", lambda pair: pair.timestamps if pair.moments else 0
    ),
    Forecasting: Opening("forecast.screen:ForecastScreen", _at, "forecasting", lambda shown: len(shown.series)),
    GradientView: Opening("gradients.screen:GradientsScreen", _at, "backward_pass", lambda shown: shown.timestamps),
    Trial: Opening("experiment.screen:ExperimentScreen", _at, "experiment", lambda shown: shown.timestamps),
    GateStatistics: Opening("gates.screen:GatesScreen"),
    UnitPage: Opening("unit.screen:UnitScreen"),
    Overview: Opening("overview.screen:OverviewScreen", _at),
    EditsPage: Opening("edits.screen:EditsScreen"),
    GridView: Opening("grid.screen:GridScreen"),
    SimilarPage: Opening("similar.screen:SimilarScreen"),
    HitList: Opening("hits.screen:HitsScreen"),
    BreakpointList: Opening("breakpoints.screen:BreakpointsScreen"),
    Learning: Opening("learning.screen:LearningScreen"),
    AtCheckpoint: Opening("learning.checkpoint:CheckpointScreen"),
    ChartPage: Opening("charts.screen:ChartScreen"),
    Networks: Opening("networks.screen:NetworksScreen"),
    Reading: Opening("reading.screen:ReadingScreen"),
}  # fmt: skip


def screen_of(record: Any, look: Look, t: int | None = None, progress: LessonProgress | None = None) -> "Screen[None]":
    """Return the screen for `record`, at timestamp `t` or where it begins. Screens are loaded when needed."""
    opening = OPENINGS[type(record)]
    module, _, name = opening.screen.partition(":")
    state = opening.state(record, t)
    if progress is not None:
        state = replace(state, progress=progress)
    screen: Screen[None] = getattr(import_module(f"{__package__}.views.{module}"), name)(state, look)
    return screen


def page_of(record: Any, t: int, look: Look) -> str:
    """Return everything that is shown of `record` as text, at timestamp `t` (from 0) where it has timestamps."""
    from . import plain  # with the libraries that draw

    page: Callable[[Any, int, Look], str] = getattr(plain, OPENINGS[type(record)].page)
    return page(record, t, look)


def timestamps_of(record: Any) -> int:
    """Return how many timestamps there are to go to; 0 where there are none."""
    return OPENINGS[type(record)].timestamps(record)


def opened_study(study: Study, model: str | None = None) -> Any:
    """Return what `study` opens with, in its network or recipe `model`."""
    if isinstance(study, Experiment):
        return Trial(study)
    if isinstance(study, Forecaster):
        return shipped_forecasting(study, None if model is None else check_model(study, model))
    return scenario_subject(study, model)
