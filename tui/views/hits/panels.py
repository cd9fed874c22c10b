"""The list of hits as lines: what was looked for, and a row for each hit that there is room for."""

from rich.cells import cell_len
from rich.segment import Segment

from ....engine.text import cells, counted, percent
from ...draw.lines import Line, fitted, on_cursor, row_clickable, rule, segment, sized
from ...draw.look import Look
from ...draw.shell import from_shell
from ...source.command import finding
from ...source.lookup import number, places_of, spelled
from ..stepper.panels.heading import run_named
from ..stepper.panels.strips import strips
from ..stepper.panels.timeline import timeline
from .state import HitList

WIDEST = 40
"""The most cells of a word or of a name."""


def heading(state: HitList, width: int, height: int, look: Look) -> list[Line]:
    """Return the line that says which run was searched."""
    return [run_named(state.subject, width, look)]


def hits(state: HitList, width: int, height: int, look: Look) -> list[Line]:
    """Return a heading with the number of hits and how much was searched, and the hits around the chosen one."""
    results = state.results
    name = segment(look, "chosen", fitted(look, results.text, max(width - 40, 10)))
    right: Line = []
    if not results.complete:
        share = results.looked_at / results.timestamps if state.looking is None else state.looking
        right = [segment(look, "warning", f"{percent(share)} looked through")]
    count = f": {results.count} in {counted(results.timestamps)}"
    rows = max(height - 2, 1)
    start = max(min(state.index - rows // 2, len(results.hits) - rows), 0)
    if rows < len(results.hits):
        dot = [segment(look, "dim", f" {look.glyphs.dot} ")] if right else []
        right = [*right, *dot, segment(look, "dim", f"hits {start + 1:,} to {start + rows:,}")]
    lines = [rule(look, [name, segment(look, "text", count)], right, width)]
    if not len(results.hits):
        none = "none" if results.complete else f"none so far{look.glyphs.ellipsis}"
        return [*lines, [segment(look, "dim", f" {none}")]]
    return [*lines, *_table(state, start, rows, width, look)]


def shell(state: HitList, width: int, height: int, look: Look) -> list[Line]:
    """Return the command that prints the same hits; nothing where no command does."""
    condition = state.results.condition
    return from_shell(finding(state.subject, condition) if condition else "", width, height, look)


def over_time(state: HitList, width: int, height: int, look: Look) -> list[Line]:
    """Return the timeline of the quantity that made the condition true at the chosen hit, with all hits marked."""
    return [] if state.there is None else timeline(state.there, width, height, look)


def unit(state: HitList, width: int, height: int, look: Look) -> list[Line]:
    """Return every quantity of the unit of the chosen hit over time."""
    return [] if state.there is None else strips(state.there, width, height, look)


def _table(state: HitList, start: int, rows: int, width: int, look: Look) -> list[Line]:
    """The hits from index `start` on, under their headings."""
    shown, where, columns = (
        state.results.hits[start : start + rows],
        places_of(state.subject.trace),
        state.subject.trace.columns,
    )
    words = state.subject.trace.tokens is not None
    text = [
        (f"{hit.t + 1}", look.text(where(hit.t)), "" if hit.quantity == "token" else look.text(spelled(hit, columns)),
         "" if hit.quantity == "token" else look.text(number(hit.value)))
        for hit in shown
    ]  # fmt: skip
    heads = ("timestamp", "token" if words else "inputs", "made true by", "value")
    wide = [min(max(cells(head), *(cell_len(row[n]) for row in text)), WIDEST) for n, head in enumerate(heads)]
    if not any(row[2] for row in text):
        heads, wide = (*heads[:2], "", ""), [*wide[:2], 0, 0]
    lines: list[Line] = [[segment(look, "dim", f"   {heads[0].rjust(wide[0])}  {_row(heads[1:], wide[1:])}")]]
    for n, (t, *rest) in enumerate(text, start):
        at = state.here.t == int(t) - 1
        mark = look.glyphs.chosen if n == state.index else " "
        body = f"{t.rjust(wide[0])}  {_row(rest, wide[1:])}".rstrip()
        here = [segment(look, "dim", "  you are here")] if at else []
        row = on_cursor(look, body) if n == state.index else segment(look, "text", f" {body}")
        line = [segment(look, "chosen", f" {mark}"), row, *here, Segment("")]
        lines.append(row_clickable(look, line, f"row:{n}"))
    return lines


def _row(texts: "list[str] | tuple[str, ...]", wide: list[int]) -> str:
    return "  ".join(sized(text, size) for text, size in zip(texts, wide, strict=True))
