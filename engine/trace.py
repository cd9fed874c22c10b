"""What a network did with a sequence: every quantity of every unit at every timestamp, frozen."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from .activations import Activation
from .arrays import Array, Floats, frozen, namespace
from .cell import Cell
from .hook import Hook
from .quantities import QUANTITIES, Quantity
from .weights import CellWeights, Stack

if TYPE_CHECKING:
    from .explain.edits import Edit


@dataclass(frozen=True, eq=False)
class LayerTrace:
    """One direction of one layer over T timestamps.

    `inputs` is (T, I); `initial` holds each state before the first timestamp, (H,); `quantities` maps each name to (T,
    H), at the timestamp it belongs to, also in a reverse direction. All arrays are read-only. `hook` was asked where
    they were computed, and may have changed them.
    """

    weights: CellWeights
    inputs: Floats
    initial: Mapping[str, Floats]
    quantities: Mapping[str, Floats]
    hook: Hook | None = None

    @property
    def name(self) -> str:
        """PyTorch's suffix: `l0`, `l1_reverse`."""
        return self.weights.name

    @property
    def cell(self) -> Cell:
        """The equations that were used."""
        return self.weights.cell

    @property
    def H(self) -> int:
        """The number of units."""
        return self.weights.H

    def __len__(self) -> int:
        return len(self.inputs)

    def __getitem__(self, quantity: str) -> Floats:
        return self.quantities[quantity]

    def quantity(self, name: str) -> Quantity:
        """Return the quantity called `name` with the bounds that it has here: a projection has none."""
        if name == "hidden" and self.weights.projection is not None:
            return QUANTITIES[name].within(None, None)
        return self.cell.quantity(name)

    def number(self, quantity: str, t: int, unit: int) -> float | None:
        """Return `quantity` of `unit` at `t`; None for a unit beyond those that a projection shows."""
        return float(self.quantities[quantity][t, unit]) if unit < self.weights.width(quantity) else None

    def previous(self, t: int) -> int | None:
        """Return the timestamp that was processed before `t`, or None when `t` was the first."""
        before = t + 1 if self.weights.reverse else t - 1
        return before if 0 <= before < len(self) else None

    def before(self, t: int, state: str) -> Floats:
        """Return `state` ("hidden" or "cell") as the step at `t` found it, (H,)."""
        previous = self.previous(t)
        found: Floats = self.initial[state] if previous is None else self.quantities[state][previous]
        return found if self.hook is None else self.hook.states(self.name, t, {state: found})[state]

    def missing(self, t: int) -> int:
        """Return how many timestamps must be computed before anything at `t` is known: none here."""
        return 0

    def reach(self, t: int) -> Iterator[None]:
        """Walk to `t`, where something is missing; yields now and then, so that the walk can be watched and left."""
        return iter(())

    def look(self, start: int, stop: int) -> Iterator[None]:
        """Compute timestamps `start` to `stop`, where something is missing; yields as `reach` does."""
        return iter(())

    def wants_torch(self) -> bool:
        """Whether it pays to load torch for what is missing: nothing is, here."""
        return False


@dataclass(frozen=True, eq=False)
class Timestamp:
    """Everything at one timestamp: `quantities` maps `l0.forget`, … to (H,)."""

    t: int
    token: str | None
    quantities: Mapping[str, Floats]
    probabilities: Floats | None

    def __getitem__(self, quantity: str) -> Floats:
        return self.quantities[quantity]


@dataclass(frozen=True, eq=False)
class Readout:
    """The map from the hidden states of the last layer to scores: linear, `matrix` (V, D), `bias` (V,).

    Between the two there may be further steps, `before`: functions, and dense layers (matrix (out, in), bias (out,)).
    """

    matrix: Floats
    bias: Floats
    before: tuple[Activation | tuple[Floats, Floats], ...] = ()

    @property
    def width(self) -> int:
        """D, how many hidden units are read."""
        first = next((step for step in self.before if not isinstance(step, Activation)), (self.matrix, self.bias))
        return int(first[0].shape[1])

    @property
    def outgoing(self) -> Floats:
        """The weights (n, D) that leave the hidden units: to scores, or to the units of the first dense layer."""
        return next((step[0] for step in self.before if not isinstance(step, Activation)), self.matrix)

    @property
    def direct(self) -> bool:
        """Whether the hidden units lead to the scores without anything between."""
        return not self.before

    @property
    def parameters(self) -> int:
        """How many numbers training adjusts."""
        dense = [step for step in self.before if not isinstance(step, Activation)]
        return sum(matrix.size + bias.size for matrix, bias in (*dense, (self.matrix, self.bias)))

    def scores(self, hidden: Array, wide: Callable[[Floats], Array] | None = None) -> Array:
        """Return scores (..., V) of `hidden` (..., D), an array or a tensor; `wide` converts weights to its kind."""
        as_kind = wide or (lambda array: array)
        for step in self.before:
            if isinstance(step, Activation):
                hidden = step.apply(namespace(hidden), hidden)
            else:
                hidden = hidden @ as_kind(step[0]).T + as_kind(step[1])
        return hidden @ as_kind(self.matrix).T + as_kind(self.bias)

    def effects(self, hidden: Floats) -> Floats:
        """Return the effect of each unit of `hidden` (D,) on the likeliest word, (D,).

        That is by how much ln p of the word changes when the unit's hidden state is set to zero: below zero, the unit
        supports the word.
        """
        scores = self.scores(hidden)
        best = int(scores.argmax())
        if self.direct:
            without = scores - hidden[:, None] * self.matrix.T  # (D, V): scores with one unit silent
        else:
            without = self.scores(np.where(np.eye(len(hidden), dtype=bool), np.float32(0), hidden))
        effects: Floats = log_softmax(without)[:, best] - log_softmax(scores)[best]
        return effects


def softmax(scores: Floats) -> Floats:
    """Return the probabilities (..., V) of `scores` (..., V); they add up to 1 over the last axis."""
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    probabilities: Floats = e / e.sum(axis=-1, keepdims=True)
    return probabilities


def log_softmax(scores: Floats) -> Floats:
    """Return ln of the probabilities (..., V) of `scores` (..., V), finite also where `softmax` underflows to 0."""
    below = scores - scores.max(axis=-1, keepdims=True)
    logarithms: Floats = below - np.log(np.exp(below).sum(axis=-1, keepdims=True))
    return logarithms


@dataclass(frozen=True, eq=False)
class Trace:
    """A run of `stack` over `inputs` (T, I), one LayerTrace per direction and layer in PyTorch's order.

    For word networks `tokens` are the words as written, `known[t]` says whether the vocabulary has the word at t,
    `vocabulary` names the V words, and `readout` turns hidden states into their scores. For numbers, `columns` are the
    names of the I inputs and `labels` those of the T timestamps, such as dates; each is empty where there are none. For
    a run with `edits`, `original` is the same run without them, computed in the same way; where timestamps of numbers
    are deleted, `rows` are those of the original that are left.
    """

    stack: Stack
    inputs: Floats
    layers: tuple[LayerTrace, ...]
    tokens: tuple[str, ...] | None = None
    known: tuple[bool, ...] | None = None
    vocabulary: tuple[str, ...] | None = None
    readout: Readout | None = None
    edits: tuple["Edit", ...] = ()
    original: "Trace | None" = None
    columns: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    rows: tuple[int, ...] | None = None

    def __len__(self) -> int:
        return len(self.inputs)

    def __getitem__(self, t: int) -> Timestamp:
        if not -len(self) <= t < len(self):
            raise IndexError(f"timestamp {t} is outside 0..{len(self) - 1}")
        t %= len(self)
        at_t = {f"{layer.name}.{name}": array[t] for layer in self.layers for name, array in layer.quantities.items()}
        return Timestamp(t, self.tokens[t] if self.tokens else None, at_t, self.probabilities(t))

    @property
    def hook(self) -> Hook | None:
        """What changes quantities in this run, None where nothing does."""
        return self.layers[0].hook

    @cached_property
    def quantities(self) -> Mapping[str, Floats]:
        """Every quantity by its exported name (`l0.forget`, `l1_reverse.cell`, …), each (T, H)."""
        return {f"{layer.name}.{name}": array for layer in self.layers for name, array in layer.quantities.items()}

    @cached_property
    def top(self) -> Floats:
        """The hidden states that the readout sees, (T, D): the last layer's, both directions side by side."""
        last = [layer["hidden"] for layer in self.layers[-len(self.stack.layers[-1]) :]]
        return last[0] if len(last) == 1 else frozen(np.concatenate(last, axis=1))

    def probabilities(self, t: int) -> Floats | None:
        """Return the next-word distribution at `t`, (V,), or None for a network without a readout."""
        return None if self.readout is None else softmax(self.readout.scores(self.top[t]))

    def scores(self, start: int, stop: int) -> Floats:
        """Return the scores of every word from timestamp `start` to `stop` (not included), (stop - start, V).

        Only for a network with a readout. Of a lazy run no more than these timestamps is computed.
        """
        assert self.readout is not None
        last = [layer["hidden"][start:stop] for layer in self.layers[-len(self.stack.layers[-1]) :]]
        scores: Floats = self.readout.scores(last[0] if len(last) == 1 else np.concatenate(last, axis=1))
        return scores

    def label(self, t: int) -> str:
        """Return what names timestamp `t` where there are no words: its label, or its number from 1."""
        return self.labels[t] if self.labels else str(t + 1)

    def input_name(self, layer: str, index: int) -> str:
        """Return the name of number `index` of what `layer` reads: Volume, x3, or h of l0, unit 22.

        Raises IndexError where it reads fewer numbers.
        """
        depth = next(n for n, directions in enumerate(self.stack.layers) if any(w.name == layer for w in directions))
        if depth == 0:
            return self.columns[index] if self.columns else f"x{index}"
        for below in self.stack.layers[depth - 1]:
            if index < below.P:
                return f"h of {below.name}, unit {index}"
            index -= below.P
        raise IndexError(f"{layer} reads no number {index} more than the layer below gives it")

    def layer(self, name: str) -> LayerTrace:
        """Return the layer called `name`. Raises KeyError, which lists the layers, where there is none."""
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise KeyError(f"no layer {name}; choose from {', '.join(layer.name for layer in self.layers)}")
