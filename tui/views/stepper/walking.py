"""Going far in a long sequence: what lies on the way is computed beside the screen, which shows how far it has got."""

import time
from collections.abc import Iterable
from contextlib import suppress

from textual.message import Message
from textual.worker import Worker, get_current_worker

from ....engine import LayerTrace, WorkFailed
from ....engine.run.pytorch import load_torch, working_torch
from ...draw.look import Look
from .playing import PlayingScreen
from .state import Moment

AT_ONCE = 4096
"""Timestamps that are walked through without a word; by the slowest way they take a tenth of a second."""

EVERY = 0.2
"""Seconds between two words about it."""


class WalkingScreen(PlayingScreen):
    """Has a `moment`, which may lie where nothing is computed yet. Any other move leaves the walk; nothing is lost."""

    class Walked(Message):
        """The walk to `target` has got so far: `missing` timestamps are left of `total`; or it ended for a `reason`."""

        def __init__(self, target: Moment, missing: int, total: int, reason: str = "") -> None:
            super().__init__()
            self.target, self.missing, self.total, self.reason = target, missing, total, reason

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._walk: Worker[None] | None = None

    def on_mount(self) -> None:
        """Load PyTorch in good time where the way to the end will need it: that takes longer than the way itself."""
        layers = self.moment.trace.layers
        if any(layer.missing(t) for layer in layers for t in (0, len(layer) - 1)):
            self.call_after_refresh(
                self.run_worker, lambda: _load(layers), group="load", thread=True, exit_on_error=False
            )

    def _go(self, moment: Moment) -> None:
        """Go to `moment`: at once, or when the way to it is computed."""
        self._leave_walk()
        missing = moment.layer_trace.missing(moment.t)
        if missing <= AT_ONCE:
            super()._go(moment)
            return
        self._say_walking(moment, missing, missing)
        self._walk = self.run_worker(
            lambda: self._walk_to(moment, missing), group="walk", thread=True, exclusive=True, exit_on_error=False
        )

    def _walk_to(self, moment: Moment, total: int) -> None:
        """Walk, in a thread, until `moment` can be shown, the walk is left, or the screen is closed."""
        worker, layer, said = get_current_worker(), moment.layer_trace, time.monotonic()
        try:
            with working_torch():
                for _ in layer.reach(moment.t):
                    if worker.is_cancelled:
                        return
                    if time.monotonic() - said >= EVERY:
                        said = time.monotonic()
                        self.post_message(self.Walked(moment, layer.missing(moment.t), total))
            self.post_message(self.Walked(moment, 0, total))
        except WorkFailed as error:
            self.post_message(self.Walked(moment, total, total, str(error)))

    def on_walking_screen_walked(self, event: Walked) -> None:
        """Say how far the walk is, or go where it led to."""
        if self._walk is None or self._walk.is_cancelled:
            return
        if event.reason:
            self._walk = None
            self._say(event.reason)
        elif event.missing:
            self._say_walking(event.target, event.missing, event.total)
        else:
            self._walk = None
            super()._go(event.target)

    def _say_walking(self, target: Moment, missing: int, total: int) -> None:
        there = 1 - missing / total
        self._say(f"computing the way to step {target.t + 1}: {there:.0%}; q stays here")

    def _leave_walk(self) -> bool:
        """Leave the walk, and say whether there was one."""
        walk, self._walk = self._walk, None
        if walk is not None:
            walk.cancel()
        return walk is not None

    def on_unmount(self) -> None:
        """Leave the walk with the screen."""
        self._leave_walk()

    def back(self) -> bool:
        """Undo the innermost thing: a walk, or what there is on every screen that plays."""
        if not self.prompting and self._leave_walk():
            self._say("stayed here; what is computed of the way is kept")
            return True
        return super().back()


def _load(layers: Iterable[LayerTrace]) -> None:
    with suppress(WorkFailed), working_torch():  # the walk tells what fails
        if any(layer.wants_torch() for layer in layers):
            load_torch()
