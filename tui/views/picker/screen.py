"""The first screen: choose a scenario."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from ....scenarios import STUDIES, Experiment, Forecaster, Scenario, charts_of, recorded_scores, shipped
from ...draw.look import Look
from ...keys import PICKER
from ...source.days import series_chart
from ...source.make import network_title
from ..base.choosing import Choosing
from ..base.lesson_progress import LessonProgress
from ..base.screen import ViewScreen
from ..base.threads import run_in_thread
from ..charts.state import ChartPage
from .panels import Choice, Score, picker
from .thumbs import Thumbnail, thumbnail

if TYPE_CHECKING:
    from textual.widgets import Input


class Drawn(Message):
    """The `thumbnails` of all scenarios."""

    def __init__(self, thumbnails: tuple[Thumbnail, ...]) -> None:
        super().__init__()
        self.thumbnails = thumbnails


class PickerScreen(Choosing, ViewScreen):
    """Lists the scenarios; its state is a Choice."""

    WHERE = PICKER
    NOUN = "scenario"
    PANELS: ClassVar = {"page": picker}

    state: Choice

    def __init__(self, look: Look) -> None:
        super().__init__(choice(0), look)

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
        """Mark the lessons that have been finished."""
        lessons: Mapping[str, LessonProgress] = getattr(self.app, "lessons", {})
        finished = frozenset(name for name, progress in lessons.items() if progress.over)
        if finished != self.state.finished:
            self.state = replace(self.state, finished=finished)

    async def action_find(self) -> None:
        """Ask for a part of a scenario's name or description, and choose as it is typed."""
        await self.ask("find", "scenario:")

    def on_input_changed(self, event: "Input.Changed") -> None:
        """Choose what the prompt's text finds."""
        if (place := _found(event.value, self.state.index)) is not None:
            self.state = self.chosen(place)

    def answer(self, purpose: str, text: str) -> None:
        """Stay at what was found, or say that nothing was."""
        if _found(text, self.state.index) is None:
            self.say(f"{text}: no scenario is about it")

    @property
    def names(self) -> list[tuple[str, ...]]:
        """The names of the scenarios."""
        return [(name,) for name in STUDIES]

    def chosen(self, index: int) -> Choice:
        """Return the list with the scenario at `index` chosen."""
        return replace(choice(index), finished=self.state.finished, thumbnails=self.state.thumbnails)

    def action_open(self) -> None:
        """Open the chosen scenario."""
        self.go(self.state)
        self.open(self.state.study)

    def cannot(self, need: str) -> str:
        """Return why the chosen scenario has no charts of its own."""
        study = self.state.study
        if need == "charts" and not (isinstance(study, Scenario) and charts_of(study)):
            return f"{study.name} shows its charts itself; {{key:picker.open}} opens it"
        return ""

    def action_charts(self) -> None:
        """Show the charts of the chosen scenario."""
        study = self.state.study
        assert isinstance(study, Scenario)
        self.open(ChartPage.of(study))


def _found(text: str, place: int) -> int | None:
    """The index of the scenario whose name begins with `text`, or contains it, or whose description does.

    The one at `place` comes first; None where there is none.
    """
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


def choice(index: int) -> Choice:
    """Return the list with the scenario at `index` chosen, and what is shown of it."""
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
