"""Sizes over time, such as gradients on the way back, as one chart on a log scale."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ...scenarios import Chart

LOW, HIGH = 1e-10, 1e2
"""The ends of a fixed scale, which does not jump when a key changes the curves."""

PATH = "path"
"""The cell path alone, beside the states by their names."""

SYMBOLS = {"hidden": "|dL/dh|", "cell": "|dL/dc|", PATH: "prod f"}


@dataclass(frozen=True)
class Curve:
    """How large something is at each timestamp, from 0 to inf. `name` and `symbol` stand beside it."""

    name: str
    symbol: str
    role: str
    values: tuple[float, ...]


def chart_of(
    title: str, curves: Sequence[Curve], words: Sequence[str] = (), bounds: tuple[float, float] | None = None
) -> Chart:
    """Return the curves in one frame on a log scale: within `bounds`, or as far as they go.

    A value of 0 has a mark at the lower end, one that overflows at the upper end. The axis has the `words`, or numbers
    from 1.
    """
    if bounds is None:
        sizes = [value for curve in curves for value in curve.values if 0 < value < math.inf]
        bounds = (min(sizes), max(sizes)) if sizes else (LOW, HIGH)
    lines = {f"{c.name} {c.symbol}": [(float(t + 1), v) for t, v in enumerate(c.values)] for c in curves}
    labels = {float(t + 1): word for t, word in enumerate(words)}
    return Chart(title, "" if words else "timestamp", "size", lines, labels=labels, log=True, bounds=bounds)


def size(value: float) -> str:
    """Return a size as 3.1e-02, or say that it is beyond what float64 can hold."""
    return "overflow" if math.isinf(value) else "0" if value == 0 else f"{value:.1e}"
