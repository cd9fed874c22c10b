"""What the screens that show a training have in common: its checkpoints so far, and which of them is selected."""

from dataclasses import dataclass, replace
from typing import Generic, Self, TypeVar

from ...engine import Checkpoint, History

N = TypeVar("N")
"""A kind of network."""

TRAINING, PAUSED = "training", "paused"


@dataclass(frozen=True, kw_only=True)
class Watching(Generic[N]):
    """A training as far as it has got, from `seed`, in `seconds` so far.

    `checkpoint_number` is the checkpoint that is looked at, the last one where it is None. `state` is TRAINING or
    PAUSED while it goes on, "" while nothing does.
    """

    history: History[N]
    checkpoint_number: int | None = None
    seed: int = 0
    state: str = ""
    seconds: float = 0.0

    @property
    def checkpoint(self) -> Checkpoint[N] | None:
        """The checkpoint that is looked at; None before there is one."""
        if not self.history.checkpoints:
            return None
        return self.history.checkpoints[-1 if self.checkpoint_number is None else self.checkpoint_number]

    @property
    def left(self) -> float:
        """The seconds that are left, at the rate so far."""
        done = max(len(self.history.losses) - 1, 1)
        return self.seconds / done * (self.history.epochs - done)

    def through(self, count: int) -> Self:
        """Return the same with the checkpoint selected that is `count` later in the training."""
        last = len(self.history.checkpoints) - 1
        number = min(max((last if self.checkpoint_number is None else self.checkpoint_number) + count, 0), last)
        return replace(self, checkpoint_number=None if number == last else number)
