"""Numbers of any size as a person writes them, and a forecast with its error."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...engine.text import percent
from .lines import Line, segment
from .look import HUGE, Look, powered

SMALL = 0.005
"""The size of a column's largest number below which two or four decimals would show too little of it."""


def with_error(value: float, actual: float, look: Look) -> list[Line]:
    """Return a forecast and its error, in pieces: the printed forecast less the printed actual number."""
    error = vouched(value) - actual
    share = f" {percent(abs(error) / abs(actual), 1)}" if actual else ""
    sign = "+" if error >= 0 else look.glyphs.minus
    return [
        [segment(look, "dim", "  forecast "), segment(look, "candidate", f"{plainly(vouched(value), look)} ")],
        [segment(look, "dim", "  error "), segment(look, "text", f"{sign}{plainly(abs(error), look)}{share} ")],
    ]


def vouched(value: float) -> float:
    """Return a number that a network computed to the five digits that are the same on every processor."""
    return float(f"{value:.4e}")


def plainly(value: float, look: Look) -> str:
    """Return a number of any size as a person writes it: 86.26, 4,921,900, 1.2e+12."""
    size = abs(value)
    if not math.isfinite(value):
        return f"{value:f}".replace("-", look.glyphs.minus)
    if size >= 1e10 or 0 < size < 1e-3:
        text = f"{value:.3g}"
    else:
        text = f"{value:,.0f}" if size >= 1000 else f"{value:.4g}"
    return text.replace("-", look.glyphs.minus)


def plain_column(values: Sequence[float], look: Look) -> list[str]:
    """Return numbers as a person writes them, those of one column with the same decimals: 84.80 above 86.25."""
    texts = [plainly(value, look) for value in values]
    decimals = max((len(text.partition(".")[2]) for text in texts), default=0)
    if any(c.isalpha() for text in texts for c in text):
        return texts  # nan, or with a power of ten
    decimals = max(decimals, 2) if decimals else 0  # 103.51 is not 103.5 because it is beyond 100
    return [f"{value:,.{decimals}f}".replace("-", look.glyphs.minus) for value in values]


def signed(value: float) -> str:
    """Return a change with its sign and four significant digits: +0.8024, -1,234, +2.5e+12."""
    size = abs(value)
    if not math.isfinite(value) or (size and not 1e-4 <= size < 1e9):
        return f"{value:+.4g}"
    return f"{value:+,.{max(0, 3 - math.floor(math.log10(size))) if size else 0}f}"


def large(value: float) -> str:
    """Return a number in three digits with a suffix: 1.92 M, 12.4 M, 800 k."""
    if not math.isfinite(value):
        return f"{value:f}"
    for size, suffix in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if abs(value) >= size:
            shown = abs(value) / size
            return f"{value / size:.{2 if shown < 9.995 else 1 if shown < 99.95 else 0}f}{suffix}"
    return f"{value:.3g}"


@dataclass(frozen=True)
class Style:
    """How all numbers of one column are written: with `decimals`, or with a power of ten; `signed` ones also with +."""

    decimals: int = 2
    power: bool = False
    signed: bool = True

    def spelled(self, value: float, look: Look) -> str:
        """Return `value` in this style: +0.12, 4,921,900, 8.93e29; nan and inf as they are."""
        if not math.isfinite(value):
            text = f"{value:+f}" if self.signed else f"{value:f}"
        elif self.power or abs(value) >= HUGE:
            text = powered(value, "+" if self.signed else "")
        else:
            text = f"{value:{'+' if self.signed else ''},.{self.decimals}f}"
            text = text.replace("-", "+" if self.signed else "") if not text.strip("-+0.") else text
        return text.replace("-", look.glyphs.minus)


def style_of(values: np.ndarray[Any, Any]) -> Style:
    """Return the one style in which the finite numbers of a column, `values` (N,), can all be read.

    Whole numbers have no decimals; numbers on both sides of zero have signs; what is very large or very small has a
    power of ten.
    """
    finite = values[np.isfinite(values)]
    signed = bool((finite < 0).any()) or not len(finite)
    most = float(np.abs(finite).max(initial=0.0))
    if most and (most >= HUGE or most < SMALL):
        return Style(power=True, signed=signed)
    if (finite == np.round(finite)).all() and len(finite):
        return Style(0, signed=signed)
    return Style(2 if most >= 0.5 else 4, signed=signed)


def decimals_of(full: float) -> int:
    """Return how many decimals all numbers of a column have whose scale is full at `full`."""
    return 2 if full < 100 else 1 if full < 1000 else 0


def width_in_column(full: float, signed: bool) -> int:
    """Return how wide such a number is: 0.97, +0.97, +11.60, −123.4."""
    places = decimals_of(full)
    return signed + len(f"{full:.0f}") + places + (places > 0)


def in_column(value: float, full: float, signed: bool, look: Look) -> str:
    """Return a number of a column whose scale is full at `full`, as wide as the others unless it is far beyond."""
    width = width_in_column(full, signed)
    text = f"{value:{'+' if signed else ''}.{decimals_of(full)}f}"
    if len(text) > width + 2:
        text = f"{value:{'+' if signed else ''}.0e}".replace("e+0", "e").replace("e+", "e")
    if float(text) == 0:
        text = text.replace("-", "+" if signed else "")
    return text.replace("-", look.glyphs.minus).rjust(width)
