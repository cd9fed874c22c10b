"""What the screens with a lesson have in common: going on, back, closing it, and opening it where it was left."""

from dataclasses import replace
from typing import TYPE_CHECKING

from .tour import Tour, tour_of

LESSON_LEFT = "{key:stepper.leave_lesson} opens the lesson where it was left"
"""What is said when the lesson is closed; unlike any other note it does not have to be put away to leave."""


if TYPE_CHECKING:
    from .screen import ViewScreen as Mixed
else:
    Mixed = object


class Touring(Mixed):
    """Mixed into a screen that has a lesson in its `state.tour`."""

    @property
    def touring(self) -> bool:
        """Whether the lesson is open."""
        tour: Tour | None = self.state.tour
        return tour is not None and tour.open

    def take(self, tour: Tour) -> None:
        """Go where the lesson stands; where it is closed, stay."""
        raise NotImplementedError

    def action_tour(self, sign: int) -> None:
        """Go on or back in the lesson; open it where it was left."""
        tour = self.state.tour or tour_of(self.state.lesson)
        if self.state.tour is None or not tour.open:
            self.take(replace(tour, open=True))
        else:
            self.take(tour.on() if sign > 0 else tour.back())
            if not self.touring:
                self.say(LESSON_LEFT)

    def action_leave_tour(self) -> None:
        """Close the lesson, or open it again where it was left."""
        if self.touring:
            self.take(replace(self.state.tour, open=False))
            self.say(LESSON_LEFT)
        else:
            self.action_tour(1)

    def back(self) -> bool:
        """Undo the innermost thing: a prompt, a count or something said, the lesson. Say whether there was one."""
        if self.chrome.note == LESSON_LEFT and not self.prompting:
            return False
        if super().back():
            return True
        if self.touring:
            self.action_leave_tour()
            return True
        return False
