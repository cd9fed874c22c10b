"""The first screen: choose a scenario."""

from functools import cache
from typing import ClassVar

from ....scenarios import STUDIES, Experiment, Forecaster, Scenario, charts_of, recorded_scores, shipped
from ...draw.look import Look
from ...keys import PICKER
from ...source.make import network_title
from ..base.choosing import Choosing
from ..base.screen import ViewScreen
from ..charts.state import ChartPage
from ..forecast.state import series_chart
from .panels import Choice, Score, picker


class PickerScreen(Choosing, ViewScreen):
    """Lists the scenarios; its state is a Choice."""

    WHERE = PICKER
    NOUN = "scenario"
    PANELS: ClassVar = {"page": picker}

    state: Choice

    def __init__(self, look: Look) -> None:
        super().__init__(choice(0), look)

    @property
    def names(self) -> list[tuple[str, ...]]:
        """The names of the scenarios."""
        return [(name,) for name in STUDIES]

    def chosen(self, index: int) -> Choice:
        """Return the list with the scenario at `index` chosen."""
        return choice(index)

    def action_open(self) -> None:
        """Open the chosen scenario."""
        self.go(self.state)
        self.open(self.state.study)

    def action_charts(self) -> None:
        """Show the charts of the chosen scenario; other studies have theirs in themselves."""
        study = self.state.study
        self.open(ChartPage.of(study) if isinstance(study, Scenario) and charts_of(study) else study)


def choice(index: int) -> Choice:
    """Return the list with the scenario at `index` chosen, and what there is to show of it."""
    studies = tuple(STUDIES.values())
    chosen = studies[index]
    if isinstance(chosen, Experiment):
        chart = chosen.parts[0].chart
        return Choice(studies, index, chart=chart() if chart else None)
    if isinstance(chosen, Forecaster):
        return Choice(studies, index, chart=series_chart(chosen.series))
    return Choice(studies, index, scores(chosen), next(iter(charts_of(chosen)), None))


@cache
def scores(scenario: Scenario) -> tuple[Score, ...]:
    """Return what each network of a scenario scored on held-out sentences when it was made."""
    rows = []
    for model in scenario.models:
        network, _ = shipped(scenario, model)
        by_size = tuple(recorded_scores(scenario, model).items())
        rows.append(Score(network_title(network), network.parameters, by_size))
    return tuple(rows)
