"""The gates as rows of units: how often each is closed, a histogram of its values in shades, how often it is open."""

from itertools import zip_longest

import numpy as np
from rich.segment import Segment

from ....engine import CLOSED, OPEN, QUANTITIES
from ....engine.text import percent
from ...draw.heat import Scale, legend, rows, steps
from ...draw.lines import Line, rule, segment, width_of
from ...draw.look import Look
from ...keys import with_keys
from .state import BINS, GateStatistics

AROUND = 23
"""The cells of a row beside its histogram: the unit and the two shares."""

DECADES = 3
"""A bin is drawn on a log scale: full with all timestamps, and empty with a thousandth or less of them.

On an even scale nearly all that lies between the two ends of a gate would have the lowest shade.
"""

SHADES = Scale(1.0, signed=False)

WIDEST, TALLEST = 4, 3
"""Cells of a bin, and rows of a unit, at most."""


def rows_needed(state: GateStatistics, room: int) -> int:
    """Return how many of `room` rows the picture takes: its two headings, and equally many for every unit."""
    return min(2 + state.H * max(min((room - 2) // state.H, TALLEST), 1), room)


def pictures(state: GateStatistics, width: int, height: int, look: Look) -> list[Line]:
    """Return the gates side by side where there is room for all, else only the chosen one."""
    each = width // len(state.gates)
    if each < AROUND + BINS:
        return _gate(state, state.gate, width, height, look, alone=True)
    columns = [_gate(state, gate, each, height, look) for gate in state.gates]
    return [
        [part for line in row for part in [*line, Segment(" " * max(each - width_of(line), 0))]]
        for row in zip_longest(*columns, fillvalue=list[Segment]())
    ]


def _gate(state: GateStatistics, gate: str, width: int, height: int, look: Look, alone: bool = False) -> list[Line]:
    bin_width = max(min((width - AROUND) // BINS, WIDEST if alone else width), 1)
    mark = look.glyphs.chosen if gate == state.gate else ""
    title = [segment(look, gate, f"{mark}{gate} {QUANTITIES[gate].symbol}")]
    if alone:
        tab = with_keys("{key:gates.gate}", look.glyphs.unicode)
        others = ", ".join(g for g in state.gates if g != gate)
        title.append(segment(look, "dim", f" ({tab}: {others})"))
    shades = _legend(gate, look)
    if width_of(title) + width_of(shades) + 8 > width:
        shades = []
    units, most = state.units, max(height - 2, 1)
    tall = max(min(most // len(units), TALLEST), 1)
    room = most // tall
    top = max(0, min(units.index(state.unit) - room // 2, len(units) - room))
    shown = units[top : top + room]
    part = f"{len(shown)} of {len(units)}" if len(shown) < len(units) else "unit"
    scale = f"0{'1'.rjust(bin_width * BINS - 1)}"
    head = f"{part:>7}{f'<{CLOSED}':>7} {scale} {f'>{OPEN}':>7}"
    lines: list[Line] = [rule(look, title, shades, width - (not alone)), [segment(look, "dim", head)]]
    shares = state.histogram(gate)[list(shown)]  # (units, BINS)
    count = steps(SHADES, look)
    with np.errstate(divide="ignore"):
        sizes = np.maximum(1 + np.log10(shares.T) / DECADES, 0.0)  # of all timestamps 1, of a thousandth 0
    levels = SHADES.levels(sizes, count=count)
    levels = np.where((levels == 0) & (shares.T > 0), 1, levels)  # a share above 0 has to show
    drawn = rows(levels, SHADES, gate, bin_width, look)
    for unit, histogram in zip(shown, drawn, strict=True):
        closed, opened = state.points(gate)[unit]
        chosen = unit == state.unit
        name = f"{look.glyphs.chosen if chosen else ' '} {unit:>4} "
        lines.append([
            segment(look, "chosen" if chosen else "dim", name), segment(look, "text", f"{percent(closed, 1):>7} "),
            *histogram, segment(look, "text", f" {percent(opened, 1):>7}"),
        ])  # fmt: skip
        lines += [[Segment(" " * 15), *histogram] for _ in range(tall - 1)]
    return lines


def _legend(gate: str, look: Look) -> Line:
    """What the shades, or the digits, mean."""
    ends = f"{100 / 10**DECADES:g} %", "100 %"
    shades = legend(SHADES, gate, look)
    if len(shades) == 1:
        return [segment(look, "dim", f"share, log: 0 to 9 = {ends[0]} to {ends[1]}")]
    return [segment(look, "dim", f"share, log: {ends[0]} "), *shades[1:-1], segment(look, "dim", f" {ends[1]}")]
