"""Arrays drawn at random, and how close two computations of the same numbers come in float32."""

from typing import Any

import numpy as np


def normal(*shape: int, seed: int = 0) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return float32 numbers of `shape` from N(0, 1), the same for the same seed."""
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def assert_close(found: Any, expected: Any, what: str = "", atol: float = 2e-6) -> None:
    """Fail where two arrays differ by more than the order of sums explains, which grows with layers and timestamps."""
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=atol, err_msg=what)
