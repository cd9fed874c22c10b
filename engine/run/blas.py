"""NumPy's products in one thread, where they are many and small and each waits for the one before it.

Threads that share such a product spend longer waiting for one another than multiplying, and where the machine has other
work they wait for their turn as well: a walk then takes several times as long, in every measure of time.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any

import numpy as np

from ..arrays import Array

SHARED, LARGE = 2**13, 2**25
"""The multiplications of a product below which no library shares it among threads, and from which sharing pays."""

LONG = 2**25
"""The multiplications of a walk from which it is worth finding out which library does them."""

_lock = Lock()
_within: list[Any] = []
"""The limit that is set, and None for each further walk that is under way."""


@contextmanager
def one_blas_thread(x: Array, W: Array) -> Iterator[None]:
    """Keep a walk over x (T, ..., G*H) with recurrent weights W (G*H, H) to one thread where that is faster.

    The number of threads is the process's own: where several forward passes run at once, the last to end restores it.
    """
    products = len(x) * W.size * math.prod(x.shape[1:-1]) if isinstance(W, np.ndarray) else 0
    if products < LONG or not SHARED <= products // len(x) < LARGE:
        yield
        return
    with _lock:
        _within.append(None if _within else _libraries().limit(limits=1, user_api="blas"))
    try:
        yield
    finally:
        with _lock:
            limit = _within[0]
            _within.pop()
            if not _within:
                limit.restore_original_limits()


@cache
def _libraries() -> Any:
    from threadpoolctl import ThreadpoolController  # 10 ms, for a long walk alone

    return ThreadpoolController()
