"""One unit: its state over sentences that differ in a word, its outgoing weights, and the scores without it."""

from collections.abc import Sequence

from rich.segment import Segment

from ....scenarios import Scores
from ...draw import heat
from ...draw.columns import WIDEST, paged, place_of, words_below
from ...draw.lines import Line, clip, fitted, flow, rule, segment, sized, spread
from ...draw.look import Look
from ...source.subject import Subject
from ..stepper.panels.timeline import fixed_scale, picture, spelled
from ..stepper.state import Moment
from .state import UnitPage, to_gates, to_words

WEIGHTS, SCORES = 4, 4
"""The rows that the weights need and the scores have, with their headings."""

NAME, VALUE = 12, 7
"""The cells before the timestamps for the word that differs, and after them for the value at the cursor."""

WAITING = "running the network without this unit"


def heading(state: UnitPage, width: int, height: int, look: Look) -> list[Line]:
    """Return the line that says which unit of which network this is, and at which timestamp."""
    here, dot = state.here, f" {look.glyphs.dot} "
    name = fitted(look, here.subject.network, max(width - 60, 14))
    line = [segment(look, "title", f" {here.subject.title}"), segment(look, "dim", f"{dot}{name}")]
    if len(here.trace.layers) > 1:
        line.append(segment(look, "dim", f"{dot}layer {here.layer}"))
    line.append(segment(look, "title", f"{dot}unit {here.unit}"))
    line.append(
        segment(look, "text", f"{dot}timestamp {here.t + 1}/{len(here.trace)}, {look.text(here.token(here.t))}")
    )
    return [spread(line, [], width, look)]


def rows_needed(state: UnitPage) -> int:
    """Return how many rows the traces have: a heading, a row each, and words below, once or for each."""
    own = state.differ is None
    return 1 + len(state.subjects) * (2 if own else 1) + (not own)


def traces(state: UnitPage, width: int, height: int, look: Look) -> list[Line]:
    """Return the unit's state over every sentence, each with its value at the cursor, and the words below."""
    here, name = state.here, state.state
    longest = max(len(subject.trace) for subject in state.subjects)
    scale = fixed_scale(here.layer_trace, name)
    cell, start, stop = paged(longest, here.t, width - NAME - VALUE, WIDEST, heat.least(scale, look))
    lines, beyond = [], Line()
    for n, (subject, called) in enumerate(zip(state.subjects, state.names, strict=True)):
        end = min(stop, len(subject.trace))
        mark, role = (look.glyphs.chosen, "chosen") if n == 0 else (" ", "text")
        line = [segment(look, role, sized(f"{mark} {fitted(look, called, NAME - 3)}", NAME))]
        if end > start:
            layer = subject.trace.layer(here.layer)
            rows, marks = picture(layer, name, (here.unit,), start, end, cell, False, None, look, scale)
            line, beyond = [*line, *rows[0]], beyond or marks
        if here.t < len(subject.trace):
            value = subject.trace.layer(here.layer).number(name, here.t, here.unit)
            gap = " " * (cell * (stop - max(end, start)) + 1)
            line += [Segment(gap), segment(look, "text", "" if value is None else look.memory(value))]
        lines.append(line)
        if state.differ is None:
            lines.append(_words(subject, here.t, start, end, cell, look))
    if state.differ is not None:
        lines[max(height - 2, 1) :] = [_words(here.subject, here.t, start, stop, cell, look)]
    return [_scale(state, start, stop, longest, beyond, width, look), *lines][:height]


def _scale(state: UnitPage, start: int, stop: int, longest: int, beyond: Line, width: int, look: Look) -> Line:
    """The heading of the traces, with what their shades mean."""
    here, quantity = state.here, state.here.layer_trace.quantity(state.state)
    what = "one word replaced" if state.differ is not None else "the scenario's sentences"
    title = [segment(look, quantity.name, f"{quantity.name} {quantity.symbol} of unit {here.unit}, {what}")]
    scale = fixed_scale(here.layer_trace, quantity.name)
    where = place_of(start, stop, longest)
    return heat.heading(title, where, beyond, scale, quantity.name, width, look)


def _words(subject: Subject, t: int, start: int, stop: int, cell: int, look: Look) -> Line:
    """What stands at each timestamp, the one at the cursor marked in its column."""
    words, word = spelled(subject, t, start, max(stop, start), cell, look)
    return [Segment(" " * NAME), *words_below(words, word, t - start, cell, look)]


def weights(state: UnitPage, width: int, height: int, look: Look) -> list[Line]:
    """Return the weights from the unit to the words and to the gates, the largest of them."""
    here = state.here
    lines = [rule(look, [segment(look, "text", f"the largest outgoing weights of unit {here.unit}")], [], width)]
    if (column := _column(here)) is not None:
        words = to_words(here.trace, column)
        raised = [(word, weight) for word, weight in words if weight > 0]
        lowered = [(word, weight) for word, weight in reversed(words) if weight < 0]
        for name, listed in (("to words +", raised), (f"to words {look.glyphs.minus}", lowered)):
            pieces = [_weight(look.text(word), weight, look) for word, weight in listed]
            lines += _labelled(name, pieces, width, 1, look)
    gates = to_gates(here.trace, here.layer, here.unit)
    pieces = [_weight(f"{gate} of {unit}", weight, look) for gate, unit, weight in gates]
    return [*lines, *_labelled("to units", pieces, width, max(height - len(lines), 1), look)][:height]


def _column(here: Moment) -> int | None:
    """Which of the readout's inputs the unit is; None where it is none."""
    if here.trace.readout is None or here.layer not in here.read_layers:
        return None
    return here.read_layers.index(here.layer) * here.layer_trace.H + here.unit


def _weight(name: str, weight: float, look: Look) -> Line:
    return [segment(look, "dim", f"{name} "), segment(look, "text", f"{look.number(weight)}   ")]


def _labelled(name: str, pieces: Sequence[Line], width: int, rows: int, look: Look) -> list[Line]:
    return flow([[segment(look, "chosen", sized(f" {name}", NAME))], *pieces], width, rows, indent=NAME)


def scores(state: UnitPage, width: int, height: int, look: Look) -> list[Line]:
    """Return the share of held-out sentences answered right by the whole network and without the unit, by size."""
    unit = state.here.unit
    title = [segment(look, "text", f"correct answers with h of unit {unit} held at 0")]
    lines = [rule(look, title, [segment(look, "dim", f"{state.sentences:,} held-out sentences")], width)]
    if state.scores is None:
        waiting = state.failed or f"{WAITING}{look.glyphs.ellipsis}"
        return [*lines, [segment(look, "dim", clip(f" {look.text(waiting)}", width, look.glyphs.ellipsis))]]
    sizes = list(state.scores[0])
    if state.axis:
        head = state.axis.rjust(NAME + 11)[-(NAME + 11) :] + "".join(f"{size:>6}" for size in sizes)
        lines.append([segment(look, "dim", clip(head, width, look.glyphs.ellipsis))])
    for name, scores in zip(("whole", f"without {unit}"), state.scores, strict=True):
        lines.append(_scores(name, scores, bool(state.axis), width, look))
    return lines[:height]


def _scores(name: str, scores: Scores, by_size: bool, width: int, look: Look) -> Line:
    """A row of the table; every size has as many sentences, so that their mean is the share of all."""
    shares = [share for share in scores.values() if share is not None]
    line = [segment(look, "chosen", sized(f" {name}", NAME))]
    line.append(segment(look, "text", f"{100 * sum(shares) / len(shares):.1f} %".rjust(9)))
    if by_size:
        columns = "".join(f"{100 * share:.0f}%".rjust(6) for share in shares)
        line.append(segment(look, "dim", "  " + columns))
    return line
