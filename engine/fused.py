"""A whole layer by torch's fused kernel: it walks through time, then the cell's equations take every gate at once."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .arrays import Floats
from .cells import CELLS, Cell, Quantities
from .scan import linear_recurrence
from .weights import CellWeights

if TYPE_CHECKING:
    import torch


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch work in one thread, then as before.

    Sums come out the same on any number of cores. And what is computed here is too little to share: threads that wait
    for one another at every product stand still where the machine has other work.
    """
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def has_kernel(weights: CellWeights) -> bool:
    """Whether torch has a kernel for these weights: it has none that looks through peepholes."""
    return weights.peepholes is None


def all_at_once(weights: CellWeights, inputs: Floats, initial: Mapping[str, Floats]) -> Quantities:
    """Return every quantity (T, H) of one direction over `inputs` (T, I), in the order in which it reads them.

    `initial` are the states before the first step, (H,). No product of inputs and weights may leave float32. torch
    does all of the matrix products: NumPy's threads and torch's would get into each other's way.
    """
    import torch

    def tensor(array: Floats) -> torch.Tensor:
        return torch.tensor(array.copy())  # torch aligns its own copy, and takes none that runs backwards

    cell, x = weights.cell, tensor(inputs)
    first = [tensor(initial[state])[None] for state in cell.states]
    parameters = [tensor(array) for array in (weights.U, weights.W, weights.bias_ih, weights.bias_hh)]
    # With gradients enabled PyTorch picks its oneDNN kernel, which is several times faster; nothing here asks for one.
    with torch.enable_grad():
        hidden = through_time(cell, x[:, None], first, parameters)[:, 0]
    before = torch.cat([first[0], hidden[:-1]])
    U, W, bias_ih, bias_hh = parameters
    if "reset" in cell.rows:  # which multiplies the recurrent product with its bias
        x, r = torch.addmm(bias_ih, x, U.T), torch.addmm(bias_hh, before, W.T)
    else:  # one sum takes both biases, which is faster
        x, r = torch.addmm(bias_ih + bias_hh, x, U.T), before @ W.T
    q = cell.gates(x, r, before, None)
    path = cell.memory(q)
    if path is not None and cell.remembers == "cell":  # which the kernel does not give
        keep, gate, content = path
        memory = linear_recurrence(keep.numpy(), (gate * content).numpy(), initial["cell"])
        q |= cell.reveal(x, r, torch.from_numpy(memory), None, q)
    return {name: array.numpy() for name, array in (q | {"hidden": hidden}).items()}


def through_time(
    cell: Cell,
    x: "torch.Tensor",
    first: Sequence["torch.Tensor"],
    parameters: Sequence["torch.Tensor"],
    train: bool = False,
) -> "torch.Tensor":
    """Return every hidden state (T, B, H) over `x` (T, B, I), by the kernel that torch.nn's module calls.

    `first` are the cell's states before the first step, (B, H); `parameters` are U, W, bias_ih and bias_hh; `train`
    keeps what gradients of them need.
    """
    import torch

    kernels: dict[str, Any] = {"rnn": torch.rnn_tanh, "gru": torch.gru}
    if cell.coupled:
        parameters = [_uncoupled(cell, rows) for rows in parameters]
    states = tuple(state[None] for state in first)  # (layers, B, H)
    hidden: torch.Tensor = kernels.get(cell.name, torch.lstm)(
        x,
        states if len(states) > 1 else states[0],
        parameters,
        has_biases=True,
        num_layers=1,
        dropout=0.0,
        train=train,
        bidirectional=False,
        batch_first=False,
    )[0]
    return hidden


def _uncoupled(cell: Cell, rows: "torch.Tensor") -> "torch.Tensor":
    """The rows (4*H, ...) of the LSTM that is the same network: 1 - sigmoid(z) is sigmoid(-z)."""
    import torch

    assert cell.coupled is not None
    gate, other = cell.coupled
    own = dict(zip(cell.rows, rows.chunk(len(cell.rows)), strict=True))
    own[gate] = -own[other]
    return torch.cat([own[name] for name in CELLS["lstm"].rows])
