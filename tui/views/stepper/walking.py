"""Going far in a long sequence: what lies on the way is computed beside the screen, which shows how far it has got."""

import time
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.message import Message
from textual.worker import Worker, get_current_worker

from ....engine import LayerTrace, WorkFailed
from ....engine.run.pytorch import load_torch, working_torch
from ..base.threads import run_in_thread
from .state import Moment

if TYPE_CHECKING:
    from textual.screen import Screen

AT_ONCE = 4096
"""Timestamps that are walked through without a word; by the slowest way they take a tenth of a second."""

EVERY = 0.2
"""Seconds between two words about it."""


class Walked(Message):
    """The walk to `target` has got so far: `missing` timestamps are left of `total`; or it ended for a `reason`.

    Where it leads through a run with another `edit`, that is in force only from its end on.
    """

    def __init__(self, target: Moment, missing: int, total: int, reason: str = "", edit: bool = False) -> None:
        super().__init__()
        self.target, self.missing, self.total, self.reason, self.edit = target, missing, total, reason, edit

    @property
    def text(self) -> str:
        """What to say of it."""
        there = 1 - self.missing / self.total
        if self.edit and not self.reason:
            return (
                f"computing the edited run up to {self.target.t + 1}: {there:.0%}; {{key:app.undo}} leaves it as it was"
            )
        return self.reason or f"computing up to timestamp {self.target.t + 1}: {there:.0%}; {{key:app.undo}} stays here"


class Walker:
    """Computes the way to a moment in a thread, and posts `Walked` to its screen. Nothing of it is lost."""

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
        """Begin the walk to `moment` where it is a long one, and return what there is to say; None where it is not.

        `edit` is whether that is in a run with another edit.
        """
        self.edit = edit
        missing = moment.layer_trace.missing(moment.t)
        if missing <= AT_ONCE:
            return None
        self._worker = run_in_thread(self._screen, lambda: self._walk(moment, missing), group="walk", exclusive=True)
        return Walked(moment, missing, missing, edit=edit)

    def leave(self) -> bool:
        """Leave the walk, and say whether there was one."""
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
        """Load PyTorch in good time where the way to the end will need it: that takes longer than the way itself."""
        if any(layer.missing(t) for layer in layers for t in (0, len(layer) - 1)):
            self._screen.call_after_refresh(run_in_thread, self._screen, lambda: _load(layers), group="load")


def _load(layers: Iterable[LayerTrace]) -> None:
    with suppress(WorkFailed), working_torch():  # the walk tells what fails
        if any(layer.wants_torch() for layer in layers):
            load_torch()
