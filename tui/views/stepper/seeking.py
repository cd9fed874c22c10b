"""What is typed into the stepper's prompts: where to go, what to search for, another sentence to run."""

from dataclasses import replace
from typing import TYPE_CHECKING

from ..base.seeking import timestamp_from
from .addressing import addressed
from .changing import Changing
from .state import Moment

if TYPE_CHECKING:
    from ..base.prompt import Prompt
    from ..base.screen import ViewScreen as Mixed
else:
    Mixed = object


class Seeking(Changing, Mixed):
    """Mixed into the stepper, whose state is a Moment."""

    state: Moment

    def stop(self) -> None:
        """Stop playing."""
        raise NotImplementedError

    def jump(self, there: Moment) -> None:
        """Go to `there`, and remember where the jump started."""
        raise NotImplementedError

    def look_for(self, text: str) -> None:
        """Search for a word or a condition."""
        raise NotImplementedError

    def run_sentence(self, text: str) -> None:
        """Run the network on another sentence."""
        raise NotImplementedError

    async def ask(self, purpose: str, label: str, text: str = "", part: tuple[int, int] | None = None) -> "Prompt":
        """Open a prompt, and stop playing."""
        self.stop()
        return await super().ask(purpose, label, text, part)

    def clicked(self, what: str, value: str) -> None:
        """Go to the timestamp, or select the unit or the quantity, that was clicked on."""
        if what == "at" and int(value) < len(self.state.trace):
            self.go(self.state.at(int(value)))
        elif what == "unit":
            unit, _, quantity = value.partition(" ")
            self.go(replace(self.state, unit=int(unit), quantity=quantity or self.state.quantity))
        elif what == "quantity":
            self.go(replace(self.state, quantity=value))

    async def action_goto(self) -> None:
        """Ask for a timestamp or a unit."""
        dated = "label, " if self.state.trace.labels else ""
        await self.ask("goto", f"go to (1 to {len(self.state.trace)}, +n, -n, {dated}u42, l2u42):")

    async def action_edit(self) -> None:
        """Ask for another sentence, or for another input."""
        if self.state.trace.tokens is None:
            await self.ask_for_change()
            return
        await self.ask("edit", "sentence:", self.state.subject.text)

    def compare(self, what: str | None = None) -> None:
        """Open the comparison with `what`."""
        raise NotImplementedError

    def answer(self, purpose: str, text: str) -> None:
        """Go there, search for it, compare with it, or run the network on it."""
        if purpose == "goto":
            there = addressed(text, self.state)
            if there is None:
                t = timestamp_from(text, self.state.t, len(self.state.trace), self.state.trace.labels)
                there = t if isinstance(t, str) else self.state.at(t)
            if isinstance(there, str):
                self.say(there)
            else:
                self.jump(there)
        elif purpose == "find":
            self.look_for(text)
        elif purpose == "change":
            self.change(text)
        elif purpose == "compare":
            self.compare(text)
        else:
            self.run_sentence(text)
