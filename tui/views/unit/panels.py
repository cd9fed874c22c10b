"""One unit: its state over sentences that differ in a word, its outgoing weights, and the scores without it."""

from collections.abc import Sequence

import numpy as np
from rich.segment import Segment

from ....engine import Readout
from ....engine.text import percent
from ....scenarios import Scores
from ...draw import heat
from ...draw.columns import WIDEST, paged, place_of, words_below
from ...draw.lines import Line, clip, fitted, flow, pack, rule, segment, sized, spread
from ...draw.look import Look
from ...draw.memo import memo
from ...draw.numbers import plainly, vouched
from ...keys import with_keys
from ...source.subject import Subject
from ..stepper.panels.cell import cell
from ..stepper.panels.heading import run_named
from ..stepper.panels.strips import strips
from ..stepper.panels.timeline import fixed_scale, picture, spelled
from ..stepper.panels.written import written
from ..stepper.state import Moment
from .state import UnitPage, to_gates, to_outputs
from .without import NumbersWithout, Without, WordsWithout

WEIGHTS, SCORES = 4, 4
"""The rows that the weights need and the scores have, with their headings."""

BARRED = 3
"""The rows of scores with bars besides one for each size: two headings and one for all sizes."""

BAR_TEXT = 8
"""The cells after a bar: its share, and a gap."""

NAME, VALUE = 12, 7
"""The cells before the timestamps for the word that differs, and after them for the value at the cursor."""

WAITING = "running the network without this unit"
MOST_SAID = 8
"""The most words of a prediction, as far as they fit, the likeliest first."""


def heading(state: UnitPage, width: int, height: int, look: Look) -> list[Line]:
    """Return the line that says which unit of which network this is, and at which timestamp."""
    here, dot = state.here, f" {look.glyphs.dot} "
    line = run_named(here.subject, max(width - 44, 22), look)
    if len(here.trace.layers) > 1:
        line.append(segment(look, "dim", f"{dot}layer {here.layer}"))
    line.append(segment(look, "title", f"{dot}unit {here.unit}"))
    line.append(
        segment(look, "text", f"{dot}timestamp {here.t + 1}/{len(here.trace)}, {look.text(here.token(here.t))}")
    )
    return [spread(line, [], width, look)]


def rows_needed(state: UnitPage) -> int:
    """Return how many rows the traces take: a heading, a row each, and words below all or below each."""
    own = state.differ is None
    return 1 + len(state.subjects) * (2 if own else 1) + (not own)


def traces(state: UnitPage, width: int, height: int, look: Look) -> list[Line]:
    """Return the unit's state over every sentence, each with its value at the cursor, and the words below."""
    here, name = state.here, state.state
    longest = max(len(subject.trace) for subject in state.subjects)
    scale = fixed_scale(here.layer_trace, name)
    cell, start, stop = paged(longest, here.t, width - NAME - VALUE, WIDEST, heat.least(scale, look))
    lines, beyond = [], Line()
    count = max(height - 2, 1) if state.differ is not None else max((height - 1) // 2, 1)
    for n, (subject, called) in enumerate(list(zip(state.subjects, state.names, strict=True))[:count]):
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
        lines.append(_words(here.subject, here.t, start, stop, cell, look))
    return [_scale(state, min(count, len(state.subjects)), start, stop, longest, beyond, width, look), *lines][:height]


def _scale(
    state: UnitPage, count: int, start: int, stop: int, longest: int, beyond: Line, width: int, look: Look
) -> Line:
    """The heading of the first `count` traces, with what their shades mean."""
    here, quantity = state.here, state.here.layer_trace.quantity(state.state)
    others = "the sequences of the file" if len(state.subjects) > 1 else "this sequence"
    others = others if state.own else "the scenario's sentences"
    what = "one word replaced" if state.differ is not None else others
    what += ", others unedited" if here.trace.edits and len(state.subjects) > 1 else ""
    title = [segment(look, quantity.name, f"{quantity.name} {quantity.symbol} of unit {here.unit}, {what}")]
    if count < len(state.subjects):
        title.append(segment(look, "dim", f" {look.glyphs.dot} {count} of {len(state.subjects)}"))
    scale = fixed_scale(here.layer_trace, quantity.name)
    where = place_of(start, stop, longest)
    return heat.heading(title, where, beyond, scale, quantity.name, width, look)


def _words(subject: Subject, t: int, start: int, stop: int, cell: int, look: Look) -> Line:
    """What stands at each timestamp, the one at the cursor marked in its column."""
    words, word = spelled(subject, t, start, max(stop, start), cell, look)
    return [Segment(" " * NAME), *words_below(words, word, t - start, cell, look)]


def weights(state: UnitPage, width: int, height: int, look: Look) -> list[Line]:
    """Return the largest weights from the unit to the words, or outputs, and to the gates."""
    return list(_weights(state.here.subject, state.here.layer, state.here.unit, width, height, look))


@memo(maxsize=16)
def _weights(subject: Subject, layer: str, unit: int, width: int, height: int, look: Look) -> list[Line]:
    """The weights of a unit, which are the same at every timestamp."""
    lines = [rule(look, [segment(look, "text", f"the largest outgoing weights of unit {unit}")], [], width)]
    if (column := _column(subject, layer, unit)) is not None:
        head, said = _head(subject)
        assert head is not None
        words = to_outputs(head, said, column)
        raised = [(word, weight) for word, weight in words if weight > 0]
        lowered = [(word, weight) for word, weight in reversed(words) if weight < 0]
        where = "to next" if not head.direct else "to outputs" if subject.trace.tokens is None else "to words"
        for name, listed in ((f"{where} +", raised), (f"{where} {look.glyphs.minus}", lowered)):
            pieces = [_weight(look.text(word), weight, look) for word, weight in listed]
            lines += _labelled(name, pieces, width, 1, look)
    gates = to_gates(subject.trace, layer, unit)
    pieces = [_weight(f"{gate} of {unit}", weight, look) for gate, unit, weight in gates]
    return [*lines, *_labelled("to units", pieces, width, max(height - len(lines), 1), look)][:height]


def weight_rows(state: UnitPage, width: int, look: Look) -> int:
    """Return how many rows the weights take, at most twice WEIGHTS."""
    return min(len(weights(state, width, 2 * WEIGHTS, look)), 2 * WEIGHTS)


def _head(subject: Subject) -> tuple[Readout | None, tuple[str, ...]]:
    """The readout or head above the last layer, and the names of its outputs; None and no names without one."""
    said, trace = subject.outputs, subject.trace
    return (said.head, said.names) if said is not None else (trace.readout, trace.vocabulary or ())


def _column(subject: Subject, layer: str, unit: int) -> int | None:
    """Which of the readout's inputs the unit is; None where it is none."""
    if _head(subject)[0] is None or layer not in subject.read_layers:
        return None
    shown = subject.trace.layer(layer).weights.P
    return subject.read_layers.index(layer) * shown + unit if unit < shown else None


def _weight(name: str, weight: float, look: Look) -> Line:
    return [segment(look, "dim", f"{name} "), segment(look, "text", f"{look.number(weight)}   ")]


def _labelled(name: str, pieces: Sequence[Line], width: int, rows: int, look: Look) -> list[Line]:
    return pack([[segment(look, "chosen", sized(f" {name}", NAME))], *pieces], width, rows, indent=NAME)[0]


def scores(state: UnitPage, width: int, height: int, look: Look) -> list[Line]:
    """Return the share of held-out sentences answered right by the whole network and without the unit, by size."""
    if state.own:
        return _said(state, width, height, look)
    what, over = (
        f"correct answers with h of unit {state.here.unit} held at 0",
        f"{state.sentences:,} held-out sentences",
    )
    if state.here.trace.edits:
        what, over = f"correct answers with unit {state.here.unit} ablated", f"{over}, unedited"
    lines = [rule(look, [segment(look, "text", what)], [segment(look, "dim", over)], width)]
    found = state.ablation
    if not isinstance(found, tuple):
        return [*lines, _waiting(state, width, look)]
    sizes = list(found[0])
    if state.axis and height >= len(sizes) + BARRED:
        return [*lines, *_barred(state, found, width, look)][:height]
    if state.axis:
        head = state.axis.rjust(NAME + 11)[-(NAME + 11) :] + "".join(f"{size:>6}" for size in sizes)
        lines.append([segment(look, "dim", clip(head, width, look.glyphs.ellipsis))])
    for name, scores in zip(("whole", f"without {state.here.unit}"), found, strict=True):
        lines.append(_scores(name, scores, bool(state.axis), width, look))
    return lines[:height]


def _waiting(state: UnitPage, width: int, look: Look) -> Line:
    waiting = with_keys(state.failed, look.glyphs.unicode) or f"{WAITING}{look.glyphs.ellipsis}"
    return [segment(look, "dim", clip(f" {look.text(waiting)}", width, look.glyphs.ellipsis))]


def _said(state: UnitPage, width: int, height: int, look: Look) -> list[Line]:
    """What the network predicts at the cursor, whole and without the unit, and how much changes over the sequence."""
    here, found = state.here, state.ablation
    if here.trace.tokens is None:
        return _cost(
            here, found if isinstance(found, NumbersWithout) else None, _waiting(state, width, look), width, look
        )[:height]
    title = [segment(look, "text", f"what is said with h of unit {here.unit} held at 0")]
    if not isinstance(found, WordsWithout):
        return [rule(look, title, [], width), _waiting(state, width, look)]
    T = len(here.trace)
    loss = (
        "" if found.losses is None else f"mean loss {found.losses[0]:.3f} {look.glyphs.arrow} {found.losses[1]:.3f}, "
    )
    changed = f"{loss}another word at {found.changed} of {T} timestamps"
    lines = [rule(look, title, [segment(look, "dim", changed)], width)]
    for name, prediction in (("whole", found.whole), (f"without {here.unit}", found.without)):
        pieces = [
            [segment(look, "dim", f"{fitted(look, word, 14)} "), segment(look, "text", f"{look.share(p)}   ")]
            for word, p in prediction.top(here.t, MOST_SAID)
        ]
        lines += _labelled(name, pieces, width, 1, look)
    return lines[:height]


def _cost(here: Moment, found: NumbersWithout | None, waiting: Line, width: int, look: Look) -> list[Line]:
    """A heading and a row for each run: its outputs at this timestamp, and how much changes."""
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
    """The outputs of a run at `t`, and how much they change."""
    pieces: list[Line] = []
    if run.says is not None:
        for name, value in zip(run.says.names[:3], run.says.values(t, t + 1)[0].tolist(), strict=False):
            shown = [
                segment(look, "dim", f"{fitted(look, name, 14)} "),
                segment(look, "text", f"{plainly(vouched(value), look)}  "),
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


def _barred(state: UnitPage, scores: tuple[Scores, Scores], width: int, look: Look) -> list[Line]:
    """A row for all sizes and one for each, with a bar for the whole network and one for it without the unit."""
    room = max((width - NAME - 2 * BAR_TEXT) // 2, 4)
    names = ("whole", f"without {state.here.unit}")
    titles = [segment(look, "dim", sized(name, room + BAR_TEXT)) for name in names]
    lines: list[Line] = [[segment(look, "dim", sized(f" {fitted(look, state.axis, NAME - 2)}", NAME)), *titles]]
    whole = [sum(filter(None, found.values())) / max(sum(v is not None for v in found.values()), 1) for found in scores]
    rows: list[tuple[str, Sequence[float | None]]] = [("all", whole)]
    rows += [(str(size), [found[size] for found in scores]) for size in scores[0]]
    for name, shares in rows:
        line = [segment(look, "chosen", sized(f" {name:>6}", NAME))]
        for share, role in zip(shares, ("hidden", "text"), strict=True):
            text = "" if share is None else percent(share)
            line.append(segment(look, role, f"{look.bar(share or 0.0, room)} {text:>5}".ljust(room + BAR_TEXT)))
        lines.append(line)
    return lines


def _scores(name: str, scores: Scores, by_size: bool, width: int, look: Look) -> Line:
    """A row of the table; all sizes have equally many sentences, so that the mean of their shares is that of all."""
    shares = [share for share in scores.values() if share is not None]
    line = [segment(look, "chosen", sized(f" {name}", NAME))]
    line.append(segment(look, "text", percent(sum(shares) / len(shares), 1).rjust(9)))
    if by_size:
        columns = "".join(percent(share).rjust(6) for share in shares)
        line.append(segment(look, "dim", "  " + columns))
    return line


def over_time(state: UnitPage, width: int, height: int, look: Look) -> list[Line]:
    """Return a strip for each quantity of the unit in the sentence that is looked at."""
    return strips(state.here, width, height, look)


def inside(state: UnitPage, width: int, height: int, look: Look) -> list[Line]:
    """Return the picture of the cell at this timestamp."""
    return cell(state.here, width, height, look)


def who_wrote(state: UnitPage, width: int, height: int, look: Look) -> list[Line]:
    """Return what wrote the memory of the unit, at the words."""
    return written(state.here, width, height, look)
