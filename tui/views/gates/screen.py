"""The gates of a network over all held-out sentences: units as points, and the most extreme moments of one."""

from dataclasses import replace

from textual.app import ComposeResult
from textual.reactive import reactive

from ....engine import BadInput, Saturation
from ...draw.look import Look
from ...keys import STATISTICS, bindings
from ..base.counting import DIGIT_KEYS
from ..base.finding import FindingScreen
from ..base.footer import footer_for
from ..base.panel import PanelView
from . import panels as panels
from .make import gates_over_all, moment_of
from .state import LISTED, Survey

TALLEST = 24
"""The most rows of a picture; in more a point is no clearer."""


class StatisticsScreen(FindingScreen):
    """Shows a survey. `survey` is all its state; a thread reads the held-out sentences."""

    WHERE = STATISTICS
    STATE = "survey"
    BINDINGS = [*bindings(STATISTICS), *DIGIT_KEYS]  # noqa: RUF012 (Textual reads it as a class attribute)

    survey: reactive[Survey] = reactive(None, init=False, repaint=False)  # type: ignore[arg-type]

    def __init__(self, survey: Survey, look: Look) -> None:
        super().__init__(look)
        self.set_reactive(StatisticsScreen.survey, survey)

    def compose(self) -> ComposeResult:
        """Yield the panels, top to bottom."""
        yield PanelView(panels.heading, id="heading")
        yield PanelView(panels.pictures, id="pictures")
        yield PanelView(panels.words, id="words")
        yield PanelView(panels.moments, id="moments")
        yield PanelView(footer_for(STATISTICS), id="footer")

    def _missing(self, state: Survey) -> bool:
        return state.found is None and not state.failed

    def _find(self, state: Survey) -> Saturation:
        return gates_over_all(state)

    def _take(self, event: FindingScreen.Found) -> None:
        self.survey = replace(self.survey, found=event.found, failed=event.reason)

    def watch_survey(self, old: Survey, new: Survey) -> None:
        """Show the new state."""
        self._show()

    def _arrange(self) -> None:
        """Give the list and the words what they need, and the picture the rest."""
        room = max(self.app.size.height - 3, 0)
        least, most = LISTED
        self.survey = self.survey.listing(min(max((room - TALLEST - 1) // 2, least), most))
        moments = min(1 + 2 * self.survey.listed, room // 2)
        pictures = min(room - moments, TALLEST)
        for name, rows in (("pictures", pictures), ("moments", moments)):
            panel = self.query_one(f"#{name}")
            panel.styles.height = rows
            panel.display = rows > 0

    def action_unit(self, sign: int) -> None:
        """Select another unit."""
        self.survey = self.survey.with_unit(self._count(sign))

    def action_gate(self, sign: int) -> None:
        """Select another gate."""
        self.survey = self.survey.with_gate(self._count(sign))

    def action_place(self, sign: int) -> None:
        """Choose another of the listed moments."""
        self.survey = self.survey.with_place(self._count(sign))

    def action_jump(self) -> None:
        """Open the chosen moment in the stepper."""
        if self.survey.chosen is not None:
            from ..stepper.screen import StepperScreen

            try:
                there = moment_of(self.survey, self.survey.chosen)
            except BadInput as error:
                self._say(str(error))
                return
            self.app.push_screen(StepperScreen.opened_at(there, self._look))
