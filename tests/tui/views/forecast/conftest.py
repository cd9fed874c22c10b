import pytest
from gatestep.scenarios.forecast import STARBUCKS
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import Look
from gatestep.tui.views.forecast.state import shipped_forecasting


@pytest.fixture
def app(look: Look) -> GatestepApp:
    """The forecaster at its first test day, without its lesson."""
    return GatestepApp(look, shipped_forecasting(STARBUCKS), STARBUCKS.series.train)
