"""A small task that needs gradients over time: say which symbol came first, after TIMESTAMPS - 1 meaningless ones."""

import math
from dataclasses import dataclass

import numpy as np

from ..engine import CELLS
from ..engine.run.fused import one_thread
from ..engine.run.pytorch import require_torch
from ..engine.train.descent import descend, forget_gradients

SYMBOLS, NOISE, TIMESTAMPS = 4, 2, 20
UNITS, WIDTH, BATCH_SIZE = 16, 8, 32
RADIUS = 1.2
"""The spectral radius at which the RNN starts: gradients reach the first symbol, and can explode on the way."""

RATES = {"rnn": 0.2, "lstm": 1.0}
"""Plain gradient descent: each weight moves by the rate times its gradient, so that a huge gradient is a huge step."""


@dataclass(frozen=True, eq=False)
class Learning:
    """What happened at each batch, (batches,): the loss in nats, and the norm of all gradients before clipping.

    `right` is the share of answers that were right over the last fifty batches.
    """

    losses: np.ndarray
    norms: np.ndarray
    right: float


def learn(cell: str, seed: int, batches: int, clip: float | None = None, forget_bias: float = 1.0) -> Learning:
    """Train a network from `seed` for so many batches; gradients whose norm is above `clip` are scaled down to it.

    A run of fewer batches is the beginning of a longer one. torch's generator and its number of threads are left as
    they were. Raises WorkFailed where PyTorch is not installed.
    """
    require_torch("training needs")
    import torch

    with one_thread(), torch.random.fork_rng(devices=[]), torch.enable_grad():
        torch.manual_seed(seed)
        return _learn(cell, batches, math.inf if clip is None else clip, forget_bias)


def _learn(cell: str, batches: int, clip: float, forget_bias: float) -> Learning:
    import torch

    embedding = torch.nn.Embedding(SYMBOLS + NOISE, WIDTH)
    recurrent: torch.nn.RNNBase = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM}[cell](WIDTH, UNITS, batch_first=True)
    readout = torch.nn.Linear(UNITS, SYMBOLS)
    with torch.no_grad():
        if cell == "rnn":
            W = recurrent.get_parameter("weight_hh_l0")
            W.mul_(RADIUS / torch.linalg.eigvals(W).abs().max())
        else:
            row = CELLS[cell].rows.index("forget") * UNITS
            for name, value in (("bias_ih_l0", forget_bias), ("bias_hh_l0", 0.0)):
                recurrent.get_parameter(name)[row : row + UNITS] = value
    parameters = [*embedding.parameters(), *recurrent.parameters(), *readout.parameters()]
    losses, norms, right = np.zeros(batches), np.zeros(batches), np.zeros(batches)
    for n in range(batches):
        first = torch.randint(0, SYMBOLS, (BATCH_SIZE,))
        noise = torch.randint(SYMBOLS, SYMBOLS + NOISE, (BATCH_SIZE, TIMESTAMPS - 1))
        hidden = recurrent(embedding(torch.cat([first[:, None], noise], 1)))[0][:, -1]
        scores = readout(hidden)
        loss = torch.nn.functional.cross_entropy(scores, first)
        forget_gradients(parameters)
        loss.backward()  # type: ignore[no-untyped-call]
        norms[n] = torch.nn.utils.clip_grad_norm_(parameters, clip)
        descend(parameters, RATES[cell])
        losses[n], right[n] = loss.item(), (scores.argmax(1) == first).double().mean()
    return Learning(losses, norms, float(right[-50:].mean()))
