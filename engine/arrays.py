"""Array helpers that the cells and the stacks share."""

from types import ModuleType
from typing import IO, Any

import numpy as np

from .errors import BadInput

Array = Any
"""A NumPy array or a torch tensor: whatever follows the Python array API standard."""

Floats = np.ndarray[Any, np.dtype[np.float32]]
"""A float32 NumPy array."""

LARGEST = float(np.finfo(np.float32).max)


def namespace(x: Array) -> ModuleType:
    """Return the array API functions for `x`: NumPy's own, or torch's in the standard's spelling."""
    if isinstance(x, np.ndarray):
        return np
    from array_api_compat import array_namespace  # loads torch's half of the package; NumPy needs none of it

    return array_namespace(x)


def copied(x: Array) -> Array:
    """Return a writable copy of `x`; gradients flow through the copy of a tensor."""
    return x.copy() if isinstance(x, np.ndarray) else x.clone()


def sigmoid(xp: ModuleType, z: Array) -> Array:
    """Return 1 / (1 + exp(-z)) elementwise, without overflow and without a vanished gradient at large |z|."""
    if hasattr(xp, "sigmoid"):  # torch's own is one pass
        own: Array = xp.sigmoid(z)
        return own
    return 0.5 + 0.5 * xp.tanh(0.5 * z)


def largest(x: Floats) -> float:
    """Return the largest magnitude in `x` (...), which holds at least one number, without a copy of it."""
    return max(float(x.max()), -float(x.min()))


def as_floats(x: Any, what: str) -> Floats:
    """Return `x` as a read-only float32 array of its own, of the same shape.

    An array that is one already is returned as it is, so that a long sequence is not copied again and again. Raises
    BadInput, which names `what`, for NaN, inf, text and numbers beyond float32.
    """
    try:
        wide = np.asarray(x)
        if wide.dtype.kind not in "fiub":
            raise TypeError
        own = wide.dtype == np.float32 and wide.flags.c_contiguous and wide.flags.owndata and not wide.flags.writeable
        with np.errstate(over="ignore"):
            floats = wide if own else np.array(wide, dtype=np.float32, order="C")
    except (TypeError, ValueError):
        raise BadInput(f"{what} does not hold plain numbers; float32 is what is read") from None
    if floats.size and not (np.isfinite(floats.min()) and np.isfinite(floats.max())):
        where = np.argwhere(~np.isfinite(floats))[0]
        place = f" at [{', '.join(str(n) for n in where)}]" if floats.ndim else ""
        found = wide[tuple(where)]
        if np.isfinite(found):
            raise BadInput(f"{what} has {found:.4g}{place}, which is beyond float32; every value must be below 3.4e38")
        raise BadInput(f"{what} has {found}{place}; every value must be a finite number")
    floats.flags.writeable = False
    return floats


CHUNK = 2**20


def filled(stream: IO[bytes], dtype: Any, shape: tuple[int, ...], order: Any = "C") -> np.ndarray[Any, Any]:
    """Return a read-only array of `shape` with the next bytes of `stream`; `order` is C or F, as in NumPy.

    The caller has checked that `stream` should hold that many, for the memory is allocated first. Raises EOFError where
    `stream` ends too early, and ValueError for a shape that no array can have.
    """
    array = np.empty(shape, dtype, order)
    flat = (array if order == "C" else array.T).reshape(-1)
    left = flat.view(np.uint8).data if array.size else memoryview(b"")
    while left:
        count = stream.readinto(left[:CHUNK])  # type: ignore[attr-defined]
        if not count:
            raise EOFError
        left = left[count:]
    array.flags.writeable = False
    return array


def from_bfloat16(halves: np.ndarray[Any, Any]) -> Floats:
    """Return as float32 the bfloat16 numbers with the bits `halves` (uint16 of any shape): a float32's upper half."""
    return (halves.astype(np.uint32) << 16).view(np.float32)


def frozen(x: Array) -> Floats:
    """Return `x` as float32 NumPy of the same shape, read-only; its memory is shared where it is float32 already."""
    floats: Floats = np.asarray(x, dtype=np.float32)[...]
    floats.flags.writeable = False
    return floats
