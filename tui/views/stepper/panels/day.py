"""What the stepper shows of a forecaster's day: its inputs, raw and scaled, and the way to the forecast."""

import math

import numpy as np

from .....engine import apportion
from ....draw.lines import Line, fitted, flow, rule, segment
from ....draw.look import Look
from ....draw.numbers import plainly, vouched, with_error
from ....keys import with_keys
from ....source.day import DayForecast
from ..state import Moment


def inputs(moment: Moment, width: int, rows: int, look: Look) -> list[Line]:
    """Return every column at t as it is in the file, and scaled as the network reads it."""
    there = moment.subject.forecast
    assert there is not None
    raw, scaled = there.task.raw_inputs(there.day)[moment.t], moment.trace.inputs[moment.t]
    pieces: list[Line] = [[segment(look, "dim", " reads ")]]
    for name, value, x in zip(there.task.columns, raw.tolist(), scaled.tolist(), strict=True):
        pieces.append([
            segment(look, "dim", f" {fitted(look, name, 16)} "),
            segment(look, "text", f"{plainly(value, look)} {look.glyphs.arrow} {look.number(x)} "),
        ])  # fmt: skip
    return flow(pieces, width, rows, look, indent=7)


def forecast(moment: Moment, width: int, height: int, look: Look) -> list[Line]:
    """Return the forecast beside the actual value, and its arithmetic from the hidden state to the target's unit."""
    there = moment.subject.forecast
    assert there is not None
    name = look.text(there.task.series.target)
    if not moment.computed("hidden"):
        until = with_keys("{key:stepper.into} steps into it, until output", look.glyphs.unicode)
        return [[segment(look, "dim", f" {name}   not computed yet: {until}")]]
    last = moment.t + 1 == len(moment.trace)
    value, scaled = there.value(moment.t), there.scaled(moment.t)
    label = f" {name} {there.task.series.label(there.day)}" if last else f" {name}, if the window ended here"
    said = with_error(value, there.actual, look)
    total = _sum(there, moment, width, look)
    actual = [segment(look, "dim", " actual "), segment(look, "chosen", f"{plainly(there.actual, look)} ")]
    lines = [rule(look, [segment(look, "text", label.strip())], [], width)]
    lines += [*flow([actual, *said], width, 2, look, indent=1), *total]
    if len(lines) > height:
        told = flow([[segment(look, "text", label)], *said], width, max(height - len(total), 1), look, indent=1)
        return [*told, *total][:height]
    return [*lines, *_units(there, moment, scaled, width, look)][:height]


def _sum(there: DayForecast, moment: Moment, width: int, look: Look) -> list[Line]:
    """scaled .22 = bias +.05 + 61 of 128 units +.17   volume = 2,131,600 + .22 × 31,260,000."""
    g, head = look.glyphs, there.head
    hidden = moment.trace.top[moment.t]
    terms, bias, scaled = head.terms(hidden), float(head.layers[-1][1][0]), there.scaled(moment.t)
    shown = apportion([bias, float(terms.sum())], scaled, 4)
    live = f"{np.count_nonzero(terms)} of {len(terms)} dense units" if len(head.layers) > 1 else f"{len(terms)} units"
    output = there.task.output
    offset, scale = float(output.offset[0]), float(output.scale[0])
    if output.log[0]:
        back = f"exp({offset:.4f} + {scaled:.4f} {g.times} {scale:.4f})"
    else:
        back = f"{plainly(offset, look)} + {scaled:.4f} {g.times} {plainly(scale, look)}"
    pieces: list[Line] = [
        [segment(look, "text", f" scaled {scaled:.4f} = bias {look.number(shown[0], 4)}")],
        [segment(look, "text", f"  {live} {look.number(shown[1], 4)}")],
        [segment(look, "dim", f"   {back.replace('-', g.minus)} = {plainly(vouched(there.value(moment.t)), look)}")],
    ]  # fmt: skip
    return flow(pieces, width, len(pieces), look, indent=2)


def _units(there: DayForecast, moment: Moment, scaled: float, width: int, look: Look) -> list[Line]:
    """What the forecast would be without each unit."""
    effects = there.effects(moment.t)
    lines: list[Line] = []
    for unit in np.argsort(-np.abs(effects), kind="stable").tolist():
        without = float(there.task.in_units(np.array([scaled + effects[unit]]))[0])
        text = plainly(vouched(without), look) if math.isfinite(without) else "inf"
        lines.append([segment(look, "dim", f" without unit {unit:<4}"), segment(look, "text", text)])
    return lines
