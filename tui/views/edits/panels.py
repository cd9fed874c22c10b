"""The list of edits, what follows from those that are on, and the command line that makes the same run."""

from rich.segment import Segment

from ....engine import Edit
from ...draw.columns import WIDEST, paged, words_below
from ...draw.lines import Line, fitted, flow, row_clickable, rule, segment, sized, spread
from ...draw.look import Look
from ...draw.shell import from_shell
from ...keys import with_keys
from ..compare import panels as compare
from ..stepper.panels.heading import edited_mark
from ..stepper.panels.strips import strips
from ..stepper.panels.timeline import spelled, timeline
from ..stepper.state import Moment
from .state import EditsPage

NAMES = {"cell": "c", "hidden": "h", "say": "p"}
ACTIONS = {
    "set": "{what} is {value}", "add": "{value} is added to {what}", "scale": "{what} is multiplied by {value}",
    "patch": "{what} is that of another run", "reset": "h and c are zero before it is read",
    "skip": "nothing is read, and h and c stay", "token": "another word", "insert": "more words before the one there",
    "delete": "not there",
}  # fmt: skip
"""What an edit does, by its action."""


def heading(state: EditsPage, width: int, height: int, look: Look) -> list[Line]:
    """Return the line that says which run is edited, and how."""
    subject, dot = state.here.subject, f" {look.glyphs.dot} "
    left: Line = [segment(look, "title", f" {fitted(look, subject.title, max(width - 50, 8))}")]
    left += edited_mark(subject, look) or [segment(look, "dim", f"{dot}not edited")]
    left.append(segment(look, "text", f"{dot}timestamp {state.here.t + 1}/{len(state.here.trace)}"))
    return [spread(left, [], width, look)]


def edits(state: EditsPage, width: int, height: int, look: Look) -> list[Line]:
    """Return a row for each edit: its number, whether it is on, its text and what it does, around the chosen one."""
    entries = state.edits.entries
    lines = [rule(look, [segment(look, "text", "edits, in the order in which they are made")], [], width)]
    if not entries:
        add = with_keys("{key:edits.add} adds one, {key:stepper.undo} takes back what was removed", look.glyphs.unicode)
        return [*lines, [segment(look, "dim", f" none; {add}")]][:height]
    rows = min(max(height - 1, 1), len(entries))
    rows -= rows - 1 > 0 and rows < len(entries)
    top = max(0, min(state.index - rows // 2, len(entries) - rows))
    wide = max(len(look.text(entry.edit.text)) for entry in entries)
    column = min(wide, max(width // 2, 16))
    for n, entry in enumerate(entries[top : top + rows], top):
        chosen = n == state.index
        text = sized(fitted(look, entry.edit.text, column), column)
        line = [
            segment(look, "key", f" {look.glyphs.chosen if chosen else ' '} "),
            segment(look, "dim", f"{n + 1:>2} "),
            segment(look, "hidden" if entry.on else "dim", "on  " if entry.on else "off "),
            segment(look, "cursor" if chosen else "text" if entry.on else "dim", text),
            segment(look, "dim", fitted(look, f"  {meaning(entry.edit)}", max(width - column - 10, 0))),
        ]  # fmt: skip
        lines.append(row_clickable(look, line, f"row:{n}"))
    if rows < len(entries):
        lines.append([segment(look, "dim", f"    {len(entries) - rows} more, {len(entries)} in all")])
    return lines[:height]


def meaning(edit: Edit) -> str:
    """Return in words what an edit does, and when."""
    what = "every input" if edit.quantity == "x" and edit.units is None else edit.quantity
    what = f"input {edit.units}" if edit.quantity == "x" and edit.units else what
    if edit.units and edit.quantity != "x":
        what += f" of unit{'s' * (not edit.units.isdecimal())} {edit.units}"
    value = f"{edit.value:g}" if isinstance(edit.value, float) else ""
    if edit.action == "set" and edit.quantity == "hidden" and edit.value == 0 and edit.timestamps is None:
        return f"unit {edit.units} is ablated" if edit.units else "the layer is ablated"
    when = "throughout" if edit.timestamps is None else f"at {edit.timestamps}"
    return f"{ACTIONS[edit.action].format(what=what, value=value)}, {when}"


def effect(state: EditsPage, width: int, height: int, look: Look) -> list[Line]:
    """Return where the run diverges from its original, and how far apart they are at the end."""
    lines = [rule(look, [segment(look, "text", "what follows")], [], width)]
    found = state.effect()
    if found is None:
        off = "nothing is edited" if not state.here.trace.edits else "not all of the run is computed"
        return [*lines, [segment(look, "dim", f" {off}")]][:height]
    if found.diverges is None:
        lines.append([segment(look, "text", " nothing differs from the original, up to rounding")])
        return lines[:height]
    words = state.here.trace.tokens
    word = f", {fitted(look, words[found.diverges], 16)}" if words and found.diverges < len(words) else ""
    pieces = [[segment(look, "text", f" diverges from the original at {found.diverges + 1}{word}; ")]]
    apart = [f"{NAMES[name]} {look.share(value)}" for name, value in found.distances]
    how = " (root mean squares" + "; p: total variation" * any(name == "say" for name, _ in found.distances) + ")"
    pieces += [[segment(look, "text", f"at the end they are apart by {', '.join(apart)}")], [segment(look, "dim", how)]]
    lines += flow(pieces, width, 3, look, indent=1)
    if found.said:
        (before, p), (after, q) = found.said
        lines.append([
            segment(look, "dim", " at the end it says "), segment(look, "chosen", fitted(look, after, 20)),
            segment(look, "text", f" {look.share(q)}"),
            segment(look, "dim", "; the original says "), segment(look, "chosen", fitted(look, before, 20)),
            segment(look, "text", f" {look.share(p)}"),
        ])  # fmt: skip
    return lines[:height]


def apart(state: EditsPage, width: int, height: int, look: Look) -> list[Line]:
    """Return how far the run is from its original at each timestamp; nothing where that is not known."""
    beside = state.beside()
    if beside is None:
        return []
    lines = compare.apart(beside.at(state.here.t), width, height - 1, look)
    T = min(len(state.here.trace), len(beside.left.trace)) if isinstance(beside.left, Moment) else 0
    t = min(state.here.t, T - 1)
    cell, start, stop = paged(T, t, width - compare.LABEL - 1, WIDEST)
    words = words_below(*spelled(state.here.subject, t, start, stop, cell, look), t - start, cell, look)
    return [*lines, [Segment(" " * compare.LABEL), *words]][:height]


def over_time(state: EditsPage, width: int, height: int, look: Look) -> list[Line]:
    """Return the timeline of what the chosen edit changes."""
    return timeline(state.there, width, height, look)


def unit(state: EditsPage, width: int, height: int, look: Look) -> list[Line]:
    """Return every quantity over time of the unit that the chosen edit changes."""
    return strips(state.there, width, height, look)


def command(state: EditsPage, width: int, height: int, look: Look) -> list[Line]:
    """Return the command line that makes the same run."""
    lines = from_shell(state.command, width, height, look)
    return lines or [[segment(look, "dim", " no command opens this run")]][:height]
