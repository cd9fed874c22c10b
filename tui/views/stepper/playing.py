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


MOST_PARTS = 10.0
"""Parts of timestamps a second that an eye can follow; where there were more, whole timestamps are lit."""


class Player:
    """Calls `tick` while the moment that was followed last plays: for each timestamp, or for each part of one."""

    def __init__(self, screen: "Screen[None]", tick: Callable[[], None]) -> None:
        self._screen, self._tick = screen, tick
        self._timer: Timer | None = None
        self._speed: float | None = None

    def follow(self, moment: Moment, pictured: bool) -> None:
        """Tick as `moment` says, or stop; with the cell `pictured`, part by part if an eye can follow that."""
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
    """Return the moment with one more part lit; None where all of them are."""
    return replace(moment, lit=(moment.lit + 1) % moment.parts) if moment.lit else None


def faster(moment: Moment, sign: int) -> Moment:
    """Return the moment at the next speed, or the one before."""
    place = min(max(SPEEDS.index(moment.speed) + sign, 0), len(SPEEDS) - 1)
    return replace(moment, speed=SPEEDS[place])
