"""Work that reports how far it has got: a thread goes through its steps, and can be cancelled between any two."""

import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from threading import Lock
from typing import TYPE_CHECKING, Any

from textual.message import Message
from textual.worker import Worker, get_current_worker

from ....engine import BadInput, WorkFailed
from ....engine.run.pytorch import working_torch
from .threads import run_in_thread

if TYPE_CHECKING:
    from textual.screen import Screen

EVERY = 0.2
"""Seconds between two reports."""


class Came(Message):
    """The `errand` has come to `step`, the last where it is `over`; where it failed there is a `reason` and no step."""

    def __init__(self, errand: "Errand", step: Any, over: bool = False, reason: str = "") -> None:
        super().__init__()
        self.errand, self.step, self.over, self.reason = errand, step, over, reason


class Errand:
    """Goes through `steps` in a thread for a screen, holding `lock` meanwhile, and posts `Came` every EVERY seconds.

    `purpose` tells the screen what it began this for. What the steps have done stays done when it is cancelled.
    """

    def __init__(
        self, screen: "Screen[Any]", purpose: str, steps: Callable[[], Iterator[Any]], lock: "Lock | None" = None
    ) -> None:
        self.purpose = purpose
        self._screen, self._steps, self._lock = screen, steps, lock
        self._worker: Worker[None] = run_in_thread(screen, self._run, group=f"errand {purpose}")

    def leave(self) -> None:
        """Cancel it: it posts nothing more, and ends after the step that it is in."""
        self._worker.cancel()

    def _run(self) -> None:
        worker, said, step = get_current_worker(), time.monotonic(), None
        try:
            with self._lock or nullcontext(), working_torch():
                for step in self._steps():
                    if worker.is_cancelled:
                        return
                    if time.monotonic() - said >= EVERY:
                        said = time.monotonic()
                        self._screen.post_message(Came(self, step))
        except (BadInput, WorkFailed) as error:
            self._screen.post_message(Came(self, None, True, str(error)))
        else:
            self._screen.post_message(Came(self, step, True))
