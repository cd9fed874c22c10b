"""The picture of the cell with the numbers of the selected unit: what is computed so far is lit."""

import numpy as np

from .....engine import QUANTITIES, ledger
from ....draw import blocks
from ....draw.blocks import Numbers
from ....draw.lines import Line, fitted, rule, segment
from ....draw.look import Look
from ..state import Moment


def cell(moment: Moment, width: int, height: int, look: Look) -> list[Line]:
    """Return a heading and the picture of the cell, or the heading and what the picture needs."""
    lines = [_heading(moment, width, look)]
    if width < blocks.WIDTH or height <= blocks.rows_of(moment.layer_trace.weights):
        return [*lines, [segment(look, "dim", f" needs {blocks.WIDTH} columns")]][:height]
    return [*lines, *blocks.block(numbers(moment, look), width, look)]


def _heading(moment: Moment, width: int, look: Look) -> Line:
    """Which unit of which kind of cell this is, and what of it was set by hand."""
    hook, layer = moment.layer_trace.hook, moment.layer_trace
    title = f"inside unit {moment.unit}, {layer.cell.title}"
    right = []
    if hook is not None:
        names = [
            QUANTITIES[name].symbol
            for name in layer.cell.quantities
            if hook.edits_at(moment.layer, moment.t, name, moment.unit)
        ]
        right = [segment(look, "chosen", f"by hand: {' '.join(names)}")] if names else []
    return rule(look, [segment(look, "text", fitted(look, title, width - 6))], right, width)


def numbers(moment: Moment, look: Look) -> Numbers:
    """Return what stands in the picture of the selected unit at this moment."""
    layer, t, unit = moment.layer_trace, moment.t, moment.unit
    weights, parts = layer.weights, list(layer.cell.parts.values())
    shown = moment.lit or moment.phase
    done = frozenset(name for names in parts[:shown] for name in names)
    values = {name: layer.number(name, t, unit) for name in layer.cell.quantities}
    return Numbers(
        weights,
        values | _beside(moment, values),
        {state: float(layer.before(t, state)[unit]) for state in layer.cell.states if unit < weights.width(state)},
        _reads(moment, look),
        done,
        frozenset(parts[shown - 1]) if 0 < shown < len(parts) else frozenset(),
    )


def _reads(moment: Moment, look: Look) -> str:
    """What is read here: the word in quotes, or how many numbers."""
    if moment.trace.tokens:
        return f'"{look.text(moment.brief(moment.t))}"'
    return f"of {moment.layer_trace.inputs.shape[1]}"


def _beside(moment: Moment, values: dict[str, float | None]) -> dict[str, float | None]:
    """The terms of the memory, what is shown of it, and the parts of a candidate's sum."""
    layer, trace, t, unit = moment.layer_trace, moment.trace, moment.t, moment.unit
    cell, found = layer.cell, dict[str, float | None]()
    if cell.memory_state:
        kept, written, *_ = ledger(trace, t, unit, cell.memory_state, moment.layer).terms
        found |= {blocks.CARRIED: kept.product, blocks.WRITTEN: written.product}
    if cell.memory_state == "cell":
        squashed = float(cell.output.apply(np, np.float64(values["cell"] or 0.0)))
        found |= {blocks.SQUASHED: squashed, blocks.SHOWN: squashed * (values["output"] or 0.0)}
        return found
    sum_of = ledger(trace, t, unit, "candidate" if cell.memory_state else "hidden", moment.layer)
    from_state = sum_of.from_source("hidden") + sum_of.from_source("recurrent bias")
    return found | {blocks.FROM_STATE: from_state, blocks.FROM_INPUT: sum_of.total - from_state}
