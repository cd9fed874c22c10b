"""Patch grids and attribution from an answer, against runs that are patched one by one."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gatestep.engine import (
    CELLS,
    BadInput,
    Readout,
    Stack,
    Surroundings,
    Trace,
    Vocabulary,
    WordNetwork,
    edited,
    mean_of,
    mean_over,
    patch_grid,
    run,
    run_lazily,
    stack_from_tensors,
)
from gatestep.engine.arrays import frozen
from gatestep.engine.trace import log_softmax
from gatestep.scenarios import find, shipped


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
    early = patch_grid(trace, network, "hidden", other, "b", "l0_reverse", at=1)
    patched = edited(trace, ['l0_reverse.hidden[3]@3=from("b b a c")'], Surroundings(network))
    assert early.effects.shape == (4, 4)  # what stands after it has been read as well
    assert early.effects[2, 3] == pytest.approx(said(patched, row, 1) - said(trace, row, 1), abs=1e-5)
    assert early.effects[2, 3]


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


def test_what_does_not_fit_is_refused(word_network: WordNetwork, refusal: Callable[..., str]) -> None:
    trace = word_network.trace("my name")
    assert refusal(patch_grid, trace, word_network, "cell", word_network.trace("my")).startswith(
        "the other sentence has 1 timestamp, and this one 2; they must be equally long"
    )
    assert refusal(patch_grid, trace, word_network, "reset", trace).startswith("LSTM has no reset; choose from forget")


def test_edits_stay_in_force_in_a_grid(word_network: WordNetwork) -> None:
    """A grid of an edited run is of that run: each of its cells is one more edit."""
    before = ["forget[1]=0@2", "hidden[0]*=.5", "reset@3"]
    trace = edited(word_network.trace("my name is Ahmad"), before)
    grid = patch_grid(trace, word_network, "cell", word_network.trace(", is my name"), "is")
    row = word_network.vocabulary.index("is")
    assert grid.base == pytest.approx(said(trace, row, 3), abs=1e-5)
    patched = edited(trace, ['cell[2]@2=from(", is my name")'], Surroundings(word_network))
    assert grid.effects[1, 2] == pytest.approx(said(patched, row, 3) - grid.base, abs=1e-5)


def test_a_mean_over_a_lazy_run_is_that_of_the_run_and_can_be_ended() -> None:
    rng = np.random.default_rng(0)
    stack = stack_from_tensors({"weight_ih_l0": rng.normal(size=(12, 2)), "weight_hh_l0": rng.normal(size=(12, 3))}, "")
    x = rng.normal(size=(40_000, 2)).astype(np.float32)
    told: list[int] = []
    mean = mean_over([run_lazily(stack, x)], "cell", on_progress=told.append)
    np.testing.assert_allclose(mean, run(stack, x).layer("l0")["cell"].mean(axis=0, dtype=np.float64), rtol=1e-4)
    assert told == sorted(told)
    assert told[-1] == 40_000

    def enough(done: int) -> None:
        raise InterruptedError

    fresh = run_lazily(stack, x)
    with pytest.raises(InterruptedError):
        mean_over([fresh], "cell", on_progress=enough)
    assert fresh.layers[0].missing(39_999) > 20_000


def test_what_cannot_be_averaged_or_asked_about_is_refused(word_network: WordNetwork) -> None:
    with pytest.raises(BadInput, match="nothing to take the mean of"):
        mean_over([], "cell")
    with pytest.raises(BadInput, match="nothing to take the mean of"):
        mean_of(word_network, [], "cell")
    words = word_network.trace("My name is Ahmad")
    for at in (-1, len(words)):
        with pytest.raises(BadInput, match=f"no timestamp {at + 1}; the sequence has 1 to {len(words)}"):
            patch_grid(words, word_network, "cell", words, at=at)
