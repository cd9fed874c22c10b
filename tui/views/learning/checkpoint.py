"""The stepper on a checkpoint of a network that learns, from one checkpoint to another."""

from ...draw.look import Look
from ...keys import CHECKPOINT
from ..base.messages import Moved
from ..stepper.screen import StepperScreen
from .state import AtCheckpoint


class CheckpointScreen(StepperScreen, inherit_bindings=False):
    """Steps through a sentence in the checkpoints of a training; the screen below follows."""

    WHERE = CHECKPOINT

    def __init__(self, checkpoint: AtCheckpoint, look: Look) -> None:
        super().__init__(checkpoint.learning.moment, look)
        self._learning = checkpoint.learning

    def action_epoch(self, sign: int) -> None:
        """Go to another checkpoint."""
        there = self._learning.through(self.times(sign))
        if there.checkpoint is self._learning.checkpoint:
            self.say(f"this is the {'last' if sign > 0 else 'first'} checkpoint")
            return
        self.stop()
        self._learning = there
        self.go(self.state.with_subject(there.moment.subject))
        self.post_message(Moved(AtCheckpoint(there)))
