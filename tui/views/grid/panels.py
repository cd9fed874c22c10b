"""The patch grid as a heat map, and in numbers the selected place and the largest effects."""

from rich.segment import Segment

from ....engine import QUANTITIES
from ...draw import heat
from ...draw.columns import WIDEST, paged, place_of, words_below
from ...draw.lines import Line, fitted, flow, rule, segment, spread
from ...draw.look import Look
from ...keys import with_keys
from ..stepper.panels.heading import edited_mark
from ..stepper.panels.timeline import spelled
from .state import GridView

LABEL = 8
LARGEST = 6
"""Effects that are named."""


def heading(state: GridView, width: int, height: int, look: Look) -> list[Line]:
    """Return the line that says of which word this is, and what is patched in."""
    here, dot = state.here, f" {look.glyphs.dot} "
    left: Line = [segment(look, "title", f" {fitted(look, here.subject.title, max(width - 60, 8))}")]
    left += edited_mark(here.subject, look)
    left.append(segment(look, "dim", f"{dot}patch grid"))
    source = "means over held-out sentences" if state.source is None else f"from: {state.source}"
    if len(here.trace.layers) > 1:
        left.append(segment(look, "dim", f"{dot}layer {here.layer}"))
    room = max(width - sum(s.cell_length for s in left) - 4, 8)
    left.append(segment(look, "text", f"{dot}{fitted(look, source, room)}"))
    return [spread(left, [], width, look)]


def grid(state: GridView, width: int, height: int, look: Look) -> list[Line]:
    """Return the effects, a row a unit (or two), a column a timestamp, the selected place marked at its edges."""
    here, name, patched = state.here, state.here.quantity, state.patched
    title = [segment(look, name, f"patching {name} {here.layer_trace.quantity(name).symbol}")]
    if patched is None:
        said = state.failed or "computing; {key:app.back} leaves"
        return [
            rule(look, title, [], width),
            [segment(look, "warning" if state.failed else "dim", f" {with_keys(said, look.glyphs.unicode)}")],
        ][:height]
    effects = patched.grid.effects
    T, H = effects.shape
    scale = heat.reaching(QUANTITIES["cell"], effects)
    room = max(height - 2 - look.plain, 1)
    half = heat.shaded(look) and room < H
    shown = min(2 * room if half else room, H)
    top = min(max(here.unit // shown * shown, 0), H - shown)
    top -= half and top % 2
    cells, start, stop = paged(T, here.t, width - LABEL - 1, WIDEST, heat.least(scale, look))
    levels = scale.levels(effects[start:stop, top : top + shown], None, heat.steps(scale, look))
    rows = heat.rows(levels, scale, "cell", cells, look, half)
    answer = fitted(look, patched.grid.answer, 16)
    title.append(segment(look, "dim", f" {look.glyphs.dot} change of ln p({answer}) at {state.at + 1}"))
    if shown < H:
        title.append(segment(look, "dim", f" {look.glyphs.dot} {shown} of {H} units"))
    lines = [heat.heading(title, place_of(start, stop, T), [], scale, "cell", width, look)]
    step = 2 if half else 1
    for n, row in enumerate(rows):
        numbers = range(top + n * step, min(top + (n + 1) * step, H))
        on = here.unit in numbers
        label = f"{look.glyphs.chosen if on else ' '} {look.glyphs.dot.join(map(str, numbers))}"
        lines.append([segment(look, "chosen" if on else "dim", label.ljust(LABEL)), *row])
    if look.plain:
        lines.insert(1, [Segment(" " * (LABEL + (here.t - start) * cells) + look.glyphs.down)])
    words = words_below(*spelled(here.subject, here.t, start, stop, cells, look), here.t - start, cells, look)
    return [*lines, [Segment(" " * LABEL), *words]][:height]


def selected(state: GridView, width: int, height: int, look: Look) -> list[Line]:
    """Return the effect at the selected place, and the largest of all."""
    here, patched = state.here, state.patched
    if patched is None:
        return []
    grid = patched.grid
    place = f"{here.quantity}[{here.unit}]@{here.t + 1}"
    lines = [rule(look, [segment(look, "chosen", place)], [], width)]
    effect = look.number(float(grid.effects[here.t, here.unit]), 3)
    enter = with_keys("{key:grid.jump}", look.glyphs.unicode)
    word = fitted(look, here.token(here.t), 16)
    base = f"ln p({fitted(look, grid.answer, 16)}) at {grid.at + 1} is {look.number(grid.base, 3)}"
    lines.append([segment(look, "text", f" {word}: {base} without a patch, and changes by "),
                  segment(look, "chosen", effect), segment(look, "dim", f"; {enter} goes there with it")])  # fmt: skip
    pieces: list[Line] = [[segment(look, "dim", " largest ")]]
    for t, unit, value in grid.largest(LARGEST):
        text = f" [{unit}]@{t + 1} {fitted(look, here.token(t), 12)} "
        pieces.append([segment(look, "text", text), segment(look, "chosen", f"{look.number(value)} ")])
    return [*lines, *flow(pieces, width, 2, look, indent=10)][:height]
