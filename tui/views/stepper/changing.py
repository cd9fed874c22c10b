"""Changing the inputs of a network over numbers at the timestamp that is looked at."""

from dataclasses import replace
from typing import TYPE_CHECKING

from ....engine import BadInput
from ...source.edited import done_to, unedited, with_change
from .state import Moment

if TYPE_CHECKING:
    from ..base.prompt import Prompt
    from ..base.screen import ViewScreen as Mixed
else:
    Mixed = object

ORIGINAL = "original"
"""The word that is typed for the run without edits."""


class Changing(Mixed):
    """Mixed into the stepper, whose state is a Moment."""

    state: Moment

    async def ask_for_change(self) -> "Prompt":
        """Ask for an edit, offering one that sets the first input at this timestamp."""
        trace, t = self.state.trace, self.state.t
        column = f'"{trace.columns[0]}"' if trace.columns and '"' not in trace.columns[0] else "0"
        undo = f" ({ORIGINAL}: as it was)" if trace.edits else ""
        scaled = ", scaled" if self.state.subject.scaling is not None else ""
        return await self.ask("change", f"input at timestamp {t + 1}{scaled}{undo}:",
                              f"x[{column}]={float(trace.inputs[t, 0]):.6g}")  # fmt: skip

    def change(self, text: str) -> None:
        """Run the network with one more edit, at this timestamp where it names none, or, for ORIGINAL, without any."""
        from ....engine import INPUT, parse_edit

        subject = self.state.subject
        try:
            if text.strip().casefold() == ORIGINAL:
                there = unedited(subject)
                if there is None:
                    raise BadInput("nothing is edited here")
            else:
                edit = parse_edit(text)
                if edit.quantity == INPUT and edit.timestamps is None:
                    edit = parse_edit(f"{text}@{self.state.t + 1}")
                done = done_to(subject)
                there = with_change(done, done.edits.added(edit), done.generation)
        except BadInput as error:
            self.say(str(error))
            return
        self.go(replace(self.state.with_subject(there), playing=False))
        if there.trace.edits:
            edits = ", ".join(edit.text for edit in there.trace.edits[-3:])
            self.say(f"edited: {edits}; {{key:stepper.compare}} puts it beside the run as it was")
