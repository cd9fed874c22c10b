"""Which screen shows what: a recurrent network is stepped through, a dense one is read whole, two are compared."""

from textual.app import App
from textual.screen import Screen

from .draw.look import Look
from .source.make import Opened
from .views.dense.state import WholeSubject
from .views.experiment.state import Trial
from .views.forecast.state import Forecasting
from .views.gates.state import Survey
from .views.gradients.state import Backward
from .views.stepper.state import Subject, Tour
from .views.unit.state import UnitPage

Shown = Opened | Survey | UnitPage
"""Anything that has a screen: what can be opened at once, and what is reached from there."""


def screen_of(opened: Shown, look: Look, t: int | None = None, tour: Tour | None = None) -> Screen[None]:
    """Return the screen for `opened`, at timestamp `t` or where it begins. Screens are loaded when needed."""
    if isinstance(opened, Forecasting):
        from .views.forecast.screen import ForecastScreen

        return ForecastScreen(opened, look)
    if isinstance(opened, Subject) and opened.forecast:
        from .views.day.screen import DayScreen

        return DayScreen(opened, look, t)
    if isinstance(opened, Subject):
        from .views.stepper.screen import StepperScreen

        return StepperScreen(opened, look, t or 0, tour)
    if isinstance(opened, WholeSubject):
        from .views.dense.screen import WholeScreen

        return WholeScreen(opened, look)
    if isinstance(opened, Backward):
        from .views.gradients.screen import GradientsScreen

        return GradientsScreen(opened, look)
    if isinstance(opened, Trial):
        from .views.experiment.screen import ExperimentScreen

        return ExperimentScreen(opened, look)
    if isinstance(opened, Survey):
        from .views.gates.screen import StatisticsScreen

        return StatisticsScreen(opened, look)
    if isinstance(opened, UnitPage):
        from .views.unit.screen import UnitScreen

        return UnitScreen(opened, look)
    from .views.compare.screen import CompareScreen

    return CompareScreen(opened.at(t) if t else opened, look)


def tour_left(app: App[object], subject: Subject) -> Tour | None:
    """Return where the lesson of `subject` was left, for coming back to it from another network of the scenario."""
    tours: dict[str, Tour] = getattr(app, "tours", {})
    return tours.get(subject.title) if subject.lesson else None
