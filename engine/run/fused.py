"""A whole layer by torch's fused kernel, which walks through time; the cell's equations then give all gates at once."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..activations import RELU
from ..arrays import LARGEST, Floats, largest
from ..cell import Cell, Quantities, as_computed
from ..cells import CELLS
from ..weights import CellWeights
from .scan import linear_recurrence

if TYPE_CHECKING:
    import torch

PIECE = 2**11
"""Timestamps that the kernel is given at once: more would outgrow the caches, and keep the gates waiting."""


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch work in one thread inside the block, and as before after it.

    Sums then come out the same on any number of cores. And the products here are too small to share: threads that wait
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
    """Whether torch has a kernel for these weights: it has none for peepholes; its own projection is not used here."""
    return kernel_computes(weights.cell) and weights.peepholes is None and weights.projection is None


def kernel_computes(cell: Cell) -> bool:
    """Whether torch has a kernel for `cell`: not if it resets before the product or has other functions than usual.

    An RNN may have relu, for which torch has a kernel.
    """
    usual = cell == CELLS[cell.name] or (cell.name == "rnn" and cell.candidate == RELU)
    return usual and cell.resets != "before"


def kernel_takes(weights: CellWeights, inputs: Floats) -> bool:
    """Whether torch's kernel is right for `inputs` (T, I): it would go on with inf - inf where a sum leaves float32."""
    if not has_kernel(weights):
        return False
    rows = np.abs(weights.U, dtype=np.float64).sum(axis=1) * largest(inputs)
    biases = np.abs(weights.bias_ih, dtype=np.float64) + np.abs(weights.bias_hh, dtype=np.float64)
    return bool((rows + biases).max() < LARGEST / 4)


class Piece(NamedTuple):
    """Timestamps that the kernel has computed."""

    start: int
    inputs: "torch.Tensor"
    """(PIECE, I)"""
    first: "list[torch.Tensor]"
    """The cell's states before it, each (1, H), hidden first."""
    hidden: "torch.Tensor"
    """(PIECE, H)"""


def run_fused(weights: CellWeights, inputs: Floats, initial: Mapping[str, Floats]) -> Quantities:
    """Return every quantity (T, H) of one direction over `inputs` (T, I), in the order in which it reads them.

    `initial` are the states before the first timestamp, (H,). No product of inputs and weights may leave float32. While
    the kernel walks through one piece, a second thread computes the gates of the one before.
    """
    import torch

    cell, T = weights.cell, len(inputs)
    parameters = [_tensor(array) for array in (weights.U, weights.W, weights.bias_ih, weights.bias_hh)]
    whole = {name: np.empty((T, weights.H), np.float32) for name in cell.quantities}

    def walked() -> Iterator[Piece]:
        states = [_tensor(initial[state])[None] for state in cell.states]
        for start in range(0, T, PIECE):
            x, before = _tensor(inputs[start : start + PIECE]), states
            # With gradients enabled PyTorch picks its oneDNN kernel, several times as fast; no gradient is computed.
            with torch.enable_grad():
                hidden, states = through_time(cell, x[:, None], before, parameters)
            yield Piece(start, x, before, hidden[:, 0])

    def take(piece: Piece) -> None:
        for name, array in _quantities(cell, piece, parameters).items():
            whole[name][piece.start : piece.start + len(array)] = array.numpy()

    with one_thread(), ThreadPoolExecutor(1, "gatestep-gates", torch.set_num_threads, (1,)) as beside:
        taken = []
        for piece in walked():
            if piece.start + PIECE < T:
                taken.append(beside.submit(take, piece))
            else:  # the last: nothing is left to do beside it
                take(piece)
        for task in taken:
            task.result()
    return whole


def fused_states(
    weights: CellWeights, inputs: Floats, initial: Mapping[str, Floats], every: int
) -> tuple[Floats, dict[str, Floats]]:
    """Return the hidden states (T, H) over `inputs` (T, I), and every state after each `every` timestamps and the last.

    The latter are (N, H) each, N = ceil(T / every). `inputs` and `initial` (H,) are as `run_fused` takes them. No gate
    is computed: this is as fast as torch's own forward pass.
    """
    import torch

    cell = weights.cell
    parameters = [_tensor(array) for array in (weights.U, weights.W, weights.bias_ih, weights.bias_hh)]
    states = [_tensor(initial[state])[None] for state in cell.states]
    hidden, ends = [], []
    with one_thread(), torch.enable_grad():  # which picks the faster kernel, as in `run_fused`
        for start in range(0, len(inputs), every):
            h, states = through_time(cell, _tensor(inputs[start : start + every])[:, None], states, parameters)
            hidden.append(h[:, 0])
            ends.append(states)
    stopped = {state: torch.cat([end[n] for end in ends]).numpy() for n, state in enumerate(cell.states)}
    return torch.cat(hidden).numpy(), stopped


def _tensor(array: Floats) -> "torch.Tensor":
    import torch

    backwards = min(array.strides) < 0  # torch takes no negative strides, and aligns its own copy
    return torch.tensor(array.copy() if backwards else array)


def _quantities(cell: Cell, piece: Piece, parameters: Sequence["torch.Tensor"]) -> dict[str, "torch.Tensor"]:
    """Every quantity (T, H) of a piece: with all hidden states known, no gate has to wait for another timestamp.

    torch does all of the matrix products: NumPy's threads and torch's would get into each other's way.
    """
    import torch

    U, W, bias_ih, bias_hh = parameters
    before = torch.cat([piece.first[0], piece.hidden[:-1]])
    if cell.resets:  # the reset gate multiplies the recurrent product together with its bias
        x, r = torch.addmm(bias_ih, piece.inputs, U.T), torch.addmm(bias_hh, before, W.T)
    else:  # one sum takes both biases, which is faster
        x, r = torch.addmm(bias_ih + bias_hh, piece.inputs, U.T), before @ W.T
    q = cell.gates(x, r, before, None, as_computed)
    path = cell.memory(q)
    if path is not None and cell.memory_state == "cell":  # which the kernel gives for the last timestamp only
        keep, gate, content = path
        memory = linear_recurrence(keep.numpy(), (gate * content).numpy(), piece.first[1][0].numpy())
        q |= cell.emit(x, r, torch.from_numpy(memory), None, q, as_computed)
    return q | {"hidden": piece.hidden}


def through_time(
    cell: Cell,
    x: "torch.Tensor",
    first: Sequence["torch.Tensor"],
    parameters: Sequence["torch.Tensor"],
    train: bool = False,
) -> tuple["torch.Tensor", list["torch.Tensor"]]:
    """Return every hidden state (T, B, H) over `x` (T, B, I), by the kernel that torch.nn's module calls.

    Second come the cell's states after the last timestamp, (B, H). `first` are those before the first timestamp, (B,
    H); `parameters` are U, W, bias_ih and bias_hh; `train` keeps what gradients of them need.
    """
    import torch

    vanilla = torch.rnn_relu if cell.candidate == RELU else torch.rnn_tanh
    kernels: dict[str, Any] = {"rnn": vanilla, "gru": torch.gru}
    if cell.coupled:
        parameters = [_uncoupled(cell, rows) for rows in parameters]
    states = tuple(state[None] for state in first)  # (layers, B, H)
    hidden, *last = kernels.get(cell.name, torch.lstm)(
        x,
        states if len(states) > 1 else states[0],
        parameters,
        has_biases=True,
        num_layers=1,
        dropout=0.0,
        train=train,
        bidirectional=False,
        batch_first=False,
    )
    return hidden, [state[0] for state in last]


def _uncoupled(cell: Cell, rows: "torch.Tensor") -> "torch.Tensor":
    """The rows (4*H, ...) of the LSTM that computes the same: 1 - sigmoid(z) is sigmoid(-z)."""
    import torch

    assert cell.coupled is not None
    gate, other = cell.coupled
    own = dict(zip(cell.rows, rows.chunk(len(cell.rows)), strict=True))
    own[gate] = -own[other]
    return torch.cat([own[name] for name in CELLS["lstm"].rows])
