"""The first screen: choose a scenario."""

from functools import cache

from textual.app import ComposeResult
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen

from ...scenarios import SCENARIOS, Scenario, charts_of, recorded_scores, shipped
from ..actions import PICKER, bindings
from ..look import Look
from ..panels.footer import footer_for
from ..panels.picker import Choice, Score, picker
from ..subjects import network_title
from ..widgets.panel import PanelView


class PickerScreen(Screen[None]):
    """Lists the scenarios; posts `Picked` for the one that is opened."""

    CSS_PATH = "picker.tcss"
    BINDINGS = bindings(PICKER)
    AUTO_FOCUS = ""

    place = reactive(0, init=False, repaint=False)

    class Picked(Message):
        """A scenario was chosen."""

        def __init__(self, scenario: Scenario) -> None:
            super().__init__()
            self.scenario = scenario

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look

    def compose(self) -> ComposeResult:
        """Yield the list and the footer."""
        yield PanelView(picker, id="picker")
        yield PanelView(footer_for(PICKER), id="footer")

    def on_mount(self) -> None:
        """Show the list."""
        self._show()

    def validate_place(self, place: int) -> int:
        """Keep the choice inside the list."""
        return min(max(place, 0), len(SCENARIOS) - 1)

    def watch_place(self) -> None:
        """Show the new choice."""
        self._show()

    def relook(self, look: Look) -> None:
        """Draw everything in another look."""
        self._look = look
        self._show()

    def _show(self) -> None:
        scenarios = tuple(SCENARIOS.values())
        chosen = scenarios[self.place]
        choice = Choice(scenarios, self.place, scores(chosen), charts_of(chosen)[0])
        for panel in self.query(PanelView):
            panel.show(choice, self._look)

    def action_choose(self, sign: int) -> None:
        """Move the choice."""
        self.place += sign

    def action_open(self) -> None:
        """Open the chosen scenario."""
        self.post_message(self.Picked(tuple(SCENARIOS.values())[self.place]))

    def action_charts(self) -> None:
        """Show the charts of the chosen scenario."""
        from .charts import ChartScreen

        self.app.push_screen(ChartScreen(tuple(SCENARIOS.values())[self.place], self._look))

    def back(self) -> bool:
        """There is nothing to undo here."""
        return False


@cache
def scores(scenario: Scenario) -> tuple[Score, ...]:
    """Return what each network of a scenario scored on held-out sentences when it was made."""
    rows = []
    for model in scenario.models:
        network, _ = shipped(scenario, model)
        by_size = tuple(recorded_scores(scenario, model).items())
        rows.append(Score(network_title(network), network.parameters, by_size))
    return tuple(rows)
