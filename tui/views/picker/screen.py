"""The first screen: choose a scenario."""

from functools import cache

from textual.app import ComposeResult
from textual.message import Message
from textual.reactive import reactive

from ....scenarios import STUDIES, Experiment, Forecaster, Scenario, Study, charts_of, recorded_scores, shipped
from ...keys import PICKER, bindings
from ...source.make import network_title
from ..base.footer import footer_for
from ..base.panel import PanelView
from ..base.panelled import PanelledScreen
from ..forecast.state import series_chart
from .panels import Choice, Score, picker


class PickerScreen(PanelledScreen):
    """Lists the scenarios; posts `Picked` for the one that is opened."""

    WHERE = PICKER
    BINDINGS = bindings(PICKER)

    place = reactive(0, init=False, repaint=False)

    class Picked(Message):
        """A scenario was chosen."""

        def __init__(self, study: Study) -> None:
            super().__init__()
            self.study = study

    @property
    def state(self) -> Choice:
        """What is shown."""
        studies = tuple(STUDIES.values())
        chosen = studies[self.place]
        if isinstance(chosen, Experiment):
            chart = chosen.parts[0].chart
            return Choice(studies, self.place, chart=chart() if chart else None)
        if isinstance(chosen, Forecaster):
            return Choice(studies, self.place, chart=series_chart(chosen.series))
        return Choice(studies, self.place, scores(chosen), charts_of(chosen)[0])

    def compose(self) -> ComposeResult:
        """Yield the list and the footer."""
        yield PanelView(picker, id="page")
        yield PanelView(footer_for(PICKER), id="footer")

    def on_mount(self) -> None:
        """Show the list."""
        self._show()

    def validate_place(self, place: int) -> int:
        """Keep the choice inside the list."""
        return min(max(place, 0), len(STUDIES) - 1)

    def watch_place(self) -> None:
        """Show the new choice."""
        self._show()

    def action_choose(self, sign: int) -> None:
        """Move the choice."""
        self.place += sign

    def action_open(self) -> None:
        """Open the chosen scenario."""
        self.post_message(self.Picked(self.state.study))

    def action_charts(self) -> None:
        """Show the charts of the chosen scenario; other studies have theirs in themselves."""
        study = self.state.study
        if isinstance(study, Scenario):
            self.open_charts(study)
        else:
            self.action_open()


@cache
def scores(scenario: Scenario) -> tuple[Score, ...]:
    """Return what each network of a scenario scored on held-out sentences when it was made."""
    rows = []
    for model in scenario.models:
        network, _ = shipped(scenario, model)
        by_size = tuple(recorded_scores(scenario, model).items())
        rows.append(Score(network_title(network), network.parameters, by_size))
    return tuple(rows)
