"""How the units of the overview are laid out, and what there is room for below them."""

from collections.abc import Sequence
from dataclasses import dataclass

from ...draw import heat
from ...draw.look import Look
from ..stepper.panels.strips import rows_of
from ..stepper.panels.timeline import scale_here
from ..stepper.state import Moment
from .state import Overview

LABEL = 7
"""The cells before the units of a row, for the number of the first of them."""

NUMBERED = 8
"""The fewest cells in which a unit of two rows has its number and its value written on it."""

WIDEST, LEAST_FACE = 24, 10
"""The most cells of a unit in a row, and the fewest of them that are shaded where a unit is many rows high."""

MOST_CELLS = 4000
"""About how many cells are shaded in all: a step may send each of them anew."""

FILLED = 0.8
"""The share of a row from which one that ends at a round number is preferred to a longer one."""

WRITTEN = 3
"""The rows of a unit without shades: its number, its level and its value; the number is the first to go."""

BESIDE = 16
"""The most units of the timeline below."""


@dataclass(frozen=True)
class Shape:
    """How the units are laid out: `cell` cells each, `across` in a row; with `half`, two rows of units share one.

    Where there is room, a unit is `tall` rows high. `face` of its cells are shaded.
    """

    cell: int
    across: int
    half: bool
    face: int
    tall: int = 1

    @property
    def size(self) -> float:
        """How large and how square a unit is: a cell is twice as high as it is wide."""
        return min(self.cell / 2, self.tall)

    def rows(self, units: int) -> int:
        """Return how many rows `units` units take."""
        rows = -(-units // self.across)
        return -(-rows // 2) if self.half else rows


@dataclass(frozen=True)
class Block:
    """One quantity of the units of a layer, each `tall` rows high."""

    moment: Moment
    name: str
    tall: int


def blocks_of(state: Overview, width: int, height: int, look: Look) -> tuple[Shape, list[Block]]:
    """Return how the units are laid out in this room, and which quantities of which layers are shown, with their rows.

    Where all units of all quantities have room, all quantities are shown; else the selected one alone.
    """
    layers = state.layers
    every = [(moment, name) for moment in layers for name in moment.layer_trace.cell.quantities]
    shape = _fitting(every, width, height, look, halves=(False,), few=True)
    shown = every
    if shape is None:
        shown = [(moment, _shown(moment, state)) for moment in layers]
        halves = (False, True) if heat.shaded(look) else (False,)
        shape = _fitting(shown, width, height, look, halves=halves, few=False) or _smallest(
            shown, width, look, halves[-1]
        )
    rest = height - len(shown) - sum(shape.rows(moment.layer_trace.H) for moment, _ in shown) * shape.tall
    blocks: list[Block] = []
    for moment, name in shown:
        rows = shape.rows(moment.layer_trace.H)
        more = shape.tall > 1 and rows <= rest and heat.shaded(look)
        rest -= rows * more
        blocks.append(Block(moment, name, shape.tall + more))
    return shape, blocks


def _fitting(
    shown: Sequence[tuple[Moment, str]], width: int, height: int, look: Look, halves: Sequence[bool], few: bool
) -> Shape | None:
    """The shape in which all fit and a unit is as large and as square as possible; half rows only where needed."""
    sizes = [moment.layer_trace.H for moment, _ in shown]
    least = max(1 + few, *(heat.least(scale_here(moment, name), look) for moment, name in shown))
    room = max(width - LABEL, 1)
    for half in halves:
        found: list[tuple[tuple[object, ...], Shape]] = []
        for across in range(1, min(max(room // least, 1), max(sizes)) + 1):
            cell = min(room // across, max(WIDEST, least))
            rows = sum(Shape(cell, across, half, cell).rows(H) for H in sizes)
            tall = (height - len(sizes)) // rows
            if tall < 1:
                continue
            if cell < NUMBERED:
                tall = max(min(tall, MOST_CELLS // (sum(sizes) * cell)), 1)
            tall = tall if heat.shaded(look) else min(tall, WRITTEN)
            face = min(cell, max(MOST_CELLS // (sum(sizes) * tall), LEAST_FACE))
            shape = Shape(cell, across, half, face, tall)
            size = min(shape.size, cell / NUMBERED * 2) if not heat.shaded(look) else shape.size
            even = all(H % across == 0 or across > H for H in sizes)
            found.append(((size, across * cell >= FILLED * room, even, across * cell, across), shape))
        if found:
            return max(found, key=lambda one: one[0])[1]
    return None


def _smallest(shown: Sequence[tuple[Moment, str]], width: int, look: Look, half: bool) -> Shape:
    """The shape that shows the most units at a time, where not all fit."""
    cell = max(heat.least(scale_here(moment, name), look) for moment, name in shown)
    return Shape(cell, max((width - LABEL) // cell, 1), half, cell)


def allot(state: Overview, width: int, height: int, look: Look) -> tuple[int, int, int]:
    """Return how many of `height` rows the units, the timeline of some, and the strips of the selected one take.

    The units come first: the others are there only where these are all shown and large enough. With strips beside
    many units, a step onto another page would send too much.
    """
    layer = state.here.layer_trace
    shape, blocks = blocks_of(state, width, height, look)
    enough = min(shape.size, 2.0 if len(blocks) > len(state.layers) else 1.0)
    each = min(layer.H, BESIDE) + 2 + look.plain
    paired = -(-min(layer.H, BESIDE) // 2) + 2 + look.plain  # two in a row where there are shades, else half of them
    below = rows_of(state.here)
    few = ((each + below, below), (paired + below, below)) if shape.cell >= NUMBERED else ()
    for pictures, one in (*few, (each, 0), (paired, 0)):
        there, kept = blocks_of(state, width, height - pictures, look)
        used = _rows_of(there, kept)
        alike = len(kept) == len(blocks) and there.half == shape.half
        if alike and there.size >= enough and used + pictures <= height:
            return used, height - used - one, one
    return height, 0, 0


def _rows_of(shape: Shape, blocks: Sequence[Block]) -> int:
    """How many rows all units take, with their headings."""
    return sum(1 + shape.rows(block.moment.layer_trace.H) * block.tall for block in blocks)


def _shown(moment: Moment, state: Overview) -> str:
    """The quantity that is shown of a layer: the selected one, or its first where it does not have that."""
    names = moment.layer_trace.cell.quantities
    return state.here.quantity if state.here.quantity in names else names[0]
