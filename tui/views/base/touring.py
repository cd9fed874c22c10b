"""What the screens with a lesson have in common: going on, back, closing it, and opening it where it was left."""

from dataclasses import replace
from typing import ClassVar

from ..stepper.state import Tour
from .counting import CountingScreen

LESSON_LEFT = "t opens the lesson where it was left"
"""What is said when the lesson is closed; unlike any other note it does not have to be put away to leave."""


class TouringScreen(CountingScreen):
    """Has a lesson in its `state.tour`, or NO_LESSON to say."""

    NO_LESSON: ClassVar[str]

    @property
    def _touring(self) -> bool:
        """Whether the lesson is open."""
        tour: Tour | None = self.state.tour
        return tour is not None and tour.open

    def _take(self, tour: Tour) -> None:
        """Go where the lesson stands; where it is closed, stay."""
        raise NotImplementedError

    def action_tour(self, sign: int) -> None:
        """Go on or back in the lesson; open it where it was left."""
        tour: Tour | None = self.state.tour
        if tour is None:
            self._say(self.NO_LESSON)
        elif not tour.open:
            self._take(replace(tour, open=True))
        else:
            self._take(tour.on() if sign > 0 else tour.back())
            if not self._touring:
                self._say(LESSON_LEFT)

    def action_leave_tour(self) -> None:
        """Close the lesson, or open it again where it was left."""
        if self._touring:
            self._take(replace(self.state.tour, open=False))
            self._say(LESSON_LEFT)
        else:
            self.action_tour(1)

    def back(self) -> bool:
        """Undo the innermost thing: a prompt, a count or something said, the lesson. Say whether there was one."""
        if self.close_prompt():
            return True
        if self.state.count or self.state.note not in ("", LESSON_LEFT):
            self._say("")
            return True
        if self._touring:
            self.action_leave_tour()
            return True
        return False
