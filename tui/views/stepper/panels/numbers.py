"""What a network of numbers reads: the columns of a timestamp by name, or the one that is 1 of a one-hot row."""

from collections.abc import Sequence

import numpy as np

from .....engine import Scaling, Trace
from ....draw.lines import Line, fitted, pack, segment
from ....draw.look import Look
from ....draw.memo import memo
from ....draw.numbers import Style, plainly, style_of
from ..state import Moment

LONGEST = 16
"""The most cells of a column's name."""

MOST_ROWS = 4
"""The most rows for the inputs of one timestamp."""

SAMPLED = 4096
"""About how many timestamps, spread over all, decide how the numbers of a column are written."""

STYLED = 256
"""The most columns that are on the screen together: only of these it is decided how their numbers are written."""


def numbers(moment: Moment, width: int, rows: int, look: Look) -> list[Line]:
    """Return the inputs at t in at most `rows` lines; what does not fit is counted at the end."""
    trace, t = moment.trace, moment.t
    label: Line = [segment(look, "dim", f" timestamp {t + 1}")]
    if trace.labels:
        label.append(segment(look, "title", f" {fitted(look, trace.label(t), 24)}"))
    label.append(segment(look, "dim", " reads "))
    hot = one_hot(trace.inputs[t])
    if hot is not None:
        return [[*label, segment(look, "text", _hot(trace, hot, look))]]
    scaling = moment.subject.scaling
    pieces = [_piece(trace, t, column, scaling, look) for column in range(min(trace.inputs.shape[1], STYLED))]
    return _counted([label, *pieces], trace.inputs.shape[1], width, rows, look)


def numbers_needed(moment: Moment, width: int, look: Look) -> int:
    """Return how many lines the inputs take, at most MOST_ROWS."""
    return len(numbers(moment, width, MOST_ROWS, look))


def one_hot(row: np.ndarray) -> int | None:
    """Return the index of the only 1 in `row` (I,), where all its others are 0, of two numbers or more; else None."""
    (places,) = row.nonzero()
    return int(places[0]) if len(row) > 1 and len(places) == 1 and row[places[0]] == 1 else None


def symbols(trace: Trace, start: int, stop: int) -> list[str] | None:
    """Return the names of the columns that are 1 at timestamps `start` to `stop`; None where a row is not one-hot."""
    found = [one_hot(row) for row in trace.inputs[start:stop]]
    if None in found:
        return None
    return [trace.columns[n] if trace.columns else f"x{n}" for n in found if n is not None]


def _hot(trace: Trace, column: int, look: Look) -> str:
    """A row with a single 1: x50 = 1, or Close (x50 = 1)."""
    name = f"{fitted(look, trace.columns[column], 40)} (x{column} = 1)" if trace.columns else f"x{column} = 1"
    return f"{name}, the other {trace.inputs.shape[1] - 1} are 0"


def _piece(trace: Trace, t: int, column: int, scaling: Scaling | None, look: Look) -> Line:
    """Open +0.12, or Open 86.26 → +0.12 where it was scaled: the file has it in its own unit."""
    x = float(trace.inputs[t, column])
    text = column_styles(trace)[column].spelled(x, look)
    name = fitted(look, trace.columns[column], LONGEST) if trace.columns else f"x{column}"
    raw: Line = []
    if scaling is not None:
        before = x * float(scaling.scale[column]) + float(scaling.offset[column])
        raw = [segment(look, "text", f"{plainly(before, look)} "), segment(look, "dim", f"{look.glyphs.arrow} ")]
    return [segment(look, "dim", f" {name} "), *raw, segment(look, "text", f"{text} ")]


@memo(maxsize=4)
def column_styles(trace: Trace) -> Sequence[Style]:
    """Return how the numbers of each of the first STYLED columns are written."""
    rows = trace.inputs[:: max(len(trace) // SAMPLED, 1)]
    return [style_of(rows[:, column]) for column in range(min(trace.inputs.shape[1], STYLED))]


def _counted(pieces: list[Line], columns: int, width: int, rows: int, look: Look) -> list[Line]:
    """The pieces in rows; where not all fit, the last row ends in how many are left out."""
    lines, shown = pack(pieces, width, rows, indent=1)
    shown -= 1  # the first is the label
    while 0 < shown < columns:
        more = segment(look, "dim", f" {look.glyphs.ellipsis} and {columns - shown} of {columns} more")
        lines, placed = pack([*pieces[: shown + 1], [more]], width, rows, indent=1)
        if placed > shown + 1:
            return lines
        shown -= 1
    return lines
