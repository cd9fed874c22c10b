"""The page of one unit: its state over sentences that differ in a word, where it leads, and what it is worth."""

from dataclasses import replace

from textual import events
from textual.app import ComposeResult
from textual.message import Message
from textual.reactive import reactive

from ...engine import BadInput
from ...scenarios import Scores
from ..actions import UNIT, bindings
from ..held_out import worth
from ..look import Look
from ..panels import unit as panels
from ..panels.footer import footer_for
from ..unitpage import UnitPage
from ..widgets.panel import PanelView
from .counting import DIGIT_KEYS, CountingScreen


class UnitScreen(CountingScreen):
    """Shows a unit's page. `page` is all its state; a thread runs the network without the unit."""

    WHERE = UNIT
    STATE = "page"
    BINDINGS = [*bindings(UNIT), *DIGIT_KEYS]  # noqa: RUF012 (Textual reads it as a class attribute)

    page: reactive[UnitPage] = reactive(None, init=False, repaint=False)  # type: ignore[arg-type]

    class Found(Message):
        """The network has answered the held-out sentences, whole and without `unit`, or there is a reason why not."""

        def __init__(self, unit: int, scores: tuple[Scores, Scores] | None, reason: str = "") -> None:
            super().__init__()
            self.unit, self.scores, self.reason = unit, scores, reason

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

    def on_mount(self) -> None:
        """Lay out, and let a thread run the network once that is painted."""
        self._arrange()
        self._show()
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.run_worker(self._find, thread=True, exclusive=True, group="unit", exit_on_error=False)

    def _find(self) -> None:
        """Compute, in a thread of its own."""
        here = self.page.here
        try:
            self.post_message(self.Found(here.unit, worth(here)))
        except BadInput as error:  # a file of weights that is gone meanwhile
            self.post_message(self.Found(here.unit, None, str(error)))

    def on_unit_screen_found(self, event: Found) -> None:
        """Show what was found, unless another unit is looked at meanwhile."""
        if event.unit == self.page.here.unit:
            self.page = replace(self.page, scores=event.scores, failed=event.reason)

    def on_resize(self, event: events.Resize) -> None:
        """Share the new size among the panels."""
        self._arrange()

    def watch_page(self, old: UnitPage, new: UnitPage) -> None:
        """Show the new state."""
        self._show()
        if old.here.unit != new.here.unit:
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
