"""Every cell as a torch module to train: torch's own where there is one, else parameters for the equations."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from ..arrays import Floats, frozen
from ..cell import Cell
from ..cells import CELLS, PEEPHOLES
from ..run.fused import kernel_computes, through_time
from ..run.walk import step_through

if TYPE_CHECKING:
    import torch

KEEPING = {"lstm": ("forget", 1.0), "gru": ("update", 1.0), "peephole": ("forget", 1.0),
           "coupled-input": ("forget", 3.0), "coupled-forget": ("input", -1.0)}  # fmt: skip
"""The gate that keeps the memory, or overwrites it, and the bias with which it starts."""


def recurrent_module(cell: str, width: int, units: int) -> "torch.nn.Module":
    """Return a trainable layer of the cell called `cell`, which starts out keeping its memory.

    The gate that keeps it begins with the bias in KEEPING: 1 after Gers et al. (2000) and Jozefowicz et al. (2015), -1
    where it is the input gate that overwrites. `coupled-input` has 3, for it overwrites all that it does not keep.
    """
    import torch

    own: dict[str, Any] = {"lstm": torch.nn.LSTM, "rnn": torch.nn.RNN, "gru": torch.nn.GRU}
    made: torch.nn.Module
    made = own[cell](width, units, batch_first=True) if cell in own else _parameters(CELLS[cell], width, units)
    gate, bias = KEEPING.get(cell, ("", 0.0))
    if gate:
        row = CELLS[cell].rows.index(gate) * units
        with torch.no_grad():
            made.get_parameter("bias_ih_l0")[row : row + units] = bias
    return made


def _parameters(cell: Cell, width: int, units: int) -> "torch.nn.Module":
    """Parameters as torch.nn.LSTM names and draws them, with peepholes where the cell must have them."""
    import torch

    rows = len(cell.rows) * units
    shapes = {
        "weight_ih_l0": (rows, width),
        "weight_hh_l0": (rows, units),
        "bias_ih_l0": (rows,),
        "bias_hh_l0": (rows,),
    }
    if cell.peepholes == "must":
        shapes["weight_peephole_l0"] = (len(PEEPHOLES), units)
    bound = units**-0.5
    return torch.nn.ParameterDict({name: torch.empty(shape).uniform_(-bound, bound) for name, shape in shapes.items()})


def hidden_states(cell: str, module: "torch.nn.Module", x: "torch.Tensor") -> "torch.Tensor":
    """Return every hidden state (B, T, H) over `x` (B, T, I), from zero states."""
    import torch

    hidden: torch.Tensor
    if isinstance(module, torch.nn.RNNBase):
        hidden = module(x)[0]
        return hidden
    kind, named = CELLS[cell], dict(module.named_parameters())
    U, W, b_ih, b_hh = (named[f"{name}_l0"] for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
    x = x.transpose(0, 1)
    zeros = torch.zeros(x.shape[1], W.shape[1])
    peepholes = named.get("weight_peephole_l0")
    if kernel_computes(kind) and peepholes is None:
        hidden, _ = through_time(kind, x, [zeros for _ in kind.states], [U, W, b_ih, b_hh], train=True)
        return hidden.transpose(0, 1)
    weights = SimpleNamespace(cell=kind, W=W, bias_hh=b_hh, peepholes=peepholes, projection=None)
    hidden = step_through(weights, x @ U.T + b_ih, dict.fromkeys(kind.states, zeros))["hidden"]
    return hidden.transpose(0, 1)


def gradient_parts(model: "torch.nn.ModuleDict") -> "Iterator[tuple[str, torch.Tensor]]":
    """Yield the gradient of each tensor, and that of each gate's rows of the recurrent ones: `weight_hh_l0.forget`."""
    for name, parameter in model.named_parameters():
        gradient = parameter.grad
        assert gradient is not None
        layer, _, tensor = name.partition(".")
        if layer in CELLS:
            rows = PEEPHOLES if tensor.startswith("weight_peephole") else CELLS[layer].rows
            for gate, part in zip(rows, gradient.chunk(len(rows)), strict=True):
                yield f"{tensor}.{gate}", part
        else:
            yield name, gradient


def arrays_of(model: "torch.nn.Module") -> dict[str, Floats]:
    """Return a copy of every tensor of `model` by its name, each of its own shape, float32 and read-only."""
    return {name: frozen(tensor.detach().numpy().copy()) for name, tensor in model.state_dict().items()}
