"""Units as points: across, how often a gate is closed; upwards, how often it is open; both from 0 to 100 %."""

from collections.abc import Sequence

from .lines import Line, clip, segment
from .look import Look

LEFT = 6
"""The cells before the points: the numbers of the axis and its line."""

LEAST_WIDTH, LEAST_HEIGHT = 24, 5


def scatter(points: Sequence[tuple[float, float]], chosen: int, width: int, height: int, look: Look) -> list[Line]:
    """Return `height` lines of at most `width` cells with the number of each unit at its point (x, y).

    Units whose numbers would touch stand together, with commas in between, where the leftmost of them is. The
    `chosen` one comes first there and has a mark before it. On the dotted line every moment is one or the other.
    """
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        return [[segment(look, "dim", clip(" no room for a picture", width, look.glyphs.ellipsis))]][:height]
    columns, rows = width - LEFT, height - 2
    grid = [[("rule", " ")] * columns for _ in range(rows)]
    for x in range(columns):
        grid[_cell(x / (columns - 1), rows)][x] = ("rule", look.glyphs.pending)
    in_rows: dict[int, list[tuple[int, int]]] = {}
    for unit, (closed, opened) in enumerate(points):
        in_rows.setdefault(_cell(1 - opened, rows), []).append((_cell(closed, columns), unit))
    for row, placed in in_rows.items():
        for start, units in _groups(placed, chosen, columns):
            cells = _spelled(units, chosen, columns, look)
            grid[row][start : start + len(cells)] = cells[: columns - start]
    lines = []
    for row in range(rows):
        name = {0: "100 %", rows // 2: "open", rows - 1: "0 %"}.get(row, "")
        lines.append([segment(look, "dim", name.rjust(LEFT - 1) + look.glyphs.zero)]
                     + [segment(look, role, c) for role, c in grid[row]])  # fmt: skip
    lines.append([segment(look, "dim", " " * (LEFT - 1) + look.glyphs.zero + look.glyphs.rule * columns)])
    below = "0 %" + "closed".center(columns - 8) + "100 %"
    return [*lines, [segment(look, "dim", " " * LEFT + below)]]


def _cell(place: float, cells: int) -> int:
    return round(place * (cells - 1))


def _groups(placed: Sequence[tuple[int, int]], chosen: int, columns: int) -> list[tuple[int, list[int]]]:
    """The units of one row, as (column, unit) each, by where they start, with those that they would touch."""
    groups: list[tuple[int, list[int]]] = []
    for column, unit in sorted(placed):
        units = [unit]
        start = _start(column, units, chosen, columns)
        while groups and start <= groups[-1][0] + len(_joined(groups[-1][1], chosen)):
            before, others = groups.pop()
            column, units = min(before, column), [*others, *units]
            start = _start(column, units, chosen, columns)
        groups.append((start, units))
    return groups


def _start(column: int, units: Sequence[int], chosen: int, columns: int) -> int:
    """Where the numbers of `units` begin so that they end within the picture."""
    return max(min(column, columns - len(_joined(units, chosen))), 0)


def _joined(units: Sequence[int], chosen: int) -> str:
    return ",".join(map(str, units)) + "." * (chosen in units)


def _spelled(units: Sequence[int], chosen: int, columns: int, look: Look) -> list[tuple[str, str]]:
    """(role, character) of the numbers of one group; where there is no room for all, the last ones are left out."""
    if chosen in units:
        text = look.glyphs.chosen + str(chosen)
        marked = [("cursor", c) for c in text]
        rest = "".join(f",{unit}" for unit in units if unit != chosen)
    else:
        marked, rest = [], ",".join(map(str, units))
    return marked + [("text", c) for c in clip(rest, max(columns - len(marked), 1), look.glyphs.ellipsis)]
