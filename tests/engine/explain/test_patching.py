"""Patch grids and the way back from an answer, against runs that are patched one by one."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gatestep.engine import (
    CELLS,
    Readout,
    Stack,
    Surroundings,
    Trace,
    Vocabulary,
    WordNetwork,
    edited,
    mean_of,
    patch_grid,
    why,
)
from gatestep.engine.arrays import frozen
from gatestep.engine.trace import log_softmax
from gatestep.scenarios import find, shipped

MODELS = ("lstm", "rnn", "gru", "peephole", "coupled-input", "coupled-forget")


def said(trace: Trace, row: int, at: int) -> float:
    assert trace.readout is not None
    return float(log_softmax(trace.readout.scores(trace.top[at]).astype(np.float64))[row])


@pytest.mark.parametrize("cell", CELLS)
def test_each_cell_of_a_grid_is_a_run_of_its_own(cell: str, make_word_network: Callable[..., WordNetwork]) -> None:
    network = make_word_network(cell)
    trace, around = network.trace("my name is Ahmad"), Surroundings(network)
    for quantity in network.stack.cell.quantities:
        grid = patch_grid(trace, network, quantity, network.trace(", is my name"), "is", at=2)
        assert grid.effects.shape == (3, 4)
        for t, unit in ((0, 1), (1, 3), (2, 0)):
            patched = edited(trace, [f'{quantity}[{unit}]@{t + 1}=from(", is my name")'], around)
            row = network.vocabulary.index("is")
            wanted = said(patched, row, 2) - said(trace, row, 2)
            assert grid.effects[t, unit] == pytest.approx(wanted, abs=1e-5)
        assert grid.base == pytest.approx(said(trace, network.vocabulary.index("is"), 2), abs=1e-5)


def test_a_grid_to_the_mean_sets_each_unit_to_it(word_network: WordNetwork) -> None:
    trace = word_network.trace("my name is Ahmad")
    sentences = [["my", "name"], ["is", ","], ["Ahmad"]]
    mean = mean_of(word_network, sentences, "cell")
    everything = np.concatenate([word_network.trace(" ".join(words)).layers[0]["cell"] for words in sentences])
    np.testing.assert_allclose(mean, everything.mean(axis=0), atol=1e-6)
    grid = patch_grid(trace, word_network, "cell", mean)
    row = word_network.vocabulary.index(grid.answer)
    wanted = said(edited(trace, [f"cell[2]={mean[2]!r}@3".replace("np.float32(", "").replace(")", "")]), row, 3)
    assert grid.effects[2, 2] == pytest.approx(wanted - grid.base, abs=1e-5)


def test_a_grid_of_both_directions_and_two_layers(make_network: Callable[..., tuple[Any, Stack]]) -> None:
    _, stack = make_network("lstm", num_layers=2, bidirectional=True)
    rng = np.random.default_rng(0)
    words = Vocabulary(("<unknown>", "a", "b", "c"))
    matrix, bias, embedding = (frozen(rng.normal(size=shape)) for shape in ((4, 8), (4,), (4, 3)))
    network = WordNetwork(words, embedding, stack, Readout(matrix, bias))
    trace, other = network.trace("a b c a"), network.trace("b b a c")
    grid = patch_grid(trace, network, "hidden", other, "b", "l0_reverse")
    patched = edited(trace, ['l0_reverse.hidden[3]@2=from("b b a c")'], Surroundings(network))
    row = words.index("b")
    assert grid.effects[1, 3] == pytest.approx(said(patched, row, 3) - said(trace, row, 3), abs=1e-5)


@pytest.fixture(scope="module")
def pakistan() -> tuple[WordNetwork, Trace, str]:
    scenario = find("pakistan")
    network = shipped(scenario, "lstm")[0]
    assert isinstance(network, WordNetwork)
    return network, network.trace(scenario.sentences[0]), scenario.sentences[0].replace("Pakistan", "France")


def test_the_largest_cell_of_the_grid_of_pakistan_flips_the_answer(pakistan: tuple[WordNetwork, Trace, str]) -> None:
    network, trace, france = pakistan
    grids = [patch_grid(trace, network, name, network.trace(france)) for name in network.stack.cell.quantities]
    assert {grid.answer for grid in grids} == {"Pakistani"}
    grid = max(grids, key=lambda grid: abs(grid.largest(1)[0][2]))
    t, unit, _ = grid.largest(1)[0]
    patched = edited(trace, [f'{grid.quantity}[{unit}]@{t + 1}=from("{france}")'], Surroundings(network))
    p = patched.probabilities(len(patched) - 1)
    assert p is not None
    assert network.vocabulary.likeliest(p, 1)[0][0] != "Pakistani"
    gates = patch_grid(trace, network, "forget", network.trace(france))
    assert gates.largest(1)[0][0] == 8


@pytest.mark.parametrize("model", MODELS)
def test_at_the_blank_of_pakistan_it_arrives_at_pakistan(model: str) -> None:
    """For every network that ships; the shares of what is remembered alone name the word before the blank."""
    scenario = find("pakistan")
    network = shipped(scenario, model)[0]
    assert isinstance(network, WordNetwork)
    found = why(network.trace(scenario.sentences[0]), network, "Pakistani")
    first, second = found.words[:2]
    assert (first.t, found.writes[0].t) == (8, 8)
    assert first.effect < second.effect - 1
    assert {"France", "Japan"} <= {*first.others}
    assert found.tried == found.possible == 24


def test_shares_alone_say_the_word_before_the_blank(pakistan: tuple[WordNetwork, Trace, str]) -> None:
    network, trace, _ = pakistan
    assert max(why(trace, network).writes, key=lambda write: write.share).t == 23


def test_effects_of_why_are_those_of_runs_of_their_own(pakistan: tuple[WordNetwork, Trace, str]) -> None:
    network, trace, france = pakistan
    found, row, last = why(trace, network), network.vocabulary.index("Pakistani"), len(trace) - 1
    carrier, write = found.carriers[0], next(w for w in found.writes if w.erased < -1)
    silent = said(edited(trace, [f"hidden[{carrier.unit}]=0@{last + 1}"]), row, last)
    assert carrier.effect == pytest.approx(silent - found.base, abs=1e-4)
    closed = said(edited(trace, [f"input[{write.unit}]=0@{write.t + 1}"]), row, last)
    assert write.erased == pytest.approx(closed - found.base, abs=1e-4)
    assert said(network.trace(france), row, last) < found.base - 5


def test_few_runs_are_made_where_only_few_may_be(pakistan: tuple[WordNetwork, Trace, str]) -> None:
    network, trace, _ = pakistan
    found = why(trace, network, most=200)
    assert (found.tried, found.possible) == (3, 24)
    assert len(found.words) == 3


def test_what_does_not_fit_is_refused(word_network: WordNetwork, refusal: Callable[..., str]) -> None:
    trace = word_network.trace("my name")
    assert refusal(patch_grid, trace, word_network, "cell", word_network.trace("my")).startswith(
        "the other sentence has 1 timestamps, and this one 2"
    )
    assert refusal(patch_grid, trace, word_network, "reset", trace).startswith("LSTM has no reset; choose from forget")
    assert refusal(why, trace, word_network, "Turkey").startswith("Turkey is none of the words that this network can")
