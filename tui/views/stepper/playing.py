"""Playing: going from timestamp to timestamp by a clock."""

from dataclasses import replace

from textual.reactive import reactive
from textual.timer import Timer

from ...draw.look import Look
from ..base.touring import TouringScreen
from .state import Moment

SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Timestamps a second at which a sequence plays."""


class PlayingScreen(TouringScreen):
    """Has a `moment`, which goes on by itself while it plays."""

    STATE = "moment"

    moment: reactive[Moment] = reactive(None, init=False, repaint=False)  # type: ignore[arg-type]

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._timer: Timer | None = None

    def _onward(self, count: int) -> Moment:
        """Return the moment `count` timestamps on."""
        return self.moment.at(self.moment.t + count)

    def _at_the_end(self, moment: Moment) -> bool:
        return moment.t + 1 == len(moment.trace)

    def action_play(self) -> None:
        """Start or stop playing; at the end, start over."""
        if self._timer:
            self._stop()
            self._go(self.moment)
            return
        start = self.moment.at(0) if self._at_the_end(self.moment) else self.moment
        self._go(replace(start, playing=True))
        self._start()

    def action_faster(self, sign: int) -> None:
        """Change the speed of playing."""
        place = min(max(SPEEDS.index(self.moment.speed) + sign, 0), len(SPEEDS) - 1)
        moment = replace(self.moment, speed=SPEEDS[place])
        if self._timer:
            self._stop()
            self._go(replace(moment, playing=True))
            self._start()
        else:
            self._go(moment)
            self._say(f"speed {SPEEDS[place]:g} steps a second; space plays")

    def _start(self) -> None:
        self._timer = self.set_interval(1 / self.moment.speed, self._tick)

    def _stop(self) -> None:
        if self._timer:
            self._timer.stop()
        self._timer = None
        self.moment = replace(self.moment, playing=False)

    def _tick(self) -> None:
        moment = self._onward(1)
        if self._at_the_end(moment):
            self._stop()
            moment = replace(moment, playing=False)
        self._go(moment)

    def back(self) -> bool:
        """Undo the innermost thing: playing, a prompt, a count or something said, the lesson."""
        if self._timer and not self.prompting:
            self._stop()
            self._go(self.moment)
            return True
        return super().back()
