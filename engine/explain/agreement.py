"""Whether a run agrees with another framework's output, and which other reading of the weights would.

A file that stores the rows of the gates in another order, its matrices the other way round, or a GRU of another form
opens without a complaint and gives other numbers. So the readings that are possible are tried against the numbers that
are known to be right.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import permutations
from typing import Any

import numpy as np

from ..activations import activation
from ..arrays import Floats, as_floats, frozen
from ..cells import CELLS
from ..errors import BadInput
from ..run.forward import run_layer, side_by_side
from ..run.walk import through_layers
from ..trace import LayerTrace, Trace
from ..weights import CellWeights, Stack

ENOUGH = 1e-4
"""The largest difference of hidden states, which are within -1..1, that counts as agreement in float32."""

TRIED = 64
"""Timestamps over which a reading is tried first; a reverse direction begins at the end, and takes all of them."""

MOST_BOTH_WAYS = 2000

TURNED = "its rows from the last timestamp to the first"
"""How Keras gives the output of a layer that goes backwards."""


@dataclass(frozen=True)
class Agreement:
    """How far the `computed` hidden states are from the `expected` ones at most, at timestamp `t` (from 0) and `unit`.

    `reading` is the other reading of the weights that agrees, and `then` the largest difference that is left with it;
    "" where none does, or none is needed.
    """

    difference: float
    t: int
    unit: int
    computed: float
    expected: float
    reading: str = ""
    then: float = float("inf")

    @property
    def agrees(self) -> bool:
        """Whether the difference is within ENOUGH."""
        return self.difference <= ENOUGH


def agreement(trace: Trace, expected: Any, source: str) -> Agreement:
    """Compare the last layer's hidden states with `expected`, (T, D) as torch gives them, or a batch of one.

    Where they disagree, other readings of the weights are tried. Raises BadInput, which begins with `source`, where
    `expected` has another shape.
    """
    known = _as_given(expected, trace, source)
    off = np.abs(trace.top - known)
    t, unit = (int(n) for n in np.unravel_index(int(off.argmax()), off.shape))
    found = Agreement(float(off[t, unit]), t, unit, float(trace.top[t, unit]), float(known[t, unit]))
    if found.agrees:
        return found
    if (then := float(np.abs(trace.top - known[::-1]).max())) <= ENOUGH:
        return replace(found, reading=TURNED, then=then)
    both_ways = trace.stack.reads_back
    T = len(trace) if both_ways else min(len(trace), TRIED)
    if both_ways and len(trace) > MOST_BOTH_WAYS:
        return found
    for name, stack in readings(trace.stack):
        if np.abs(_again(stack, trace, T) - known[:T]).max() <= ENOUGH:
            then = float(np.abs(_again(stack, trace, len(trace)) - known).max())
            if then <= ENOUGH:
                return replace(found, reading=name, then=then)
    return found


def sentence(found: Agreement, source: str) -> str:
    """Return what `found` says, in one line; `source` is what the expected numbers are called."""
    if found.agrees:
        return f"{source}: agrees; the hidden states differ by {found.difference:.2g} at most"
    where = f"at t={found.t + 1}, unit {found.unit}: {found.computed:.4g} here, {found.expected:.4g} there"
    line = f"{source}: does not agree; the hidden states differ by up to {found.difference:.2g} ({where})"
    if found.reading:
        return f"{line}; with {found.reading} they would agree to {found.then:.2g}"
    return f"{line}; no order of gates, transposition, form or function of the cell would agree"


def readings(stack: Stack) -> Iterator[tuple[str, Stack]]:
    """Yield every other reading of the weights of `stack`, the likelier ones first, each with a name."""
    rows = stack.cell.rows
    forms = list(_forms(stack))
    lying = [("", stack), *_lying(stack)]
    for order in permutations(rows):
        ordered = "" if order == rows else f"the rows of the gates in the order {', '.join(order)}"
        for turned, base in lying:
            for form, change in forms:
                name = " and ".join(part for part in (ordered, turned, form) if part)
                if name:
                    yield name, change(_changed(base, lambda w, order=order: _reordered(w, order)))  # type: ignore[misc]


def _forms(stack: Stack) -> Iterator[tuple[str, Any]]:
    """The forms that the cell has in other frameworks, each as a change of the whole stack."""
    yield "", lambda stack: stack
    use, names = (
        ("gate", ("hard_sigmoid(0.2)", "hard_sigmoid(1/6)")) if len(stack.cell.rows) > 1 else ("candidate", ("relu",))
    )
    for function in names:
        if stack.cell.functions[use] != activation(function):
            yield f"{function} gates" if use == "gate" else function, partial(_with, use=use, function=function)
    others = {"gru": "gru-before", "gru-before": "gru"}
    if stack.cell.name not in others:
        return
    other = CELLS[others[stack.cell.name]]
    reset = f"the GRU that resets {other.resets} the product"
    mixed = "an update gate that is open where it is new"

    def swapped(stack: Stack) -> Stack:
        cell = other.with_functions(stack.cell.functions)
        return replace(_changed(stack, lambda w: replace(w, cell=cell)), cell=cell)

    def complemented(stack: Stack) -> Stack:
        return _changed(stack, _complemented)

    yield reset, swapped
    yield mixed, complemented
    yield f"{reset} and {mixed}", lambda stack: complemented(swapped(stack))


def _with(stack: Stack, use: str, function: str) -> Stack:
    cell = stack.cell.with_functions({use: activation(function)})
    return replace(_changed(stack, lambda w: replace(w, cell=cell)), cell=cell)


def _lying(stack: Stack) -> Iterator[tuple[str, Stack]]:
    """The matrices the other way round, gate by gate, as far as they are square; and the rows unit by unit."""
    if all(w.P == w.H for w in stack.flat):
        yield "the recurrent matrices transposed", _changed(stack, lambda w: replace(w, W=_turned(w.W, w)))
        square = [w.I == w.H for w in stack.flat]
        if any(square):
            yield "all square matrices transposed", _changed(stack, _all_turned)
    if len(stack.cell.rows) > 1:
        yield "the gates' rows unit by unit", _changed(stack, _by_unit)


def _changed(stack: Stack, change: Any) -> Stack:
    return replace(stack, layers=tuple(tuple(change(w) for w in layer) for layer in stack.layers))


def _on_rows(w: CellWeights, rows: Any) -> CellWeights:
    return replace(w, U=frozen(w.U[rows]), W=frozen(w.W[rows]), bias_ih=frozen(w.bias_ih[rows]),
                   bias_hh=frozen(w.bias_hh[rows]))  # fmt: skip


def _reordered(w: CellWeights, order: tuple[str, ...]) -> CellWeights:
    """The weights whose rows stand in `order`, put into the order of the cell."""
    places = [order.index(gate) for gate in w.cell.rows]
    return _on_rows(w, np.concatenate([np.arange(w.H) + place * w.H for place in places]))


def _by_unit(w: CellWeights) -> CellWeights:
    return _on_rows(w, np.arange(len(w.U)).reshape(w.H, -1).T.reshape(-1))


def _turned(matrix: Floats, w: CellWeights) -> Floats:
    blocks = matrix.reshape(len(w.cell.rows), w.H, w.H)
    return frozen(blocks.swapaxes(1, 2).reshape(matrix.shape).copy())


def _all_turned(w: CellWeights) -> CellWeights:
    turned = replace(w, W=_turned(w.W, w))
    return replace(turned, U=_turned(w.U, w)) if w.I == w.H else turned


def _complemented(w: CellWeights) -> CellWeights:
    """The GRU whose update gate is one minus itself: sigmoid(-z) is 1 - sigmoid(z)."""
    sign = np.repeat([-1.0 if gate == "update" else 1.0 for gate in w.cell.rows], w.H).astype(np.float32)
    return replace(w, U=frozen(w.U * sign[:, None]), W=frozen(w.W * sign[:, None]), bias_ih=frozen(w.bias_ih * sign),
                   bias_hh=frozen(w.bias_hh * sign))  # fmt: skip


def _again(stack: Stack, trace: Trace, T: int) -> Floats:
    """The last layer's hidden states (T, D) of `stack` over the inputs of `trace`, from its initial states."""
    initial = iter(trace.layers)

    def walk(weights: CellWeights, below: Floats) -> LayerTrace:
        return run_layer(weights, below, next(initial).initial)

    _, top = through_layers(stack, frozen(trace.inputs[:T]), walk, side_by_side)
    return as_floats(top, "hidden")


def _as_given(expected: Any, trace: Trace, source: str) -> Floats:
    """The expected hidden states as (T, D)."""
    array = as_floats(expected, source)
    T, D = trace.top.shape
    directions = len(trace.stack.layers[-1])
    batches = ((T, D), (1, T, D), (T, 1, D), (T, directions, 1, D // directions))  # the last is ONNX's
    if array.shape not in batches:
        raise BadInput(f"{source}: has shape {array.shape}; the hidden states of the last layer are ({T}, {D})")
    return frozen(array.reshape(T, D))
