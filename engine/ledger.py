"""The arithmetic of one number: every term that went into one quantity of one unit at one timestamp."""

from dataclasses import dataclass

import numpy as np

from .trace import LayerTrace, Trace


@dataclass(frozen=True)
class Term:
    """One product. `source` is "bias", "input", "hidden", "kept" or "written"; `index` is the column it stands in.

    For a bias, `value` is 1 and `weight` the bias itself.
    """

    source: str
    index: int
    weight: float
    value: float

    @property
    def product(self) -> float:
        """What the term adds, in float64."""
        return self.weight * self.value


@dataclass(frozen=True)
class Ledger:
    """How `value`, one quantity of `unit` at `t`, came about.

    `terms` add up to `total`: the pre-activation of a gate, the new cell state itself, or (for the hidden state of an
    LSTM) the cell state that tanh is taken of. `activation` says what happens to the total: "sigmoid", "tanh" or "".
    `factor` multiplies the result and is 1 where nothing does.
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
        activation = "tanh" if quantity in ("candidate", "hidden") else "sigmoid"
        return Ledger(quantity, unit, t, terms, total, activation, 1.0, value)
    if quantity == "cell":
        return Ledger(quantity, unit, t, _memory_terms(lt, t, unit), value, "", 1.0, value)
    cell = float(lt["cell"][t, unit])
    return Ledger(quantity, unit, t, _memory_terms(lt, t, unit), cell, "tanh", float(lt["output"][t, unit]), value)


def _gate_terms(lt: LayerTrace, t: int, unit: int, gate: str) -> tuple[Term, ...]:
    w, row = lt.weights, lt.weights.row(gate, unit)
    x, h = lt.inputs[t], lt.before(t, "hidden")
    bias = float(w.bias_ih[row]) + float(w.bias_hh[row])
    return (
        Term("bias", 0, bias, 1.0),
        *(Term("input", m, float(w.U[row, m]), float(x[m])) for m in range(w.I)),
        *(Term("hidden", m, float(w.W[row, m]), float(h[m])) for m in range(w.H)),
    )


def _memory_terms(lt: LayerTrace, t: int, unit: int) -> tuple[Term, ...]:
    path = lt.cell.memory({name: array[t : t + 1, unit : unit + 1] for name, array in lt.quantities.items()})
    assert path is not None
    assert lt.cell.remembers is not None
    keep = float(np.squeeze(path[0]))
    before = float(lt.before(t, lt.cell.remembers)[unit])
    return (
        Term("kept", 0, keep, before),
        Term("written", 0, float(lt["input"][t, unit]), float(lt["candidate"][t, unit])),
    )
