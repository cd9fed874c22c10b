"""The gradients of a sentence: the way back through time, in one or two networks."""

from dataclasses import replace

from textual.app import ComposeResult
from textual.reactive import reactive

from ....engine import Gradients
from ....engine.run.pytorch import load_torch, working_torch
from ...draw.look import Look
from ...keys import GRADIENTS, bindings
from ..base.counting import DIGIT_KEYS
from ..base.finding import FindingScreen
from ..base.footer import footer_for
from ..base.panel import PanelView
from . import panels as panels
from .state import Backward, found_for

NUMBERS = 6
"""Rows for what is said of the place where one is."""


class GradientsScreen(FindingScreen):
    """Walks back through a sentence. `backward` is all its state; what is not found yet, a thread computes."""

    WHERE = GRADIENTS
    STATE = "backward"
    BINDINGS = [*bindings(GRADIENTS), *DIGIT_KEYS]  # noqa: RUF012 (Textual reads it as a class attribute)

    backward: reactive[Backward] = reactive(None, init=False, repaint=False)  # type: ignore[arg-type]

    def __init__(self, backward: Backward, look: Look) -> None:
        super().__init__(look)
        self.set_reactive(GradientsScreen.backward, backward)

    def compose(self) -> ComposeResult:
        """Yield the panels, top to bottom."""
        yield PanelView(panels.heading, id="heading")
        yield PanelView(panels.sentence, id="sentence")
        yield PanelView(panels.curves, id="curves")
        yield PanelView(panels.numbers, id="numbers")
        yield PanelView(footer_for(GRADIENTS), id="footer")

    def _missing(self, state: Backward) -> bool:
        return not state.found and not state.failed

    def _find(self, state: Backward) -> tuple[Gradients, ...]:
        with working_torch():
            load_torch()
            return found_for(state)

    def _take(self, event: FindingScreen.Found) -> None:
        self.backward = replace(self.backward, found=event.found or (), failed=event.reason)

    def watch_backward(self, old: Backward, new: Backward) -> None:
        """Show the new state."""
        if bool(old.found) != bool(new.found):
            self._arrange()
        self._show()

    def _arrange(self) -> None:
        """Give the sentence and the numbers what they need, and the bars the rest."""
        width, height = self.app.size
        sentence = min(panels.sentence_rows(self.backward, width, self._look), 2 if height < 30 else 4)
        room = max(height - 2 - sentence, 0)
        numbers = min(NUMBERS, room // 2)
        for name, rows in (("sentence", sentence), ("numbers", numbers), ("curves", room - numbers)):
            panel = self.query_one(f"#{name}")
            panel.styles.height = rows
            panel.display = rows > 0

    def action_over(self, sign: int) -> None:
        """Go further back, or on again."""
        self._go(self.backward.at(self.backward.t + self._count(sign)))

    def action_first(self) -> None:
        """Go to the first timestamp."""
        self._go(self.backward.at(0))

    def action_last(self) -> None:
        """Go to the last timestamp, or to the one whose number was typed."""
        self._go(self.backward.at(self._numbered(self.backward.steps - 1)))

    def action_loss(self) -> None:
        """Take the loss at the last word alone, or the sum over all words."""
        if self.backward.found and len(self.backward.found[0].sources) == 1:
            self._say("only the last word has a loss here")
        else:
            self._go(replace(self.backward, summed=not self.backward.summed))
