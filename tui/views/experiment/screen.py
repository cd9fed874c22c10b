"""An experiment: its questions one after another, with keys that change what is shown."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import replace

from textual.app import ComposeResult
from textual.geometry import Size

from ...keys import EXPERIMENT
from ..base.chrome import footer
from ..base.late import LateView
from ..base.over_time import OverTime
from ..base.panel import PanelView
from ..base.screen import ViewScreen
from . import panels
from .state import Trial


class ExperimentScreen(OverTime, ViewScreen):
    """Shows an experiment; its state is a Trial, and everything in it was computed before it shipped."""

    WHERE = EXPERIMENT

    state: Trial

    def compose(self) -> ComposeResult:
        """Yield the panels, top to bottom: the chart comes after the first frame."""
        yield PanelView(panels.heading, id="heading")
        yield LateView(panels.page, panels.drawn_for, "page", self._ahead)
        yield PanelView(panels.numbers, id="numbers")
        yield PanelView(panels.question, id="question")
        yield PanelView(footer, id="footer")

    def layout_of(self, state: Trial) -> Hashable:
        """Return the question and how many rows of numbers it has, by which the rows are shared."""
        return state.index, self._numbers(state, self.app.size)

    def rows(self, state: Trial, size: Size) -> Mapping[str, int]:
        """Give question and numbers what they need, and the chart the rest."""
        needed = panels.rows_needed(state, size.width, size.height, self._look)
        return {"question": min(needed, max(size.height - 2, 0) // 2), "numbers": self._numbers(state, size)}

    def _numbers(self, state: Trial, size: Size) -> int:
        return len(panels.numbers(state, size.width, size.height, self._look))

    def _ahead(self, state: Trial, height: int) -> Iterator[tuple[Trial, int]]:
        """Where a key is likely to lead, with the rows that the chart will have there."""
        size = self.app.size
        room = height + sum(self.rows(state, size).values())
        for there in state.ahead():
            yield there, room - sum(self.rows(there, size).values())

    def cannot(self, need: str) -> str:
        """Return why what is shown cannot be changed."""
        if need in ("knobs", "steps") and self.state.part.chart is not None:
            return "this chart stays as it is; {key:experiment.part} goes to the next question"
        return ""

    def named(self) -> Mapping[str, str]:
        """Name what Enter does once the answer is shown, which then is what Tab does."""
        if not self.state.revealed:
            return {}
        return {"experiment.answer": "start over" if self.state.progress.over else "next question",
                "experiment.part": ""}  # fmt: skip

    def action_answer(self) -> None:
        """Show the answer; then go on to the next question."""
        self.go(self.state.on())

    def action_digit(self, digit: int) -> None:
        """Guess, while the question is asked; once the answer is shown, a digit belongs to a count."""
        if not self.state.revealed and not self.chrome.count and 1 <= digit <= len(self.state.part.choices.options):
            self.go(self.state.guess(digit - 1))
        else:
            super().action_digit(digit)

    def action_part(self, sign: int) -> None:
        """Go to another question."""
        self.go(self.state.with_part(sign))

    def action_radius(self, sign: int) -> None:
        """Change the spectral radius."""
        self.go(self.state.with_radius(self.times(sign)))

    def action_forget_bias(self) -> None:
        """Change the forget bias."""
        self.go(replace(self.state, bias=1 - self.state.bias))
