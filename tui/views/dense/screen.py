"""A dense network on a sentence: one page, for it has no timestamps to step through."""

from dataclasses import replace

from textual.app import ComposeResult
from textual.reactive import reactive

from ....engine import BadInput
from ....scenarios import find
from ...draw.look import Look
from ...keys import WHOLE, bindings
from ...opening import screen_of, tour_left
from ...source.make import compared, in_network, next_model
from ..base.counting import DIGIT_KEYS, CountingScreen
from ..base.footer import footer_for
from ..base.panel import PanelView
from ..compare.state import text_of
from .panels import whole
from .state import Whole, WholeSubject


class WholeScreen(CountingScreen):
    """Shows what a dense network makes of a sentence. `whole` is all its state."""

    WHERE = WHOLE
    STATE = "whole"
    BINDINGS = [*bindings(WHOLE), *DIGIT_KEYS]  # noqa: RUF012 (Textual reads it as a class attribute)

    whole: reactive[Whole] = reactive(None, init=False, repaint=False)  # type: ignore[arg-type]

    def __init__(self, subject: WholeSubject, look: Look) -> None:
        super().__init__(look)
        self.set_reactive(WholeScreen.whole, Whole(subject))

    def compose(self) -> ComposeResult:
        """Yield the page and the footer."""
        yield PanelView(whole, id="page")
        yield PanelView(footer_for(WHOLE), id="footer")

    def on_mount(self) -> None:
        """Show it for the first time."""
        self._show()

    def watch_whole(self) -> None:
        """Show it again."""
        self._show()

    def action_unit(self, sign: int) -> None:
        """Select another unit."""
        self.whole = self.whole.with_unit(self._count(sign))

    def action_model(self) -> None:
        """Run the same sentence in the scenario's next network."""
        self._open(next_model(self.whole.subject), text_of(self.whole))

    async def action_edit(self) -> None:
        """Ask for another sentence."""
        await self._ask("edit", "sentence:", text_of(self.whole))

    def _answer(self, purpose: str, text: str) -> None:
        self._open(self.whole.subject.model, text)

    def action_compare(self) -> None:
        """Put the scenario's next sentence, or else its next network, on the right."""
        try:
            self.app.push_screen(screen_of(compared(replace(self.whole, note="", count="")), self._look))
        except BadInput as error:
            self._say(str(error))

    def action_charts(self) -> None:
        """Show the charts of the scenario."""
        self.open_charts(find(self.whole.subject.title))

    def _open(self, model: str, text: str) -> None:
        try:
            subject = in_network(self.whole.subject, model, text)
        except BadInput as error:
            self._say(str(error))
            return
        if isinstance(subject, WholeSubject):
            self.whole = Whole(subject, min(self.whole.unit, subject.net.H - 1))
        else:
            self.app.switch_screen(screen_of(subject, self._look, tour=tour_left(self.app, subject)))
