"""The outputs of a network over numbers beside their targets, the sum behind the first, and both over time."""

import math
from collections.abc import Sequence

import numpy as np
from rich.segment import Segment

from .....engine import Outputs, apportion
from .....engine.text import percent
from ....draw.columns import paged, place_of
from ....draw.lines import Line, fitted, flow, rule, segment, sized, width_of
from ....draw.look import Look
from ....draw.numbers import plainly, vouched
from ....keys import with_keys
from ..state import Moment

NAME = 9
"""Cells before the picture, for the name of its row."""

WIDEST = 8
"""The most cells of a timestamp."""


def outputs(moment: Moment, width: int, height: int, look: Look) -> list[Line]:
    """Return the outputs at t with target and error, the sum behind the first, and, with room, all over time."""
    said = moment.subject.outputs
    assert said is not None
    title = f"output {', '.join(fitted(look, name, 16) for name in said.names[:4])} {look.glyphs.dot} {said.file}"
    if not moment.computed("hidden"):
        until = with_keys("{key:stepper.into} steps into it, until output", look.glyphs.unicode)
        return [[segment(look, "dim", f" {look.text(title)}   not computed yet: {until}")]]
    room = max(height - 2, 1)
    shown = said.K if room >= said.K else max(height - 3, 0)
    each = max((height - 1) // max(shown, 1), 1)
    told = [_numbers(said, k, moment.t, look) for k in range(shown)]
    numbers = [line for pieces in told for line in flow(pieces, width, each, look, indent=2)]
    if shown < said.K:
        numbers.append([segment(look, "dim", f" {said.K - shown} of {said.K} outputs more; trace exports all")])
    rest = height - len(numbers)
    if height < 5:
        return [*numbers, *_sum(said, moment.t, width, rest, look)][:height]
    aligned = f"target {said.aligned}" if said.targets is not None else "no target; --target FILE or COLUMN gives one"
    lines = [rule(look, [segment(look, "text", look.text(title))], [segment(look, "dim", aligned)], width)]
    lines += [*numbers, *_sum(said, moment.t, width, max(min(rest - 1, 3), 1), look)]
    return [*lines, *_over_time(said, moment.t, width, height - len(lines), look)][:height]


def _numbers(said: Outputs, k: int, t: int, look: Look) -> list[Line]:
    """y 5,354,993   target 5,400,000   error −45,007 0.8 %   squared error 0.0012."""
    value, residual = vouched(float(said.values(t, t + 1)[0, k])), float(said.residuals(t, t + 1)[0, k])
    pieces = [
        [segment(look, "dim", f" {fitted(look, said.names[k], 16)} "), segment(look, "hidden", plainly(value, look))]
    ]
    if math.isnan(residual) or said.targets is None:
        return [*pieces, [segment(look, "dim", "   no target here")]] if said.targets is not None else pieces
    target = float(said.targets[t, k])
    share = f" {percent(abs(residual) / abs(target), 1)}" if target else ""
    sign = "+" if residual >= 0 else look.glyphs.minus
    pieces.append([segment(look, "dim", "   target "), segment(look, "chosen", plainly(target, look))])
    error = f"{sign}{plainly(abs(value - target), look)}{share}"
    pieces.append([segment(look, "dim", "   error "), segment(look, "text", error)])
    return pieces


def _sum(said: Outputs, t: int, width: int, rows: int, look: Look) -> list[Line]:
    """The first output as the sum of its bias and what the units add, then in its own unit, as far as that fits.

    Where nothing was scaled, the sum is the output itself, and printed as it is above.
    """
    if rows < 1:
        return []
    g, scaled, bias = look.glyphs, float(said.scaled(t, t + 1)[0, 0]), float(said.head.bias[0])
    name, total, decimals = "scaled", look.number(scaled, 4), 4
    if said.scaling is None:
        scaled = vouched(scaled)
        name, total, decimals = fitted(look, said.names[0], 16), plainly(scaled, look), _decimals(scaled)
    of_bias, of_units = apportion([bias, scaled - bias], scaled, decimals)
    units = f"{said.head.matrix.shape[1]} {'units' if said.head.direct else 'dense units'}"
    whole = f" {name} {total}"
    parts = f" = bias {look.number(of_bias, decimals)}  {units} {look.number(of_units, decimals)}"
    if len(whole + parts) > width:
        pieces: list[Line] = [[segment(look, "text", f"{whole} =")], [segment(look, "text", parts[2:])]]
        return flow(pieces, width, rows, look, indent=2) if rows > 1 else [[segment(look, "text", whole)]]
    pieces = [[segment(look, "text", whole + parts)]]
    if said.scaling is not None:
        offset, scale = float(said.scaling.offset[0]), float(said.scaling.scale[0])
        back = f"   {plainly(offset, look)} + {scaled:.4f} {g.times} {plainly(scale, look)}".replace("-", g.minus)
        value = vouched(float(said.values(t, t + 1)[0, 0]))
        pieces.append([segment(look, "dim", f"{back} = {plainly(value, look)}")])
    return flow(pieces, width, rows, look, indent=2)


def _decimals(value: float) -> int:
    """How many decimals the parts of `value` have, so that they add up to what `plainly` prints of it."""
    size = abs(value)
    if not 1e-3 <= size < 1e10:
        return 4
    return max(3 - math.floor(math.log10(size)), 0)


def _over_time(said: Outputs, t: int, width: int, rows: int, look: Look) -> list[Line]:
    """The first output and its target over time, on one scale, the column at t lit."""
    if rows < 3:
        return []
    cell, start, stop = paged(len(said.trace), t, width - NAME - 1, WIDEST)
    low, high = (float(end[0]) for end in said.span)
    drawn = [("output", "hidden", said.values(start, stop)[:, 0])]
    if said.targets is not None:
        drawn.append(("target", "chosen", said.targets[start:stop, 0]))
    lines = [_scale(said, low, high, place_of(start, stop, len(said.trace)), width, look)]
    lines += [_strip(name, role, values, low, high, t - start, cell, look) for name, role, values in drawn]
    return lines


def _scale(said: Outputs, low: float, high: float, where: str, width: int, look: Look) -> Line:
    levels = look.glyphs.levels
    scale = f"{plainly(low, look)} {levels[1:]} {plainly(high, look)}"
    left = [segment(look, "dim", f"{fitted(look, said.names[0], 16)} over time")]
    right = f"{where} {look.glyphs.dot} {scale}"
    if width_of(left) + len(right) + 9 > width:  # the picture cannot do without the scale
        left, right = left if width_of(left) + len(scale) + 9 <= width else [], scale
    return rule(look, left, [segment(look, "dim", right)], width)


def _strip(
    name: str, role: str, values: Sequence[float] | np.ndarray, low: float, high: float, here: int, cell: int,
    look: Look,
) -> Line:  # fmt: skip
    """A level for each timestamp; a value beyond the scale has a mark, one that is missing a blank."""
    line = [segment(look, role, sized(f" {name}", NAME))]
    for n, value in enumerate(np.asarray(values).tolist()):
        style = look.style(role) + look.style("lit") if n == here else look.style(role)
        line.append(Segment(_level(value, low, high, look) * max(cell - 1, 1) + " " * (cell > 1), style))
    return line


def _level(value: float, low: float, high: float, look: Look) -> str:
    levels, g = look.glyphs.levels[1:], look.glyphs
    if math.isnan(value):
        return " "
    if value > high or value < low:
        return g.up if value > high else g.down
    share = (value - low) / (high - low) if high > low else 0.5
    return levels[min(int(share * len(levels)), len(levels) - 1)]
