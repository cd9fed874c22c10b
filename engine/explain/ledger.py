"""The arithmetic of one number: every term that went into one quantity of one unit at one timestamp."""

from dataclasses import dataclass

from ..cells import PEEPHOLES
from ..quantities import QUANTITIES
from ..trace import LayerTrace, Trace


@dataclass(frozen=True)
class Term:
    """One product. `index` is the column it stands in; `source` is where it comes from:

    "bias", "input" (x_t), "hidden" (h_{t-1}) and "peephole" (the memory that a gate looks at) in the sum of a gate;
    "recurrent bias" in that of a GRU's candidate, where it is multiplied by the reset gate together with "hidden";
    "kept" and "written" in a memory; "one" and "other" in a coupled gate, which is one minus another.

    For a bias and for one, `value` is 1. `scale` is what else the product is multiplied by, the reset gate, or 1.
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
    state of an LSTM) the cell state that tanh is taken of. `activation` says what happens to the total: "sigmoid",
    "tanh" or "". `factor` multiplies the result and is 1 where nothing does.
    """

    quantity: str
    unit: int
    t: int
    terms: tuple[Term, ...]
    total: float
    activation: str
    factor: float
    value: float

    def from_source(self, source: str) -> float:
        """Return what all terms of one source add, in float64."""
        return sum(term.product for term in self.terms if term.source == source)


def ledger(trace: Trace, t: int, unit: int, quantity: str, layer: str = "l0") -> Ledger:
    """Return the arithmetic of `quantity` of `unit` at timestamp `t` (from 0) in `layer`.

    Raises KeyError for a quantity the cell does not have, IndexError for a unit or timestamp outside the trace.
    """
    lt = trace.layer(layer)
    if not 0 <= t < len(lt) or not 0 <= unit < lt.H:
        raise IndexError(f"unit {unit} at timestamp {t} is outside {lt.H} units x {len(lt)} timestamps")
    value = float(lt[quantity][t, unit])
    if quantity in lt.cell.rows:
        terms = _gate_terms(lt, t, unit, quantity)
        total = sum(term.product for term in terms)
        activation = "tanh" if QUANTITIES[quantity].signed else "sigmoid"
        return Ledger(quantity, unit, t, terms, total, activation, 1.0, value)
    if lt.cell.coupled and quantity == lt.cell.coupled[0]:
        other = float(lt[lt.cell.coupled[1]][t, unit])
        return Ledger(
            quantity, unit, t, (Term("one", 0, 1.0, 1.0), Term("other", 0, -1.0, other)), value, "", 1.0, value
        )
    if quantity == lt.cell.remembers:
        return Ledger(quantity, unit, t, _memory_terms(lt, t, unit), value, "", 1.0, value)
    cell = float(lt["cell"][t, unit])
    return Ledger(quantity, unit, t, _memory_terms(lt, t, unit), cell, "tanh", float(lt["output"][t, unit]), value)


def _gate_terms(lt: LayerTrace, t: int, unit: int, gate: str) -> tuple[Term, ...]:
    w, row = lt.weights, lt.weights.row(gate, unit)
    x, h = lt.inputs[t], lt.before(t, "hidden")
    bias, recurrent_bias = float(w.bias_ih[row]), float(w.bias_hh[row])
    terms = [Term("input", m, float(w.U[row, m]), float(x[m])) for m in range(w.I)]
    scale = 1.0
    if gate == "candidate" and "reset" in w.cell.rows:
        scale = float(lt["reset"][t, unit])
        terms.append(Term("recurrent bias", 0, recurrent_bias, 1.0, scale))
    else:
        bias += recurrent_bias
    terms += [Term("hidden", m, float(w.W[row, m]), float(h[m]), scale) for m in range(w.H)]
    if w.peepholes is not None and gate in PEEPHOLES:
        seen = lt["cell"][t] if gate == "output" else lt.before(t, "cell")
        terms.append(Term("peephole", unit, float(w.peepholes[PEEPHOLES.index(gate), unit]), float(seen[unit])))
    return (Term("bias", 0, bias, 1.0), *terms)


def _memory_terms(lt: LayerTrace, t: int, unit: int) -> tuple[Term, ...]:
    path = lt.cell.memory({name: array[t, unit] for name, array in lt.quantities.items()})
    assert path is not None
    assert lt.cell.remembers is not None
    keep, gate, content = (float(part) for part in path)
    before = float(lt.before(t, lt.cell.remembers)[unit])
    return Term("kept", 0, keep, before), Term("written", 0, gate, content)
