"""Rounding that adds up: parts printed to some decimals whose printed sum is the printed total."""

import math
from collections.abc import Sequence


def apportion(parts: Sequence[float], total: float, decimals: int) -> list[float]:
    """Return `parts` rounded to `decimals` so that they add up to `total` rounded likewise.

    Each part moves to a neighbouring printable value only, and those that are nearest to it move (the method of
    largest remainders), as long as the parts add up to `total` to within what their rounding can hide. Where one is not
    finite nothing adds up, and each is rounded by itself.
    """
    if not all(map(math.isfinite, (total, *parts))):
        return [round(part, decimals) for part in parts]
    scale = 10**decimals
    target = round(round(total, decimals) * scale)  # as it is printed: 1.115 is 1.11, 1.115 * 100 is above 111.5
    floors = [math.floor(p * scale) for p in parts]
    missing = target - sum(floors)
    by_remainder = sorted(range(len(parts)), key=lambda n: floors[n] - parts[n] * scale)
    if parts:
        everyone, some = divmod(missing, len(parts))
        for rank, n in enumerate(by_remainder):
            floors[n] += everyone + (rank < some)
    return [n / scale + 0.0 for n in floors]
