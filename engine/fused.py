"""A whole layer by torch's fused kernel: it walks through time, then the cell's equations take every gate at once."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .arrays import Floats
from .cells import Quantities
from .scan import linear_recurrence
from .weights import CellWeights

if TYPE_CHECKING:
    import torch


def all_at_once(weights: CellWeights, inputs: Floats, initial: Mapping[str, Floats]) -> Quantities:
    """Return every quantity (T, H) of one direction over `inputs` (T, I), in the order in which it reads them.

    `initial` are the states before the first step, (H,). No product of inputs and weights may leave float32. torch
    does all of the matrix products: NumPy's threads and torch's would get into each other's way.
    """
    import torch

    def tensor(array: Floats) -> torch.Tensor:
        return torch.tensor(array.copy())  # torch aligns its own copy, and takes none that runs backwards

    cell, x = weights.cell, tensor(inputs)
    first = {state: tensor(initial[state])[None] for state in cell.states}
    hidden = _hidden(weights, x, first)
    before = torch.cat([first["hidden"], hidden[:-1]])
    q = cell.gates(torch.addmm(tensor(weights.bias), x, tensor(weights.U).T), before @ tensor(weights.W).T)
    path = cell.memory(q)
    if path is not None:
        keep, write = (part.numpy() for part in path)
        memory = linear_recurrence(keep, write, initial[cell.remembers or "hidden"])
        q |= cell.reveal(q, torch.from_numpy(memory))
    return {name: array.numpy() for name, array in (q | {"hidden": hidden}).items()}


def _hidden(weights: CellWeights, x: "torch.Tensor", first: Mapping[str, "torch.Tensor"]) -> "torch.Tensor":
    """Return every hidden state (T, H) by torch.nn's kernel for this cell."""
    import torch

    kind = {"lstm": torch.nn.LSTM, "rnn": torch.nn.RNN}[weights.cell.name]
    kernel = kind(weights.I, weights.H, device="meta")  # no values yet, so nothing is drawn from torch's generator
    named = {"weight_ih_l0": weights.U, "weight_hh_l0": weights.W,
             "bias_ih_l0": weights.bias_ih, "bias_hh_l0": weights.bias_hh}  # fmt: skip
    kernel.load_state_dict({name: torch.tensor(array) for name, array in named.items()}, assign=True)
    kernel.requires_grad_(False)
    states = tuple(first[state] for state in weights.cell.states)
    # With gradients enabled PyTorch picks its oneDNN kernel, which is several times faster; nothing here asks for one.
    with torch.enable_grad():
        hidden: torch.Tensor = kernel(x, states if len(states) > 1 else states[0])[0]
    return hidden
