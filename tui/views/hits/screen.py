"""The list of hits: a thread searches the rest while they are gone through, and Enter goes to the chosen one."""

from collections.abc import Hashable, Mapping
from typing import ClassVar

from textual.geometry import Size

from ...draw.look import Look
from ...keys import HITS
from ..base.errand import Came, Errand
from ..base.messages import Moved
from ..base.screen import ViewScreen
from ..stepper.panels.over_time import rows_over_time
from . import panels
from .state import HitList


class HitsScreen(ViewScreen):
    """Lists hits; its state is a HitList. The stepper below goes to the one that is chosen."""

    WHERE = HITS
    PANELS: ClassVar = {
        "heading": panels.heading, "page": panels.hits, "timeline": panels.over_time, "strips": panels.unit,
        "shell": panels.shell,
    }  # fmt: skip

    state: HitList

    def __init__(self, state: HitList, look: Look) -> None:
        super().__init__(state, look)
        self._errand: Errand | None = None

    def rows(self, state: HitList, size: Size) -> Mapping[str, int]:
        """Give the command what it needs, where that leaves most of the room to the hits, and the rest to the run."""
        room = max(size.height - 2, 1)
        command = len(panels.shell(state, size.width, room, self._look))
        command = command if command <= room // 4 else 0
        page = min(2 + len(state.results.hits), room - command)
        below = rows_over_time(state.there, room - command - page, self._look)
        return {**below, "page": page if any(below.values()) else room - command, "shell": command}

    def layout_of(self, state: HitList) -> Hashable:
        """Return what decides how many rows there are, and of which run."""
        return len(state.results.hits), state.looking is None, state.there and state.there.layer

    def on_mount(self) -> None:
        """Search the rest."""
        if not self.state.results.complete:
            self._errand = Errand(self, "all", self.state.lookup.all, self.state.lookup.lock)
            self.say("searching the rest; {key:app.undo} stops it")

    def on_unmount(self) -> None:
        """Stop the search with the screen."""
        self._leave()

    def _leave(self) -> bool:
        errand, self._errand = self._errand, None
        if errand is not None:
            errand.leave()
        return errand is not None

    def on_came(self, event: Came) -> None:
        """Show what has been found."""
        if event.errand is not self._errand:
            return
        if event.over:
            self._errand = None
            self.say(event.reason)
        step = event.step
        self.state = self.state.found(None if event.over or step is None else step.done / max(step.total, 1))

    def back(self) -> bool:
        """Stop the search; what has been found so far is kept."""
        if self._leave():
            self.state = self.state.found(None)
            self.say("stopped here; what was computed so far is kept")
            return True
        return super().back()

    def cannot(self, need: str) -> str:
        """Return why there is no hit to go to."""
        return "there is no hit to go to" if need == "hits" and self.state.chosen is None else ""

    def row_chosen(self, index: int) -> HitList:
        """Return the list with the hit at `index` chosen."""
        return self.state.at_index(index)

    def action_choose(self, sign: int) -> None:
        """Choose another hit."""
        self.go(self.state.at_index(self.state.index + self.times(sign)))

    def action_page(self, sign: int) -> None:
        """Choose the hit a page below or above."""
        rows = max(self.query_one("#page").size.height - 2, 1)
        self.go(self.state.at_index(self.state.index + self.times(sign) * rows))

    def action_first(self) -> None:
        """Choose the first hit."""
        self.go(self.state.at_index(0))

    def action_last(self) -> None:
        """Choose the last hit, or the one whose number was typed."""
        if (index := self.numbered(len(self.state.results.hits) - 1)) is not None:
            self.go(self.state.at_index(index))

    def action_jump(self) -> None:
        """Have the stepper go to the chosen hit, and leave."""
        self._leave()
        self.post_message(Moved(self.state, leave=True))
