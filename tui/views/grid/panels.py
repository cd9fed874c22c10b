"""The patch grid as a heat map, and the selected place and the largest effects in numbers."""

import math
from dataclasses import replace

from rich.segment import Segment

from ....engine import QUANTITIES
from ....engine.text import percent
from ...draw import heat
from ...draw.columns import WIDEST, columns_clickable, paged, place_of, words_below
from ...draw.lines import Line, fitted, flow, on_cursor, rule, segment, sized, spread
from ...draw.look import Look
from ...draw.numbers import signed
from ...keys import with_keys
from ...source.patches import averages
from ..stepper.panels.heading import edited_mark
from ..stepper.panels.timeline import spelled
from .state import GridView

LABEL = 8
LEAST_LIST = 4
"""The fewest rows of the list of effects, with what stands above it."""

LEAST_SHOWN = 0.0005
"""The smallest change of ln p that does not print as 0.000; smaller ones are not told apart."""

TALLEST = 3
"""Rows that a unit takes at most."""

PLACE = 26
"""Cells of a place in the list, and of its word."""


def heading(state: GridView, width: int, height: int, look: Look) -> list[Line]:
    """Return the line that says which run is patched, and what from."""
    here, dot = state.here, f" {look.glyphs.dot} "
    left: Line = [segment(look, "title", f" {fitted(look, here.subject.title, max(width - 60, 8))}")]
    left += edited_mark(here.subject, look)
    left.append(segment(look, "dim", f"{dot}patch grid"))
    if state.source is None:
        source = averages(here.subject)
    else:
        source = f"from: {state.source}" if here.trace.tokens is not None else f"from sequence {state.source}"
    if len(here.trace.layers) > 1:
        left.append(segment(look, "dim", f"{dot}layer {here.layer}"))
    room = max(width - sum(s.cell_length for s in left) - 4, 8)
    left.append(segment(look, "text", f"{dot}{fitted(look, source, room)}"))
    return [spread(left, [], width, look)]


def grid_rows(state: GridView, room: int, look: Look) -> int:
    """Return how many of `room` rows the grid gets: one or more for each unit, with a heading and words."""
    around = 2 + look.plain
    least = min(LEAST_LIST, room // 2)
    tall = min(max((room - around) * 3 // 5 // state.units, 1), TALLEST)
    return max(min(state.units * tall + around, room - least), 1)


def grid(state: GridView, width: int, height: int, look: Look) -> list[Line]:
    """Return the effects: a column for each timestamp, some rows, or half of one, for a unit, the selection marked."""
    here, name, patched = state.here, state.here.quantity, state.patched
    title = [segment(look, name, f"patching {name} {here.layer_trace.quantity(name).symbol}")]
    if patched is None:
        share = f" {percent(state.done)}" if state.done else ""
        said = state.failed or f"computing{share}; {{key:app.back}} leaves"
        pieces: list[Line] = [
            [segment(look, "warning" if state.failed else "dim", f"{word} ")]
            for word in with_keys(said, look.glyphs.unicode).split(" ")
        ]
        return [rule(look, title, [], width), *flow([[Segment(" ")], *pieces], width, 3, look, indent=1)][:height]
    effects = patched.grid.effects
    T, H = effects.shape
    scale = heat.reaching(QUANTITIES["cell"], effects)
    if not patched.grid.of_numbers:
        scale = replace(scale, full=max(scale.full, 2 * LEAST_SHOWN))
    room = max(height - 2 - look.plain, 1)
    half = heat.shaded(look) and room < H
    shown = min(2 * room if half else room, H)
    tall = max(min(room // H, TALLEST), 1)
    top = min(max(here.unit // shown * shown, 0), H - shown)
    top -= half and top % 2
    cells, start, stop = paged(T, here.t, width - LABEL - 1, WIDEST, heat.least(scale, look))
    levels = scale.levels(effects[start:stop, top : top + shown], None, heat.steps(scale, look))
    rows = heat.rows(levels, scale, "cell", cells, look, half)
    title.append(segment(look, "dim", f" {look.glyphs.dot} {_asked(state, look)}"))
    if shown < H:
        title.append(segment(look, "dim", f" {look.glyphs.dot} {shown} of {H} units"))
    lines = [heat.heading(title, place_of(start, stop, T), [], scale, "cell", width, look)]
    step = 2 if half else 1
    for n, row in enumerate(rows):
        numbers = range(top + n * step, min(top + (n + 1) * step, H))
        on = here.unit in numbers
        label = f"{look.glyphs.chosen if on else ' '} {look.glyphs.dot.join(map(str, numbers))}"
        row = columns_clickable(look, row, 0, cells, start, f"cell:{numbers[0]}")
        lines.append([segment(look, "chosen" if on else "dim", label.ljust(LABEL)), *row])
        lines += [[Segment(" " * LABEL), *row]] * (tall - 1)
    if look.plain:
        lines.insert(1, [Segment(" " * (LABEL + (here.t - start) * cells) + look.glyphs.down)])
    words = words_below(*spelled(here.subject, here.t, start, stop, cells, look), here.t - start, cells, look)
    return [*lines, [Segment(" " * LABEL), *words]][:height]


def _asked(state: GridView, look: Look) -> str:
    """What the effects are changes of."""
    assert state.patched is not None
    grid, answer = state.patched.grid, fitted(look, state.patched.grid.answer, 16)
    return f"change of {answer if grid.of_numbers else f'ln p({answer})'} at {grid.at + 1}"


def selected(state: GridView, width: int, height: int, look: Look) -> list[Line]:
    """Return the effect at the selected place, and the largest of all, as many as there is room for."""
    here, patched = state.here, state.patched
    if patched is None:
        return []
    grid = patched.grid
    title: Line = [segment(look, "chosen", f"{here.quantity}[{here.unit}]@{here.t + 1}")]
    if here.trace.tokens or here.trace.labels:
        title.append(segment(look, "text", f" {fitted(look, here.token(here.t), 16)}"))
    effect = float(grid.effects[here.t, here.unit])
    answer = fitted(look, grid.answer, 16)
    said: list[Line] = [
        [segment(look, "text", f" {answer if grid.of_numbers else f'ln p({answer})'} at {grid.at + 1}: ")],
        [segment(look, "text", f"{_answer(state, grid.base, look)} as it is, ")],
        [segment(look, "text", f"{_answer(state, grid.base + effect, look)} with this patch, ")],
        [segment(look, "text", "a change of "), segment(look, "chosen", _change(state, effect, look))],
    ]
    lines = [rule(look, title, [], width), *flow(said, width, 2, look, indent=1)]
    rows = height - len(lines) - 1
    if rows < 1:
        return lines[:height]
    count = min(rows, grid.effects.size)
    first = max(min((state.rank or 0) - count // 2, grid.effects.size - count), 0)
    largest = grid.largest(first + count)
    full = max((abs(value) for *_, value in grid.largest(1) if math.isfinite(value)), default=0.0) or 1.0
    if not grid.of_numbers:
        full = max(full, 2 * LEAST_SHOWN)
    of = f"largest effects: {first + 1} to {first + count} of {grid.effects.size:,}"
    lines.append(rule(look, [segment(look, "text", of)], [], width))
    for t, unit, value in largest[first:]:
        at = f"{here.quantity}[{unit}]@{t + 1}"
        word = f" {here.token(t)}" if here.trace.tokens or here.trace.labels else ""
        text = sized(fitted(look, at + word, PLACE), PLACE)
        on = (t, unit) == (here.t, here.unit)
        mark = look.glyphs.chosen if on else " "
        size = abs(value) / full if math.isfinite(value) else 0.0
        bar = look.bar(size, max(min(width - PLACE - 18, 60), 0))
        lines.append([
            segment(look, "key", f" {mark}"), on_cursor(look, text) if on else segment(look, "text", f" {text} "),
            segment(look, "chosen", f"{_change(state, value, look):>11} "),
            segment(look, "forget" if value < 0 else "candidate", f" {bar}"),
        ])  # fmt: skip
    return lines[:height]


def _answer(state: GridView, value: float, look: Look) -> str:
    """An answer: ln p with three decimals, or in powers of ten near 0; a number with four significant digits."""
    assert state.patched is not None
    if state.patched.grid.of_numbers:
        return signed(value).replace("-", look.glyphs.minus)
    return (
        look.number(value, 3) if not 0 < abs(value) < LEAST_SHOWN else f"{value:+.1e}".replace("-", look.glyphs.minus)
    )


def _change(state: GridView, value: float, look: Look) -> str:
    """The change of an answer; of ln p, what is smaller than what three decimals can say is said to be that."""
    assert state.patched is not None
    if not state.patched.grid.of_numbers and abs(value) < LEAST_SHOWN:
        return f"<{LEAST_SHOWN:g}" if value else "0"
    return _answer(state, value, look)
