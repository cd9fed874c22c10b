"""The picture of each kind of cell: its memory on a highway, its gates below, with the numbers of one unit.

The LSTM is drawn as the article draws its memory cell: the old cell state enters at the left, is multiplied by the
forget gate, and what the input gate lets in of the candidate is added to it; the output gate shows a part of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from rich.cells import cell_len

from ...engine import QUANTITIES, CellWeights
from .lines import Line, clip
from .look import Look
from .wires import Grid

WIDTH, WIDEST = 48, 72
"""The cells that a picture needs, and those that it takes at most."""

ROWS = {"lstm": 10, "gru": 11, "rnn": 6}
"""The rows of each kind of picture."""

BAR = 6

CARRIED, WRITTEN, SQUASHED, SHOWN, FROM_INPUT, FROM_STATE = "kept", "written", "squashed", "shown", "of x", "of h"
"""What a picture prints beside the quantities: the two terms of the memory, the squashed memory, what the output gate
lets out of it before a projection, and what the input and the previous state add to the sum of a candidate."""


@dataclass(frozen=True)
class Numbers:
    """What stands in a picture: `values` by quantity and by the names above, None for what this unit does not have.

    `before` are the previous states, `reads` is what the timestamp reads; `done` are the quantities that are
    computed, and `now` those that were computed last.
    """

    weights: CellWeights
    values: Mapping[str, float | None]
    before: Mapping[str, float]
    reads: str
    done: frozenset[str]
    now: frozenset[str] = field(default=frozenset())


def kind_of(weights: CellWeights) -> str:
    """Return which of the pictures the cell of `weights` has."""
    return {"cell": "lstm", "hidden": "gru"}.get(weights.cell.memory_state or "", "rnn")


def rows_of(weights: CellWeights) -> int:
    """Return how many rows the picture of a cell takes."""
    return ROWS[kind_of(weights)]


def block(numbers: Numbers, width: int, look: Look) -> list[Line]:
    """Return the picture of a cell, `width` cells wide: at least WIDTH, and no more than WIDEST of them are used."""
    kind = kind_of(numbers.weights)
    grid = Grid(max(min(width, WIDEST), WIDTH), ROWS[kind], look, _lit(numbers))
    draw: Callable[[_Block], None] = {"lstm": _lstm, "gru": _gru, "rnn": _rnn}[kind]
    draw(_Block(numbers, grid, look))
    return grid.lines()


def _lit(numbers: Numbers) -> dict[str, str]:
    """The role of what each computed quantity lights up; what is computed last is brighter."""
    lit = {name: "key" if name in numbers.now else "text" for name in numbers.done}
    return lit | {"": "text"}


@dataclass(frozen=True)
class _Block:
    """One picture under construction: its numbers and its grid."""

    numbers: Numbers
    grid: Grid
    look: Look

    @property
    def weights(self) -> CellWeights:
        return self.numbers.weights

    def at(self, column: int) -> int:
        """The column, in this picture, of what is at `column` in the narrowest one."""
        return column + round((self.grid.width - WIDTH) * column / WIDTH)

    @property
    def states(self) -> str:
        """What goes into every sum beside what is read: the old hidden states of all units."""
        return f"all {self.weights.P} h{self.look.glyphs.prime}" if self.weights.P > 1 else f"h{self.look.glyphs.prime}"

    def text(self, name: str) -> str:
        """A number as it is printed here: with two decimals, and with a sign where the quantity can be negative."""
        value = self.numbers.values.get(name)
        if value is None:
            return ""
        signed = name not in QUANTITIES or self.weights.cell.quantity(name).signed
        return self.look.amount(value) if signed else self.look.share(value)

    def function(self, use: str) -> str:
        """The function that the cell uses, as its box is called."""
        name = self.weights.cell.functions[use].name
        if name == "sigmoid":
            return self.look.glyphs.sigma if self.look.glyphs.unicode else "sig"
        return clip(name.partition("(")[0], 8, self.look.glyphs.ellipsis)

    def gate(self, name: str, x: int, y: int, bar: bool = True) -> None:
        """The symbol and the value of a gate around column `x`, and a bar below."""
        symbol, text = QUANTITIES[name].symbol, self.text(name)
        start = x - (cell_len(text) + 2) // 2
        self.grid.word(name, start, y, symbol, name)
        self.grid.number(name, start + 2, y, text, name)
        value = self.numbers.values.get(name)
        if bar and value is not None and name in self.numbers.done:
            size = abs(value) / self.weights.cell.quantity(name).drawn_to
            drawn = self.look.bar(size, BAR).rstrip(self.look.glyphs.track)
            self.grid.word(name, x - BAR // 2, y + 1, drawn, name)

    def between(self, waits: str, left: int, right: int, y: int, what: str, number: str) -> None:
        """A number in the middle of the wire between two columns, and before it `what` it is."""
        start = (left + right - cell_len(what + number)) // 2
        start = self.grid.word(waits, start, y, f" {what}")
        self.grid.word("", self.grid.number(waits, start, y, number), y, " ")

    def enters(self, state: str, y: int) -> int:
        """Write the previous state at the left of row `y`; return the column after it."""
        text = f"{QUANTITIES[state].symbol}{self.look.glyphs.prime} {self.look.amount(self.numbers.before[state])}"
        return self.grid.word("", 0, y, text, state) + 1

    def leaves(self, state: str, x: int, y: int) -> None:
        """A wire from column `x` of row `y` to the new value of a state at the right edge, with an arrow."""
        text = f"{QUANTITIES[state].symbol} {self.text(state)}".rstrip()
        start = self.grid.width - 7
        self.grid.wire(state, (x, y), (start - 2, y))
        if state == "hidden" and self.weights.projection is not None:
            self.grid.word(state, x + 2, y, "R", "title")
        self.grid.word(state, start - 1, y, self.look.glyphs.chosen)
        self.grid.word(state, start, y, text[:1], state)
        self.grid.number(state, start + 2, y, text[2:], state)

    def reads(self, y: int, *taps: int) -> None:
        """The old hidden state and what is read, joined along row `y`, with wires up at the `taps`."""
        start = self.grid.word("", 0, y, self.states, "hidden") + 1
        room = self.grid.width - max(*taps, start) - 3
        word = clip(self.numbers.reads, max(room - 2, 3), self.look.glyphs.ellipsis)
        end = self.grid.width - cell_len(word) - 2
        self.grid.word("", end, y, f"x {word}", "chosen")
        self.grid.wire("", (start, y), (end - 2, y))


def _lstm(block: _Block) -> None:
    """c' x + -> c on top, the gates with their squashing functions below, h at the right."""
    grid, look, weights = block.grid, block.look, block.weights
    times, cell = look.glyphs.times, block.weights.cell
    f, i, g, o = map(block.at, (13, 20, 28, 36))
    plus = (i + g) // 2
    # the highway
    start = block.enters("cell", 0)
    grid.wire("", (start, 0), (f, 0))
    grid.wire("cell", (f, 0), (o, 0))
    block.leaves("cell", o, 0)
    grid.word("cell", f, 0, times, "title")
    block.between("cell", f, plus, 0, "", block.text(CARRIED))
    grid.word("cell", plus, 0, "+", "title")
    # what is kept, and what is added
    grid.wire("forget", (f, 0), (f, 4))
    grid.wire("cell", (plus, 1), (plus, 2))
    grid.number("cell", plus + 2, 1, block.text(WRITTEN))
    grid.word("cell", plus, 2, times, "title")
    grid.wire("candidate", (g, 4), (g, 3), (plus, 3), (plus, 2))
    grid.wire("input", (i, 4), (i, 3), (plus, 3), (plus, 2))
    # what is shown
    grid.wire("hidden", (o, 0), (o, 3))
    grid.centred("hidden", o, 1, block.function("output"))
    grid.number("hidden", o + 4, 1, block.text(SQUASHED))
    block.leaves("hidden", o, 3)
    grid.word("hidden", o, 3, times, "title")
    if weights.projection is not None:
        grid.number("hidden", o + 4, 2, block.text(SHOWN))
    grid.wire("output", (o, 4), (o, 3))
    # the gates
    for name, x in (("forget", f), ("input", i), ("candidate", g), ("output", o)):
        block.gate(name, x, 5)
        if cell.coupled and name == cell.coupled[0]:
            continue
        grid.wire("", (x, 9), (x, 8))
        grid.centred(name, x, 7, block.function("candidate" if name == "candidate" else "gate"), "title")
    if cell.coupled:
        _coupled(block, {"forget": f, "input": i})
    if weights.peepholes is not None:
        _peepholes(block, start, f, i, o)
    bottom = [x for name, x in (("forget", f), ("input", i), ("candidate", g), ("output", o)) if name in cell.rows]
    block.reads(9, *bottom)


def _coupled(block: _Block, places: Mapping[str, int]) -> None:
    """A gate that is one minus the other has no function of its own, but a wire from that other one."""
    assert block.weights.cell.coupled is not None
    made, other = block.weights.cell.coupled
    x, y = places[made], places[other]
    block.grid.centred(made, x, 7, f"1{block.look.glyphs.minus}{QUANTITIES[other].symbol}", "title")
    beside = 2 if x > y else -2
    block.grid.wire(made, (y + beside, 7), (x - beside - (x > y), 7))


def _peepholes(block: _Block, start: int, f: int, i: int, o: int) -> None:
    """Wires from the memory to the gates that look at it: from the old one, and to the output gate from the new one."""
    grid, cell = block.grid, block.weights.cell
    for name, x in (("forget", f), ("input", i)):
        if name in cell.rows:
            grid.wire(name, (start, 0), (start, 8), (x, 8), (x, 7))
    grid.wire("output", (o + 3, 0), (o + 3, 8), (o, 8))


def _gru(block: _Block) -> None:
    """The hidden state is the highway: what the update gate keeps of it, and of the candidate what it lets in."""
    grid, look = block.grid, block.look
    times, cell = look.glyphs.times, block.weights.cell
    z, r, g = map(block.at, (15, 22, 33))
    start = block.enters("hidden", 0)
    grid.wire("", (start, 0), (z, 0))
    grid.wire("hidden", (z, 0), (g, 0))
    block.leaves("hidden", g, 0)
    grid.word("hidden", z, 0, times, "title")
    block.between("hidden", z, g, 0, "", block.text(CARRIED))
    grid.word("hidden", g, 0, "+", "title")
    # what is kept, and what is added
    grid.wire("update", (z, 0), (z, 4))
    grid.wire("update", (z, 2), (g, 2))
    grid.wire("hidden", (g, 1), (g, 2))
    grid.number("hidden", g + 2, 1, block.text(WRITTEN))
    grid.word("hidden", g, 2, times, "title")
    other = look.share(1 - (block.numbers.values["update"] or 0.0))
    block.between("hidden", z, g, 2, f"1{look.glyphs.minus}z ", other)
    grid.wire("candidate", (g, 4), (g, 2))
    # the candidate and its sum
    block.gate("update", z, 4)
    block.gate("candidate", g, 4)
    grid.centred("candidate", g, 6, block.function("candidate"), "title")
    grid.word("candidate", g, 7, "+", "title")
    grid.wire("candidate", (g + 1, 7), (g + 2, 7))
    after = grid.word("candidate", g + 4, 7, "b+U x ")
    grid.number("candidate", after, 7, block.text(FROM_INPUT))
    if cell.resets == "after":
        _reset_after(block, r, g)
    else:
        _reset_before(block, r, g)
    grid.centred("update", z, 6, block.function("gate"), "title")
    for x, y in ((z, 7), (r, 9), (g, 9)):
        grid.wire("", (x, y), (x, 10))
    block.reads(10, z, r, g)


def _reset_after(block: _Block, r: int, g: int) -> None:
    """r * (d + W h'): the product of the reset gate comes after that with the weights."""
    grid = block.grid
    block.gate("reset", r, 8, bar=False)
    grid.centred("reset", r, 9, block.function("gate"), "title")
    grid.wire("candidate", (r + 4, 8), (g, 8))
    grid.word("candidate", g, 8, block.look.glyphs.times, "title")
    grid.number("candidate", g + 2, 8, block.text(FROM_STATE))
    grid.centred("", g, 9, f"d + W h{block.look.glyphs.prime}")


def _reset_before(block: _Block, r: int, g: int) -> None:
    """W (r * h'): the reset gate multiplies the state before the product with the weights."""
    grid = block.grid
    block.gate("reset", r, 8, bar=False)
    grid.centred("reset", r, 9, block.function("gate"), "title")
    grid.word("candidate", g, 8, "W", "title")
    grid.number("candidate", g + 2, 8, block.text(FROM_STATE))
    grid.wire("candidate", (r + 4, 8), (r + 6, 8), (r + 6, 9), (g, 9))
    grid.word("candidate", g, 9, block.look.glyphs.times, "title")


def _rnn(block: _Block) -> None:
    """One sum of the input and the state before, squashed: everything is rewritten at every timestamp."""
    grid, look = block.grid, block.look
    plus, middle = block.at(28), 2
    label = f"x {clip(block.numbers.reads, 10, look.glyphs.ellipsis)}"
    for y, text, role, what, name in (
        (0, label, "chosen", "b + U x ", FROM_INPUT),
        (4, block.states, "hidden", f"W h{look.glyphs.prime} ", FROM_STATE),
    ):
        end = grid.word("", 0, y, text, role) + 1
        grid.wire("hidden", (end, y), (plus, y), (plus, middle))
        block.between("hidden", end, plus, y, what, block.text(name))
    block.leaves("hidden", plus, middle)
    grid.word("hidden", plus, middle, "+", "title")
    grid.word("hidden", plus + 2, middle, f" {block.function('candidate')} ", "title")
    grid.word("", 0, 5, f"h is h{look.glyphs.prime} of the next timestamp", "dim")
