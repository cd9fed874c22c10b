"""The recurrence m_t = keep_t * m_{t-1} + write_t over all timestamps, without a Python loop over them."""

import numpy as np

from ..arrays import Floats

BLOCK = 16
"""Timestamps per block; fixed, so that a prefix of a sequence gives the same numbers as the whole."""


def linear_recurrence(keep: Floats, write: Floats, first: Floats) -> Floats:
    """Return every m_t, (T, H), from `keep` and `write` (T, H) and m before the first timestamp (H,).

    The blocks are walked side by side as if each began at zero, then each is given what the one before it left: the
    same recurrence, with blocks for timestamps.
    """
    k, m = _side_by_side(keep, 1.0), _side_by_side(write, 0.0)  # (BLOCK, blocks, H)
    for n in range(1, BLOCK):
        m[n] += k[n] * m[n - 1]
        k[n] *= k[n - 1]  # the product of keep since the block began
    starts = first[None]
    if len(write) > BLOCK:
        starts = np.concatenate([starts, linear_recurrence(k[-1], m[-1], first)[:-1]])
    m += k * starts
    return m.swapaxes(0, 1).reshape(-1, write.shape[1])[: len(write)]


def _side_by_side(x: Floats, padding: float) -> Floats:
    """Return a copy of x (T, H) cut into blocks of BLOCK timestamps, (BLOCK, blocks, H), the last one padded."""
    T, H = x.shape
    blocks = -(-T // BLOCK)
    if T % BLOCK:
        x = np.concatenate([x, np.full((blocks * BLOCK - T, H), padding, np.float32)])
    return np.array(x.reshape(blocks, BLOCK, H).swapaxes(0, 1), order="C")
