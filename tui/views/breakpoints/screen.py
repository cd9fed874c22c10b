"""The list of breakpoints: conditions are kept, switched, named and removed, and looked for."""

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from ....engine import Largest, largest_change
from ....engine.text import percent
from ...draw.look import Look
from ...keys import BREAKPOINTS
from ...source.breakpoints import Breakpoint
from ...source.lookup import MARK, why_wrong
from ..base.errand import Came, Errand
from ..base.messages import Kept, Moved
from ..base.screen import ViewScreen
from . import panels
from .state import SOUGHT, BreakpointList, Offer

KEEP, GO = "keep", "go"
"""What the largest change is looked for: to keep a breakpoint there, or to go there."""


class BreakpointsScreen(ViewScreen):
    """Lists breakpoints; its state is a BreakpointList. The app keeps what is kept here."""

    WHERE = BREAKPOINTS
    PANELS: ClassVar = {"heading": panels.heading, "page": panels.breakpoints}

    state: BreakpointList

    def __init__(self, state: BreakpointList, look: Look) -> None:
        super().__init__(state, look)
        self._errand: Errand | None = None

    def go(self, state: BreakpointList) -> None:
        """Go to `state`, and have the app keep what is kept there."""
        self._leave()
        if state.kept != self.state.kept:
            self.post_message(Kept(state.kept))
        super().go(state)

    def cannot(self, need: str) -> str:
        """Return why what an action needs cannot be had of the selected row."""
        if need == "kept" and not isinstance(self.state.selected, Breakpoint):
            return "this is not a breakpoint yet; {key:breakpoints.switch} keeps it"
        return ""

    def row_chosen(self, index: int) -> BreakpointList:
        """Return the list with the row at `index` selected."""
        return self.state.at_row(index)

    def action_choose(self, sign: int) -> None:
        """Select another row."""
        self.go(self.state.at_row(self.state.row + self.times(sign)))

    def action_first(self) -> None:
        """Select the first row."""
        self.go(self.state.at_row(0))

    def action_last(self) -> None:
        """Select the last row, or the one whose number was typed."""
        if (row := self.numbered(self.state.rows - 1)) is not None:
            self.go(self.state.at_row(row))

    # What is kept

    def action_switch(self) -> None:
        """Switch the selected breakpoint on or off, or keep what is offered."""
        one = self.state.selected
        if isinstance(one, Breakpoint):
            self.go(self.state.instead(replace(one, on=not one.on)))
        elif one.condition:
            self._keep(one.name if one.name != SOUGHT else one.condition, one.condition)
        elif one.why_not:
            self.say(one.why_not)
        else:
            self._find_largest(KEEP)

    def _keep(self, name: str, condition: str) -> None:
        self.go(self.state.keeping(Breakpoint(name, condition)))

    async def action_add(self) -> None:
        """Ask for a condition to keep."""
        await self.ask("add", "halt where (condition):")

    async def action_rename(self) -> None:
        """Ask for another name of the selected breakpoint."""
        await self.ask("name", "name:", self.state.selected.name)

    def action_remove(self) -> None:
        """Remove the selected breakpoint."""
        self.go(self.state.without())

    def wrong(self, purpose: str, text: str) -> tuple[str, int] | None:
        """Return what is wrong with a condition that is typed, and at which of its characters (from 0)."""
        if purpose != "add":
            return None
        condition = _condition(text)
        fault = why_wrong(self.state.here.subject, condition)
        return None if fault is None else (str(fault), len(text.rstrip()) - len(condition) + fault.column - 1)

    def answer(self, purpose: str, text: str) -> None:
        """Keep the condition, or take the name."""
        if purpose == "add":
            self._keep(_condition(text), _condition(text))
        elif isinstance(one := self.state.selected, Breakpoint):
            self.go(self.state.instead(replace(one, name=text)))

    # Going there

    def action_seek(self) -> None:
        """Have the stepper look for the selected condition, and leave."""
        one = self.state.selected
        if one.condition:
            self._chosen(one.condition)
        elif isinstance(one, Offer) and one.why_not:
            self.say(one.why_not)
        else:
            self._find_largest(GO)

    def _chosen(self, condition: str) -> None:
        if (fault := why_wrong(self.state.here.subject, condition)) is not None:
            self.say(str(fault))
            return
        self.post_message(Moved(replace(self.state, chosen=condition), leave=True))

    def _find_largest(self, purpose: str) -> None:
        here = self.state.here

        def steps() -> Iterator[Largest]:
            return largest_change(here.trace, here.layer, here.unit)

        self.go(self.state)
        self._errand = Errand(self, purpose, steps)
        self.say(f"looking for the largest change of unit {here.unit}; {{key:app.undo}} stops it")

    def on_came(self, event: Came) -> None:
        """Say how far the search has got, or keep what it found, or go there."""
        if event.errand is not self._errand:
            return
        largest: Largest = event.step
        unit = self.state.here.unit
        if event.over:
            self._errand = None
        if event.reason:
            self.say(event.reason)
        elif not event.over:
            done = largest.done / max(largest.total, 1)
            self.say(f"looking for the largest change of unit {unit}: {percent(done)}; {{key:app.undo}} stops it")
        elif largest is None or largest.value == 0:
            self.say(f"unit {unit} does not change")
        elif event.errand.purpose == KEEP:
            self._keep(f"the largest change of unit {unit}", largest.condition)
        else:
            self._chosen(largest.condition)

    def _leave(self) -> bool:
        errand, self._errand = self._errand, None
        if errand is not None:
            errand.leave()
        return errand is not None

    def back(self) -> bool:
        """Stop the search, or undo what any screen undoes."""
        if self._leave():
            self.say("stopped here; what was computed so far is kept")
            return True
        return super().back()

    def on_unmount(self) -> None:
        """Stop the search with the screen."""
        self._leave()


def _condition(text: str) -> str:
    """The condition that is typed; a ? before it is ignored, since only conditions are typed here."""
    return text.strip().removeprefix(MARK).strip()
