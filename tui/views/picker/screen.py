"""The first screen: choose a scenario."""

from functools import cache
from typing import ClassVar

from textual.events import Key

from ....scenarios import STUDIES, Experiment, Forecaster, Scenario, charts_of, recorded_scores, shipped
from ...draw.look import Look
from ...keys import PICKER, actions_of
from ...source.make import network_title
from ..base.screen import ViewScreen
from ..charts.state import ChartPage
from ..forecast.state import series_chart
from .panels import Choice, Score, picker

_KEYS = frozenset(key for action in actions_of(PICKER) for key in action.keys)


class PickerScreen(ViewScreen):
    """Lists the scenarios; its state is a Choice."""

    WHERE = PICKER
    PANELS: ClassVar = {"page": picker}

    state: Choice

    def __init__(self, look: Look) -> None:
        super().__init__(choice(0), look)
        self._letters = ""

    def go(self, state: Choice) -> None:
        """Go to `state`, and forget the letters that were typed before."""
        super().go(state)
        self._letters = ""

    def on_key(self, event: Key) -> None:
        """Choose by the first letters of a name, unless the letter is a key here."""
        if event.character and event.character.isalpha() and event.key not in _KEYS:
            event.stop()
            self._type(event.character.casefold())

    def _type(self, letter: str) -> None:
        """Choose what begins with all letters typed so far, or else the next that begins with this one."""
        names, index = list(STUDIES), self.state.index
        for letters, start in ((self._letters + letter, index), (letter, index + 1)):
            for n in range(start, start + len(names)):
                if names[n % len(names)].startswith(letters):
                    self.go(choice(n % len(names)))
                    self._letters = letters
                    return
        self.go(self.state)
        self.say(f"no scenario begins with {letter}")

    def action_digit(self, digit: int) -> None:
        """Choose the scenario of that number."""
        if 1 <= digit <= len(STUDIES):
            self.go(choice(digit - 1))
        else:
            self.say(f"there is no scenario {digit}; they are 1 to {len(STUDIES)}")

    def action_choose(self, sign: int) -> None:
        """Move the choice, around the end."""
        self.go(choice((self.state.index + sign) % len(STUDIES)))

    def action_first(self) -> None:
        """Choose the first scenario."""
        self.go(choice(0))

    def action_last(self) -> None:
        """Choose the last scenario."""
        self.go(choice(len(STUDIES) - 1))

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
