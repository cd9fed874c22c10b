"""The page of one unit: its state over sentences that differ in a word, where it leads, and what it is worth."""

from textual.app import ComposeResult
from textual.reactive import reactive

from ....scenarios import Scores
from ...draw.look import Look
from ...keys import UNIT, bindings
from ..base.counting import DIGIT_KEYS
from ..base.finding import FindingScreen
from ..base.footer import footer_for
from ..base.panel import PanelView
from ..gates.make import worth
from . import panels as panels
from .state import UnitPage


class UnitScreen(FindingScreen):
    """Shows a unit's page. `page` is all its state; a thread runs the network without the unit."""

    WHERE = UNIT
    STATE = "page"
    BINDINGS = [*bindings(UNIT), *DIGIT_KEYS]  # noqa: RUF012 (Textual reads it as a class attribute)

    page: reactive[UnitPage] = reactive(None, init=False, repaint=False)  # type: ignore[arg-type]

    def __init__(self, page: UnitPage, look: Look) -> None:
        super().__init__(look)
        self.set_reactive(UnitScreen.page, page)

    def compose(self) -> ComposeResult:
        """Yield the panels, top to bottom."""
        yield PanelView(panels.heading, id="heading")
        yield PanelView(panels.traces, id="traces")
        yield PanelView(panels.weights, id="weights")
        yield PanelView(panels.scores, id="scores")
        yield PanelView(footer_for(UNIT), id="footer")

    def _missing(self, state: UnitPage) -> bool:
        return state.scores is None and not state.failed

    def _find(self, state: UnitPage) -> tuple[Scores, Scores]:
        return worth(state.here)

    def _take(self, event: FindingScreen.Found) -> None:
        self.page = self.page.with_worth(event.state.here.unit, event.found, event.reason)

    def watch_page(self, old: UnitPage, new: UnitPage) -> None:
        """Show the new state."""
        self._show()
        self._begin()

    def _arrange(self) -> None:
        """Give every panel what it needs; the weights also take some rows that nothing else does."""
        room = max(self.app.size.height - 2, 0)
        scores = min(panels.SCORES, room // 3)
        traces = min(room - scores - min(panels.WEIGHTS, room // 3), panels.rows_needed(self.page))
        weights = min(room - scores - traces, 2 * panels.WEIGHTS)
        for name, rows in (("traces", traces), ("weights", weights), ("scores", scores)):
            panel = self.query_one(f"#{name}")
            panel.styles.height = rows
            panel.display = rows > 0

    def action_unit(self, sign: int) -> None:
        """Go to another unit."""
        self.page = self.page.with_unit(self._count(sign))

    def action_over(self, sign: int) -> None:
        """Go some timestamps on or back."""
        self.page = self.page.at(self.page.here.t + self._count(sign))

    def action_first(self) -> None:
        """Go to the first timestamp."""
        self.page = self.page.at(0)

    def action_last(self) -> None:
        """Go to the last timestamp, or to the one whose number was typed."""
        self.page = self.page.at(self._numbered(len(self.page.here.trace) - 1))
