"""The key that asks why: it goes from the answer to the unit that carries it, and on to the words that wrote it."""

from typing import TYPE_CHECKING

from textual.message import Message
from textual.worker import Worker, get_current_worker

from ....engine import BadInput
from ..base.threads import run_in_thread
from .reasons import Reason, by_effect, by_share, has_answer
from .state import Moment

if TYPE_CHECKING:
    from ..base.screen import ViewScreen as Mixed
else:
    Mixed = object


class WhyFound(Message):
    """The `reasons` for the answer at `moment`, or the `refusal` to give any."""

    def __init__(self, moment: Moment, reasons: tuple[Reason, ...], refusal: str = "") -> None:
        super().__init__()
        self.moment, self.reasons, self.refusal = moment, reasons, refusal


class _Cancelled(Exception):
    """Raised in the thread once nothing awaits the reasons."""


class Asking(Mixed):
    """Mixed into the stepper, whose state is a Moment.

    `_reasons` are gone through one by one, as long as the cursor is where number `_place` of them led.
    """

    state: Moment
    _asked: "Worker[None] | None" = None
    _pressed: int = 0
    _reasons: tuple[Reason, ...] = ()
    _place: int = 0

    def stop(self) -> None:
        """Stop playing."""
        raise NotImplementedError

    def jump(self, there: Moment) -> None:
        """Go to `there`, and remember where the jump started."""
        raise NotImplementedError

    def action_why(self) -> None:
        """Ask why, or go to the next reason that was found."""
        self.stop()
        if self._asked is not None:
            self._pressed += 1  # typed ahead
        elif self._reasons and self._led_here(self._reasons[self._place]):
            self._lead((self._place + 1) % len(self._reasons))
        else:
            self._ask()

    def _led_here(self, reason: Reason) -> bool:
        here = self.state
        return (here.t, here.layer, here.unit) == (reason.t, reason.layer, reason.unit)

    def _ask(self) -> None:
        moment = self.state
        self._reasons, self._pressed = (), 0
        if not has_answer(moment):
            try:
                self._reasons = by_share(moment)
                self._lead(0)
            except BadInput as error:
                self.say(str(error))
            return
        self.go(moment)
        self.say("computing why; {key:app.undo} cancels")

        def work() -> None:
            worker = get_current_worker()

            def tick() -> None:
                if worker.is_cancelled:
                    raise _Cancelled

            try:
                self.post_message(WhyFound(moment, by_effect(moment, tick)))
            except BadInput as error:
                self.post_message(WhyFound(moment, (), str(error)))
            except _Cancelled:
                pass

        self._asked = run_in_thread(self, work, group="why", exclusive=True)  # type: ignore[arg-type]

    def on_why_found(self, event: WhyFound) -> None:
        """Go where the answer leads, unless that was cancelled."""
        if self._asked is None or self._asked.is_cancelled:
            return
        self._asked = None
        if event.refusal:
            self.say(event.refusal)
        else:
            self._reasons = event.reasons
            self._lead(self._pressed % len(self._reasons))

    def _lead(self, place: int) -> None:
        reason = self._reasons[place]
        self._place = place
        self.jump(reason.of(self.state))
        self.say(reason.said)

    def cancelled(self) -> bool:
        """Stop asking, and return whether anything was asked."""
        asked, self._asked = self._asked, None
        if asked is not None:
            asked.cancel()
        return asked is not None
