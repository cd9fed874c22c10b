"""The list of breakpoints as lines: what is kept, with its switch, and below it what can be kept."""

from ....engine.text import cells
from ...draw.lines import Line, fitted, on_cursor, row_clickable, rule, segment, wrap
from ...draw.look import Look
from ...draw.shell import from_shell
from ...keys import with_keys
from ...source.breakpoints import Breakpoint
from ...source.command import finding
from ..stepper.panels.heading import run_named
from .state import BreakpointList, Offer

NAME = 44
"""Cells of a name, at most."""

HOW = (
    "Playing ({key:stepper.play}) halts at the next timestamp where an enabled breakpoint holds.",
    "{key:breakpoints.switch} keeps a condition, or switches a breakpoint on and off.",
    "{key:breakpoints.find} goes to the next timestamp where it holds.",
)


def heading(state: BreakpointList, width: int, height: int, look: Look) -> list[Line]:
    """Return the line that says for which run the conditions are tested."""
    return [run_named(state.here.subject, width, look)]


def breakpoints(state: BreakpointList, width: int, height: int, look: Look) -> list[Line]:
    """Return the breakpoints, what else can be kept, and what the keys do, as far as there is room."""
    on = sum(point.on for point in state.kept)
    lines = [rule(look, [segment(look, "chosen", "breakpoints")], _counted(state, on, look), width)]
    if not state.kept:
        lines.append([segment(look, "dim", "   none yet")])
    names = [*(point.name for point in state.kept), *(offer.name for offer in state.open_offers)]
    wide = min(max(map(cells, names)), NAME, max(width - 30, 10))
    refused = dict(state.refused)
    for n, point in enumerate(state.kept):
        why = f"not here: {refused[point.condition]}" if point.condition in refused else ""
        lines.append(row_clickable(look, _row(n == state.row, point, why, wide, width, look), f"row:{n}"))
    lines.append(rule(look, [segment(look, "text", "can be kept")], [], width))
    for n, offer in enumerate(state.open_offers, len(state.kept)):
        row = _row(n == state.row, offer, offer.why_not, wide, width, look)
        lines.append(row_clickable(look, row, f"row:{n}"))
    if len(lines) > height:
        return _around(state, lines, height, look)
    selected = state.selected
    known = selected.condition and selected.condition not in refused
    made = from_shell(finding(state.here.subject, selected.condition) if known else "", width, height, look)
    texts = [line for text in HOW for line in wrap(with_keys(text, look.glyphs.unicode), width)]
    said = [[], *([segment(look, "dim", line)] for line in texts)]
    return [*lines, *(made if len(lines) + len(made) <= height else []), *said][:height]


def _around(state: BreakpointList, lines: list[Line], height: int, look: Look) -> list[Line]:
    """The rows around the selected one, and in the last row how many conditions there are and which are shown."""
    kept, count = len(state.kept), len(state.kept) + len(state.open_offers)
    places = [*range(1, kept + 1), *range(kept + 2 + (not kept), count + 2 + (not kept))]  # their rows
    rows = max(height - 1, 1)
    start = max(min(places[state.row] - rows // 2, len(lines) - rows), 0)
    seen = [n for n, place in enumerate(places, 1) if start <= place < start + rows]
    told = f" {seen[0]} to {seen[-1]} of {count}; {{key:hits.choose_back}} {{key:hits.choose}} reach the others"
    return [*lines[start : start + rows], [segment(look, "dim", with_keys(told, look.glyphs.unicode))]][:height]


def _counted(state: BreakpointList, on: int, look: Look) -> Line:
    return [segment(look, "dim", f"{on} of {len(state.kept)} on")] if state.kept else []


def _row(here: bool, one: Breakpoint | Offer, why: str, wide: int, width: int, look: Look) -> Line:
    """A switch, a name and a condition, or why it cannot be asked here."""
    switch = {True: "on ", False: "off"}[one.on] if isinstance(one, Breakpoint) else "   "
    mark = look.glyphs.chosen if here else " "
    name = fitted(look, one.name, wide)
    name = name + " " * (wide - cells(name))
    condition = one.condition or "not searched yet"
    same = isinstance(one, Breakpoint) and one.name == one.condition
    text = why or ("" if same else condition)
    room = max(width - wide - 12, 1)
    role = "dim" if why or not one.condition or (isinstance(one, Breakpoint) and not one.on) else "text"
    return [
        segment(look, "chosen", f" {mark} "),
        segment(look, "key" if switch == "on " else "dim", f"{switch} "),
        on_cursor(look, name.rstrip()) if here else segment(look, "text", f" {name}"),
        segment(look, "text", " " * (wide - cells(name.rstrip())) if here else " "),
        segment(look, role, f" {fitted(look, text, room)}"),
    ]
