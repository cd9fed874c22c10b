"""An experiment: its questions one after another, with keys that change what is to be seen."""

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import ClassVar

from textual.geometry import Size

from ...keys import EXPERIMENT
from ..base.screen import ViewScreen
from . import panels
from .state import Trial


class ExperimentScreen(ViewScreen):
    """Shows an experiment; its state is a Trial, and everything in it was computed before it shipped."""

    WHERE = EXPERIMENT
    PANELS: ClassVar = {"heading": panels.heading, "page": panels.page, "question": panels.question}

    state: Trial

    def layout_of(self, state: Trial) -> Hashable:
        """The rows are shared by the question."""
        return state.place

    def rows(self, state: Trial, size: Size) -> Mapping[str, int]:
        """Give the question what it needs, and what is to be seen the rest."""
        needed = panels.rows_needed(state, size.width, size.height, self._look)
        return {"question": min(needed, max(size.height - 2, 0) // 2)}

    def cannot(self, need: str) -> str:
        """Return why what is shown cannot be changed."""
        if need == "knobs" and self.state.part.chart is not None:
            return "this chart stays as it is; {key:experiment.part} goes to the next question"
        return ""

    def action_answer(self) -> None:
        """Show the answer; then go on to the next question."""
        self.go(self.state.on())

    def action_part(self, sign: int) -> None:
        """Go to another question."""
        self.go(self.state.with_part(sign))

    def action_radius(self, sign: int) -> None:
        """Change the spectral radius."""
        self.go(self.state.with_radius(self.times(sign)))

    def action_forget_bias(self) -> None:
        """Change the forget bias."""
        self.go(replace(self.state, bias=1 - self.state.bias))

    def action_over(self, sign: int) -> None:
        """Go further back through time, or on again."""
        if not self._fixed():
            self.go(self.state.at(self.state.t + self.times(sign)))

    def action_first(self) -> None:
        """Go to the first timestamp."""
        if not self._fixed():
            self.go(self.state.at(0))

    def action_last(self) -> None:
        """Go to the last timestamp, or to the one whose number was typed."""
        if not self._fixed() and (t := self.numbered(self.state.timestamps - 1)) is not None:
            self.go(self.state.at(t))

    def _fixed(self) -> bool:
        """Whether there is nothing here to go through; say so."""
        reason = self.cannot("knobs")
        if reason:
            self.say(reason)
        return bool(reason)
