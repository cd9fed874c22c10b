"""The first screen: choose a scenario."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, ClassVar

from textual.events import Key
from textual.message import Message

from ....scenarios import STUDIES, Experiment, Forecaster, Scenario, charts_of, recorded_scores, shipped
from ...draw.look import Look
from ...keys import PICKER, actions_of
from ...source.make import network_title
from ..base.lesson_progress import LessonProgress
from ..base.screen import ViewScreen
from ..base.threads import run_in_thread
from ..charts.state import ChartPage
from ..forecast.state import series_chart
from .panels import Choice, Score, picker
from .thumbs import Thumbnail, thumbnail

if TYPE_CHECKING:
    from textual.widgets import Input

_KEYS = frozenset(key for action in actions_of(PICKER) for key in action.keys)


class Drawn(Message):
    """The `thumbnails` of all scenarios."""

    def __init__(self, thumbnails: tuple[Thumbnail, ...]) -> None:
        super().__init__()
        self.thumbnails = thumbnails


class PickerScreen(ViewScreen):
    """Lists the scenarios; its state is a Choice."""

    WHERE = PICKER
    PANELS: ClassVar = {"page": picker}

    state: Choice

    def __init__(self, look: Look) -> None:
        super().__init__(choice(0), look)
        self._letters = ""

    def on_mount(self) -> None:
        """Draw the thumbnails once the list itself is on the screen."""
        self.call_after_refresh(run_in_thread, self, self._draw_thumbnails, group="thumbnails")

    def _draw_thumbnails(self) -> None:
        """In a thread: the networks and the series that ship are read for them."""
        made: list[Thumbnail] = []
        for study in STUDIES.values():
            made.append(thumbnail(study))
        self.post_message(Drawn(tuple(made)))

    def on_drawn(self, event: Drawn) -> None:
        """Show the thumbnails."""
        self.state = replace(self.state, thumbnails=event.thumbnails)

    def on_screen_resume(self) -> None:
        """Mark the lessons that are finished by now."""
        lessons: Mapping[str, LessonProgress] = getattr(self.app, "lessons", {})
        finished = frozenset(name for name, progress in lessons.items() if progress.over)
        if finished != self.state.finished:
            self.state = replace(self.state, finished=finished)

    def go(self, state: Choice) -> None:
        """Go to `state`, and forget the letters that were typed before."""
        super().go(state)
        self._letters = ""

    def _with(self, place: int) -> Choice:
        """The list with the scenario at `place` chosen."""
        return replace(choice(place), finished=self.state.finished, thumbnails=self.state.thumbnails)

    async def action_find(self) -> None:
        """Ask for a part of a scenario's name or of what it is about; what is typed so far is chosen at once."""
        await self.ask("find", "scenario:")

    def on_input_changed(self, event: "Input.Changed") -> None:
        """Choose what the prompt's text finds."""
        if (place := _found(event.value, self.state.place)) is not None:
            self.state = self._with(place)

    def answer(self, purpose: str, text: str) -> None:
        """Stay at what was found, or say that nothing was."""
        if _found(text, self.state.place) is None:
            self.say(f"{text}: no scenario is about it")

    def on_key(self, event: Key) -> None:
        """Choose by the first letters of a name, unless the letter is a key here."""
        if event.character and event.character.isalpha() and event.key not in _KEYS:
            event.stop()
            self._type(event.character.casefold())

    def _type(self, letter: str) -> None:
        """Choose what begins with all letters typed so far, or else the next that begins with this one."""
        names, place = list(STUDIES), self.state.place
        for letters, start in ((self._letters + letter, place), (letter, place + 1)):
            for n in range(start, start + len(names)):
                if names[n % len(names)].startswith(letters):
                    self.go(self._with(n % len(names)))
                    self._letters = letters
                    return
        self.go(self.state)
        self.say(f"no scenario begins with {letter}")

    def action_digit(self, digit: int) -> None:
        """Choose the scenario of that number."""
        if 1 <= digit <= len(STUDIES):
            self.go(self._with(digit - 1))
        else:
            self.say(f"there is no scenario {digit}; they are 1 to {len(STUDIES)}")

    def action_choose(self, sign: int) -> None:
        """Move the choice, around the end."""
        self.go(self._with((self.state.place + sign) % len(STUDIES)))

    def action_first(self) -> None:
        """Choose the first scenario."""
        self.go(self._with(0))

    def action_last(self) -> None:
        """Choose the last scenario."""
        self.go(self._with(len(STUDIES) - 1))

    def action_open(self) -> None:
        """Open the chosen scenario."""
        self.go(self.state)
        self.open(self.state.study)

    def cannot(self, need: str) -> str:
        """Return why the chosen scenario has no charts of its own."""
        study = self.state.study
        if need == "charts" and not (isinstance(study, Scenario) and charts_of(study)):
            return f"{study.name} has its charts in itself; {{key:picker.open}} opens it"
        return ""

    def action_charts(self) -> None:
        """Show the charts of the chosen scenario."""
        study = self.state.study
        assert isinstance(study, Scenario)
        self.open(ChartPage.of(study))


def _found(text: str, place: int) -> int | None:
    """The scenario whose name begins with `text`, or else has it, or is about it; the one at `place` first."""
    wanted = text.strip().casefold()
    order = [(place + n) % len(STUDIES) for n in range(len(STUDIES))]
    studies = list(STUDIES.values())
    for fits in (
        lambda study: study.name.startswith(wanted),
        lambda study: wanted in study.name,
        lambda study: wanted in f"{study.title} {study.summary}".casefold(),
    ):
        if wanted and (found := next((n for n in order if fits(studies[n])), None)) is not None:
            return found
    return None


def choice(place: int) -> Choice:
    """Return the list with the scenario at `place` chosen, and what there is to show of it."""
    studies = tuple(STUDIES.values())
    chosen = studies[place]
    if isinstance(chosen, Experiment):
        chart = chosen.parts[0].chart
        return Choice(studies, place, chart=chart() if chart else None)
    if isinstance(chosen, Forecaster):
        return Choice(studies, place, chart=series_chart(chosen.series))
    return Choice(studies, place, scores(chosen), next(iter(charts_of(chosen)), None))


@cache
def scores(scenario: Scenario) -> tuple[Score, ...]:
    """Return what each network of a scenario scored on held-out sentences when it was made."""
    rows = []
    for model in scenario.models:
        network, _ = shipped(scenario, model)
        by_size = tuple(recorded_scores(scenario, model).items())
        rows.append(Score(network_title(network), network.parameters, by_size))
    return tuple(rows)
