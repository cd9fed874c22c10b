"""Similar passages: they are gone through, what counts as similar is changed, and the stepper goes on from any."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from textual.geometry import Size

from ....engine import BadInput
from ....engine.ranges import units
from ...keys import SIMILAR
from ..base.finding import FindingScreen
from ..base.messages import Moved
from . import panels
from .make import moment_of, with_found
from .state import SimilarPage

ALL = ":"
"""What is typed for all units."""


class SimilarScreen(FindingScreen):
    """Lists the places that are like a passage; its state is a SimilarPage, and a thread searches for them."""

    WHERE = SIMILAR
    PANELS: ClassVar = {
        "heading": panels.heading, "on": panels.on, "standing": panels.standing, "places": panels.places,
    }  # fmt: skip

    state: SimilarPage

    def missing(self, state: SimilarPage) -> bool:
        """Whether the places have not been found yet."""
        return state.found is None and not state.failed

    def find(self, state: SimilarPage) -> SimilarPage:
        """Search everything; the work ends when the screen is left, or asks for something else."""
        return with_found(state, lambda done, total: self.report(state, done, total))

    def awaited(self, state: SimilarPage) -> bool:
        """Whether these places are still asked for."""
        return state.asks == self.state.asks

    def got(self, state: SimilarPage, share: float) -> SimilarPage:
        """Return the state on the screen with the share that has been searched."""
        return replace(self.state, searched=share) if state.asks == self.state.asks else self.state

    def filled(self, state: Any, found: Any, reason: str) -> SimilarPage:
        """Return the state on the screen with the places, if they are still asked for, or why there are none."""
        now = self.state
        if state.asks != now.asks:
            return now
        if found is None:
            return replace(now, failed=reason)
        return replace(now, found=found.found, sentences=found.sentences, others=found.others, places=found.places)

    def layout_of(self, state: SimilarPage) -> object:
        """Return what was found, by which the rows are shared."""
        return id(state.found)

    def rows(self, state: SimilarPage, size: Size) -> Mapping[str, int]:
        """Give the list at least half of the room."""
        room = max(size.height - 2, 0)
        on = min(1 + min(state.stop - state.start, panels.MOST_ON), room // 3)
        needed = len(panels.standing(state, size.width, size.height, self._look))
        standing = max(min(needed, room // 2 - on), min(needed, 1))
        return {"on": max(on, min(2, room)), "standing": standing, "places": max(room - max(on, 2) - standing, 0)}

    def cannot(self, need: str) -> str:
        """Return why there is no place to go to."""
        if need == "places" and self.state.place is None:
            if self.state.found is None:
                return self.state.failed or "the search goes on: there is no place yet"
            return "no place is similar; {key:similar.lower} lowers the threshold"
        return ""

    def action_place(self, sign: int) -> None:
        """Choose another place."""
        self.go(self.state.with_index(self.state.index + self.times(sign)))

    def action_first(self) -> None:
        """Choose the nearest place."""
        self.go(self.state.with_index(0))

    def action_last(self) -> None:
        """Choose the farthest place."""
        self.go(self.state.with_index(-1))

    def action_threshold(self, sign: int) -> None:
        """Move the threshold."""
        self.go(self.state.with_threshold(self.times(sign)))

    def action_quantity(self, sign: int) -> None:
        """Compare another quantity."""
        self.go(self.state.with_quantity(self.times(sign)))

    async def action_units(self) -> None:
        """Ask for the units that are compared."""
        shown = ALL if self.state.units is None else ",".join(map(str, self.state.units))
        await self.ask("units", f"units, such as 0,3,7-9, or {ALL} for all:", shown)

    def check(self, purpose: str, text: str) -> None:
        """Raise BadInput for units that are not there."""
        self._units(text)

    def answer(self, purpose: str, text: str) -> None:
        """Compare the units that were typed."""
        chosen = self._units(text)
        width = self.state.here.layer_trace.weights.width(self.state.here.quantity)
        self.go(self.state.with_units(None if len(chosen) == width else chosen))

    def _units(self, text: str) -> Sequence[int]:
        width = self.state.here.layer_trace.weights.width(self.state.here.quantity)
        return range(width) if text.strip() == ALL else units(text.strip(), width)

    def action_jump(self) -> None:
        """Step on from the chosen place: in the stepper below, or, in another sequence, in a stepper of its own."""
        try:
            moment, elsewhere = moment_of(self.state)
        except BadInput as error:
            self.say(str(error))
            return
        if elsewhere:
            self.open(moment)
        else:
            self.post_message(Moved(moment, leave=True))
