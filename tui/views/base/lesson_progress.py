"""How far the user is in a lesson."""

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class LessonProgress:
    """How far the user is in a lesson of `steps` steps: at `step`, from 0, its claim shown where it is `revealed`.

    The lesson is on the screen while it is `open`. `guessed` is the guess at this step, an index of its
    choices; `hits` of all `guesses` so far were right.
    """

    steps: int
    step: int = 0
    revealed: bool = False
    open: bool = True
    guessed: int | None = None
    hits: int = 0
    guesses: int = 0

    @property
    def over(self) -> bool:
        """Whether the last claim is shown."""
        return self.revealed and self.step + 1 == self.steps

    def on(self) -> "LessonProgress":
        """Return what follows: the claim, then the next step; after the last one the lesson is closed."""
        if not self.revealed:
            return replace(self, revealed=True)
        return (
            replace(self, open=False) if self.over else replace(self, step=self.step + 1, revealed=False, guessed=None)
        )

    def guess(self, choice: int, right: int) -> "LessonProgress":
        """Return the progress with the claim shown after the guess `choice`, where `right` is the right index."""
        hits = self.hits + (choice == right)
        return replace(self, revealed=True, guessed=choice, hits=hits, guesses=self.guesses + 1)

    def back(self) -> "LessonProgress":
        """Return the progress without the claim, or else at the step before."""
        return replace(self, revealed=False) if self.revealed else replace(self, step=max(self.step - 1, 0))


def progress_in(lesson: Sequence[object], left: LessonProgress | None = None) -> LessonProgress:
    """Return how far the user is in a `lesson`: where it was `left`, or its beginning."""
    if left is None:
        return LessonProgress(len(lesson))
    return left if left.over else replace(left, open=True)
