"""The comparison: two networks on one sentence, or two sentences in one network, on the same keys."""

from pathlib import Path

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.reactive import reactive

from ....engine import BadInput
from ....scenarios import find
from ...draw.look import Look
from ...keys import COMPARE, bindings
from ...source.make import next_model, spelled, with_right
from ..base.counting import DIGIT_KEYS, CountingScreen
from ..base.footer import footer_for
from ..base.panel import PanelView
from ..base.panelled import PanelledScreen
from . import panels as panels
from .state import Comparison, text_of

FEWEST_PANE_ROWS = 9


class CompareScreen(CountingScreen):
    """Steps two sides at once. `comparison` is all its state."""

    WHERE = COMPARE
    CSS_PATH = [*PanelledScreen.CSS_PATH, Path(__file__).with_name("compare.tcss")]  # noqa: RUF012 (Textual reads it)
    STATE = "comparison"
    BINDINGS = [*bindings(COMPARE), *DIGIT_KEYS]  # noqa: RUF012 (Textual reads it as a class attribute)

    comparison: reactive[Comparison] = reactive(None, init=False, repaint=False)  # type: ignore[arg-type]

    def __init__(self, comparison: Comparison, look: Look) -> None:
        super().__init__(look)
        self.set_reactive(CompareScreen.comparison, comparison)

    def compose(self) -> ComposeResult:
        """Yield the panels, top to bottom."""
        yield PanelView(panels.heading, id="heading")
        with Container(id="sides"):
            yield PanelView(panels.left, id="left")
            yield PanelView(panels.right, id="right")
        yield PanelView(panels.apart, id="apart")
        yield PanelView(panels.answers, id="answers")
        yield PanelView(footer_for(COMPARE), id="footer")

    def on_mount(self) -> None:
        """Lay out for the first time."""
        self._arrange()
        self._show()

    def on_resize(self, event: events.Resize) -> None:
        """Share the new size among the panels."""
        self._arrange()

    def watch_comparison(self, old: Comparison, new: Comparison) -> None:
        """Show the new state."""
        if (old.left.subject, old.right.subject) != (new.left.subject, new.right.subject):
            self._arrange()
        self._show()

    def _arrange(self) -> None:
        """Give the sides what they need and the rest below; the answers go first where there is too little room."""
        height = self.app.size.height - 2
        answers = len(self.comparison.answers) + 1 if self.comparison.answers else 0
        apart = len(panels.apart(self.comparison, self.app.size.width, 9, self._look))
        if height - answers - apart < FEWEST_PANE_ROWS:
            answers = 0
        if height - apart < FEWEST_PANE_ROWS:
            apart = 0
        for name, rows in (("apart", apart), ("answers", answers)):
            panel = self.query_one(f"#{name}")
            panel.styles.height = rows
            panel.display = rows > 0
        self.query_one("#sides").styles.height = max(height - apart - answers, 1)

    def action_over(self, sign: int) -> None:
        """Step both sides."""
        self._go(self.comparison.at(self.comparison.t + self._count(sign)))

    def action_first(self) -> None:
        """Go to the first timestamp."""
        self._go(self.comparison.at(0))

    def action_last(self) -> None:
        """Go to the last timestamp, or to the one whose number was typed."""
        self._go(self.comparison.at(self._numbered(self.comparison.steps - 1)))

    def action_unit(self, sign: int) -> None:
        """Select another unit on both sides."""
        self._go(self.comparison.with_unit(self._count(sign)))

    def action_quantity(self, sign: int) -> None:
        """Select another quantity on both sides."""
        self._go(self.comparison.with_quantity(self._count(sign)))

    def action_exchange(self) -> None:
        """Put the left side right, and the right side left."""
        self._go(self.comparison.exchanged())

    def action_model(self) -> None:
        """Put the scenario's next network on the right."""
        self._right(next_model(self.comparison.right.subject), None)

    def action_sentence(self) -> None:
        """Put the scenario's next sentence on the right."""
        right = self.comparison.right
        sentences = find(right.subject.title).sentences
        texts = [spelled(right.subject, text) for text in sentences]
        place = texts.index(text_of(right)) if text_of(right) in texts else -1
        self._right(right.subject.model, sentences[(place + 1) % len(sentences)])

    async def action_edit(self) -> None:
        """Ask for another sentence on the right."""
        await self._ask("edit", "sentence on the right:", text_of(self.comparison.right))

    def _answer(self, purpose: str, text: str) -> None:
        self._right(self.comparison.right.subject.model, text)

    def action_charts(self) -> None:
        """Show the charts of the scenario."""
        self.open_charts(find(self.comparison.left.subject.title))

    def _right(self, model: str, text: str | None) -> None:
        try:
            self._go(with_right(self.comparison, model, text))
        except BadInput as error:
            self._say(str(error))
