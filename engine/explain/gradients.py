"""Backpropagation through time: how each earlier state affects a loss, itemised by the timestamp of the loss.

The loss L is a sum of losses L_s, one for each source timestamp s. Torch differentiates the one set of equations in
`cells`, in float64: the network is run once for every source side by side, so one backward pass gives the gradients of
all of them apart. Gradients are total: dL_s/dc_k goes by way of h_k too, and by everything after.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import BadInput
from ..models.words import Prediction
from ..run.pytorch import require_torch
from ..run.walk import reading_order, through_layers, timestamps
from ..trace import LayerTrace, Trace
from .provenance import memory_path

if TYPE_CHECKING:
    import torch

    Loss = Callable[[torch.Tensor, int], torch.Tensor]
    """(the top hidden state (D,) at s, s) -> L_s, a scalar."""

Wide = np.ndarray[Any, np.dtype[np.float64]]

MOST_NUMBERS = 2_000_000
"""Sources x timestamps x units that are kept; autograd holds some 250 bytes for each on the way."""


@dataclass(frozen=True, eq=False)
class LayerGradients:
    """One direction of one layer: S sources, T timestamps, H units, float64, read-only.

    `states` maps "hidden", and for an LSTM "cell", to dL_s/d(state)_k, (S, T, H); zero where the layer comes to k only
    after s. `path` (S, T, H) is the cell path alone, the product of what the memory keeps after k and up to s, which is
    dc_s/dc_k along the cell; zero after s, None where there is no such path. `weights` are dL/dU (G*H, I),
    dL/dW (G*H, H) and dL/db (G*H,) of the sum over the sources, dL/dd (G*H,) where a GRU's second bias counts apart,
    dL/dp (3, H) where there are peepholes and dL/dR (P, H) where there is a projection. Numbers beyond float64 are inf,
    and nan where such meet.
    """

    name: str
    states: Mapping[str, Wide]
    path: Wide | None
    weights: Mapping[str, Wide]

    def total(self, state: str) -> Wide:
        """Return dL/d(state)_k, (T, H): the sum over the sources."""
        with np.errstate(invalid="ignore", over="ignore"):
            return np.asarray(self.states[state].sum(axis=0))

    def norms(self, state: str) -> Wide:
        """Return |dL/d(state)_k|, (T,); the norms of the single sources do not add up to it."""
        return norm(self.total(state))

    def shares(self, state: str, k: int) -> Wide:
        """Return what each source adds to the gradient at `k`, (S,): its component along the total, as a share of it.

        They add up to 1; a source that pulls the other way is negative. All are nan where the total is 0 or not finite.
        """
        parts = self.states[state][:, k]
        with np.errstate(all="ignore"):
            largest = np.abs(parts).max(initial=0.0)
            scaled = parts / largest  # squares of what is as small as 1e-200 would vanish
            total = scaled.sum(axis=0)
            return np.asarray(scaled @ total / (total @ total))

    def kept(self) -> Wide | None:
        """Return the norm of dc_s/dc_k along the cell, (S, T): that of a diagonal matrix, its largest product."""
        return None if self.path is None else np.asarray(self.path.max(axis=-1))


@dataclass(frozen=True, eq=False)
class Gradients:
    """Every layer's gradients of the losses at `sources` (S timestamps), whose values are `losses` (S,)."""

    sources: tuple[int, ...]
    losses: Wide
    layers: tuple[LayerGradients, ...]

    def of(self, source: int) -> "Gradients":
        """Return the gradients of the loss at `source` alone. Those of the weights are of the sum, and left out.

        Raises ValueError where `source` is none of the sources.
        """
        n = self.sources.index(source)
        layers = tuple(
            replace(
                layer,
                states={name: array[n : n + 1] for name, array in layer.states.items()},
                path=None if layer.path is None else layer.path[n : n + 1],
                weights={},
            )
            for layer in self.layers
        )
        return Gradients((source,), self.losses[n : n + 1], layers)


def norm(vectors: Any) -> Wide:
    """Return the Euclidean norms (...) of `vectors` (..., n); inf for what overflowed.

    Neither tiny nor huge squares are lost.
    """
    with np.errstate(all="ignore"):
        size = np.abs(np.asarray(vectors, dtype=np.float64))
        largest = size.max(axis=-1, initial=0.0)
        scaled = size / np.where(largest > 0, largest, 1.0)[..., None]
        norms = largest * np.sqrt((scaled * scaled).sum(axis=-1))
    return np.where(np.isnan(norms), np.inf, norms)


def word_at(prediction: Prediction, t: int) -> str:
    """Return the word whose loss is taken at `t`: the right one, or the likeliest where that is not known."""
    word = prediction.targets[t]
    return word if word is not None and word in prediction.vocabulary else prediction.top(t, 1)[0][0]


def word_gradients(prediction: Prediction, sources: Sequence[int] | None = None) -> Gradients:
    """Return the gradients of L_s = -ln p(word that should come after the word at s), for every s of `sources`.

    By default these are the timestamps at which it is known what should come, and the last. Raises what `gradients`
    raises.
    """
    trace, readout = prediction.trace, prediction.trace.readout
    assert readout is not None
    last = len(trace) - 1
    if sources is None:
        sources = [s for s in range(last) if prediction.loss(s) is not None] + [last]
    rows = {s: prediction.vocabulary.index(word_at(prediction, s)) for s in sources}

    def loss(hidden: "torch.Tensor", s: int) -> "torch.Tensor":
        import torch

        scores = readout.scores(hidden, lambda array: torch.tensor(array, dtype=torch.float64))
        return -torch.log_softmax(scores, -1)[rows[s]]

    return gradients(trace, loss, sources)


def gradients(trace: Trace, loss: "Loss", sources: Sequence[int]) -> Gradients:
    """Return the gradients of the sum of `loss(top hidden state at s, s)` over `sources`, for every state of `trace`.

    Raises BadInput where sources x timestamps are too many, WorkFailed when PyTorch is not installed.
    """
    require_torch("gradients need")
    S, T = len(sources), len(trace)
    numbers = S * T * sum(layer.H for layer in trace.layers)
    if numbers > MOST_NUMBERS:
        raise BadInput(f"gradients of {S} losses through {T} timestamps are too many to keep; take a shorter sequence")
    import torch

    with torch.enable_grad():
        traced = iter(trace.layers)
        inputs = [torch.tensor(x, dtype=torch.float64) for x in trace.inputs]
        walked, top = through_layers(trace.stack, inputs, lambda _, below: _unrolled(next(traced), below, S), _beside)
        losses = [loss(top[s][n], s) for n, s in enumerate(sources)]
        wanted = [tensor for walk in walked for tensor in walk.tensors]
        found = iter(torch.autograd.grad(torch.stack(losses).sum(), wanted, allow_unused=True, materialize_grads=True))
    layers = []
    for layer, walk in zip(trace.layers, walked, strict=True):
        states = {name: _frozen(np.stack([next(found).numpy() for _ in range(T)], 1)) for name in walk.states}
        weights = {name: _frozen(next(found).numpy()) for name in walk.weights}
        layers.append(LayerGradients(layer.name, states, _path(layer, sources), weights))
    return Gradients(tuple(sources), _frozen(np.array([value.item() for value in losses])), tuple(layers))


@dataclass
class _Unrolled:
    """One direction run forwards: `states` by name, each a tensor (S, H) for every timestamp; the weights as leaves."""

    states: "dict[str, list[torch.Tensor]]"
    weights: "dict[str, torch.Tensor]"

    def __getitem__(self, state: str) -> "list[torch.Tensor]":
        return self.states[state]

    @property
    def tensors(self) -> "list[torch.Tensor]":
        return [tensor for tensors in self.states.values() for tensor in tensors] + list(self.weights.values())


def _beside(hidden: "list[list[torch.Tensor]]") -> "list[torch.Tensor]":
    """The hidden states (S, H) of the directions of a layer side by side, (S, 2*H), for every timestamp."""
    import torch

    return [torch.cat(states, -1) for states in zip(*hidden, strict=True)]


def _unrolled(layer: LayerTrace, below: "list[torch.Tensor]", S: int) -> _Unrolled:
    """Run S copies of `layer` over `below`, T tensors (I,) or (S, I), by the step of its cell."""
    import torch

    w, cell, order = layer.weights, layer.cell, reading_order(layer.weights, len(layer))
    named = {"U": w.U, "W": w.W, "b": w.bias_ih, "d": w.bias_hh, "p": w.peepholes, "R": w.projection}
    wide = {name: torch.tensor(array, dtype=torch.float64) for name, array in named.items() if array is not None}
    # Where x and r are only ever added, the two biases are one, and so are their gradients.
    leaves = {name: t.requires_grad_() for name, t in wide.items() if name != "d" or cell.resets == "after"}
    x = [(below[k] @ wide["U"].T + wide["b"]).expand(S, -1) for k in order]
    first = {name: torch.tensor(layer.initial[name], dtype=torch.float64).expand(S, -1) for name in cell.states}
    inside = SimpleNamespace(
        name=w.name, cell=cell, W=wide["W"], bias_hh=wide["d"], peepholes=wide.get("p"), projection=wide.get("R")
    )
    steps = list(timestamps(inside, x, first, layer.hook, order))[:: -1 if w.reverse else 1]
    return _Unrolled({name: [q[name] for q in steps] for name in cell.states}, leaves)


def _path(layer: LayerTrace, sources: Sequence[int]) -> Wide | None:
    """The product of what the memory keeps after k and up to each source, (S, T, H)."""
    if layer.cell.memory_state is None:
        return None
    keep, _, _ = memory_path(layer, np.arange(len(layer)), slice(None))  # (T, H)
    path = np.zeros((len(sources), *keep.shape))
    on = -1 if layer.weights.reverse else 1
    for n, s in enumerate(sources):
        first = len(keep) - 1 if layer.weights.reverse else 0
        ks = np.arange(s, first - on, -on)  # from s back to the first
        path[n, ks] = np.cumprod(np.concatenate([np.ones_like(keep[:1]), keep[ks[:-1]]]), axis=0)
    return _frozen(path)


def _frozen(array: Any) -> Wide:
    wide: Wide = np.asarray(array, dtype=np.float64)
    wide.flags.writeable = False
    return wide
