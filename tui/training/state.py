"""What the screens have in common that show a training: what is kept of it so far, and which state is looked at."""

from dataclasses import dataclass, replace
from typing import Generic, Self, TypeVar

from ...engine import History, Kept

N = TypeVar("N")
"""A kind of network."""

TRAINING, PAUSED = "training", "paused"


@dataclass(frozen=True, kw_only=True)
class Watching(Generic[N]):
    """A training as far as it has got, from `seed`, in `seconds` so far.

    `place` is the kept state that is looked at, the last one where it is None. `state` is TRAINING or PAUSED while it
    goes on, "" while nothing does.
    """

    history: History[N]
    place: int | None = None
    seed: int = 0
    state: str = ""
    seconds: float = 0.0
    count: str = ""
    note: str = ""

    @property
    def kept(self) -> Kept[N] | None:
        """The kept state that is looked at; None before there is one."""
        if not self.history.kept:
            return None
        return self.history.kept[-1 if self.place is None else self.place]

    @property
    def left(self) -> float:
        """The seconds that are left, if it goes on as it went."""
        done = max(len(self.history.losses) - 1, 1)
        return self.seconds / done * (self.history.epochs - done)

    def through(self, count: int) -> Self:
        """Return the kept state that is `count` later in the training."""
        last = len(self.history.kept) - 1
        place = min(max((last if self.place is None else self.place) + count, 0), last)
        return replace(self, place=None if place == last else place, count="", note="")
