"""Numbers of any size as a person writes them, and a forecast with its error."""

import math

from .lines import Line, segment
from .look import Look


def with_error(value: float, actual: float, look: Look) -> list[Line]:
    """Return a forecast and its error, in pieces."""
    error = value - actual
    share = f" {abs(error) / abs(actual):.1%}".replace("%", " %") if actual else ""
    sign = "+" if error >= 0 else look.glyphs.minus
    return [
        [segment(look, "dim", "  forecast "), segment(look, "candidate", f"{plainly(value, look)} ")],
        [segment(look, "dim", "  error "), segment(look, "text", f"{sign}{plainly(abs(error), look)}{share} ")],
    ]


def plainly(value: float, look: Look) -> str:
    """Return a number of any size as a person writes it: 86.26, 4,921,900, 1.2e+12."""
    size = abs(value)
    if not math.isfinite(value):
        return "inf" if value > 0 else f"{look.glyphs.minus}inf"
    if size >= 1e10 or 0 < size < 1e-3:
        text = f"{value:.3g}"
    else:
        text = f"{value:,.0f}" if size >= 1000 else f"{value:.4g}"
    return text.replace("-", look.glyphs.minus)


def large(value: float) -> str:
    """Return a number with a suffix: 1.92 M, 800 k."""
    if not math.isfinite(value):
        return "inf"
    for size, suffix in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if abs(value) >= size:
            return f"{value / size:.2f}{suffix}"
    return f"{value:.3g}"


def decimals_of(full: float) -> int:
    """Return how many places the numbers of a column have whose scale is full at `full`: as many in every row."""
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
