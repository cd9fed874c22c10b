"""The charts of a scenario's networks, one at a time."""

from typing import ClassVar

from ...keys import CHART
from ..base.screen import ViewScreen
from .panels import chart
from .state import ChartPage


class ChartScreen(ViewScreen):
    """Shows a scenario's charts; its state is a ChartPage."""

    WHERE = CHART
    PANELS: ClassVar = {"page": chart}

    state: ChartPage

    def cannot(self, need: str) -> str:
        """Return why there is no other chart to turn to."""
        return "this scenario has one chart" if need == "charts" and len(self.state.charts) < 2 else ""

    def action_chart(self, sign: int) -> None:
        """Go to the next chart or the one before, around the end."""
        self.go(self.state.turned(sign))
