"""The equations, each cell once, in the field's form.

        f = sigmoid(b_f + U_f x_t + W_f h_{t-1})      i = sigmoid(b_i + U_i x_t + W_i h_{t-1})
        g = tanh   (b_g + U_g x_t + W_g h_{t-1})      o = sigmoid(b_o + U_o x_t + W_o h_{t-1})
        c_t = f * c_{t-1} + i * g                     h_t = o * tanh(c_t)

A cell is three short functions, and everything else in the project is said in terms of them:

    gates(x, r)    x is b + U x_t and r is W h_{t-1}, rows in PyTorch's order: what depends on h_{t-1} only
    memory(q)      the additive memory m_t = keep * m_{t-1} + write, or None for a cell that has none
    reveal(q, m)   what follows from the new memory

They are written on the array API, so the same lines step NumPy arrays and differentiate torch tensors, one
timestamp (H,) or all of them (T, H) at a time.
"""

from typing import ClassVar

from .arrays import Array, namespace, sigmoid

Quantities = dict[str, Array]
"""Quantity name -> (..., H)."""


class Cell:
    """What all cells have in common. `rows` are the gates in the row order of PyTorch's weight matrices."""

    name: ClassVar[str]
    title: ClassVar[str]
    rows: ClassVar[tuple[str, ...]]
    quantities: ClassVar[tuple[str, ...]]
    states: ClassVar[tuple[str, ...]]
    remembers: ClassVar[str | None]

    def gates(self, x: Array, r: Array) -> Quantities:
        """Return what depends on x_t and h_{t-1}; `x` and `r` are (..., G*H)."""
        raise NotImplementedError

    def memory(self, q: Quantities) -> tuple[Array, Array] | None:
        """Return (keep, write), both (..., H), of m_t = keep * m_{t-1} + write; None where there is no such path."""
        raise NotImplementedError

    def reveal(self, q: Quantities, m: Array) -> Quantities:
        """Return what follows from the gates and the new memory `m` (..., H)."""
        raise NotImplementedError

    def step(self, x: Array, r: Array, m: Array) -> Quantities:
        """Compute one timestamp: every quantity (..., H) from x (..., G*H), r (..., G*H) and m_{t-1} (..., H)."""
        q = self.gates(x, r)
        path = self.memory(q)
        if path is None:
            return q
        keep, write = path
        return q | self.reveal(q, keep * m + write)


class LSTM(Cell):
    """Long short-term memory with a forget gate, as in torch.nn.LSTM."""

    name = "lstm"
    title = "LSTM"
    rows = ("input", "forget", "candidate", "output")
    quantities = ("forget", "input", "candidate", "cell", "output", "hidden")
    states = ("hidden", "cell")
    remembers = "cell"

    def gates(self, x: Array, r: Array) -> Quantities:
        """Return forget, input, candidate and output."""
        xp, z = namespace(x), x + r
        H = z.shape[-1] // 4
        open_ = sigmoid(xp, z)  # one call for the three gates is faster than three; g's quarter is not used
        return {
            "forget": open_[..., H : 2 * H],
            "input": open_[..., :H],
            "candidate": xp.tanh(z[..., 2 * H : 3 * H]),
            "output": open_[..., 3 * H :],
        }

    def memory(self, q: Quantities) -> tuple[Array, Array]:
        """c_t = f * c_{t-1} + i * g."""
        return q["forget"], q["input"] * q["candidate"]

    def reveal(self, q: Quantities, m: Array) -> Quantities:
        """h_t = o * tanh(c_t)."""
        return {"cell": m, "hidden": q["output"] * namespace(m).tanh(m)}


class RNN(Cell):
    """The vanilla recurrent network, h_t = tanh(b + U x_t + W h_{t-1}), as in torch.nn.RNN."""

    name = "rnn"
    title = "RNN"
    rows = ("hidden",)
    quantities = ("hidden",)
    states = ("hidden",)
    remembers = None

    def gates(self, x: Array, r: Array) -> Quantities:
        """Return hidden; there is no gate."""
        return {"hidden": namespace(x).tanh(x + r)}

    def memory(self, q: Quantities) -> None:
        """Everything is rewritten at every timestamp: there is no additive path."""
        return


CELLS: dict[str, Cell] = {cell.name: cell for cell in (LSTM(), RNN())}
"""Every cell by the name that the command line uses."""
