"""Units and layers as a user types them: u42, l2u42, l1_reverse."""

import re
from dataclasses import replace

from .state import Moment

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
