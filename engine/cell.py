"""What all cells have in common: their parts, their activation functions, the bounds of these, and the step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import chain, product
from typing import Any, ClassVar

from .activations import SIGMOID, TANH, Activation
from .arrays import Array
from .quantities import QUANTITIES, Quantity

Quantities = dict[str, Array]
"""Quantity name -> (..., H)."""

Put = Callable[[str, Array], Array]
"""(quantity, its values (..., H) as computed) -> its values (..., H) as the rest of the timestamp sees them."""


def as_computed(quantity: str, values: Array) -> Array:
    """Return `values` (..., H) unchanged."""
    return values


@dataclass(frozen=True)
class Cell:
    """What all cells have in common; two cells of one class with the same functions are equal.

    `rows` are the gates in the row order of the weight matrices, PyTorch's; `parts` are the parts of one timestamp by
    name, each with the quantities that are computed in it; `states` are carried on to the next timestamp, and
    `memory_state` is the one of them that is an additive memory, or None. `peepholes` says whether gates may look at
    the memory ("never", "may" or "must"), and `coupled` is (the gate that is one minus another, that other gate), or
    None. `resets` says whether the reset gate acts "after" or "before" the recurrent product of the candidate, or is ""
    without one. `gate`, `candidate` and `output` are the activation functions.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    rows: ClassVar[tuple[str, ...]]
    parts: ClassVar[dict[str, tuple[str, ...]]]
    states: ClassVar[tuple[str, ...]]
    memory_state: ClassVar[str | None]
    peepholes: ClassVar[str] = "never"
    coupled: ClassVar[tuple[str, str] | None] = None
    resets: ClassVar[str] = ""

    gate: Activation = SIGMOID
    candidate: Activation = TANH
    output: Activation = TANH

    @property
    def quantities(self) -> tuple[str, ...]:
        """Everything that is computed for a unit at a timestamp, in that order."""
        return tuple(chain.from_iterable(self.parts.values()))

    @property
    def gated(self) -> tuple[str, ...]:
        """The quantities that are not states, each (H,): the gates and the candidate."""
        return tuple(name for name in self.quantities if name not in self.states)

    @property
    def functions(self) -> dict[str, Activation]:
        """Its functions by what they are for: "gate", "candidate" and "output", as far as the cell has them."""
        used = {"gate": self.gate} if len(self.rows) > 1 else {}
        return used | {"candidate": self.candidate} | ({"output": self.output} if self.memory_state == "cell" else {})

    def with_functions(self, functions: Mapping[str, Activation]) -> "Cell":
        """Return this cell with `functions`, by use. Raises KeyError for a use that the cell does not have."""
        for use in functions:
            if use not in self.functions:
                raise KeyError(f"{self.name} has no {use} function; it has {', '.join(self.functions)}")
        return replace(self, **functions)

    @property
    def spelled(self) -> str:
        """The title, with the functions that are not the usual ones: `RNN (relu)`, `LSTM (gate hard_sigmoid(...))`."""
        usual = {"gate": SIGMOID, "candidate": TANH, "output": TANH}
        told = self.functions
        other = [f"{use} {f.name}" if len(told) > 1 else f.name for use, f in told.items() if f != usual[use]]
        return f"{self.title} ({', '.join(other)})" if other else self.title

    def function(self, quantity: str) -> Activation | None:
        """Return the function that is applied to the sum behind `quantity`; None for one without a sum of its own."""
        if quantity not in self.rows:
            return None
        return self.candidate if quantity in ("candidate", "hidden") else self.gate

    def quantity(self, name: str) -> Quantity:
        """Return the quantity called `name` with the bounds that follow from the functions of this cell."""
        return QUANTITIES[name].within(*self._bounds(name))

    def _bounds(self, name: str) -> tuple[float | None, float | None]:
        own = self.function(name)
        if own is not None:
            return own.low, own.high
        if self.coupled and name == self.coupled[0]:
            low, high = self._bounds(self.coupled[1])
            return None if high is None else 1 - high, None if low is None else 1 - low
        if name == "cell":
            return None, None
        if self.memory_state == "hidden":  # a mean of candidates, where the gate is one
            return (
                (self.candidate.low, self.candidate.high) if (self.gate.low, self.gate.high) == (0, 1) else (None,) * 2
            )
        ends = (self.gate.low, self.gate.high), (self.output.low, self.output.high)
        if None in ends[0] or None in ends[1]:
            low = 0.0 if self.gate.low == self.output.low == 0 else None
            return low, None
        products = [a * b for a, b in product(*ends)]  # type: ignore[operator]
        return min(products), max(products)

    def gates(self, x: Array, r: Array, m: Array, w: Any, put: Put) -> Quantities:
        """Return what the new memory is made of; `x` and `r` are (..., G*H), `m` (..., H) is m_{t-1}."""
        raise NotImplementedError

    def memory(self, q: Quantities) -> tuple[Array, Array, Array] | None:
        """Return (keep, gate, content), each (..., H), of m_t = keep * m_{t-1} + gate * content; None for no memory."""
        raise NotImplementedError

    def emit(self, x: Array, r: Array, m: Array, w: Any, q: Quantities, put: Put) -> Quantities:
        """Return what follows from the new memory `m` (..., H) and the quantities `q` before it."""
        raise NotImplementedError

    def step(self, x: Array, r: Array, m: Array, w: Any = None, put: Put = as_computed) -> Quantities:
        """Compute one timestamp: every quantity (..., H) from x (..., G*H), r (..., G*H) and m_{t-1} (..., H).

        `w` has `peepholes` (3, H) and `projection` (P, H), each or None, and for a product after the reset `W` (G*H, H)
        and `bias_hh` (G*H,); it may be None where there are none of them.
        """
        q = self.gates(x, r, m, w, put)
        path = self.memory(q)
        if path is None:
            return q
        keep, gate, content = path
        return q | self.emit(x, r, put(self.memory_state or "", keep * m + gate * content), w, q, put)
