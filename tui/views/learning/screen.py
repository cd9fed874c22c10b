"""A network that learns while it is watched: its loss, its gates on a sentence as they form, and its checkpoints."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from textual.geometry import Size

from ....engine import History, Network
from ...draw.look import Look
from ...keys import LEARNING
from ...training.process import Report
from ...training.state import TRAINING
from ..base.over_time import OverTime
from ..base.watching import WatchingScreen
from ..stepper.panels.prediction import prediction
from ..stepper.panels.sentence import sentence
from ..stepper.panels.units import units
from .panels import allot, at_checkpoint, curves, heading, on_moment
from .state import AtCheckpoint, Learning


class LearningScreen(OverTime, WatchingScreen):
    """Trains a network and shows it; its state is a Learning."""

    WHERE = LEARNING
    PANELS: ClassVar = {
        "heading": heading,
        "curves": curves,
        "checkpoint": at_checkpoint,
        "sentence": on_moment(sentence),
        "units": on_moment(units),
        "prediction": on_moment(prediction),
    }

    state: Learning

    def __init__(self, learning: Learning, look: Look) -> None:
        super().__init__(learning.settled(), look)

    def on_mount(self) -> None:
        """Start the training, unless there is one already."""
        if not self.state.history.losses:
            self._train(self.state)

    def rows(self, state: Learning, size: Size) -> Mapping[str, int]:
        """Share the rows between the training and the sentence."""
        return allot(state.moment, *size, self._look)

    def action_unit(self, sign: int) -> None:
        """Select another unit."""
        self.go(replace(self.state, moment=self.state.moment.with_unit(self.times(sign))))

    def cannot(self, need: str) -> str:
        """Return why there is no checkpoint to go to, or no training to cancel."""
        if need == "training" and not self.training:
            return "nothing is training; {key:learning.train} trains from scratch"
        if need == "checkpoints" and self.state.checkpoint is None:
            return "no checkpoint yet; wait for the first one"
        return ""

    def action_epoch(self, sign: int) -> None:
        """Go to another checkpoint."""
        there = self.state.through(self.times(sign))
        same = there.checkpoint is self.state.checkpoint
        self.go(there)
        if same:
            self.say(f"this is the {'last' if sign > 0 else 'first'} checkpoint")

    def action_step_in(self) -> None:
        """Step through the sentence in the network that is looked at."""
        self.open(AtCheckpoint(self.state))

    def follow(self, there: object) -> None:
        """Go to the checkpoint where the stepper is; the training may have gone on meanwhile."""
        if not isinstance(there, AtCheckpoint):
            return
        states = self.state.history.checkpoints
        number = next((n for n, one in enumerate(states) if one is there.learning.checkpoint), len(states) - 1)
        self.go(replace(self.state, checkpoint_number=None if number + 1 == len(states) else number).settled())

    # Training

    def action_train(self) -> None:
        """Pause or continue the training; where there is none, start again."""
        if self.training:
            self.go(self.paused(self.state))
        else:
            count = self.chrome.count
            self._train(replace(self.state, seed=int(count) if count else self.state.seed))

    def _train(self, state: Learning) -> None:
        self.start(state.make)
        history = History[Network](state.history.epochs)
        self.go(replace(state, history=history, checkpoint_number=None, state=TRAINING, seconds=0.0))

    def action_cancel(self) -> None:
        """End the training; the checkpoints so far stay."""
        self.end()
        self.go(replace(self.state, state=""))
        self.say("cancelled; the checkpoints so far stay, {key:learning.train} trains from scratch")

    def reported(self, report: Report) -> None:
        """Show what the training has done."""
        state = self.state.after(report.items)
        if report.over:
            self.done()
        self.state = replace(state, state="") if report.over else state
        if report.over:
            self.say(report.failed or f"trained in {state.seconds:.1f} s")
