"""Which screen shows what: a recurrent network is stepped through, a dense one is read whole, two are compared."""

from textual.app import App
from textual.screen import Screen

from ..backward import Backward
from ..experiment import Trial
from ..forecasting import Forecasting
from ..look import Look
from ..moment import Subject, Tour
from ..subjects import Opened
from ..survey import Survey
from ..unitpage import UnitPage
from ..whole import WholeSubject

Shown = Opened | Survey | UnitPage
"""Anything that has a screen: what can be opened at once, and what is reached from there."""


def screen_of(opened: Shown, look: Look, t: int | None = None, tour: Tour | None = None) -> Screen[None]:
    """Return the screen for `opened`, at timestamp `t` or where it begins. Screens are loaded when needed."""
    if isinstance(opened, Forecasting):
        from .forecast import ForecastScreen

        return ForecastScreen(opened, look)
    if isinstance(opened, Subject) and opened.forecast:
        from .day import DayScreen

        return DayScreen(opened, look, t)
    if isinstance(opened, Subject):
        from .stepper import StepperScreen

        return StepperScreen(opened, look, t or 0, tour)
    if isinstance(opened, WholeSubject):
        from .whole import WholeScreen

        return WholeScreen(opened, look)
    if isinstance(opened, Backward):
        from .gradients import GradientsScreen

        return GradientsScreen(opened, look)
    if isinstance(opened, Trial):
        from .experiment import ExperimentScreen

        return ExperimentScreen(opened, look)
    if isinstance(opened, Survey):
        from .statistics import StatisticsScreen

        return StatisticsScreen(opened, look)
    if isinstance(opened, UnitPage):
        from .unit import UnitScreen

        return UnitScreen(opened, look)
    from .compare import CompareScreen

    return CompareScreen(opened.at(t) if t else opened, look)


def tour_left(app: App[object], subject: Subject) -> Tour | None:
    """Return where the lesson of `subject` was left, for coming back to it from another network of the scenario."""
    tours: dict[str, Tour] = getattr(app, "tours", {})
    return tours.get(subject.title) if subject.lesson else None
