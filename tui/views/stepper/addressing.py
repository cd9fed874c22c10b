"""Places in a run: units and layers as a user types them, such as u42, l2u42 and l1_reverse, and hits."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from .state import Moment

if TYPE_CHECKING:
    from ....engine import Hit

_ADDRESS = re.compile(r"(?P<layer>l\d{1,4}(_reverse)?)?(u(?P<unit>\d{1,7}))?", re.ASCII)


def addressed(text: str, moment: Moment) -> Moment | str | None:
    """Return `moment` in the layer and at the unit that `text` names; None where it names neither.

    Returns what is wrong instead, as a sentence, where there is no such layer or unit.
    """
    match = _ADDRESS.fullmatch(text.strip().lower())
    if match is None or not (match["layer"] or match["unit"]):
        return None
    layers = [layer.name for layer in moment.trace.layers]
    name = match["layer"] or moment.layer
    if name not in layers:
        return f"there is no layer {name}; this network has {', '.join(layers)}"
    there = moment if name == moment.layer else moment.in_layer(name)
    unit, H = int(match["unit"] or there.unit), there.layer_trace.H
    if unit >= H:
        return f"there is no unit {unit} in {name}; it has 0 to {H - 1}"
    return replace(there, unit=unit)


def at_hit(moment: Moment, hit: "Hit") -> Moment:
    """Return `moment` at a hit, with the layer, quantity and unit selected that made the condition true."""
    there = moment
    if hit.layer is not None and hit.layer != there.layer:
        there = there.in_layer(hit.layer)
    named = [word for word in re.findall(r"\w+", hit.quantity) if word in there.layer_trace.cell.quantities]
    if hit.layer is not None and named:
        there = replace(there, quantity=named[0])
    if hit.layer is not None and hit.unit is not None and hit.unit in there.order:
        there = replace(there, unit=hit.unit)
    return there.at(hit.t)
