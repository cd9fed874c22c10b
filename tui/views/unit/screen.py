"""The page of one unit: its state over sentences that differ in a word, where it leads, and what its ablation costs."""

from collections.abc import Mapping
from typing import Any, ClassVar

from textual.geometry import Size

from ....scenarios import Scores
from ...keys import UNIT
from ..base.finding import FindingScreen
from ..base.messages import Moved
from . import panels
from .make import ablation
from .state import UnitPage


class UnitScreen(FindingScreen):
    """Shows a unit; its state is a UnitPage, and a thread runs the network without the unit."""

    WHERE = UNIT
    PANELS: ClassVar = {"heading": panels.heading, "traces": panels.traces, "weights": panels.weights,
              "scores": panels.scores}  # fmt: skip

    state: UnitPage

    def missing(self, state: UnitPage) -> bool:
        """Whether the scores without this unit are not known yet."""
        return state.scores is None and not state.failed

    def find(self, state: UnitPage) -> tuple[Scores, Scores]:
        """Return them."""
        return ablation(state.here)

    def found(self, state: Any, found: Any, reason: str) -> UnitPage:
        """Return what is shown with the scores of the unit that they were found for."""
        return self.state.with_ablation(state.here.unit, found, reason)

    def rows(self, state: UnitPage, size: Size) -> Mapping[str, int]:
        """Give every panel what it needs; the weights also take some rows that nothing else does."""
        room = max(size.height - 2, 0)
        scores = min(panels.SCORES, room // 3)
        traces = min(room - scores - min(panels.WEIGHTS, room // 3), panels.rows_needed(state))
        return {"traces": traces, "weights": min(room - scores - traces, 2 * panels.WEIGHTS), "scores": scores}

    def go(self, state: UnitPage) -> None:
        """Go to `state`, and take the stepper below along."""
        super().go(state)
        self.post_message(Moved(state.here))

    def action_unit(self, sign: int) -> None:
        """Go to another unit."""
        self.go(self.state.with_unit(self.times(sign)))

    def action_over(self, sign: int) -> None:
        """Go some timestamps on or back."""
        self.go(self.state.at(self.state.here.t + self.times(sign)))

    def action_first(self) -> None:
        """Go to the first timestamp."""
        self.go(self.state.at(0))

    def action_last(self) -> None:
        """Go to the last timestamp, or to the one whose number was typed."""
        if (t := self.numbered(len(self.state.here.trace) - 1)) is not None:
            self.go(self.state.at(t))
