"""What a network over numbers says with a unit ablated, beside what it says with another, drawn at random."""

from dataclasses import dataclass, replace

import numpy as np

from ....engine import BadInput, Outputs, Trace, edited
from ...draw.lines import Line, fitted, flow, rule, segment, sized
from ...draw.look import Look
from ...draw.numbers import plainly
from ..stepper.state import Moment

MOST = 20_000
"""Timestamps, from the first, over which the change is measured."""

NAME = 12


@dataclass(frozen=True, eq=False)
class Without:
    """A run without a unit: `unit` (None for the whole network), what it `says` there, and what that changes.

    `moved` is the root mean square by which the last layer's hidden states move, over units and timestamps; `changed`
    that of the outputs, in their unit; `loss` is the mean squared error in the network's scale. NaN where there is no
    output, or no target.
    """

    unit: int | None
    says: Outputs | None
    moved: float
    changed: float
    loss: float


@dataclass(frozen=True, eq=False)
class Ablated:
    """The whole run, the one without the unit, and the one without another, drawn at random, where there is one."""

    runs: tuple[Without, ...]
    timestamps: int


def without_unit(here: Moment) -> Ablated:
    """Return what the hidden state of the unit of `here` held at zero costs. Raises BadInput where it shows nothing."""
    if here.unit >= here.layer_trace.weights.P:
        raise BadInput("this unit outputs nothing: the projection ignores it")
    others = [unit for unit in range(here.layer_trace.weights.P) if unit != here.unit]
    drawn = [int(np.random.default_rng(here.unit).choice(others))] if others else []
    T = min(len(here.trace), MOST)
    whole = _without(here, here.trace, None, T)
    runs = [
        _without(here, edited(here.trace, [f"{here.layer}.hidden[{unit}]=0"]), unit, T) for unit in (here.unit, *drawn)
    ]
    return Ablated((whole, *runs), T)


def _without(here: Moment, trace: Trace, unit: int | None, T: int) -> Without:
    """What a run without a unit is beside the one of `here`."""
    last = [weights.name for weights in trace.stack.layers[-1]]
    gaps = [np.asarray(trace.layer(name)["hidden"][:T] - here.trace.layer(name)["hidden"][:T]) for name in last]
    moved = float(np.sqrt(np.mean([np.mean(gap.astype(np.float64) ** 2) for gap in gaps])))
    said = here.subject.outputs
    if said is None:
        return Without(unit, None, moved, np.nan, np.nan)
    other = replace(said, trace=trace)
    apart = other.values(0, T) - said.values(0, T)
    losses = other.losses(0, T)
    loss = float(np.nanmean(losses)) if not np.isnan(losses).all() else np.nan
    return Without(unit, other, moved, float(np.sqrt((apart**2).mean())), loss)


def cost(here: Moment, found: Ablated | None, waiting: Line, width: int, look: Look) -> list[Line]:
    """Return a heading and a row a run: what it says at the timestamp that is looked at, and how much changes."""
    whole, over = found.runs[0] if found else None, f"over {found.timestamps:,} timestamps" if found else ""
    what = "the output" if whole and whole.says else "the last layer's h"
    title = [segment(look, "text", f"{what} with h of unit {here.unit} held at 0")]
    lines = [rule(look, title, [segment(look, "dim", over)] if over else [], width)]
    if found is None:
        return [*lines, waiting]
    for number, run in enumerate(found.runs):
        name = "whole" if run.unit is None else f"without {run.unit}"
        pieces = [[segment(look, "chosen", sized(f" {name}", NAME))], *_pieces(run, here.t, look)]
        if number == 2:
            pieces.append([segment(look, "dim", "  drawn at random")])
        lines += flow(pieces, width, 1, look)
    return lines


def _pieces(run: Without, t: int, look: Look) -> list[Line]:
    """What a run says at `t`, and what of it changes."""
    pieces: list[Line] = []
    if run.says is not None:
        for name, value in zip(run.says.names[:3], run.says.values(t, t + 1)[0].tolist(), strict=False):
            shown = [
                segment(look, "dim", f"{fitted(look, name, 14)} "),
                segment(look, "text", f"{plainly(value, look)}  "),
            ]
            pieces.append(shown)
    if not np.isnan(run.loss):
        pieces.append([segment(look, "dim", " mean squared error "), segment(look, "text", plainly(run.loss, look))])
    if run.unit is None:
        return pieces or [[segment(look, "dim", "as it is")]]
    if run.says is not None:
        pieces.append([segment(look, "dim", "  changes by rms "), segment(look, "text", plainly(run.changed, look))])
    else:
        pieces.append([segment(look, "dim", "moves by rms "), segment(look, "text", plainly(run.moved, look))])
    return pieces
