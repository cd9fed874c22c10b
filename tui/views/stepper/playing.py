"""Playing: a clock that ticks while a moment plays."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.timer import Timer

from .state import Moment

if TYPE_CHECKING:
    from textual.screen import Screen

SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""The speeds at which a sequence plays, in timestamps a second."""


MOST_PARTS = 10.0
"""The most parts of timestamps a second that an eye can follow; above, whole timestamps light up."""


class Player:
    """Calls `tick`, while the moment that it follows plays, for each timestamp or for each part of one."""

    def __init__(self, screen: "Screen[None]", tick: Callable[[], None]) -> None:
        self._screen, self._tick = screen, tick
        self._timer: Timer | None = None
        self._speed: float | None = None

    def follow(self, moment: Moment, pictured: bool) -> None:
        """Tick at the speed of `moment` while it plays; with the cell `pictured`, part by part if an eye can follow."""
        speed = moment.speed * (moment.parts if by_parts(moment, pictured) else 1) if moment.playing else None
        if speed == self._speed:
            return
        if self._timer:
            self._timer.stop()
        self._speed = speed
        self._timer = self._screen.set_interval(1 / speed, self._tick) if speed else None


def by_parts(moment: Moment, pictured: bool) -> bool:
    """Whether the parts of a timestamp light up one after the other as `moment` plays."""
    return pictured and 1 < moment.parts <= MOST_PARTS / moment.speed


def next_part(moment: Moment) -> Moment | None:
    """Return the moment with one more part lit; None where all are."""
    return replace(moment, lit=(moment.lit + 1) % moment.parts) if moment.lit else None


def faster(moment: Moment, sign: int) -> Moment:
    """Return the moment at the next speed, or the one before."""
    place = min(max(SPEEDS.index(moment.speed) + sign, 0), len(SPEEDS) - 1)
    return replace(moment, speed=SPEEDS[place])
