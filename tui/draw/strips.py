"""Sizes over time on one fixed log scale: a strip of bars for each curve, one above the other."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment

from .columns import WIDEST, paged
from .lines import Line, segment, sized
from .look import Look
from .memo import memo

LOW, HIGH = -10, 2
"""The powers of ten at which a bar is empty and full, for all curves and always: they do not jump between steps."""

LABEL = 8
SHORTEST, TALLEST = 3, 8
"""Rows of a strip, where there are that many."""

SCALE = f"log scale, from 1e{LOW:+d} to 1e{HIGH:+d}"


PATH = "path"
"""The cell path alone, beside the states by their names."""

SYMBOLS = {"hidden": "|dL/dh|", "cell": "|dL/dc|", PATH: "path"}


@dataclass(frozen=True)
class Curve:
    """How large something is at each timestamp, from 0 to inf. `name` and `symbol` stand beside it."""

    name: str
    symbol: str
    role: str
    values: tuple[float, ...]


def strips(curves: Sequence[Curve], t: int, width: int, height: int, look: Look) -> list[Line]:
    """Return a strip for each curve, or for the first of them, as tall as there is room for, with the timestamp lit."""
    curves = curves[: max(height // SHORTEST, 1)]
    rows = min(height // max(len(curves), 1), TALLEST)
    if rows < 1 or width <= LABEL:
        return []
    cell, start, stop = paged(len(curves[0].values), t, width - LABEL, WIDEST)
    lines: list[Line] = []
    for curve in curves:
        columns = _columns(curve, start, stop, cell, rows, look)
        for row in range(rows):
            texts = {0: curve.name if rows > 1 else curve.symbol, 1: curve.symbol}
            label = sized(look.text(texts.get(row, "")), LABEL - 1) + " "
            cells, here = [column[row] for column in columns], t - start
            lines.append([
                segment(look, "dim" if row else "text", label),
                segment(look, curve.role, "".join(cells[:here])),
                Segment(cells[here], look.style(curve.role) + look.style("lit")),
                segment(look, curve.role, "".join(cells[here + 1 :])),
            ])  # fmt: skip
    return lines


@memo(maxsize=32)
def _columns(curve: Curve, start: int, stop: int, cell: int, rows: int, look: Look) -> tuple[tuple[str, ...], ...]:
    """What stands at each timestamp, from the top row to the bottom one, `cell` wide."""
    gap = " " * (cell >= 3)
    return tuple(
        tuple(c * (cell - len(gap)) + gap for c in column(value, rows, look)) for value in curve.values[start:stop]
    )


def column(value: float, rows: int, look: Look) -> list[str]:
    """Return a bar of `rows` cells, top first. What is above the scale ends in a mark, what is below it is a dot."""
    g = look.glyphs
    full, steps = g.solid, len(g.levels)
    if value == 0:
        return [" "] * rows
    place = math.inf if math.isinf(value) else (math.log10(value) - LOW) / (HIGH - LOW)
    if place > 1:
        return [g.up, *[full] * (rows - 1)]
    filled = round(place * rows * steps)
    if filled <= 0:
        return [*[" "] * (rows - 1), g.pending]
    whole, part = divmod(filled, steps)
    bar = [full] * whole + ([g.levels[part]] if part else [])
    return [" "] * (rows - len(bar)) + bar[::-1]


def words_below(words: Sequence[str], t: int, width: int, look: Look) -> Line:
    """Return what stands at each timestamp, under the strips; nothing where there is no room for words."""
    cell, start, stop = paged(len(words), t, width - LABEL, WIDEST)
    if cell < 3:
        return []
    return [
        Segment(" " * LABEL),
        *(
            segment(look, "cursor" if k == t else "dim", sized(look.text(words[k]), cell - 1) + " ")
            for k in range(start, stop)
        ),
    ]


def size(value: float) -> str:
    """Return a size as 3.1e-02, or say that it is beyond what float64 can hold."""
    return "overflow" if math.isinf(value) else "0" if value == 0 else f"{value:.1e}"
