"""What the screens that go through timestamps have in common: on and back, to the first and to the last."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .screen import ViewScreen as Mixed
else:
    Mixed = object


class OverTime(Mixed):
    """Mixed into a screen whose `state` is at timestamp `t` of `timestamps` and goes to another by `at`."""

    def to(self, t: int) -> None:
        """Go to timestamp `t` (from 0), or to the nearest there is."""
        self.go(self.state.at(t))

    def clicked(self, what: str, value: str) -> None:
        """Go to the timestamp that was clicked on."""
        if what == "at":
            self.to(int(value))

    def action_over(self, sign: int) -> None:
        """Go some timestamps on or back."""
        self.to(self.state.t + self.times(sign))

    def action_first(self) -> None:
        """Go to the first timestamp."""
        self.to(0)

    def action_last(self) -> None:
        """Go to the last timestamp, or to the one whose number was typed."""
        if (t := self.numbered(self.state.timestamps - 1)) is not None:
            self.to(t)
