"""A whole layer by torch's fused kernel: it walks through time, then the cell's equations take every gate at once."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

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
    """Return every hidden state (T, H), by the kernel that torch.nn's module for this cell calls."""
    import torch

    kernel: Any = {"lstm": torch.lstm, "rnn": torch.rnn_tanh}[weights.cell.name]
    parameters = [torch.tensor(array) for array in (weights.U, weights.W, weights.bias_ih, weights.bias_hh)]
    states = tuple(first[state][:, None] for state in weights.cell.states)  # (layers, batch, H)
    # With gradients enabled PyTorch picks its oneDNN kernel, which is several times faster; nothing here asks for one.
    with torch.enable_grad():
        hidden: torch.Tensor = kernel(
            x[:, None],
            states if len(states) > 1 else states[0],
            parameters,
            has_biases=True,
            num_layers=1,
            dropout=0.0,
            train=False,
            bidirectional=False,
            batch_first=False,
        )[0][:, 0]
    return hidden
