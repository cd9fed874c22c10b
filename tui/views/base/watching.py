"""The base of the screens that train a network, in a process that ends with them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from textual.message import Message

from ...draw.look import Look
from ...training.process import Make, Report, Training
from ...training.state import PAUSED, TRAINING, Watching
from .screen import ViewScreen

LEAVING = "the training is not over, and leaving ends it; {key:app.back} again leaves"
"""The note before leaving, shown once; like that of a closed lesson, it need not be dismissed before leaving."""

W = TypeVar("W", bound=Watching[Any])


class WatchingScreen(ViewScreen):
    """Passes what its training reports to `reported`."""

    class Reported(Message):
        """The `training` has sent a `report`."""

        def __init__(self, training: Training, report: Report) -> None:
            super().__init__()
            self.training, self.report = training, report

    def __init__(self, state: Any, look: Look) -> None:
        super().__init__(state, look)
        self._training: Training | None = None

    def named(self) -> Mapping[str, str]:
        """Name what the key that trains does now: nothing while what is trained is yet being chosen."""
        now = {"": "train", TRAINING: "pause", PAUSED: "resume"}.get(self.state.state, "")
        return {f"{self.WHERE}.train": now}

    @property
    def training(self) -> bool:
        """Whether a training goes on, or is paused."""
        return self._training is not None

    def on_unmount(self) -> None:
        """End the training with the screen."""
        self.end()

    def asks(self) -> bool:
        """Say once that a training would be lost, also a paused one."""
        if not self.training or self._asking:
            return False
        now = {TRAINING: ", {key:learning.train} pauses", PAUSED: ", {key:learning.train} resumes"}
        self.say(LEAVING + now.get(self.state.state, ""))
        return True

    @property
    def _asking(self) -> bool:
        """Whether the question whether to leave is there."""
        return self.chrome.note.startswith(LEAVING)

    def back(self) -> bool:
        """Undo the innermost thing, other than the question whether to leave. Return whether there was one."""
        return (self.prompting or not self._asking) and super().back()

    def start(self, make: Make) -> None:
        """Start a training in another process, which calls `make`."""
        self._training = Training(make, lambda *reported: self.post_message(self.Reported(*reported)))

    def end(self) -> None:
        """End the training, if there is one."""
        if self._training:
            self._training.cancel()
        self._training = None

    def done(self) -> None:
        """Note that the training has ended by itself."""
        self._training = None

    def paused(self, state: W) -> W:
        """Pause the training or continue it; return `state` with that."""
        assert self._training is not None
        paused = state.state != PAUSED
        self._training.pause(paused)
        return replace(state, state=PAUSED if paused else TRAINING)

    def on_watching_screen_reported(self, event: Reported) -> None:
        """Take what the other process has done, unless it was cancelled meanwhile."""
        if event.training is self._training:
            self.reported(event.report)

    def reported(self, report: Report) -> None:
        """Take what the training has done."""
        raise NotImplementedError
