"""What is typed into the stepper's prompts: a timestamp to go to, what to look for, another sentence to run."""

from typing import TYPE_CHECKING

from ..base.seeking import timestamp_from
from .state import Moment

if TYPE_CHECKING:
    from ..base.prompt import Prompt
    from ..base.screen import ViewScreen as Mixed
else:
    Mixed = object


class Seeking(Mixed):
    """Mixed into the stepper, whose state is a Moment."""

    state: Moment

    def stop(self) -> None:
        """Stop playing."""
        raise NotImplementedError

    def to(self, t: int) -> None:
        """Go to timestamp `t` (from 0), and remember where from."""
        raise NotImplementedError

    def look_for(self, text: str) -> None:
        """Look for a word or a condition."""
        raise NotImplementedError

    def run_sentence(self, text: str) -> None:
        """Run the network on another sentence."""
        raise NotImplementedError

    async def ask(self, purpose: str, label: str, text: str = "") -> "Prompt":
        """Open a prompt, and stop playing."""
        self.stop()
        return await super().ask(purpose, label, text)

    async def action_goto(self) -> None:
        """Ask for a timestamp."""
        await self.ask("goto", f"go to timestamp (1 to {len(self.state.trace)}, +n, -n):")

    async def action_edit(self) -> None:
        """Ask for another sentence."""
        await self.ask("edit", "sentence:", self.state.subject.text)

    def answer(self, purpose: str, text: str) -> None:
        """Go there, look for it, or run the network on it."""
        if purpose == "goto":
            there = timestamp_from(text, self.state.t, len(self.state.trace))
            if isinstance(there, str):
                self.say(there)
            else:
                self.to(there)
        elif purpose == "find":
            self.look_for(text)
        else:
            self.run_sentence(text)
