"""The gates of a network over all held-out sentences: a row for each unit, and the most extreme timestamps of one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from textual.geometry import Size

from ....engine import BadInput, Saturation
from ...keys import GATES
from ..base.finding import FindingScreen
from ..base.messages import Moved
from ..base.screen import ViewScreen
from . import panels
from .histograms import rows_needed
from .make import gates_over_all, moment_of
from .state import LIMITS, GateStatistics


class GatesScreen(FindingScreen):
    """Shows the statistics of gates; its state is a GateStatistics, and a thread reads the held-out sentences."""

    WHERE = GATES
    PANELS: ClassVar = {"heading": panels.heading, "pictures": panels.pictures, "words": panels.words,
              "extremes": panels.extremes}  # fmt: skip

    state: GateStatistics

    def missing(self, state: GateStatistics) -> bool:
        """Whether the sentences are not read yet."""
        return state.found is None and not state.failed

    def find(self, state: GateStatistics) -> Saturation:
        """Return the gates over all sentences, all that is drawn of them being counted."""
        found = gates_over_all(state)
        replace(state, found=found).count()
        return found

    def filled(self, state: Any, found: Any, reason: str) -> GateStatistics:
        """Return the state on the screen with the gates, or with the `reason` why there are none."""
        return replace(self.state, found=found, failed=reason)

    def rows(self, state: GateStatistics, size: Size) -> Mapping[str, int]:
        """Give the units what they need beside the shortest list, and the list the rest."""
        room = max(size.height - 3, 0)
        pictures = rows_needed(state, room - min(1 + 2 * LIMITS[0], room // 2))
        return {"pictures": pictures, "extremes": room - pictures}

    def share_rows(self) -> None:
        """Share the rows, and list as many timestamps as there is room for."""
        room = self.rows(self.state, self.app.size)["extremes"]
        least, most = LIMITS
        self.set_reactive(ViewScreen.state, self.state.with_limit(min(max((room - 1) // 2, least), most)))
        super().share_rows()
        self.draw()

    def go(self, state: GateStatistics) -> None:
        """Go to `state`, and have the stepper below follow."""
        super().go(state)
        self.post_message(Moved(state))

    def action_unit(self, sign: int) -> None:
        """Select another unit."""
        self.go(self.state.with_unit(self.times(sign)))

    def action_gate(self, sign: int) -> None:
        """Select another gate."""
        self.go(self.state.with_gate(self.times(sign)))

    def action_order(self) -> None:
        """Put the units into another order."""
        self.go(self.state.with_order(1))

    def action_extreme(self, sign: int) -> None:
        """Choose another of the listed timestamps."""
        self.go(self.state.with_row(self.times(sign)))

    def cannot(self, need: str) -> str:
        """Return why no timestamp is listed."""
        if need == "extremes" and self.state.chosen is None:
            return self.state.failed or "nothing is listed yet: the gates are still being read"
        return ""

    def action_jump(self) -> None:
        """Open the chosen timestamp in the stepper."""
        assert self.state.chosen is not None
        try:
            self.open(moment_of(self.state, self.state.chosen))
        except BadInput as error:
            self.say(str(error))
