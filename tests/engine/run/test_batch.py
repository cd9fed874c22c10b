"""Many sequences at once: the same as one by one; and a unit that is switched off is as good as not there."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from gatestep.engine import CELLS, Ablated, Readout, Stack, WordNetwork, read_together, run
from gatestep.engine.arrays import frozen
from gatestep.engine.run.batch import run_batch

WORDS = ("my", "name", "is", "Ahmad", ",", "unheard")


def sentences(count: int = 12, seed: int = 0) -> list[list[str]]:
    rng = random.Random(seed)
    return [[rng.choice(WORDS) for _ in range(rng.randint(1, 7))] for _ in range(count)]


def without(network: WordNetwork, unit: int) -> WordNetwork:
    """The network whose unit nobody hears: no recurrent weight leads from it, and none to a word."""
    heard = np.arange(network.stack.H) != unit
    layers = tuple(
        tuple(replace(weights, W=frozen(weights.W * heard)) for weights in layer) for layer in network.stack.layers
    )
    readout = Readout(frozen(network.readout.matrix * heard), network.readout.bias)
    return replace(network, stack=Stack(network.stack.cell, layers), readout=readout)


@pytest.mark.parametrize("cell", CELLS)
def test_a_batch_has_what_the_trace_of_every_sentence_has(
    cell: str, make_word_network: Callable[..., WordNetwork]
) -> None:
    network, texts = make_word_network(cell), sentences()
    batches = read_together(network, texts)
    assert sorted(place for batch in batches for place in batch.places) == list(range(len(texts)))
    for batch in batches:
        for b, place in enumerate(batch.places):
            trace = network.trace(" ".join(texts[place]))
            np.testing.assert_allclose(batch.top[:, b], trace.top, atol=1e-6)
            assert set(batch.layers["l0"]) == set(network.stack.cell.quantities)
            for name, values in batch.layers["l0"].items():
                np.testing.assert_allclose(values[:, b], trace.layers[0][name], atol=1e-6)


@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn"])
def test_layers_and_directions_go_through_side_by_side(
    cell: str, make_network: Callable[..., tuple[Any, Stack]]
) -> None:
    _, stack = make_network(cell, num_layers=2, bidirectional=True)
    x = np.random.default_rng(1).normal(size=(6, 3, 3)).astype(np.float32)
    layers, top = run_batch(stack, x)
    for b in range(3):
        trace = run(stack, x[:, b])
        np.testing.assert_allclose(top[:, b], trace.top, atol=1e-6)
        for layer in trace.layers:
            for name in stack.cell.quantities:
                np.testing.assert_allclose(layers[layer.name][name][:, b], layer[name], atol=1e-6)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("unit", [0, 3])
def test_switching_a_unit_off_is_the_same_as_cutting_all_that_leads_from_it(
    cell: str, unit: int, make_word_network: Callable[..., WordNetwork]
) -> None:
    network, texts = make_word_network(cell), sentences(seed=1)
    cut = without(network, unit)
    for silenced in read_together(network, texts, Ablated("l0", (unit,))):
        assert not silenced.top[..., unit].any()
        said = network.readout.scores(silenced.top)
        for b, place in enumerate(silenced.places):
            np.testing.assert_allclose(said[:, b], cut.readout.scores(cut.trace(" ".join(texts[place])).top), atol=1e-5)


def test_a_unit_is_held_at_zero_in_every_step_and_the_others_hear_nothing_of_it(
    make_word_network: Callable[..., WordNetwork],
) -> None:
    """A loop over the steps of one sentence, each with its hidden state clamped by hand."""
    network, unit = make_word_network("lstm"), 2
    words = ["my", "name", "is", "Ahmad"]
    weights, cell = network.stack.layers[0][0], network.stack.cell
    h, c, clamped = np.zeros(4, np.float32), np.zeros(4, np.float32), []
    for word in words:
        x = weights.U @ network.embedding[network.vocabulary.index(word)] + weights.bias_ih
        q = cell.step(x, weights.W @ h + weights.bias_hh, c)
        h, c = q["hidden"].copy(), q["cell"]
        h[unit] = 0
        clamped.append(h)
    (batch,) = read_together(network, [words], Ablated("l0", (unit,)))
    np.testing.assert_allclose(batch.top[:, 0], clamped, atol=1e-6)
    assert not np.allclose(batch.top, read_together(network, [words])[0].top, atol=1e-4)


def test_only_the_layer_that_is_named_is_switched_off(make_network: Callable[..., tuple[Any, Stack]]) -> None:
    _, stack = make_network("lstm", num_layers=2)
    x = np.random.default_rng(2).normal(size=(5, 2, 3)).astype(np.float32)
    layers, _ = run_batch(stack, x, Ablated("l1", (1,)))
    whole, _ = run_batch(stack, x)
    assert not layers["l1"]["hidden"][..., 1].any()
    for name, values in layers["l0"].items():
        np.testing.assert_array_equal(values, whole["l0"][name])
