"""The recurrence m_t = keep_t * m_{t-1} + write_t over all timestamps, without a Python loop over them."""

import numpy as np

from .arrays import Floats

BLOCK = 64
"""Timestamps per block; fixed, so that a prefix of a sequence gives the same numbers as the whole."""


def linear_recurrence(keep: Floats, write: Floats, first: Floats) -> Floats:
    """Return every m_t, (T, H), from `keep` and `write` (T, H) and m before the first step (H,).

    The blocks are walked side by side as if each began at zero, then each is given what the one before it left.
    """
    T, H = write.shape
    k, m = _side_by_side(keep, 1.0), _side_by_side(write, 0.0)  # (BLOCK, blocks, H)
    for n in range(1, BLOCK):
        m[n] += k[n] * m[n - 1]
        k[n] *= k[n - 1]  # the product of keep since the block began
    carried = np.empty_like(m[0])
    left = first
    for block in range(len(carried)):
        carried[block] = left
        left = m[-1, block] + k[-1, block] * left
    m += k * carried
    memory: Floats = m.swapaxes(0, 1).reshape(-1, H)[:T]
    return memory


def _side_by_side(x: Floats, padding: float) -> Floats:
    """Return x (T, H) cut into blocks of BLOCK timestamps, (BLOCK, blocks, H), the last one padded."""
    T, H = x.shape
    blocks = -(-T // BLOCK)
    padded = np.full((blocks * BLOCK, H), padding, np.float32)
    padded[:T] = x
    return np.ascontiguousarray(padded.reshape(blocks, BLOCK, H).swapaxes(0, 1))
