"""Two sides on the same keys, where they part, how far apart they are, and what every network of the scenario says."""

import numpy as np
from rich.segment import Segment

from ....engine import QUANTITIES, ROUNDING
from ...draw.lines import Line, clip, fitted, rule, segment, sized, spread
from ...draw.look import Look
from ..dense.panels import whole
from ..dense.state import Dense
from ..stepper.panels.prediction import prediction
from ..stepper.panels.sentence import lines_needed, sentence
from ..stepper.panels.timeline import timeline
from ..stepper.panels.units import units
from ..stepper.state import Moment
from .state import Comparison, Side

NAMES = {"cell": "c", "hidden": "h", "say": "p"}
MOST_SAID = 8
MOST_TIMELINE_ROWS = 8
WIDEST_UNITS = 64
"""Two tables of units, redrawn at every step, must not send more than the stepper's one."""
LABEL = 12


def heading(state: Comparison, width: int, height: int, look: Look) -> list[Line]:
    """Return the line that says what is compared, where one is, and where the two part."""
    dot = f" {look.glyphs.dot} "
    left: Line = [segment(look, "title", f" {state.left.subject.title}"), segment(look, "dim", f"{dot}compared")]
    if state.moments:
        left.append(segment(look, "text", f"{dot}timestamp {state.t + 1}/{state.timestamps}"))
    right = [segment(look, "chosen", f"{_divergence(state)} ")]
    return [spread(left, right, width, look)]


def _divergence(state: Comparison) -> str:
    """Where two recurrent sides diverge, or what else there is to say of the two as a whole."""
    if len(state.moments) == 2:
        t = state.divergence
        if state.same_network:
            return "they do not diverge" if t is None else f"they diverge at timestamp {t + 1}"
        return "predicted words never differ" if t is None else f"predicted words first differ at timestamp {t + 1}"
    wholes = [side for side in (state.left, state.right) if isinstance(side, Dense)]
    if len(wholes) < 2:
        return "one reads word by word, one all at once"
    one, other = (side.subject.reading.probabilities for side in wholes)
    same = wholes[0].subject.net is wholes[1].subject.net and np.array_equal(one, other)
    return "identical bit for bit" if same else "not the same"


def left(state: Comparison, width: int, height: int, look: Look) -> list[Line]:
    """Return the left side."""
    return side(state.left, width - 1, height, look)


def right(state: Comparison, width: int, height: int, look: Look) -> list[Line]:
    """Return the right side."""
    return side(state.right, width, height, look)


def side(which: Side, width: int, height: int, look: Look) -> list[Line]:
    """Return a network's name, its sentence, its units and what it says, in a column."""
    if isinstance(which, Dense):
        return whole(which, width, height, look)
    rows = min(lines_needed(which, width, look), 3)
    said = 5 if height >= rows + 12 else 3
    count = max(min(height - rows - said - 1, which.layer_trace.H + 1), 2)
    lines = [
        _name(which, width, look),
        *sentence(which, width, rows, look),
        *units(which, min(width, WIDEST_UNITS), count, look),
    ]
    left_over = height - len(lines)
    over_time = left_over - MOST_SAID if left_over >= MOST_SAID + 4 else 0
    lines += prediction(which, width, max(left_over - over_time, 5), look)
    if over_time:
        lines += timeline(which, width, min(over_time, which.layer_trace.H + 2, MOST_TIMELINE_ROWS), look)
    return lines[:height]


def _name(side: Moment, width: int, look: Look) -> Line:
    return rule(look, [segment(look, "chosen", fitted(look, side.subject.network, width - 6))], [], width)


def apart(state: Comparison, width: int, height: int, look: Look) -> list[Line]:
    """Return a row for the memory, the hidden state and the words: how far apart the sides are, step by step."""
    distances = state.distances()
    if not distances:
        return [rule(look, [segment(look, "text", "how far apart")], [], width), _no_timestamps(state, width, look)][
            :height
        ]
    how = "c, h: rms over units; p: half the sum of |p-p'|" if state.same_network else "p: half the sum of |p-p'|"
    head = rule(look, [segment(look, "text", "how far apart")], [segment(look, "dim", how)], width)
    T = len(next(iter(distances.values())))
    room = max(width - LABEL - 1, 1)
    cell = max(min(room // T, 6), 1)
    page = room // cell
    start = min(state.t, T - 1) // page * page
    lines = [head]
    for name, values in distances.items():
        full = 1.0 if name == "say" else 2.0 * QUANTITIES[name].drawn_to
        here = min(state.t, T - 1)
        label = f" {NAMES[name]:<4}{look.number(float(values[here])).lstrip('+'):>5}  "
        line = [segment(look, name if name in QUANTITIES else "text", label.ljust(LABEL))]
        line += _cells(values[start : start + page] / full, here - start, cell, name, look)
        lines.append(line)
    if not state.same_network:
        text = " c and h are not compared: the units of two networks do not correspond"
        lines.append([segment(look, "dim", clip(text, width, look.glyphs.ellipsis))])
    return lines[:height]


def _cells(values: np.ndarray, here: int, cell: int, name: str, look: Look) -> Line:
    """A level a timestamp, at least the lowest where there is any distance; a mark stands beside the one at t."""
    role = name if name in QUANTITIES else "text"
    line: Line = []
    for n, value in enumerate(values.tolist()):
        level = (
            look.level(max(value, 1.01 / (len(look.glyphs.levels) - 1))) if value > ROUNDING else look.glyphs.pending
        )
        text = level * max(cell - 1, 1) + " " * (cell > 1)
        style = look.style(role) + look.style("lit") if n == here else look.style(role)
        line.append(Segment(text, style))
    return line


def _from_difference(texts: list[str], width: int) -> list[str]:
    """The texts from the word before they differ, where they would be cut before it."""
    same = next((n for n, pair in enumerate(zip(*texts, strict=False)) if len(set(pair)) > 1), 0)
    if len(texts) < 2 or same < width // 2 or max(map(len, texts)) <= width:
        return texts
    start = texts[0].rfind(" ", 0, max(texts[0].rfind(" ", 0, same), 0)) + 1
    return [f"... {text[start:]}" for text in texts]


def _no_timestamps(state: Comparison, width: int, look: Look) -> Line:
    """What two networks say at the end, where one of them has nothing but an end."""
    text = " a dense network has no timestamps: see below what it says of each sentence"
    if state.left.subject.text == state.right.subject.text:
        text = " only their final predictions can be compared: see below"
    return [segment(look, "dim", clip(text, width, look.glyphs.ellipsis))]


def answers(state: Comparison, width: int, height: int, look: Look) -> list[Line]:
    """Return what every network of the scenario says at the end of the sentences that are compared."""
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
            text = "too long for it" if said is None else f"{look.text(said[0])} {look.fraction(said[1])}"
            text = clip(f"{marks[right]} {text}", column, look.glyphs.ellipsis)
            line.append(segment(look, "hidden" if right else "text", sized(text, column)))
        lines.append(line)
    return lines[:height]
