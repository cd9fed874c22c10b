"""One unit over time: a strip for each quantity, followed by its value at the cursor where there is room.

A timestamp stands in the same columns as in the timeline and in the picture of what wrote the memory.
"""

from rich.segment import Segment

from ....draw import heat
from ....draw.columns import WIDEST, paged, place_of, words_below
from ....draw.lines import Line, fitted, rule, segment, width_of
from ....draw.look import Look
from ..state import Moment
from .timeline import label_of, picture, scale_here, spelled

VALUE = 8
"""The cells after a strip for the value."""


def rows_of(moment: Moment) -> int:
    """Return the rows for a heading, all quantities and the words."""
    return len(moment.layer_trace.cell.quantities) + 2


def strips(moment: Moment, width: int, height: int, look: Look) -> list[Line]:
    """Return a heading with the scales, a strip for each quantity of the selected unit, and the words below."""
    layer, T = moment.layer_trace, len(moment.trace)
    names = layer.cell.quantities
    scales = {name: scale_here(moment, name) for name in names}
    least = max(heat.least(scale, look) for scale in scales.values())
    label = label_of(layer, look)
    cell, start, stop = paged(T, moment.t, width - label - 1, WIDEST, least)
    here = moment.t - start
    title = [segment(look, "text", f"unit {moment.unit} over time")]
    lines = [
        rule(
            look,
            title,
            [segment(look, "dim", f"{place_of(start, stop, T)} {look.glyphs.dot} "), *_scales(moment, look)],
            width,
        )
    ]
    for name in names:
        symbol = layer.quantity(name).symbol
        role = "cursor" if name == moment.quantity else name
        line = [Segment("  "), segment(look, role, symbol), Segment(" " * (label - 3))]
        value = layer.number(name, moment.t, moment.unit)
        if value is not None:
            blank = None if moment.computed(name) else here
            rows, _ = picture(layer, name, (moment.unit,), start, stop, cell, False, blank, look, scales[name])
            line += rows[0]
            signed = layer.quantity(name).signed
            text = look.amount(value) if signed else look.share(value)
            shown = text if moment.computed(name) else look.glyphs.pending * 4
            if width_of(line) + VALUE <= width:
                line.append(segment(look, name if moment.computed(name) else "dim", shown.rjust(VALUE - 1)))
        lines.append(line)
    below = words_below(*spelled(moment.subject, moment.t, start, stop, cell, look), here, cell, look)
    if height > len(lines):  # the words stand below the timeline already
        lines.append([Segment(" " * label), *below])
    return lines[:height]


def _scales(moment: Moment, look: Look) -> Line:
    """The scales of the strips, those with the same scale together: f i o 0 to 1."""
    names: dict[str, list[str]] = {}
    for name in moment.layer_trace.cell.quantities:
        scale = scale_here(moment, name)
        low = f"{look.glyphs.minus}{scale.full:g}" if scale.signed else "0"
        names.setdefault(f"{low} to {scale.full:g}", []).append(moment.layer_trace.quantity(name).symbol)
    text = f" {look.glyphs.dot} ".join(f"{' '.join(symbols)} {span}" for span, symbols in names.items())
    return [segment(look, "dim", fitted(look, text, 60))]
