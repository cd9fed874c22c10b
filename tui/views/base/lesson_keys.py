"""What the screens with a lesson have in common: going on, back, closing it, and opening it where it was left."""

from dataclasses import replace
from typing import TYPE_CHECKING

from .lesson_progress import LessonProgress, progress_in

LESSON_LEFT = "{key:stepper.leave_lesson} opens the lesson where it was left"
"""What is said when the lesson is closed; unlike any other note it does not have to be put away to leave."""


if TYPE_CHECKING:
    from .screen import ViewScreen as Mixed
else:
    Mixed = object


class LessonKeys(Mixed):
    """Mixed into a screen that has a lesson in its `state.progress`."""

    @property
    def lesson_open(self) -> bool:
        """Whether the lesson is open."""
        progress: LessonProgress | None = self.state.progress
        return progress is not None and progress.open

    def take(self, progress: LessonProgress) -> None:
        """Go where the lesson stands; where it is closed, stay."""
        raise NotImplementedError

    def action_lesson(self, sign: int) -> None:
        """Go on or back in the lesson; open it where it was left."""
        progress = self.state.progress or progress_in(self.state.lesson)
        if self.state.progress is None or not progress.open:
            self.take(replace(progress, open=True))
        else:
            self.take(progress.on() if sign > 0 else progress.back())
            if not self.lesson_open:
                self.say(LESSON_LEFT)

    def action_leave_lesson(self) -> None:
        """Close the lesson, or open it again where it was left."""
        if self.lesson_open:
            self.take(replace(self.state.progress, open=False))
            self.say(LESSON_LEFT)
        else:
            self.action_lesson(1)

    def back(self) -> bool:
        """Undo the innermost thing: a prompt, a count or something said, the lesson. Say whether there was one."""
        if self.chrome.note == LESSON_LEFT and not self.prompting:
            return False
        if super().back():
            return True
        if self.lesson_open:
            self.action_leave_lesson()
            return True
        return False
