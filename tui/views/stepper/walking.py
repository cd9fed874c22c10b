"""Going far in a long sequence: a thread computes the way there, and the screen shows how far it has got."""

import time
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.message import Message
from textual.worker import Worker, get_current_worker

from ....engine import LayerTrace, WorkFailed
from ....engine.run.pytorch import load_torch, working_torch
from ....engine.text import percent
from ..base.threads import run_in_thread
from .state import Moment

if TYPE_CHECKING:
    from textual.screen import Screen

AT_ONCE = 4096
"""The most timestamps that are computed without a note; on the slowest path they take a tenth of a second."""

EVERY = 0.2
"""Seconds between two reports."""


class Walked(Message):
    """The walk to `target` has `missing` timestamps of `total` left, or has ended for a `reason`.

    With `edit`, it leads through a run with another edit, which is in force only once the walk is over.
    """

    def __init__(self, target: Moment, missing: int, total: int, reason: str = "", edit: bool = False) -> None:
        super().__init__()
        self.target, self.missing, self.total, self.reason, self.edit = target, missing, total, reason, edit

    @property
    def text(self) -> str:
        """The note on how far the walk is."""
        there = percent(1 - self.missing / self.total)
        if self.edit and not self.reason:
            return f"computing the edited run up to {self.target.t + 1}: {there}; {{key:app.undo}} leaves it as it was"
        return self.reason or f"computing up to timestamp {self.target.t + 1}: {there}; {{key:app.undo}} stays here"


class Walker:
    """Computes the way to a moment in a thread, and posts `Walked` to its screen. What is computed is kept."""

    def __init__(self, screen: "Screen[None]") -> None:
        self._screen = screen
        self._worker: Worker[None] | None = None
        self.edit = False
        """Whether the last walk is through a run with another edit."""

    @property
    def under_way(self) -> bool:
        """Whether a walk is going on."""
        return self._worker is not None and not self._worker.is_cancelled

    def start(self, moment: Moment, edit: bool = False) -> Walked | None:
        """Start the walk to `moment` where it is a long one, and return the first report; None where it is not.

        `edit` is whether `moment` is in a run with another edit.
        """
        self.edit = edit
        missing = moment.layer_trace.missing(moment.t)
        if missing <= AT_ONCE:
            return None
        self._worker = run_in_thread(self._screen, lambda: self._walk(moment, missing), group="walk", exclusive=True)
        return Walked(moment, missing, missing, edit=edit)

    def leave(self) -> bool:
        """Stop the walk, and return whether there was one."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.cancel()
        return worker is not None

    def _walk(self, moment: Moment, total: int) -> None:
        """Walk, in a thread, until `moment` can be shown, the walk is left, or the screen is closed."""
        worker, layer, said = get_current_worker(), moment.layer_trace, time.monotonic()
        post = self._screen.post_message
        try:
            with working_torch():
                for _ in layer.reach(moment.t):
                    if worker.is_cancelled:
                        return
                    if time.monotonic() - said >= EVERY:
                        said = time.monotonic()
                        post(Walked(moment, layer.missing(moment.t), total, edit=self.edit))
            post(Walked(moment, 0, total))
        except WorkFailed as error:
            post(Walked(moment, total, total, str(error)))

    def prepare(self, layers: Iterable[LayerTrace]) -> None:
        """Load PyTorch in good time where the way to the end will need it: loading takes longer than the way itself."""
        if any(layer.missing(t) for layer in layers for t in (0, len(layer) - 1)):
            self._screen.call_after_refresh(run_in_thread, self._screen, lambda: _load(layers), group="load")


def _load(layers: Iterable[LayerTrace]) -> None:
    with suppress(WorkFailed), working_torch():  # the walk reports what fails
        if any(layer.wants_torch() for layer in layers):
            load_torch()
