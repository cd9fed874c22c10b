"""What the screens with a lesson have in common: going on and back, closing it, and reopening it where it was left."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ....scenarios import study_after
from .lesson_progress import LessonProgress, progress_in

LESSON_LEFT = "{key:stepper.leave_lesson} opens the lesson where it was left"
"""The note when the lesson is closed; unlike any other note, it need not be dismissed before leaving."""

BACK_THERE = "you were at {}; {{key:stepper.lesson_back}} goes back there"
"""The note when the lesson goes elsewhere; it need not be dismissed either."""


if TYPE_CHECKING:
    from .screen import ViewScreen as Mixed
else:
    Mixed = object


class LessonKeys(Mixed):
    """Mixed into a screen that has a lesson in its `state.progress`.

    `_came_from` is the state before the lesson went elsewhere, and the state that it went to.
    """

    _came_from: tuple[Any, Any] | None = None

    @property
    def lesson_open(self) -> bool:
        """Whether the lesson is open."""
        progress: LessonProgress | None = self.state.progress
        return progress is not None and progress.open

    def take(self, progress: LessonProgress) -> None:
        """Go to the lesson's step, with this `progress`; stay where the lesson is closed."""
        raise NotImplementedError

    def action_digit(self, digit: int) -> None:
        """Guess what the lesson asks, where its step is shown; elsewhere the digit belongs to a count."""
        progress: LessonProgress | None = self.state.progress
        if (
            progress is not None
            and progress.open
            and not progress.revealed
            and not self.chrome.count
            and self.stands(self.state)
        ):
            choices = self.state.lesson[progress.step].choices
            if 1 <= digit <= len(choices.options):
                self.take(progress.guess(digit - 1, choices.right))
                return
        super().action_digit(digit)

    def action_lesson(self, sign: int) -> None:
        """Go on or back in the lesson; open it where it was left. At its end, open the next one.

        Where the user had gone elsewhere meanwhile, the key that goes back leads there once.
        """
        here, came_from = self.state, self._came_from
        self._came_from = None
        progress = here.progress or progress_in(here.lesson)
        if sign < 0 and came_from is not None and came_from[1] is here:
            self.go(came_from[0])
            return
        if here.progress is None or not progress.open:
            self.take(replace(progress, open=True))
        elif sign > 0 and progress.over:
            self.take(replace(progress, open=False))
            following = study_after(here.lesson_of)
            if following is None:
                self.say(LESSON_LEFT)
            else:
                self.open(following)
            return
        else:
            self.take(progress.on() if sign > 0 else progress.back())
        if here.progress is not None and here.progress != self.state.progress and self._elsewhere(here):
            self._came_from = (here, self.state)
            self.say(BACK_THERE.format(self.place(here)))

    def _elsewhere(self, state: Any) -> bool:
        """Whether `state` was at another place than its lesson's step."""
        return not self.stands(state) and self.place(state) != self.place(self.state)

    def stands(self, state: Any) -> bool:
        """Whether `state` is where its lesson's step is."""
        raise NotImplementedError

    def place(self, state: Any) -> str:
        """What to call the place of `state`."""
        raise NotImplementedError

    def action_leave_lesson(self) -> None:
        """Close the lesson, or open it again where it was left."""
        if self.lesson_open:
            self.take(replace(self.state.progress, open=False))
            self.say(LESSON_LEFT)
        else:
            self.action_lesson(1)

    def back(self) -> bool:
        """Undo the innermost thing: a prompt, a count or a note, the lesson. Return whether there was one."""
        if self.chrome.note == LESSON_LEFT and not self.prompting:
            return False
        gone = self._came_from
        said = gone is not None and self.chrome.note == BACK_THERE.format(self.place(gone[0]))
        if (not said or self.prompting) and super().back():
            return True
        if self.lesson_open:
            self.action_leave_lesson()
            return True
        return False
