"""The gates over all held-out sentences: a picture of each, one unit's numbers, and its most extreme timestamps."""

from ....engine import CLOSED, OPEN, Extreme
from ...draw.lines import Line, clip, on_cursor, rule, segment, spread, width_of
from ...draw.look import Look
from ...keys import with_keys
from ..stepper.panels.heading import run_named
from . import histograms
from .state import ORDERS, GateStatistics


def heading(state: GateStatistics, width: int, height: int, look: Look) -> list[Line]:
    """Return the line that says which network's gates these are, and over what."""
    dot, subject = f" {look.glyphs.dot} ", state.subject
    line = run_named(subject, max(width - 42, 22), look)
    if len(subject.trace.layers) > 1:
        line.append(segment(look, "dim", f"{dot}layer {state.layer}"))
    if state.found:
        line.append(segment(look, "text", f"{dot}{state.over}"))
    return [spread(line, [segment(look, "dim", f"{ORDERS[state.order]} ")], width, look)]


def pictures(state: GateStatistics, width: int, height: int, look: Look) -> list[Line]:
    """Return a row for each unit with the histogram of its gate; until they are found, what is being read."""
    if state.found is None:
        what = "the text" if state.kind == "text" else f"all {state.kind}"
        waiting = state.failed or f"reading {what}{look.glyphs.ellipsis}"
        return [rule(look, [segment(look, "text", "gates")], [], width), [segment(look, "dim", f" {waiting}")]]
    return histograms.pictures(state, width, height, look)


def percent(share: float) -> str:
    """Return a share in words: 0 %, 93.1 %, under 0.1 %, over 99.9 %."""
    if 0 < share < 0.0005:
        return "under 0.1 %"
    if 0.9995 < share < 1:
        return "over 99.9 %"
    return f"{100 * share:.1f} %".replace(".0 %", " %")


def words(state: GateStatistics, width: int, height: int, look: Look) -> list[Line]:
    """Return the shares of the selected unit in words, one line."""
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
