"""The stepper on a network as it was at some time of its training, from one kept state to another."""

from collections.abc import Callable

from ...draw.look import Look
from ...keys import KEPT, bindings
from ..base.counting import DIGIT_KEYS
from ..stepper.screen import StepperScreen
from .state import Learning


class KeptScreen(StepperScreen, inherit_bindings=False):
    """Steps through the sentence of `learning` in its kept states. `follow` is told of every other one."""

    WHERE = KEPT
    BINDINGS = [*bindings(KEPT), *DIGIT_KEYS]  # noqa: RUF012 (Textual reads it as a class attribute)

    def __init__(self, learning: Learning, look: Look, follow: Callable[[Learning], None]) -> None:
        super().__init__(learning.moment.subject, look, learning.moment.t)
        self.set_reactive(StepperScreen.moment, learning.moment)
        self._learning, self._follow = learning, follow

    def action_epoch(self, sign: int) -> None:
        """Go to another state of the network that was kept while it was trained."""
        there = self._learning.through(self._count(sign))
        if there.kept is self._learning.kept:
            self._say(f"this is the {'last' if sign > 0 else 'first'} batch that is kept")
            return
        self._stop()
        self._learning = there
        self._go(self.moment.with_subject(there.moment.subject))
        self._follow(there)
