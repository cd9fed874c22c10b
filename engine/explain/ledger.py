"""The arithmetic of one number: every term that went into one quantity of one unit at one timestamp."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ..activations import activation
from ..arrays import Floats
from ..cells import PEEPHOLES
from ..trace import LayerTrace, Trace

if TYPE_CHECKING:
    from .edits import Edit


@dataclass(frozen=True)
class Term:
    """One product. `index` is the column it stands in; `source` is where it comes from:

    "bias", "input" (x_t), "hidden" (h_{t-1}) and "peephole" (the memory that a gate looks at) in the sum of a gate;
    "recurrent bias" in that of a GRU's candidate, where it is multiplied by the reset gate together with "hidden";
    "kept" and "written" in a memory; "one" and "other" in a coupled gate, which is one minus another; "shown" in a
    hidden state that is a projection of what the units show, o * tanh(c); "by hand" in a hidden state whose memory was
    edited: by how much.

    For a bias and for one, `value` is 1. `scale` is what else the product is multiplied by, the reset gate, or 1: that
    of the unit itself, or of unit `index` in a GRU that resets before the product.
    """

    source: str
    index: int
    weight: float
    value: float
    scale: float = 1.0

    @property
    def product(self) -> float:
        """What the term adds, in float64."""
        return self.scale * self.weight * self.value


@dataclass(frozen=True)
class Ledger:
    """How `value`, one quantity of `unit` at `t`, came about.

    `terms` add up to `total`: the pre-activation of a gate, a coupled gate or a new memory itself, or (for the hidden
    state of an LSTM) the cell state that tanh is taken of. `activation` is the name of the function that is taken of
    the total, or "" where none is. `factor` multiplies the result and is 1 where nothing does. The result is
    `computed`; `edits` are those that turned it into `value` by hand, and without any the two are equal.
    """

    quantity: str
    unit: int
    t: int
    terms: tuple[Term, ...]
    total: float
    activation: str
    factor: float
    value: float
    edits: "tuple[Edit, ...]" = ()

    @property
    def computed(self) -> float:
        """What the equation gives, in float64: `value`, unless `edits` have set another by hand."""
        if not self.activation:
            return self.factor * self.total
        return self.factor * float(activation(self.activation).apply(np, np.float64(self.total)))

    def from_source(self, source: str) -> float:
        """Return what all terms of one source add, in float64."""
        return sum(term.product for term in self.terms if term.source == source)


def ledger(trace: Trace, t: int, unit: int, quantity: str, layer: str = "l0") -> Ledger:
    """Return the arithmetic of `quantity` of `unit` at timestamp `t` (from 0) in `layer`.

    Raises KeyError for a quantity the cell does not have, IndexError for a unit or timestamp outside the trace.
    """
    lt = trace.layer(layer)
    units = lt.weights.width(quantity)
    if not 0 <= t < len(lt) or not 0 <= unit < units:
        raise IndexError(f"unit {unit} at timestamp {t} is outside {units} units x {len(lt)} timestamps")
    book = _book(lt, t, unit, quantity)
    edits = lt.hook.edits_at(layer, t, quantity, unit) if lt.hook is not None else ()
    return replace(book, edits=edits)


def _book(lt: LayerTrace, t: int, unit: int, quantity: str) -> Ledger:
    value = float(lt[quantity][t, unit])
    function = lt.cell.function(quantity)
    if function is not None:
        terms = _gate_terms(lt, t, unit, quantity)
        return Ledger(quantity, unit, t, terms, sum(term.product for term in terms), function.name, 1.0, value)
    if lt.cell.coupled and quantity == lt.cell.coupled[0]:
        other = float(lt[lt.cell.coupled[1]][t, unit])
        return _summed(quantity, unit, t, (Term("one", 0, 1.0, 1.0), Term("other", 0, -1.0, other)), value)
    if quantity == lt.cell.memory_state:
        return _summed(quantity, unit, t, _memory_terms(lt, t, unit), value)
    if lt.weights.projection is not None:
        return _summed(quantity, unit, t, _shown_terms(lt, t, lt.weights.projection[unit]), value)
    cell, gate = float(lt["cell"][t, unit]), float(lt["output"][t, unit])
    terms = _memory_terms(lt, t, unit)
    if lt.hook is not None and lt.hook.edits_at(lt.name, t, "cell", unit):
        terms = (*terms, Term("by hand", 0, 1.0, cell - sum(term.product for term in terms)))
    return Ledger(quantity, unit, t, terms, cell, lt.cell.output.name, gate, value)


def _summed(quantity: str, unit: int, t: int, terms: tuple[Term, ...], value: float) -> Ledger:
    """A number that is the sum of its terms."""
    return Ledger(quantity, unit, t, terms, sum(term.product for term in terms), "", 1.0, value)


def _gate_terms(lt: LayerTrace, t: int, unit: int, gate: str) -> tuple[Term, ...]:
    w, row = lt.weights, lt.weights.row(gate, unit)
    x, h = lt.inputs[t], lt.before(t, "hidden")
    bias, recurrent_bias = float(w.bias_ih[row]), float(w.bias_hh[row])
    terms = [Term("input", m, float(w.U[row, m]), float(x[m])) for m in range(w.I)]
    scales = np.ones(w.P, np.float32)
    if gate == "candidate" and w.cell.resets:
        reset = lt["reset"][t]
        scales = reset if w.cell.resets == "before" else np.full(w.P, reset[unit])
    if gate == "candidate" and w.cell.resets == "after":
        terms.append(Term("recurrent bias", 0, recurrent_bias, 1.0, float(scales[0])))
    else:
        bias += recurrent_bias
    terms += [Term("hidden", m, float(w.W[row, m]), float(h[m]), float(scales[m])) for m in range(w.P)]
    if w.peepholes is not None and gate in PEEPHOLES:
        seen = _new_memory(lt, t, unit) if gate == "output" else float(lt.before(t, "cell")[unit])
        terms.append(Term("peephole", unit, float(w.peepholes[PEEPHOLES.index(gate), unit]), seen))
    return (Term("bias", 0, bias, 1.0), *terms)


def _new_memory(lt: LayerTrace, t: int, unit: int) -> float:
    """The memory that the output gate sees at `t`; where `t` is skipped, that is not the one which counts after it."""
    edits = lt.hook.edits_at(lt.name, t, "cell", unit) if lt.hook is not None else ()
    if lt.hook is None or not any(edit.action == "skip" for edit in edits):
        return float(lt["cell"][t, unit])
    computed = np.full(lt.H, sum(term.product for term in _memory_terms(lt, t, unit)))
    return float(lt.hook.quantity(lt.name, t, "cell", computed)[unit])


def _memory_terms(lt: LayerTrace, t: int, unit: int) -> tuple[Term, ...]:
    path = lt.cell.memory({name: lt[name][t, unit] for name in lt.cell.gated})
    assert path is not None
    assert lt.cell.memory_state is not None
    keep, gate, content = (float(part) for part in path)
    before = float(lt.before(t, lt.cell.memory_state)[unit])
    return Term("kept", 0, keep, before), Term("written", 0, gate, content)


def _shown_terms(lt: LayerTrace, t: int, row: Floats) -> tuple[Term, ...]:
    """What each unit adds to one number of a projected hidden state; `row` (H,) are its weights."""
    shown = lt["output"][t] * lt.cell.output.apply(np, lt["cell"][t])
    return tuple(Term("shown", m, float(row[m]), float(shown[m])) for m in range(len(row)))
