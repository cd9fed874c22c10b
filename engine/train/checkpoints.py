"""What training leaves behind: the loss of every epoch, and the network as it was at some of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

N = TypeVar("N")
"""A kind of network."""

KEPT = 20
"""How many epochs are kept beside the first."""


@dataclass(frozen=True, eq=False)
class Kept(Generic[N]):
    """The `network` after `epoch` epochs, and how large the next one's gradients were, by part of the network.

    Of a forecaster it is the largest |gradient|, of a network that reads words the norm before it is clipped.
    """

    epoch: int
    network: N
    gradients: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Epoch(Generic[N]):
    """Where training stands: `epoch` of `epochs` are done, the `loss` is what they have led to, in `seconds` so far.

    `accuracy` is there where there are answers to be right about. An epoch can be as short as a batch.
    """

    epoch: int
    epochs: int
    loss: float
    seconds: float
    kept: Kept[N] | None = None
    accuracy: float | None = None


@dataclass(frozen=True, eq=False)
class History(Generic[N]):
    """A training, as far as it has got: `losses` after 0, 1, … epochs, and the states that were `kept`, in order.

    Where there are answers, `accuracies` go with the losses.
    """

    epochs: int
    losses: tuple[float, ...] = ()
    kept: tuple[Kept[N], ...] = ()
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
            (*self.kept, *(epoch.kept for epoch in more if epoch.kept)),
            (*self.accuracies, *(epoch.accuracy for epoch in more if epoch.accuracy is not None)),
        )


def kept_epochs(epochs: int) -> tuple[int, ...]:
    """Return which of `epochs` are kept: the first and the last, and closer together where the network changes fast."""
    return tuple(sorted({round(epochs * (n / KEPT) ** 2) for n in range(KEPT + 1)}))
