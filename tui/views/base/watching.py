"""What the screens have in common beside which a network is trained, in a process that ends with them."""

from dataclasses import replace
from typing import Any, TypeVar

from textual.message import Message

from ...draw.look import Look
from ...training.process import Make, Report, Training
from ...training.state import PAUSED, TRAINING, Watching
from .counting import CountingScreen

W = TypeVar("W", bound=Watching[Any])


class WatchingScreen(CountingScreen):
    """Takes what the training reports to `_told`."""

    class Reported(Message):
        """The other process has something to say."""

        def __init__(self, training: Training, report: Report) -> None:
            super().__init__()
            self.training, self.report = training, report

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._training: Training | None = None

    def on_unmount(self) -> None:
        """Nothing goes on training for a screen that is closed."""
        self._end()

    def _start(self, make: Make) -> None:
        def tell(report: Report) -> None:
            self.post_message(self.Reported(training, report))

        training = self._training = Training(make, tell)

    def _end(self) -> None:
        if self._training:
            self._training.cancel()
        self._training = None

    def _paused(self, state: W) -> W:
        """Pause or go on; return `state` as it is then."""
        assert self._training is not None
        paused = state.state != PAUSED
        self._training.pause(paused)
        return replace(state, state=PAUSED if paused else TRAINING)

    def on_watching_screen_reported(self, event: Reported) -> None:
        """Take what the other process has done, unless it was cancelled meanwhile."""
        if event.training is self._training:
            self._told(event.report)

    def _told(self, report: Report) -> None:
        raise NotImplementedError
