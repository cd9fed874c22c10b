"""What training leaves behind: the loss of every epoch, and the network as it was at some of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

N = TypeVar("N")
"""A kind of network."""

CHECKPOINTS = 20
"""The most checkpoints besides the first."""


@dataclass(frozen=True, eq=False)
class Checkpoint(Generic[N]):
    """The `network` after `epoch` epochs, and how large the next one's gradients were, by part of the network.

    For a forecaster that is the largest |gradient|, for a network that reads words the norm before clipping.
    """

    epoch: int
    network: N
    gradients: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Epoch(Generic[N]):
    """Where training stands: `epoch` of `epochs` are done in `seconds` so far, and the `loss` is that after them.

    `accuracy` is None where there are no answers. An epoch can be as short as a batch.
    """

    epoch: int
    epochs: int
    loss: float
    seconds: float
    checkpoint: Checkpoint[N] | None = None
    accuracy: float | None = None


@dataclass(frozen=True, eq=False)
class History(Generic[N]):
    """A training, as far as it has got: `losses` after 0, 1, … epochs, and the `checkpoints`, in order.

    Where there are answers, `accuracies` go with the losses.
    """

    epochs: int
    losses: tuple[float, ...] = ()
    checkpoints: tuple[Checkpoint[N], ...] = ()
    accuracies: tuple[float, ...] = ()

    @property
    def done(self) -> bool:
        """Whether training has reached its end."""
        return len(self.losses) > self.epochs

    def after(self, more: list[Epoch[N]]) -> "History[N]":
        """Return the history with `more` epochs at its end."""
        return History(
            self.epochs,
            (*self.losses, *(epoch.loss for epoch in more)),
            (*self.checkpoints, *(epoch.checkpoint for epoch in more if epoch.checkpoint)),
            (*self.accuracies, *(epoch.accuracy for epoch in more if epoch.accuracy is not None)),
        )


def checkpoint_epochs(epochs: int) -> tuple[int, ...]:
    """Return the epochs of the checkpoints: the first, the last, and more of them where the network changes fast."""
    return tuple(sorted({round(epochs * (n / CHECKPOINTS) ** 2) for n in range(CHECKPOINTS + 1)}))
