"""The page of one unit: its state over sentences that differ in a word, its weights, and what its ablation costs."""

from collections.abc import Mapping
from typing import Any, ClassVar

from textual.geometry import Size

from ...draw import blocks
from ...keys import UNIT
from ..base.finding import FindingScreen
from ..base.messages import Moved
from ..base.over_time import OverTime
from ..stepper.panels import written
from ..stepper.panels.strips import rows_of
from . import panels
from .make import ablation
from .state import Cost, UnitPage


class UnitScreen(OverTime, FindingScreen):
    """Shows a unit; its state is a UnitPage, and a thread runs the network without the unit."""

    WHERE = UNIT
    PANELS: ClassVar = {"heading": panels.heading, "traces": panels.traces, "weights": panels.weights,
              "scores": panels.scores, "over_time": panels.over_time, "inside": panels.inside,
              "who_wrote": panels.who_wrote}  # fmt: skip

    state: UnitPage

    def missing(self, state: UnitPage) -> bool:
        """Whether the scores without this unit have yet to be found."""
        return state.ablation is None and not state.failed

    def find(self, state: UnitPage) -> Cost:
        """Return the scores with and without the unit."""
        return ablation(state.here)

    def filled(self, state: Any, found: Any, reason: str) -> UnitPage:
        """Return the state on the screen with the scores of the unit that they were found for."""
        return self.state.with_ablation(state.here.unit, found, reason)

    def rows(self, state: UnitPage, size: Size) -> Mapping[str, int]:
        """Give every panel what it needs; the weights also take rows that nothing else needs."""
        room = max(size.height - 2, 0)
        scores = min(panels.SCORES, room // 3)
        traces = min(room - scores - min(panels.WEIGHTS, room // 3), panels.rows_needed(state))
        weights = min(room - scores - traces, panels.weight_rows(state, size.width, self._look))
        rows = {"traces": traces, "weights": weights, "scores": scores, "over_time": 0, "inside": 0, "who_wrote": 0}
        layer, left = state.here.layer_trace, room - traces - weights - scores
        memory = layer.cell.memory_state is not None
        wanted = [("over_time", rows_of(state.here)), ("who_wrote", written.LEAST * memory)]
        wanted += [("inside", (1 + blocks.rows_of(layer.weights)) * (size.width >= blocks.WIDTH))]
        wanted += [("scores", panels.BARRED + state.sizes), ("who_wrote", written.MOST * memory)]
        for name, needed in wanted:
            given = needed - rows[name]
            if name == "who_wrote" and rows[name]:
                given = min(given, left)
            if 0 < given <= left:
                rows[name] += given
                left -= given
        rows["weights"] += max(min(left, panels.weight_rows(state, size.width, self._look) - weights), 0)
        return rows

    def go(self, state: UnitPage) -> None:
        """Go to `state`, and have the stepper below follow."""
        super().go(state)
        self.post_message(Moved(state.here))

    def action_unit(self, sign: int) -> None:
        """Go to another unit."""
        self.go(self.state.with_unit(self.times(sign)))
