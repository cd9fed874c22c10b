"""What is typed into the stepper's prompts: a timestamp to go to, a token to find, another sentence to run."""

from difflib import get_close_matches
from typing import TYPE_CHECKING

from ..base.seeking import place_after, places_of, timestamp_from
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
    _found: str = ""

    def stop(self) -> None:
        """Stop playing."""
        raise NotImplementedError

    def run_sentence(self, text: str) -> None:
        """Run the network on another sentence."""
        raise NotImplementedError

    async def ask(self, purpose: str, label: str, text: str = "", part: tuple[int, int] | None = None) -> "Prompt":
        """Open a prompt, and stop playing."""
        self.stop()
        return await super().ask(purpose, label, text, part)

    async def action_goto(self) -> None:
        """Ask for a timestamp or a unit."""
        dated = ", label" if self.state.trace.labels else ""
        await self.ask("goto", f"go to timestamp (1 to {len(self.state.trace)}, +n, -n{dated}) or unit (u42, l2u42):")

    async def action_find(self) -> None:
        """Ask for a token."""
        await self.ask("find", "find:")

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
        """Go there, find it, compare with it, or run the network on it."""
        if purpose == "goto":
            there = addressed(text, self.state)
            if there is None:
                t = timestamp_from(text, self.state.t, len(self.state.trace), self.state.trace.labels)
                there = t if isinstance(t, str) else self.state.at(t)
            if isinstance(there, str):
                self.say(there)
            else:
                self.go(there)
        elif purpose == "find":
            self._found = text
            self._seek(1)
        elif purpose == "change":
            self.change(text)
        elif purpose == "compare":
            self.compare(text)
        else:
            self.run_sentence(text)

    def action_find_next(self, sign: int) -> None:
        """Go to the next or previous place of what was looked for."""
        if self._found:
            self._seek(self.times(sign))
        else:
            self.say("nothing to repeat yet; {key:stepper.find} finds a token")

    def _seek(self, count: int) -> None:
        """Go to the `count`-th place of the token looked for; say so when that is around the end, or nowhere."""
        tokens = self.state.trace.tokens or ()
        places = places_of(self._found, tokens)
        if not places:
            near = get_close_matches(self._found, set(tokens), n=2, cutoff=0.6)
            self.say(f"{self._found}: not in this sentence" + (f"; near: {', '.join(near)}" if near else ""))
            return
        t, around = place_after(places, self.state.t, count)
        self.go(self.state.at(t))
        if around:
            self.say(f"{self._found}: wrapped around, {len(places)} in all")
