"""Two sides on the same keys, where they diverge, how far apart they are, and what every network predicts."""

from collections.abc import Mapping

import numpy as np
from rich.segment import Segment

from ....engine import QUANTITIES, ROUNDING
from ...draw import blocks, heat
from ...draw.columns import WIDEST, columns_clickable, paged, place_of, words_below
from ...draw.heat import shaded
from ...draw.lines import Line, Panel, clip, fitted, rule, segment, sized, spread
from ...draw.look import Look
from ..dense.panels import whole
from ..dense.state import Dense
from ..stepper.panels import strips, written
from ..stepper.panels.cell import cell
from ..stepper.panels.heading import edited_mark
from ..stepper.panels.prediction import prediction
from ..stepper.panels.sentence import lines_needed, sentence
from ..stepper.panels.timeline import spelled, timeline
from ..stepper.panels.units import units
from ..stepper.state import Moment
from .state import Comparison, Side

NAMES = {"cell": "c", "hidden": "h", "say": "p", "output": "y"}
MOST_SAID = 7
MOST_TIMELINE_ROWS = 8
MOST_DIFFERENCE_ROWS = 16
WIDEST_UNITS = 64
"""Two tables of units, redrawn at every step, must not send more than the stepper's one."""
LABEL = 12


def heading(state: Comparison, width: int, height: int, look: Look) -> list[Line]:
    """Return the line that says what is compared, at which timestamp, and where the two diverge."""
    dot = f" {look.glyphs.dot} "
    left: Line = [segment(look, "title", f" {state.left.subject.title}"), segment(look, "dim", f"{dot}compared")]
    for moment in state.moments:
        left += edited_mark(moment.subject, look)
    if state.moments:
        left.append(segment(look, "text", f"{dot}timestamp {state.t + 1}/{state.timestamps}"))
    right = [segment(look, "chosen", f"{_divergence(state)} ")]
    return [spread(left, right, width, look)]


def _divergence(state: Comparison) -> str:
    """Where two recurrent sides diverge, or what else is to be said of the two as a whole."""
    if len(state.moments) == 2:
        t = state.divergence
        if state.same_network:
            return "they do not diverge" if t is None else f"they diverge at timestamp {t + 1}"
        if state.numbers:
            far = state.farthest
            if far is not None and not state.distances()["output"][far]:
                return "outputs never differ"
            return "two networks" if far is None else f"outputs differ most at timestamp {far + 1}"
        return "predictions never differ" if t is None else f"predictions first differ at timestamp {t + 1}"
    wholes = [side for side in (state.left, state.right) if isinstance(side, Dense)]
    if len(wholes) < 2:
        return "one reads word by word, the other all at once"
    one, other = (side.subject.reading.probabilities for side in wholes)
    same = wholes[0].subject.net is wholes[1].subject.net and np.array_equal(one, other)
    return "identical bit for bit" if same else "not the same"


def left(state: Comparison, width: int, height: int, look: Look) -> list[Line]:
    """Return the left side."""
    return side(state.left, state.right, width - 1, height, look)


def right(state: Comparison, width: int, height: int, look: Look) -> list[Line]:
    """Return the right side, in as many columns as the left one has."""
    return side(state.right, state.left, width - 1, height, look)


def side(which: Side, other: Side, width: int, height: int, look: Look) -> list[Line]:
    """Return a network's name, its sentence, its units and its prediction, and with more room how that comes about.

    Each of these stands in the same rows on both sides, whatever the `other` needs.
    """
    if isinstance(which, Dense):
        return whole(which, width, height, look)
    lines = [_name(which, width, look)]
    for panel, rows, columns in _shared(which, other, width, height - 1, look):
        drawn = panel(which, columns, rows, look)[:rows]
        lines += [*drawn, *([] for _ in range(rows - len(drawn)))]
    return lines[:height]


def _shared(which: Moment, other: Side, width: int, height: int, look: Look) -> list[tuple[Panel[Moment], int, int]]:
    """The panels of one side from the top, with the rows that they have on both sides, and their columns."""
    both = [side for side in (which, other) if isinstance(side, Moment)]
    H = max(moment.layer_trace.H for moment in both)
    rows = min(max(lines_needed(moment, width, look) for moment in both), 3)
    said = 5 if height >= rows + 11 else 2
    count = max(min(height - rows - said, H + 1), 2)
    left = height - rows - count
    halves = shaded(look)
    pictured = [(max(1 + blocks.rows_of(moment.layer_trace.weights) for moment in both), cell, blocks.WIDTH)]
    pictured += [(max(strips.rows_of(moment) for moment in both), strips.strips, 0)]
    if all(moment.layer_trace.cell.memory_state for moment in both):
        pictured.append((written.MOST, written.written, 60))
    over_time = 2 + min(-(-H // 2) if halves else H, MOST_TIMELINE_ROWS - 2)
    given = {timeline: over_time if left - over_time >= MOST_SAID else 0}
    left -= given[timeline]
    for needed, panel, least in pictured:
        if width >= least and left - needed >= MOST_SAID:
            given[panel] = needed
            left -= needed
    if given[timeline] and left - (2 + H - given[timeline]) >= MOST_SAID:
        left -= 2 + H - given[timeline]
        given[timeline] = 2 + H
    table = min(width, WIDEST_UNITS)
    first: list[tuple[Panel[Moment], int, int]] = [
        (sentence, rows, width),
        (units, count, table),
        (prediction, left, width),
    ]
    return [*first, *((panel, rows, width) for panel, rows in given.items() if rows)]


def _name(side: Moment, width: int, look: Look) -> Line:
    name = ", ".join(part for part in (side.subject.network, side.subject.origin.place) if part)
    return rule(look, [segment(look, "chosen", fitted(look, name, width - 6))], [], width)


def difference(state: Comparison, width: int, height: int, look: Look) -> list[Line]:
    """Return the right side less the left one, of the selected quantity of every unit over time, as a heat map."""
    found = state.difference()
    if found is None:
        return []
    moment, T = state.moments[0], len(found)
    name = moment.quantity
    quantity = moment.layer_trace.quantity(name)
    scale = difference_scale(state)
    room = max(height - 2 - look.plain, 1)
    H = found.shape[1]
    half = heat.shaded(look) and room < H
    shown = min(2 * room if half else room, H)
    top = min(max(moment.unit // shown * shown, 0), H - shown)
    top -= half and top % 2
    cells, start, stop = paged(T, state.t, width - LABEL - 1, WIDEST, heat.least(scale, look))
    levels = scale.levels(found[start:stop, top : top + shown], None, heat.steps(scale, look))
    rows = heat.rows(levels, scale, "cell", cells, look, half)
    title = [segment(look, name, f"difference: {name} {quantity.symbol}, right {look.glyphs.minus} left")]
    if shown < H:
        title.append(segment(look, "dim", f" {look.glyphs.dot} {shown} of {H} units"))
    mark = heat.beyond(levels, scale, look, half)
    lines = [heat.heading(title, place_of(start, stop, T), mark, scale, "cell", width, look)]
    step = 2 if half else 1
    for n, row in enumerate(rows):
        numbers = range(top + n * step, min(top + (n + 1) * step, H))
        marked = look.glyphs.chosen if moment.unit in numbers else " "
        label = f"{marked} {look.glyphs.dot.join(map(str, numbers))}"
        lines.append([segment(look, "chosen" if moment.unit in numbers else "dim", label.ljust(LABEL)), *row])
    words = words_below(*_both_words(state, start, stop, cells, look), state.t - start, cells, look)
    return [*lines, [Segment(" " * LABEL), *words]][:height]


def difference_rows(state: Comparison, look: Look) -> int:
    """Return how many rows the difference takes: a row for two units where there are shades; 0 where there is none."""
    found = state.difference()
    if found is None:
        return 0
    H: int = found.shape[1]
    return 2 + look.plain + min(-(-H // 2) if heat.shaded(look) else H, MOST_DIFFERENCE_ROWS)


def difference_scale(state: Comparison) -> heat.Scale:
    """Return the scale of the difference: where the quantity has bounds, as far as two values can be apart."""
    found, quantity = state.difference(), state.moments[0].layer_trace.quantity(state.moments[0].quantity)
    assert found is not None
    if quantity.low is not None and quantity.high is not None:
        return heat.Scale(quantity.high - quantity.low, True)
    return heat.scale_of(quantity.within(None, None), found)


def _both_words(state: Comparison, start: int, stop: int, cell: int, look: Look) -> tuple[list[str], str]:
    """What both sides read at each timestamp: both words where they differ and there is room, else the right one."""
    one, other = (spelled(moment.subject, state.t, start, stop, cell, look) for moment in state.moments)
    if state.moments[0].trace.tokens is None:
        return other
    words = [
        a if a == b else f"{a}/{b}" if len(f"{a}/{b}") < cell else b for a, b in zip(one[0], other[0], strict=True)
    ]
    return words, one[1] if one[1] == other[1] else f"{one[1]}/{other[1]}"


def apart(state: Comparison, width: int, height: int, look: Look) -> list[Line]:
    """Return a row for the memory, the hidden state and the words: how far apart the sides are at each timestamp."""
    distances = state.distances()
    if not distances:
        return [rule(look, [segment(look, "text", "how far apart")], [], width), _no_timestamps(state, width, look)][
            :height
        ]
    how = _how(distances, state.numbers)
    head = rule(look, [segment(look, "text", "how far apart")], [segment(look, "dim", how)], width)
    T = len(next(iter(distances.values())))
    cells, start, stop = paged(T, min(state.t, T - 1), width - LABEL - 1, WIDEST)
    lines = [head]
    for name, values in distances.items():
        full = _full(name, values)
        here = min(state.t, T - 1)
        label = f" {NAMES[name]:<4}{look.number(float(values[here])).lstrip('+'):>5}  "
        line = [segment(look, name if name in QUANTITIES else "text", label.ljust(LABEL))]
        line += _cells(values[start:stop] / full, here - start, cells, name, look)
        lines.append(columns_clickable(look, line, LABEL, cells, start))
    if not state.same_network:
        text = " c and h are not compared: the units of two networks do not correspond"
        lines.append([segment(look, "dim", clip(text, width, look.glyphs.ellipsis))])
    return lines[:height]


def _full(name: str, values: np.ndarray) -> float:
    """The distance at which a bar is full: twice what the quantity is drawn to, all of p, the largest of an output."""
    if name in QUANTITIES:
        return 2.0 * QUANTITIES[name].drawn_to
    return 1.0 if name == "say" else float(values[np.isfinite(values)].max(initial=0.0)) or 1.0


def _how(distances: Mapping[str, np.ndarray], numbers: bool) -> str:
    """What the distances are, and where their bars are full."""
    states = [f"{NAMES[name]} to {_full(name, values):g}" for name, values in distances.items() if name in QUANTITIES]
    said = "y: |y-y'|, in its unit" if numbers else "p to 1: total variation"
    return f"{', '.join(states)}: rms over units; {said}" if states else said


def _cells(values: np.ndarray, here: int, cell: int, name: str, look: Look) -> Line:
    """A level for each timestamp, at least the lowest where there is any distance; the one at t is lit."""
    role = name if name in QUANTITIES else "text"
    line: Line = []
    for n, value in enumerate(values.tolist()):
        least = 1.01 / (len(look.glyphs.levels) - 1)
        level = look.glyphs.pending if value <= ROUNDING else look.level(max(value, least))
        text = level * max(cell - 1, 1) + " " * (cell > 1)
        style = look.style(role) + look.style("lit") if n == here else look.style(role)
        line.append(Segment(text, style))
    return line


def _from_difference(texts: list[str], width: int) -> list[str]:
    """The texts from the word before they first differ, where they would be cut before that."""
    same = next((n for n, pair in enumerate(zip(*texts, strict=False)) if len(set(pair)) > 1), 0)
    if len(texts) < 2 or same < width // 2 or max(map(len, texts)) <= width:
        return texts
    start = texts[0].rfind(" ", 0, max(texts[0].rfind(" ", 0, same), 0)) + 1
    return [f"... {text[start:]}" for text in texts]


def _no_timestamps(state: Comparison, width: int, look: Look) -> Line:
    """Why there are no distances over time, and where the final predictions are."""
    text = " a dense network has no timestamps: its prediction for each sentence is below"
    if state.numbers:
        text = " two networks without a readout in common: their units do not correspond"
    elif state.left.subject.text == state.right.subject.text:
        text = " only their final predictions can be compared, below"
    return [segment(look, "dim", clip(text, width, look.glyphs.ellipsis))]


def answers(state: Comparison, width: int, height: int, look: Look) -> list[Line]:
    """Return what every network of the scenario predicts at the end of the sentences that are compared."""
    if not state.answers:
        return []
    texts = [state.left.subject.text]
    if state.right.subject.text != texts[0]:
        texts.append(state.right.subject.text)
    name = max(len(answer.model) for answer in state.answers)
    first = name + 12
    column = max((width - first) // len(texts), 12)
    sentences = [sized(fitted(look, text, column - 2), column) for text in _from_difference(texts, column - 2)]
    if len(texts) == 1:
        head = rule(look, [segment(look, "text", "every network's final prediction")], [], width)
    else:
        head = [segment(look, "dim", " parameters".ljust(first)), segment(look, "text", "".join(sentences))]
    lines = [head]
    marks = {True: look.glyphs.right, False: look.glyphs.wrong, None: " "}
    for answer in state.answers:
        line = [segment(look, "chosen", f" {answer.model.ljust(name)}"),
                segment(look, "dim", f" {answer.parameters:>7,}   ")]  # fmt: skip
        for said, right in zip(answer.said[: len(texts)], answer.right, strict=False):
            text = "too long for it" if said is None else f"{look.text(said[0])} {look.share(said[1])}"
            text = clip(f"{marks[right]} {text}", column, look.glyphs.ellipsis)
            line.append(segment(look, "hidden" if right else "text", sized(text, column)))
        lines.append(line)
    if len(lines) > height:
        rows = max(height - 1, 1)
        missing = f" {len(lines) - rows} more network{'s' * (len(lines) - rows > 1)}"
        lines[rows:] = [[segment(look, "dim", missing)]]
    return lines[:height]
