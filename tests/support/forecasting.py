"""The forecaster's screen in a pilot: its state, and one's own series with a recipe that is soon trained."""

from dataclasses import replace

from gatestep.engine import History
from gatestep.scenarios.forecast import STARBUCKS, Series, prepare
from gatestep.tui.app import GatestepApp
from gatestep.tui.views.forecast.screen import ForecastScreen
from gatestep.tui.views.forecast.state import Forecasting, own_forecasting


def screen(app: GatestepApp) -> ForecastScreen:
    """The forecaster's screen that was opened last."""
    return next(s for s in reversed(app.screen_stack) if isinstance(s, ForecastScreen))


def now(app: GatestepApp) -> Forecasting:
    """What it shows."""
    return screen(app).state


def quick(epochs: int, series: Series | None = None) -> Forecasting:
    """A series of one's own, with the article's recipe for a few epochs only."""
    state = own_forecasting(series or STARBUCKS.series, "own.csv")
    recipe = replace(state.task.recipe, fit=replace(state.task.recipe.fit, epochs=epochs))
    return replace(state, task=prepare(state.series, recipe), history=History(epochs))
