"""The charts of a scenario's networks, one at a time."""

from textual.app import ComposeResult
from textual.reactive import reactive

from ....scenarios import Scenario, charts_of
from ...draw.look import Look
from ...keys import CHART, bindings
from ..base.footer import footer_for
from ..base.panel import PanelView
from ..base.panelled import PanelledScreen
from .panels import ChartPage, chart


class ChartScreen(PanelledScreen):
    """Shows a scenario's charts; `place` is which."""

    WHERE = CHART
    BINDINGS = bindings(CHART)

    place = reactive(0, init=False, repaint=False)

    def __init__(self, scenario: Scenario, look: Look) -> None:
        super().__init__(look)
        self._scenario, self._charts = scenario, charts_of(scenario)

    @property
    def state(self) -> ChartPage:
        """What is shown."""
        return ChartPage(self._scenario, self._charts, self.place)

    def compose(self) -> ComposeResult:
        """Yield the chart and the footer."""
        yield PanelView(chart, id="page")
        yield PanelView(footer_for(CHART), id="footer")

    def on_mount(self) -> None:
        """Show the first chart."""
        self._show()

    def watch_place(self) -> None:
        """Show another chart."""
        self._show()

    def action_chart(self, sign: int) -> None:
        """Go to the next chart or the one before, around the end."""
        self.place = (self.place + sign) % len(self._charts)
