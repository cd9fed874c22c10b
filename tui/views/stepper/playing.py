"""Playing: a clock that ticks as long as the moment it follows plays."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.timer import Timer

from .state import Moment

if TYPE_CHECKING:
    from textual.screen import Screen

SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Timestamps a second at which a sequence plays."""


class Player:
    """Calls `tick` at the speed of the moment that was followed last, while it plays."""

    def __init__(self, screen: "Screen[None]", tick: Callable[[], None]) -> None:
        self._screen, self._tick = screen, tick
        self._timer: Timer | None = None
        self._speed: float | None = None

    def follow(self, moment: Moment) -> None:
        """Tick as `moment` says, or stop."""
        speed = moment.speed if moment.playing else None
        if speed == self._speed:
            return
        if self._timer:
            self._timer.stop()
        self._speed = speed
        self._timer = self._screen.set_interval(1 / speed, self._tick) if speed else None


def faster(moment: Moment, sign: int) -> Moment:
    """Return the moment at the next speed, or the one before."""
    place = min(max(SPEEDS.index(moment.speed) + sign, 0), len(SPEEDS) - 1)
    return replace(moment, speed=SPEEDS[place])
