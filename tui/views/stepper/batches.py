"""Going through the sequences of a batch."""

from dataclasses import replace
from typing import TYPE_CHECKING

from ....engine import BadInput
from ...source.own import on_sequence
from .state import Moment

if TYPE_CHECKING:
    from ..base.screen import ViewScreen as Mixed
else:
    Mixed = object


class Batched(Mixed):
    """Mixed into the stepper, whose state is a Moment."""

    state: Moment

    def action_sequence(self, sign: int) -> None:
        """Run the network on another sequence, from the states that are its own, and stay at the timestamp."""
        try:
            subject = on_sequence(self.state.subject, self.times(sign))
        except BadInput as error:
            self.say(str(error))
        else:
            self.go(replace(self.state.with_subject(subject), playing=False))
