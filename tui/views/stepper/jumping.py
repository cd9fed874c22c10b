"""Back to where a jump started, and forward again."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ...keys import GATES, SIMILAR
from .state import Moment

if TYPE_CHECKING:
    from ..base.screen import ViewScreen as Mixed
else:
    Mixed = object

MOST = 100
"""The most jumps that are remembered."""


@dataclass(frozen=True)
class Stop:
    """Where the stepper was: a timestamp and part of it, and what was selected there."""

    t: int
    phase: int
    unit: int
    quantity: str
    layer: str

    @classmethod
    def of(cls, moment: Moment) -> "Stop":
        """Return where `moment` is."""
        return cls(moment.t, max(moment.phase, 1), moment.unit, moment.quantity, moment.layer)

    def seen_from(self, moment: Moment) -> Moment:
        """Return `moment` moved here, as far as it has the layer, the unit and the quantity."""
        there = moment
        if self.layer != there.layer and self.layer in [layer.name for layer in there.trace.layers]:
            there = there.in_layer(self.layer)
        if self.unit in there.order:
            there = replace(there, unit=self.unit)
        if self.quantity in there.layer_trace.cell.quantities:
            there = replace(there, quantity=self.quantity)
        return there.at(self.t, self.phase)


@dataclass
class Jumps:
    """The stops `before`, where jumps started, and those `ahead`, left by going back; in each the latest is last."""

    before: list[Stop] = field(default_factory=list)
    ahead: list[Stop] = field(default_factory=list)

    def leave(self, stop: Stop) -> None:
        """Remember that a jump starts from `stop`."""
        if not self.before or self.before[-1] != stop:
            self.before = [*self.before[1 - MOST :], stop]
        self.ahead.clear()

    def go(self, here: Stop, sign: int) -> Stop | None:
        """Return the stop before `here`, or for a `sign` above zero the one ahead; None where there is none."""
        left, other = (self.ahead, self.before) if sign > 0 else (self.before, self.ahead)
        while left:
            stop = left.pop()
            if stop != here:
                other.append(here)
                return stop
        return None


class Jumping(Mixed):
    """Mixed into the stepper, whose state is a Moment."""

    state: Moment
    _led: bool = False

    @property
    def jumps(self) -> Jumps:
        """The jumps of this screen."""
        if "_jumps" not in vars(self):
            self._jumps = Jumps()
        return self._jumps

    def stop(self) -> None:
        """Stop playing."""
        raise NotImplementedError

    def jump(self, there: Moment) -> None:
        """Go to `there`, another timestamp or another selection, and remember where the jump started."""
        here = Stop.of(self.state)
        if Stop.of(there) != here:
            self.jumps.leave(here)
        self.go(there)

    def led(self, there: Moment) -> None:
        """Go to `there` because a screen above has; all moves of that screen are one jump."""
        if self._led:
            self.go(there)
        else:
            self._led = Stop.of(there) != Stop.of(self.state)
            self.jump(there)

    def on_screen_resume(self) -> None:
        """Note that no screen above leads this one."""
        self._led = False

    def to(self, t: int) -> None:
        """Go to timestamp `t` (from 0), or to the nearest there is."""
        self.jump(self.state.at(t))

    def action_jumped(self, sign: int) -> None:
        """Go back to where the last jump started, or forward again; from another sequence to what led to it."""
        here = Stop.of(self.state)
        self.stop()
        for n in range(abs(count := self.times(sign))):
            stop = self.jumps.go(here, count)
            if stop is None:
                if n == 0 and count < 0 and _led_from(self.app.screen_stack):
                    self.app.pop_screen()
                    return
                if n == 0:
                    self.say(NOWHERE[count > 0])
                    return
                break
            here = stop
        self.go(here.seen_from(self.state))


def _led_from(stack: Sequence[Any]) -> bool:
    """Whether the top of a stack of screens was opened by a page that lists places in other sequences."""
    return len(stack) > 1 and getattr(stack[-2], "WHERE", "") in (GATES, SIMILAR)


NOWHERE = (
    "there is no jump to go back from",
    "there is nothing to go forward to; {key:stepper.jump_back} goes back",
)
