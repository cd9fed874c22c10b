"""The list of edits: they are switched, removed and rewritten here, and the stepper below shows what follows."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual.geometry import Size

from ....engine import BadInput, parse_edit
from ...keys import EDITS
from ..base.choosing import Choosing
from ..base.messages import Moved
from ..base.screen import ViewScreen
from ..stepper.panels.over_time import rows_over_time
from . import panels
from .state import EditsPage

LEAST_LIST, APART = 4, 6

ROOMY = 30
"""The fewest rows with the timeline of the chosen edit: each choice draws it anew, more than a small one may send."""


class EditsScreen(Choosing, ViewScreen):
    """Lists the edits of a run; its state is an EditsPage."""

    WHERE = EDITS
    NOUN = "edit"
    PANELS: ClassVar = {
        "heading": panels.heading, "edits": panels.edits, "effect": panels.effect, "apart": panels.apart,
        "timeline": panels.over_time, "strips": panels.unit, "command": panels.command,
    }  # fmt: skip

    state: EditsPage
    _ready: EditsPage | None = None

    @property
    def names(self) -> list[tuple[str, ...]]:
        """The text of each edit."""
        return [(entry.edit.text,) for entry in self.state.edits]

    def chosen(self, index: int) -> EditsPage:
        """Return the list with the edit at `index` chosen."""
        return self.state.with_index(index)

    def layout_of(self, state: EditsPage) -> object:
        """Return the subject, whose prediction and command share the rows, and the layer that the chosen edit is in."""
        return id(state.here.subject), state.there.layer

    def rows(self, state: EditsPage, size: Size) -> Mapping[str, int]:
        """Give all panels what they need; where there is too little room, the list scrolls."""
        room = max(size.height - 2, 0)
        command = len(panels.command(state, size.width, size.height, self._look))
        effect = len(panels.effect(state, size.width, 5, self._look))
        wanted = min(max(1 + len(state.edits), 2), room)
        least = min(wanted, LEAST_LIST)
        command = min(command, max(room - effect - least, 0))
        effect = min(effect, max(room - command - least, 0))
        rows = {"edits": min(wanted, room - effect - command), "effect": effect, "command": command, "apart": 0}
        apart = len(panels.apart(state, size.width, APART, self._look))
        rows["apart"] = apart if apart <= room - sum(rows.values()) else 0
        there = state.there if size.height >= ROOMY else None
        return {**rows, **rows_over_time(there, room - sum(rows.values()), self._look)}

    def cannot(self, need: str) -> str:
        """Return why nothing can be done with an edit, or undone."""
        if need == "chosen" and self.state.chosen is None:
            return "there is no edit; {key:edits.add} adds one"
        if need == "compare" and not self.state.here.trace.edits:
            return "no edit is on; there is nothing to compare with"
        return self.state.here.cannot(need) if need == "undo" else ""

    def action_choose(self, sign: int) -> None:
        """Move the choice, around the end."""
        if len(self.state.edits):
            super().action_choose(sign)

    def action_switch(self) -> None:
        """Switch the chosen edit."""
        self._change(self.state.switched)

    def action_remove(self) -> None:
        """Remove the chosen edit."""
        self._change(self.state.without)

    def action_undo(self) -> None:
        """Undo the last change."""
        self._change(self.state.undone)

    async def action_rewrite(self) -> None:
        """Ask for another text in place of the chosen edit."""
        assert self.state.chosen is not None
        text = self.state.chosen.text
        await self.ask("rewrite", "edit:", text, (len(text), len(text)))

    async def action_add(self) -> None:
        """Ask for one more edit."""
        await self.ask("add", "edit, such as forget[2]=1@5:")

    def action_compare(self) -> None:
        """Put the original beside the run."""
        from ..compare.make import with_original  # when it is first asked for

        try:
            self.open(with_original(self.state.here), self.state.here.t)
        except BadInput as error:
            self.say(str(error))

    def action_jump(self) -> None:
        """Have the stepper go to where the chosen edit takes effect first, with what it changes selected, and leave."""
        self.post_message(Moved(self.state.there, leave=True))

    def check(self, purpose: str, text: str) -> None:
        """Make the list with the edit that was typed. Raises BadInput, which the prompt shows, if it cannot be run."""
        edit = parse_edit(text)
        self._ready = self.state.rewritten(edit) if purpose == "rewrite" else self.state.added(edit)

    def answer(self, purpose: str, text: str) -> None:
        """Show the list that was made."""
        if self._ready is not None:
            self._take(self._ready)
            self._ready = None

    def _change(self, change: Callable[[], EditsPage]) -> None:
        try:
            self._take(change())
        except BadInput as error:
            self.say(f"{getattr(error, 'text', '') or 'it cannot be run'}: {error}")

    def _take(self, state: EditsPage) -> None:
        """Show the list, and have the stepper below follow."""
        self.go(state)
        self.post_message(Moved(state.here))
