"""What the engine's tests share: networks made by torch, and both ways of running them."""

from collections.abc import Callable, Mapping
from typing import Any
from unittest import mock

import numpy as np
import pytest
import torch
from gatestep.engine import (
    CELLS,
    DenseNetwork,
    Readout,
    Stack,
    Trace,
    Vocabulary,
    WordNetwork,
    run,
    stack_from_tensors,
)
from gatestep.engine.arrays import frozen
from gatestep.engine.run import forward as running
from gatestep.engine.weights import chained


@pytest.fixture(scope="session")
def make_network() -> Callable[..., tuple[Any, Stack]]:
    """Return a maker of (torch's own module, the same weights as a Stack).

    A cell that torch does not have gets the weights of an LSTM or GRU, and with `peepholes` random ones.
    """
    modules = {"lstm": torch.nn.LSTM, "rnn": torch.nn.RNN, "gru": torch.nn.GRU, "gru-before": torch.nn.GRU}

    def make(
        cell: str = "lstm", inputs: int = 3, units: int = 4, seed: int = 0, scale: float = 1.0, peepholes: bool = True,
        **options: Any,
    ) -> tuple[Any, Stack]:  # fmt: skip
        with torch.random.fork_rng(devices=[]), torch.no_grad():
            torch.manual_seed(seed)
            module = modules.get(cell, torch.nn.LSTM)(inputs, units, **options)
            for parameter in module.parameters():
                parameter *= scale
            tensors = dict(module.state_dict())
            if peepholes and CELLS[cell].peepholes != "never":
                for name in [name for name in tensors if "weight_hh" in name]:
                    tensors[name.replace("hh", "peephole")] = scale * torch.randn(3, units)
        return module, stack_from_tensors(tensors, "made", cell)

    return make


@pytest.fixture(scope="session")
def run_by() -> Callable[..., Trace]:
    """Return `run` with the way of walking through time chosen: torch's kernel when `fused`, else NumPy."""

    def run_that_way(stack: Stack, inputs: Any, initial: Mapping[str, Any] | None = None, *, fused: bool) -> Trace:
        with mock.patch.object(running, "kernel_pays", return_value=fused):
            return run(stack, inputs, initial)

    return run_that_way


SIX_WORDS = ("<unknown>", "my", "name", "is", "Ahmad", ",")


@pytest.fixture(scope="session")
def make_word_network(make_network: Callable[..., tuple[Any, Stack]]) -> Callable[..., WordNetwork]:
    """Return a maker of recurrent networks over six words with random weights."""

    def make(cell: str = "lstm", seed: int = 0, inputs: int = 3, units: int = 4) -> WordNetwork:
        rng = np.random.default_rng(seed)
        _, stack = make_network(cell, inputs, units, seed)
        matrix, bias = (frozen(rng.normal(size=shape)) for shape in ((6, units), (6,)))
        embedding = frozen(rng.normal(size=(6, inputs)))
        return WordNetwork(Vocabulary(SIX_WORDS), embedding, stack, Readout(matrix, bias))

    return make


@pytest.fixture(scope="session")
def word_network(make_word_network: Callable[..., WordNetwork]) -> WordNetwork:
    """A network over six words with random weights."""
    return make_word_network()


@pytest.fixture(scope="session")
def make_dense() -> Callable[..., tuple[Any, DenseNetwork]]:
    """Return a maker of (torch's own layers by name, the same weights as a DenseNetwork) over six words."""

    def make(places: int | None = None, seed: int = 0, units: int = 5, width: int = 3) -> tuple[Any, DenseNetwork]:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            layers = torch.nn.ModuleDict({
                "embedding": torch.nn.Embedding(6, width),
                "dense": torch.nn.Linear(width * (places or 1), units),
                "readout": torch.nn.Linear(units, 6),
            })  # fmt: skip
        arrays = {name: frozen(parameter.detach().numpy()) for name, parameter in layers.named_parameters()}
        readout = Readout(arrays["readout.weight"], arrays["readout.bias"])
        weights = (arrays["embedding.weight"], arrays["dense.weight"], arrays["dense.bias"])
        return layers, DenseNetwork(Vocabulary(SIX_WORDS), *weights, readout, places)

    return make


@pytest.fixture(scope="session")
def chain(make_network: Callable[..., tuple[Any, Stack]]) -> Stack:
    """An LSTM of six units that a GRU of four reads."""
    return chained([make_network(units=6)[1], make_network("gru", inputs=6, units=4)[1]], "made")
