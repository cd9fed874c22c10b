"""How every training goes: one epoch after another on one thread, with some of the states on the way kept."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from ..run.fused import one_thread
from .checkpoints import Epoch, Kept, N, kept_epochs

if TYPE_CHECKING:
    import torch


def epochs(
    count: int,
    optimizer: "torch.optim.Optimizer",
    look: Callable[[int], "tuple[torch.Tensor, float | None]"],
    keep: Callable[[], tuple[N, Mapping[str, float]]],
    learn: Callable[[], object],
) -> Iterator[Epoch[N]]:
    """Train for `count` epochs, on one thread; yield after 0, 1, …, `count` of them.

    `look(n)` gives the loss, a scalar, and the accuracy after n epochs; `learn()` takes a step by the gradients of that
    loss. The epochs of `kept_epochs` come with what `keep()` gives: the network and the sizes of its gradients. While
    nobody takes an epoch nothing is done, and the time is not counted; closing the iterator ends the training.
    """
    keeps = set(kept_epochs(count))
    started, paused = time.perf_counter(), 0.0
    with one_thread():
        for n in range(count + 1):
            loss, accuracy = look(n)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            kept = Kept(n, *keep()) if n in keeps else None
            before = time.perf_counter()
            yield Epoch(n, count, loss.item(), before - started - paused, kept, accuracy)
            paused += time.perf_counter() - before
            if n < count:
                learn()
