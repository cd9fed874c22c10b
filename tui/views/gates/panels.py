"""The gates over all held-out sentences: a picture of each, one unit's numbers, and its most extreme timestamps."""

from itertools import zip_longest

from rich.segment import Segment

from ....engine import CLOSED, OPEN, QUANTITIES, Extreme
from ...draw.lines import Line, clip, fitted, on_cursor, rule, segment, spread, width_of
from ...draw.look import Look
from ...draw.scatter import scatter
from ...keys import with_keys
from .state import GateStatistics

BESIDE = 110
"""From this width on the gates stand side by side; below, one at a time, with its numbers beside."""

TABLE = 24
"""The cells of the numbers beside a single picture."""


def heading(state: GateStatistics, width: int, height: int, look: Look) -> list[Line]:
    """Return the line that says whose gates these are, and over how much."""
    dot, subject = f" {look.glyphs.dot} ", state.subject
    name = fitted(look, subject.network, max(width - 60, 14))
    line = [segment(look, "title", f" {subject.title}"), segment(look, "dim", f"{dot}{name}")]
    if len(subject.trace.layers) > 1:
        line.append(segment(look, "dim", f"{dot}layer {state.layer}"))
    if state.found:
        line.append(segment(look, "text", f"{dot}{state.over}"))
    return [spread(line, [], width, look)]


def pictures(state: GateStatistics, width: int, height: int, look: Look) -> list[Line]:
    """Return the gates side by side where there is room, else the one that is chosen with its numbers."""
    if state.found is None:
        what = "the text" if state.kind == "text" else f"all {state.kind}"
        waiting = state.failed or f"reading {what}{look.glyphs.ellipsis}"
        return [rule(look, [segment(look, "text", "gates")], [], width), [segment(look, "dim", f" {waiting}")]]
    if width < BESIDE:
        return _one(state, width, height, look)
    each = width // len(state.gates)
    columns = [_picture(state, gate, each, height, look) for gate in state.gates]
    return [
        [part for line in row for part in _filled(line, each)]
        for row in zip_longest(*columns, fillvalue=list[Segment]())
    ]


def _one(state: GateStatistics, width: int, height: int, look: Look) -> list[Line]:
    table = min(TABLE, max(width - 24, 0))
    title, quantity = _title(state, state.gate, look), QUANTITIES[state.gate]
    tab = with_keys("{key:gates.gate}", look.glyphs.unicode)
    others = [segment(look, "dim", f"{tab}: {', '.join(g for g in state.gates if g != quantity.name)}")]
    lines = [rule(look, title, others, width)]
    picture = scatter(state.points(state.gate), state.unit, width - table, height - 1, look)
    numbers = _numbers(state, height - 1, look)
    for left, right in zip_longest(picture, numbers, fillvalue=list[Segment]()):
        lines.append([*_filled(left, width - table), *right])
    return lines


def _picture(state: GateStatistics, gate: str, width: int, height: int, look: Look) -> list[Line]:
    return [
        rule(look, _title(state, gate, look), [], width - 1),
        *scatter(state.points(gate), state.unit, width - 1, height - 1, look),
    ]


def _title(state: GateStatistics, gate: str, look: Look) -> Line:
    mark = look.glyphs.chosen if gate == state.gate else ""
    return [segment(look, gate, f"{mark}{gate} {QUANTITIES[gate].symbol}")]


def _filled(line: Line, width: int) -> Line:
    return [*line, Segment(" " * max(width - width_of(line), 0))]


def _numbers(state: GateStatistics, rows: int, look: Look) -> list[Line]:
    """The two shares of every unit, or of those around the chosen one."""
    lines: list[Line] = [[segment(look, "dim", f"  unit   <{CLOSED}   >{OPEN}")]]
    points, room = state.points(state.gate), max(rows - 1, 1)
    top = max(0, min(state.unit - room // 2, len(points) - room))
    for unit in range(top, min(top + room, len(points))):
        mark = look.glyphs.chosen if unit == state.unit else " "
        closed, opened = (f"{100 * share:.1f}%".rjust(7) for share in points[unit])
        lines.append([segment(look, "chosen" if unit == state.unit else "text", f"{mark} {unit:>4}{closed}{opened}")])
    return lines


def percent(share: float) -> str:
    """Return a share in words: 0 %, 93.1 %, under 0.1 %, over 99.9 %."""
    if 0 < share < 0.0005:
        return "under 0.1 %"
    if 0.9995 < share < 1:
        return "over 99.9 %"
    return f"{100 * share:.1f} %".replace(".0 %", " %")


def words(state: GateStatistics, width: int, height: int, look: Look) -> list[Line]:
    """Return what the numbers of the unit say, one line."""
    if state.found is None:
        return []
    closed, opened = state.points(state.gate)[state.unit]
    text = (
        f"unit {state.unit}, {state.gate}: above {OPEN} in {percent(opened)} of {len(state.found):,} timestamps, "
        f"below {CLOSED} in {percent(closed)}"
    )
    return [[segment(look, "text", " " + clip(text, width - 2, look.glyphs.ellipsis))]]


def extremes(state: GateStatistics, width: int, height: int, look: Look) -> list[Line]:
    """Return the most extreme timestamps of the unit's gate, each as a piece of its sentence."""
    if state.found is None:
        return []
    title = f"where {state.gate} of unit {state.unit} is highest and lowest"
    enter = with_keys("{key:gates.jump} goes there", look.glyphs.unicode)
    lines = [rule(look, [segment(look, state.gate, title)], [segment(look, "dim", enter)], width)]
    row = 0
    for name, listed in zip((look.glyphs.up, look.glyphs.down), state.extremes, strict=True):
        for extreme in listed:
            lines.append(_extreme(state, extreme, name, row == state.row, width, look))
            row += 1
    return lines


def _extreme(state: GateStatistics, extreme: Extreme, end: str, chosen: bool, width: int, look: Look) -> Line:
    assert state.found is not None
    mark = look.glyphs.chosen if chosen else " "
    where = f"timestamp {extreme.t + 1:>2}"
    head = f" {mark} {end} {extreme.value:.4f}  {where}  "
    line = [segment(look, "chosen" if chosen else "text", head)]
    return line + piece(state.found.sentences[extreme.sentence], extreme.t, width - width_of(line) - 1, look)


def piece(sentence: tuple[str, ...], t: int, width: int, look: Look) -> Line:
    """Return as much of a sentence as fits around the word at `t`, which is marked, most of it before the word."""
    tokens = [look.text(word) for word in sentence]
    word = on_cursor(look, tokens[t])
    ellipsis, first, last = look.glyphs.ellipsis, t, t + 1
    room = width - word.cell_length - 2 * len(ellipsis)
    before = room * 3 // 4
    while first and len(tokens[first - 1]) + 1 <= before:
        first -= 1
        before -= len(tokens[first]) + 1
    after = room - (room * 3 // 4) + before
    while last < len(tokens) and len(tokens[last]) + 1 <= after:
        after -= len(tokens[last]) + 1
        last += 1
    left = (ellipsis if first else "") + " ".join(tokens[first:t])
    right = " ".join(tokens[t + 1 : last]) + (ellipsis if last < len(tokens) else "")
    return [segment(look, "text", left), word, segment(look, "dim", right)]
