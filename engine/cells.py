"""The equations, each cell once, in the field's form.

LSTM, here with the peepholes p of its variant; without them these terms are not there:

        f = sigmoid(b_f + U_f x_t + W_f h_{t-1} + p_f c_{t-1})      g = tanh(b_g + U_g x_t + W_g h_{t-1})
        i = sigmoid(b_i + U_i x_t + W_i h_{t-1} + p_i c_{t-1})      c_t = f * c_{t-1} + i * g
        o = sigmoid(b_o + U_o x_t + W_o h_{t-1} + p_o c_t)          h_t = o * tanh(c_t)

Coupled gates: i = 1 - f in place of its own equation (coupled-input), or f = 1 - i (coupled-forget). GRU, as PyTorch
has it, where z is the update gate and b and d are the biases of the two products:

        r = sigmoid(b_r + U_r x_t + d_r + W_r h_{t-1})              g = tanh(b_g + U_g x_t + r * (d_g + W_g h_{t-1}))
        z = sigmoid(b_z + U_z x_t + d_z + W_z h_{t-1})              h_t = z * h_{t-1} + (1 - z) * g

A cell is three short functions, and everything else in the project is said in terms of them:

    gates(x, r, m, p)      what the new memory is made of; m is m_{t-1}
    memory(q)              keep, gate and content of the additive memory m_t = keep * m_{t-1} + gate * content
    reveal(x, r, m, p, q)  what follows from the new memory; m is m_t

x is b_ih + U x_t and r is b_hh + W h_{t-1}, with the rows of all gates in PyTorch's order; p are the peepholes, rows
in the order of PEEPHOLES, or None. They are written on the array API, so the same lines step NumPy arrays and
differentiate torch tensors, one timestamp (H,), a batch of them (B, H) or all of them (T, H) at a time.

Sources: Hochreiter & Schmidhuber (1997), Gers, Schmidhuber & Cummins (2000); peepholes: Gers & Schmidhuber (2000) as in
Graves (2013); coupled gates: Greff et al. (2017); GRU: Cho et al. (2014) in the form of torch.nn.GRU.
"""

from itertools import chain
from typing import ClassVar

from .arrays import Array, namespace, sigmoid

Quantities = dict[str, Array]
"""Quantity name -> (..., H)."""

PEEPHOLES = ("input", "forget", "output")
"""The gates that can look at the memory, in the order of the rows of `weight_peephole`."""


class Cell:
    """What all cells have in common.

    `rows` are the gates in the row order of the weight matrices, PyTorch's; `parts` are the parts of one timestamp by
    name, each with the quantities that are computed in it; `states` are what is carried on, and `remembers` is the one
    that is an additive memory. `peepholes` says whether gates may look at the memory ("never", "may" or "must"), and
    `coupled` is the gate that is one minus another, with that other one.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    rows: ClassVar[tuple[str, ...]]
    parts: ClassVar[dict[str, tuple[str, ...]]]
    states: ClassVar[tuple[str, ...]]
    remembers: ClassVar[str | None]
    peepholes: ClassVar[str] = "never"
    coupled: ClassVar[tuple[str, str] | None] = None

    @property
    def quantities(self) -> tuple[str, ...]:
        """Everything that is computed for a unit at a timestamp, in that order."""
        return tuple(chain.from_iterable(self.parts.values()))

    def gates(self, x: Array, r: Array, m: Array, p: Array | None) -> Quantities:
        """Return what the new memory is made of; `x` and `r` are (..., G*H), `m` (..., H) is m_{t-1}, `p` (3, H)."""
        raise NotImplementedError

    def memory(self, q: Quantities) -> tuple[Array, Array, Array] | None:
        """Return (keep, gate, content), each (..., H), of m_t = keep * m_{t-1} + gate * content; None without one."""
        raise NotImplementedError

    def reveal(self, x: Array, r: Array, m: Array, p: Array | None, q: Quantities) -> Quantities:
        """Return what follows from the new memory `m` (..., H) and the quantities `q` before it."""
        raise NotImplementedError

    def step(self, x: Array, r: Array, m: Array, p: Array | None = None) -> Quantities:
        """Compute one timestamp: every quantity (..., H) from x (..., G*H), r (..., G*H) and m_{t-1} (..., H)."""
        q = self.gates(x, r, m, p)
        path = self.memory(q)
        if path is None:
            return q
        keep, gate, content = path
        return q | self.reveal(x, r, keep * m + gate * content, p, q)


class LSTM(Cell):
    """Long short-term memory with a forget gate, as in torch.nn.LSTM."""

    name = "lstm"
    title = "LSTM"
    rows: ClassVar[tuple[str, ...]] = ("input", "forget", "candidate", "output")
    parts: ClassVar = {
        "forget": ("forget",),
        "input": ("input", "candidate"),
        "update": ("cell",),
        "output": ("output", "hidden"),
    }
    states = ("hidden", "cell")
    remembers = "cell"

    def gates(self, x: Array, r: Array, m: Array, p: Array | None) -> Quantities:
        """Return all four, each (..., H): without peepholes none of them waits for the memory."""
        xp, z = namespace(x), x + r
        i, f, _, o = split(sigmoid(xp, z), 4)  # one call for the three gates is faster than three
        g = xp.tanh(split(x, 4)[2] + split(r, 4)[2])  # the sum again is faster than the part of z, which lies scattered
        return {"forget": f, "input": i, "candidate": g, "output": o}

    def memory(self, q: Quantities) -> tuple[Array, Array, Array]:
        """Return f, i and g of c_t = f * c_{t-1} + i * g, each (..., H)."""
        return q["forget"], q["input"], q["candidate"]

    def reveal(self, x: Array, r: Array, m: Array, p: Array | None, q: Quantities) -> Quantities:
        """Return cell and hidden, each (..., H): h_t = o * tanh(c_t)."""
        return {"cell": m, "hidden": q["output"] * namespace(m).tanh(m)}


class Peephole(LSTM):
    """The LSTM whose gates look at the memory: f and i at c_{t-1}, o at c_t."""

    name = "peephole"
    title = "peephole LSTM"
    peepholes = "must"

    def gates(self, x: Array, r: Array, m: Array, p: Array | None) -> Quantities:
        """Return forget, input and candidate, each (..., H); the output gate waits for the memory."""
        xp = namespace(x)
        i, f, g, _ = split(x + r, 4)
        return {
            "forget": sigmoid(xp, f + peep("forget", p, m)),
            "input": sigmoid(xp, i + peep("input", p, m)),
            "candidate": xp.tanh(g),
        }

    def reveal(self, x: Array, r: Array, m: Array, p: Array | None, q: Quantities) -> Quantities:
        """Return output, cell and hidden, each (..., H): o = sigmoid(z + p c_t), h_t = o * tanh(c_t)."""
        xp, G = namespace(x), len(self.rows)
        o = sigmoid(xp, split(x, G)[-1] + split(r, G)[-1] + peep("output", p, m))
        return {"output": o, "cell": m, "hidden": o * xp.tanh(m)}


class CoupledInput(Peephole):
    """The LSTM that writes where it forgets: i = 1 - f."""

    name = "coupled-input"
    title = "coupled-input LSTM"
    rows = ("forget", "candidate", "output")
    peepholes = "may"
    coupled = ("input", "forget")

    def gates(self, x: Array, r: Array, m: Array, p: Array | None) -> Quantities:
        """Return forget, input and candidate, each (..., H)."""
        xp = namespace(x)
        z_f, z_g, _ = split(x + r, 3)
        f = sigmoid(xp, z_f + peep("forget", p, m))
        return {"forget": f, "input": 1 - f, "candidate": xp.tanh(z_g)}


class CoupledForget(Peephole):
    """The LSTM that forgets where it writes: f = 1 - i."""

    name = "coupled-forget"
    title = "coupled-forget LSTM"
    rows = ("input", "candidate", "output")
    parts: ClassVar = {
        "input": ("input", "candidate"),
        "forget": ("forget",),
        "update": ("cell",),
        "output": ("output", "hidden"),
    }
    peepholes = "may"
    coupled = ("forget", "input")

    def gates(self, x: Array, r: Array, m: Array, p: Array | None) -> Quantities:
        """Return input, candidate and forget, each (..., H)."""
        xp = namespace(x)
        z_i, z_g, _ = split(x + r, 3)
        i = sigmoid(xp, z_i + peep("input", p, m))
        return {"input": i, "candidate": xp.tanh(z_g), "forget": 1 - i}


class GRU(Cell):
    """The gated recurrent unit, as in torch.nn.GRU: its hidden state is its memory."""

    name = "gru"
    title = "GRU"
    rows = ("reset", "update", "candidate")
    parts: ClassVar = {"gates": ("reset", "update"), "candidate": ("candidate",), "hidden": ("hidden",)}
    states = ("hidden",)
    remembers = "hidden"

    def gates(self, x: Array, r: Array, m: Array, p: Array | None) -> Quantities:
        """Return reset, update and candidate, each (..., H)."""
        xp = namespace(x)
        (x_r, x_z, x_g), (r_r, r_z, r_g) = split(x, 3), split(r, 3)
        reset = sigmoid(xp, x_r + r_r)
        return {"reset": reset, "update": sigmoid(xp, x_z + r_z), "candidate": xp.tanh(x_g + reset * r_g)}

    def memory(self, q: Quantities) -> tuple[Array, Array, Array]:
        """Return z, 1 - z and g of h_t = z * h_{t-1} + (1 - z) * g, each (..., H)."""
        return q["update"], 1 - q["update"], q["candidate"]

    def reveal(self, x: Array, r: Array, m: Array, p: Array | None, q: Quantities) -> Quantities:
        """Return hidden (..., H): all of the memory is shown."""
        return {"hidden": m}


class RNN(Cell):
    """The vanilla recurrent network, h_t = tanh(b + U x_t + W h_{t-1}), as in torch.nn.RNN."""

    name = "rnn"
    title = "RNN"
    rows = ("hidden",)
    parts: ClassVar = {"hidden": ("hidden",)}
    states = ("hidden",)
    remembers = None

    def gates(self, x: Array, r: Array, m: Array, p: Array | None) -> Quantities:
        """Return hidden (..., H); there is no gate."""
        return {"hidden": namespace(x).tanh(x + r)}

    def memory(self, q: Quantities) -> None:
        """Return None: everything is rewritten at every timestamp, so that there is no additive path."""
        return


def split(z: Array, parts: int) -> list[Array]:
    """Return `parts` equal parts (..., H) of `z` (..., parts*H), in their order."""
    H = z.shape[-1] // parts
    return [z[..., n * H : (n + 1) * H] for n in range(parts)]


def peep(gate: str, p: Array | None, m: Array) -> Array:
    """Return what the peephole of `gate` adds to its sum, p * m (..., H), or 0 where there are none."""
    return 0.0 if p is None else p[PEEPHOLES.index(gate)] * m


CELLS: dict[str, Cell] = {
    cell.name: cell for cell in (LSTM(), RNN(), GRU(), Peephole(), CoupledInput(), CoupledForget())
}
"""Every cell by the name that the command line uses."""
