"""The equations, each cell once, in the field's form.

LSTM, here with the peepholes p of its variant; without them these terms are not there:

        f = sigmoid(b_f + U_f x_t + W_f h_{t-1} + p_f c_{t-1})      g = tanh(b_g + U_g x_t + W_g h_{t-1})
        i = sigmoid(b_i + U_i x_t + W_i h_{t-1} + p_i c_{t-1})      c_t = f * c_{t-1} + i * g
        o = sigmoid(b_o + U_o x_t + W_o h_{t-1} + p_o c_t)          h_t = o * tanh(c_t)

Coupled gates: i = 1 - f in place of its own equation (coupled-input), or f = 1 - i (coupled-forget). GRU, as PyTorch
has it, where z is the update gate and b and d are the biases of the two products:

        r = sigmoid(b_r + U_r x_t + d_r + W_r h_{t-1})              g = tanh(b_g + U_g x_t + r * (d_g + W_g h_{t-1}))
        z = sigmoid(b_z + U_z x_t + d_z + W_z h_{t-1})              h_t = z * h_{t-1} + (1 - z) * g

Cho et al. reset before the product (gru-before): g = tanh(b_g + U_g x_t + d_g + W_g (r * h_{t-1})).
A projection R (proj_size) shows less than the cell has: h_t = R (o * tanh(c_t)). The sigmoids and the tanh are
parameters of a cell: its `gate`, `candidate` and `output` functions.

A cell is three short functions, and everything else in the project is expressed in terms of them:

    gates(x, r, m, w, put)      what the new memory is made of; m is m_{t-1}
    memory(q)                   keep, gate and content of the additive memory m_t = keep * m_{t-1} + gate * content
    emit(x, r, m, w, q, put)    what follows from the new memory; m is m_t

x is b_ih + U x_t and r is b_hh + W h_{t-1}, with the rows of all gates in PyTorch's order; w are the weights, for what
looks at them inside a timestamp (peepholes, a projection, a product after the reset), or None where nothing does. Every
quantity goes through `put` where it is computed, and what that returns is what the rest of the timestamp sees. They are
written on the array API, so the same lines step NumPy arrays and differentiate torch tensors, one timestamp (H,), a
batch of them (B, H) or all of them (T, H) at a time.

Sources: Hochreiter & Schmidhuber (1997), Gers, Schmidhuber & Cummins (2000); peepholes: Gers & Schmidhuber (2000) as in
Graves (2013); coupled gates: Greff et al. (2017); GRU: Cho et al. (2014) in the form of torch.nn.GRU.
"""

from typing import Any, ClassVar

from .arrays import Array, namespace
from .cell import Cell, Put, Quantities, as_computed

PEEPHOLES = ("input", "forget", "output")
"""The gates that can look at the memory, in the order of the rows of `weight_peephole`."""


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
    memory_state = "cell"

    def gates(self, x: Array, r: Array, m: Array, w: Any, put: Put) -> Quantities:
        """Return all four, each (..., H): without peepholes none of them waits for the memory."""
        xp, z = namespace(x), x + r
        i, f, _, o = split(self.gate.apply(xp, z), 4)  # one call for the three gates is faster than three
        z_g = split(x, 4)[2] + split(r, 4)[2]  # the sum again is faster than the part of z, which lies scattered
        g = self.candidate.apply(xp, z_g)
        q = {"forget": f, "input": i, "candidate": g, "output": o}
        return q if put is as_computed else {name: put(name, values) for name, values in q.items()}

    def memory(self, q: Quantities) -> tuple[Array, Array, Array]:
        """Return f, i and g of c_t = f * c_{t-1} + i * g, each (..., H)."""
        return q["forget"], q["input"], q["candidate"]

    def emit(self, x: Array, r: Array, m: Array, w: Any, q: Quantities, put: Put) -> Quantities:
        """Return cell (..., H) and hidden: h_t = o * tanh(c_t) (..., H), or its projection (..., P)."""
        return {"cell": m, "hidden": put("hidden", self.shown(q["output"], m, w))}

    def shown(self, o: Array, m: Array, w: Any) -> Array:
        """Return the hidden state (..., H or P) that the output gate `o` shows of the memory `m`, both (..., H)."""
        h = o * self.output.apply(namespace(m), m)
        return h if w is None or w.projection is None else h @ w.projection.T


class Peephole(LSTM):
    """The LSTM whose gates look at the memory: f and i at c_{t-1}, o at c_t."""

    name = "peephole"
    title = "peephole LSTM"
    peepholes = "must"

    def gates(self, x: Array, r: Array, m: Array, w: Any, put: Put) -> Quantities:
        """Return forget, input and candidate, each (..., H); the output gate waits for the memory."""
        xp = namespace(x)
        i, f, g, _ = split(x + r, 4)
        return {
            "forget": put("forget", self.gate.apply(xp, f + peep("forget", w, m))),
            "input": put("input", self.gate.apply(xp, i + peep("input", w, m))),
            "candidate": put("candidate", self.candidate.apply(xp, g)),
        }

    def emit(self, x: Array, r: Array, m: Array, w: Any, q: Quantities, put: Put) -> Quantities:
        """Return output, cell and hidden, each (..., H): o = sigmoid(z + p c_t), h_t = o * tanh(c_t)."""
        G = len(self.rows)
        z = split(x, G)[-1] + split(r, G)[-1] + peep("output", w, m)
        o = put("output", self.gate.apply(namespace(x), z))
        return {"output": o, "cell": m, "hidden": put("hidden", self.shown(o, m, w))}


class CoupledInput(Peephole):
    """The LSTM that writes where it forgets: i = 1 - f."""

    name = "coupled-input"
    title = "coupled-input LSTM"
    rows = ("forget", "candidate", "output")
    peepholes = "may"
    coupled = ("input", "forget")

    def gates(self, x: Array, r: Array, m: Array, w: Any, put: Put) -> Quantities:
        """Return forget, input and candidate, each (..., H)."""
        xp = namespace(x)
        z_f, z_g, _ = split(x + r, 3)
        f = put("forget", self.gate.apply(xp, z_f + peep("forget", w, m)))
        g = put("candidate", self.candidate.apply(xp, z_g))
        return {"forget": f, "input": put("input", 1 - f), "candidate": g}


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

    def gates(self, x: Array, r: Array, m: Array, w: Any, put: Put) -> Quantities:
        """Return input, candidate and forget, each (..., H)."""
        xp = namespace(x)
        z_i, z_g, _ = split(x + r, 3)
        i = put("input", self.gate.apply(xp, z_i + peep("input", w, m)))
        g = put("candidate", self.candidate.apply(xp, z_g))
        return {"input": i, "candidate": g, "forget": put("forget", 1 - i)}


class GRU(Cell):
    """The gated recurrent unit, as in torch.nn.GRU: its hidden state is its memory."""

    name = "gru"
    title = "GRU"
    rows: ClassVar[tuple[str, ...]] = ("reset", "update", "candidate")
    parts: ClassVar = {"gates": ("reset", "update"), "candidate": ("candidate",), "hidden": ("hidden",)}
    states = ("hidden",)
    memory_state = "hidden"
    resets = "after"

    def gates(self, x: Array, r: Array, m: Array, w: Any, put: Put) -> Quantities:
        """Return reset, update and candidate, each (..., H)."""
        xp = namespace(x)
        (x_r, x_z, x_g), (r_r, r_z, r_g) = split(x, 3), split(r, 3)
        reset = put("reset", self.gate.apply(xp, x_r + r_r))
        update = put("update", self.gate.apply(xp, x_z + r_z))
        g = self.candidate.apply(xp, x_g + self.recurrent(reset, m, r_g, w))
        return {"reset": reset, "update": update, "candidate": put("candidate", g)}

    def recurrent(self, reset: Array, m: Array, r: Array, w: Any) -> Array:
        """Return what the hidden state adds to the sum of the candidate, r * (d + W h), (..., H); `r` is d + W h."""
        return reset * r

    def memory(self, q: Quantities) -> tuple[Array, Array, Array]:
        """Return z, 1 - z and g of h_t = z * h_{t-1} + (1 - z) * g, each (..., H)."""
        return q["update"], 1 - q["update"], q["candidate"]

    def emit(self, x: Array, r: Array, m: Array, w: Any, q: Quantities, put: Put) -> Quantities:
        """Return hidden (..., H): all of the memory is shown."""
        return {"hidden": m}


class GRUBefore(GRU):
    """The GRU that resets before the product: Keras's with reset_after=False, ONNX's with linear_before_reset=0."""

    name = "gru-before"
    title = "GRU (reset before)"
    resets = "before"

    def recurrent(self, reset: Array, m: Array, r: Array, w: Any) -> Array:
        """Return d + W (r * h), (..., H); the weights `w` have `W` (3*H, H) and `bias_hh` (3*H,)."""
        H = m.shape[-1]
        return w.bias_hh[2 * H :] + (reset * m) @ w.W[2 * H :].T


class RNN(Cell):
    """The vanilla recurrent network, h_t = tanh(b + U x_t + W h_{t-1}), as in torch.nn.RNN."""

    name = "rnn"
    title = "RNN"
    rows = ("hidden",)
    parts: ClassVar = {"hidden": ("hidden",)}
    states = ("hidden",)
    memory_state = None

    def gates(self, x: Array, r: Array, m: Array, w: Any, put: Put) -> Quantities:
        """Return hidden (..., H); there is no gate."""
        return {"hidden": put("hidden", self.candidate.apply(namespace(x), x + r))}

    def memory(self, q: Quantities) -> None:
        """Return None: everything is rewritten at every timestamp, so that there is no additive path."""
        return


def split(z: Array, parts: int) -> list[Array]:
    """Return `parts` equal parts (..., H) of `z` (..., parts*H), in their order."""
    H = z.shape[-1] // parts
    return [z[..., n * H : (n + 1) * H] for n in range(parts)]


def peep(gate: str, w: Any, m: Array) -> Array:
    """Return what the peephole of `gate` adds to its sum, p * m (..., H), or 0 where there are none."""
    return 0.0 if w is None or w.peepholes is None else w.peepholes[PEEPHOLES.index(gate)] * m


CELLS: dict[str, Cell] = {
    cell.name: cell for cell in (LSTM(), RNN(), GRU(), GRUBefore(), Peephole(), CoupledInput(), CoupledForget())
}
"""Every cell with its usual functions, by the name that the command line uses."""
