"""How every training goes: one epoch after another on one thread, with checkpoints on the way."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ..run.fused import one_thread
from .checkpoints import Checkpoint, Epoch, N, checkpoint_epochs
from .descent import forget_gradients

if TYPE_CHECKING:
    import torch


def epochs(
    count: int,
    parameters: "Sequence[torch.Tensor]",
    evaluate: Callable[[int], "tuple[torch.Tensor, float | None]"],
    snapshot: Callable[[], tuple[N, Mapping[str, float]]],
    update: Callable[[], object],
) -> Iterator[Epoch[N]]:
    """Train `parameters` for `count` epochs, on one thread; yield after 0, 1, …, `count` of them.

    `evaluate(n)` gives the loss, a scalar, and the accuracy after n epochs; `update()` takes a step by the gradients of
    that loss. The epochs of `checkpoint_epochs` come with what `snapshot()` gives: the network and the sizes of its
    gradients. Training pauses while no epoch is taken, and that time is not counted; closing the iterator ends it.
    """
    at = set(checkpoint_epochs(count))
    started, paused = time.perf_counter(), 0.0
    with one_thread():
        for n in range(count + 1):
            loss, accuracy = evaluate(n)
            forget_gradients(parameters)
            loss.backward()  # type: ignore[no-untyped-call]
            checkpoint = Checkpoint(n, *snapshot()) if n in at else None
            before = time.perf_counter()
            yield Epoch(n, count, loss.item(), before - started - paused, checkpoint, accuracy)
            paused += time.perf_counter() - before
            if n < count:
                update()
