"""Going through the sequences of a batch."""

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.message import Message
from textual.worker import Worker, get_current_worker

from ....engine import BadInput, WorkFailed
from ....engine.text import percent
from ...source.origins import FromFile
from ...source.own import on_sequence
from ..base.threads import run_in_thread
from .state import Moment
from .walking import AT_ONCE, EVERY

if TYPE_CHECKING:
    from ....engine.files.own import Ready
    from ..base.screen import ViewScreen as Mixed
else:
    Mixed = object


class HandedOn(Message):
    """The states that `there` begins with are computed but for `missing` timestamps, or, for a `reason`, cannot be."""

    def __init__(self, there: "Ready", missing: int, reason: str = "") -> None:
        super().__init__()
        self.there, self.missing, self.reason = there, missing, reason

    @property
    def text(self) -> str:
        """The note on how far that is."""
        before = sum(map(len, self.there.sequences.arrays[: self.there.sequence]))
        share = percent(1 - self.missing / max(before, 1))
        where = f"sequence {self.there.sequence + 1}"
        return self.reason or f"computing the state handed on to {where}: {share}; {{key:app.undo}} stays here"


class Batched(Mixed):
    """Mixed into the stepper, whose state is a Moment."""

    state: Moment
    _handing: "Worker[None] | None" = None
    _toward: int = 0

    def action_sequence(self, sign: int) -> None:
        """Run the network on another sequence, from its own initial states, and stay at the timestamp.

        Where these are carried over through many timestamps, a thread computes them first.
        """
        origin, count = self.state.subject.origin, self.times(sign)
        if not isinstance(origin, FromFile):
            self.say(origin.cannot("sequences"))
            return
        begin = origin.ready.sequence if self._handing is None else self._toward  # typed ahead
        there = origin.ready.at(begin + count)
        self.go(self.state)
        if there.missing <= AT_ONCE:
            self._open(begin + count - origin.ready.sequence)
            return
        self.say(HandedOn(there, there.missing).text)
        self._toward = there.sequence
        self._handing = run_in_thread(self, lambda: self._hand_on(there), group="sequence", exclusive=True)  # type: ignore[arg-type]

    def on_handed_on(self, event: HandedOn) -> None:
        """Say how far the states are computed, or go to the sequence."""
        if self._handing is None or event.there.sequence != self._toward:
            return
        if event.reason or event.missing:
            self.say(event.text)
        if event.reason:
            self.leave_sequence()
        elif not event.missing and isinstance(origin := self.state.subject.origin, FromFile):
            self._open(event.there.sequence - origin.ready.sequence)

    def leave_sequence(self) -> bool:
        """Stay at this sequence, and return whether another was on its way."""
        worker, self._handing = self._handing, None
        if worker is not None:
            worker.cancel()
        return worker is not None

    def _open(self, count: int) -> None:
        try:
            subject = on_sequence(self.state.subject, count)
        except BadInput as error:
            self.leave_sequence()
            self.say(str(error))
        else:
            self.go(replace(self.state.with_subject(subject), playing=False))

    def _hand_on(self, there: "Ready") -> None:
        """Run the sequences before `there`, in a thread, until its states are known or not awaited any more."""
        worker, said = get_current_worker(), time.monotonic()
        try:
            for _ in there.reach():
                if worker.is_cancelled:
                    return
                if time.monotonic() - said >= EVERY:
                    said = time.monotonic()
                    self.post_message(HandedOn(there, there.missing))
            self.post_message(HandedOn(there, 0))
        except (BadInput, WorkFailed) as error:
            self.post_message(HandedOn(there, there.missing, str(error)))
