"""The recurrence m_t = keep_t * m_{t-1} + write_t over all timestamps, without a Python loop over them."""

import numpy as np

from .arrays import Floats

BLOCK = 128
"""Timestamps per block; fixed, so that a prefix of a sequence gives the same numbers as the whole."""


def linear_recurrence(keep: Floats, write: Floats, first: Floats) -> Floats:
    """Return every m_t, (T, H), from `keep` and `write` (T, H) and m before the first step (H,).

    The blocks are walked side by side as if each began at zero, then each is given what the one before it left.
    """
    T, H = write.shape
    blocks = -(-T // BLOCK)
    k = np.ones((blocks * BLOCK, H), np.float32)
    m = np.zeros((blocks * BLOCK, H), np.float32)
    k[:T], m[:T] = keep, write
    k, m = k.reshape(blocks, BLOCK, H), m.reshape(blocks, BLOCK, H)
    for n in range(1, BLOCK):
        m[:, n] += k[:, n] * m[:, n - 1]
        k[:, n] *= k[:, n - 1]  # now the product of keep since the block began
    carried = first
    for block in range(blocks):
        m[block] += k[block] * carried
        carried = m[block, -1]
    return m.reshape(-1, H)[:T]
