"""A place in a lesson."""

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Tour:
    """A place in a lesson of `steps` steps. `revealed`: its claim is shown; `open`: the lesson is on the screen."""

    steps: int
    place: int = 0
    revealed: bool = False
    open: bool = True

    @property
    def over(self) -> bool:
        """Whether nothing comes after this."""
        return self.revealed and self.place + 1 == self.steps

    def on(self) -> "Tour":
        """Return what follows: the claim, then the next step; after the last one the lesson is closed."""
        if not self.revealed:
            return replace(self, revealed=True)
        return replace(self, open=False) if self.over else replace(self, place=self.place + 1, revealed=False)

    def back(self) -> "Tour":
        """Return the step as it asked, or the step before."""
        return replace(self, revealed=False) if self.revealed else replace(self, place=max(self.place - 1, 0))


def tour_of(lesson: Sequence[object], left: Tour | None = None) -> Tour:
    """Return the place in a `lesson`: where it was `left`, or its beginning."""
    if left is None:
        return Tour(len(lesson))
    return left if left.over else replace(left, open=True)
