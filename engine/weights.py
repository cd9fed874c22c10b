"""The weights of a stack of recurrent layers, in PyTorch's layout."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from .arrays import Floats
from .cell import Cell
from .cells import PEEPHOLES
from .errors import BadInput


@dataclass(frozen=True)
class CellWeights:
    """One direction of one layer; G gates of H units over I inputs, rows in PyTorch's order.

    `U` (G*H, I) acts on the input, `W` (G*H, P) on the previous hidden state; `bias_ih` and `bias_hh` are (G*H,).
    `peepholes` (3, H) act on the memory, rows in the order of PEEPHOLES. `projection` (P, H) maps what the units show
    to the hidden state; without one P is H. Both are None where there are none.
    """

    name: str
    cell: Cell
    U: Floats
    W: Floats
    bias_ih: Floats
    bias_hh: Floats
    peepholes: Floats | None = None
    reverse: bool = False
    projection: Floats | None = None

    @property
    def H(self) -> int:
        """The number of units."""
        return len(self.W) // len(self.cell.rows)

    @property
    def P(self) -> int:
        """The width of the hidden state: the number of units, or what they are projected to."""
        return int(self.W.shape[1])

    @property
    def I(self) -> int:  # noqa: E743 (the symbol of the equations)
        """The number of inputs."""
        return int(self.U.shape[1])

    @property
    def parameters(self) -> int:
        """How many numbers training adjusts; a coupled gate has no peepholes of its own."""
        looking = 0 if self.peepholes is None else sum(gate in self.cell.rows for gate in PEEPHOLES)
        projection = 0 if self.projection is None else self.projection.size
        return self.U.size + self.W.size + self.bias_ih.size + self.bias_hh.size + looking * self.H + projection

    @property
    def tensors(self) -> dict[str, Floats]:
        """Every array by PyTorch's name, without the layer: `weight_ih` (G*H, I) and so on."""
        own = {"weight_ih": self.U, "weight_hh": self.W, "bias_ih": self.bias_ih, "bias_hh": self.bias_hh,
               "weight_peephole": self.peepholes, "weight_hr": self.projection}  # fmt: skip
        return {name: array for name, array in own.items() if array is not None}

    def width(self, quantity: str) -> int:
        """Return how many numbers `quantity` has at a timestamp: P for the hidden state, H for all others."""
        return self.P if quantity == "hidden" else self.H

    def row(self, gate: str, unit: int) -> int:
        """Return the row of `U`, `W` and the biases that belongs to `unit` of `gate`."""
        return self.cell.rows.index(gate) * self.H + unit

    def zeros(self, *batch: int) -> dict[str, Floats]:
        """Return each of the cell's states as zeros, (*batch, H), the hidden one (*batch, P)."""
        return {state: np.zeros((*batch, self.width(state)), np.float32) for state in self.cell.states}


@dataclass(frozen=True)
class Stack:
    """A recurrent network: layers, each with one direction or two. `layers[l][d]` are the weights.

    `cell` is that of the first layer. `assumptions` are what the file did not say and a documented default of its
    framework settled, each a few words such as "tanh assumed".
    """

    cell: Cell
    layers: tuple[tuple[CellWeights, ...], ...]
    assumptions: tuple[str, ...] = ()

    @property
    def I(self) -> int:  # noqa: E743
        """The number of inputs of the first layer."""
        return self.layers[0][0].I

    @property
    def H(self) -> int:
        """The number of units of each direction of the first layer."""
        return self.layers[0][0].H

    @property
    def D(self) -> int:
        """The width of what the last layer shows: its directions' hidden states side by side."""
        return sum(weights.P for weights in self.layers[-1])

    @property
    def flat(self) -> tuple[CellWeights, ...]:
        """Every direction of every layer, in PyTorch's order of initial states."""
        return tuple(weights for layer in self.layers for weights in layer)

    @property
    def reads_back(self) -> bool:
        """Whether a direction reads from the end, so that the output at a timestamp depends on those after it."""
        return any(weights.reverse for weights in self.flat)

    @property
    def even(self) -> bool:
        """Whether all directions of all layers have the same states of the same widths, as in one torch module."""
        first = self.flat[0]
        return all((w.cell.states, w.H, w.P) == (first.cell.states, first.H, first.P) for w in self.flat)

    @property
    def title(self) -> str:
        """Its title: `LSTM 64 units x 2 layers both ways`; each layer by itself where they differ."""
        named = [f"{one[0].cell.spelled} {one[0].H} units{' both ways' * (len(one) > 1)}" for one in self.layers]
        text = " + ".join(named)
        if len(set(named)) == 1:
            first, both, _ = named[0].partition(" both ways")
            text = f"{first}{f' x {len(named)} layers' if len(named) > 1 else ''}{both}"
        return ", ".join([text, *self.assumptions])

    @property
    def parameters(self) -> int:
        """How many numbers training adjusts."""
        return sum(weights.parameters for weights in self.flat)


def chained(stacks: Sequence[Stack], source: str) -> Stack:
    """Return one Stack in which each of `stacks`, at least one, reads what the one before it shows.

    They may differ in cells, units and directions. Raises BadInput, which begins with `source`, where one takes
    another number of inputs than the one before it gives.
    """
    layers: list[tuple[CellWeights, ...]] = []
    for number, stack in enumerate(stacks):
        if number and stack.I != stacks[number - 1].D:
            raise BadInput(f"{source}: network {number + 1} of the chain takes {stack.I} inputs, and the one before it "
                           f"gives {stacks[number - 1].D}; they must be equal")  # fmt: skip
        for layer in stack.layers:
            names = [f"l{len(layers)}{'_reverse' if w.reverse else ''}" for w in layer]
            layers.append(tuple(replace(w, name=name) for w, name in zip(layer, names, strict=True)))
    assumed = dict.fromkeys(assumption for stack in stacks for assumption in stack.assumptions)
    return Stack(stacks[0].cell, tuple(layers), tuple(assumed))
