"""An experiment: its questions one after another, with keys that change what is to be seen."""

from dataclasses import replace

from textual import events
from textual.app import ComposeResult
from textual.reactive import reactive

from ...draw.look import Look
from ...keys import EXPERIMENT, bindings
from ..base.counting import DIGIT_KEYS, CountingScreen
from ..base.footer import footer_for
from ..base.panel import PanelView
from . import panels as panels
from .state import Trial


class ExperimentScreen(CountingScreen):
    """Shows an experiment. `trial` is all its state; everything in it was computed before it shipped."""

    WHERE = EXPERIMENT
    STATE = "trial"
    BINDINGS = [*bindings(EXPERIMENT), *DIGIT_KEYS]  # noqa: RUF012 (Textual reads it as a class attribute)

    trial: reactive[Trial] = reactive(None, init=False, repaint=False)  # type: ignore[arg-type]

    def __init__(self, trial: Trial, look: Look) -> None:
        super().__init__(look)
        self.set_reactive(ExperimentScreen.trial, trial)

    def compose(self) -> ComposeResult:
        """Yield the panels, top to bottom."""
        yield PanelView(panels.heading, id="heading")
        yield PanelView(panels.page, id="page")
        yield PanelView(panels.question, id="question")
        yield PanelView(footer_for(EXPERIMENT), id="footer")

    def on_mount(self) -> None:
        """Lay out for the first time."""
        self._arrange()
        self._show()

    def on_resize(self, event: events.Resize) -> None:
        """Share the new size among the panels."""
        self._arrange()

    def watch_trial(self, old: Trial, new: Trial) -> None:
        """Show the new state."""
        if old.place != new.place:
            self._arrange()
        self._show()

    def _arrange(self) -> None:
        width, height = self.app.size
        rows = min(panels.rows_needed(self.trial, width, height, self._look), max(height - 2, 0) // 2)
        panel = self.query_one("#question")
        panel.styles.height = rows
        panel.display = rows > 0

    def action_answer(self) -> None:
        """Show the answer; then go on to the next question."""
        self.trial = self.trial.on()

    def action_part(self, sign: int) -> None:
        """Go to another question."""
        self.trial = self.trial.with_part(sign)

    def action_radius(self, sign: int) -> None:
        """Change the spectral radius."""
        if self._turns():
            self.trial = self.trial.with_radius(self._count(sign))

    def action_forget_bias(self) -> None:
        """Change the forget bias."""
        if self._turns():
            self._go(replace(self.trial, bias=1 - self.trial.bias))

    def action_over(self, sign: int) -> None:
        """Go further back through time, or on again."""
        if self._turns():
            self.trial = self.trial.at(self.trial.t + self._count(sign))

    def action_first(self) -> None:
        """Go to the first timestamp."""
        if self._turns():
            self.trial = self.trial.at(0)

    def action_last(self) -> None:
        """Go to the last timestamp, or to the one whose number was typed."""
        if self._turns():
            self.trial = self.trial.at(self._numbered(self.trial.steps - 1))

    def _turns(self) -> bool:
        """Whether what is shown can be changed; say so where it cannot."""
        if self.trial.part.chart is None:
            return True
        self._say("this chart stays as it is; Tab goes to the next question")
        return False
