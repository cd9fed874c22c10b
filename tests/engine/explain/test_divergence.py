from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from gatestep.engine import (
    LayerTrace,
    Readout,
    Stack,
    Trace,
    WordNetwork,
    distance,
    first_divergence,
    run,
    state_distances,
    total_variation,
)
from gatestep.engine.arrays import frozen
from hypothesis import assume, example, given
from hypothesis import strategies as st

Maker = Callable[..., tuple[Any, Stack]]
WordMaker = Callable[..., WordNetwork]
Tails = tuple[list[str], list[str]]
CELLS = pytest.mark.parametrize("cell", ["lstm", "rnn", "gru", "peephole"])
SIZES = pytest.mark.parametrize(("inputs", "units"), [(3, 4), (8, 8), (64, 64)])
WORDS = st.sampled_from(["my", "name", "is", "Ahmad", ",", "Zoë"])
SENTENCES = st.lists(WORDS, min_size=1, max_size=12)


def layer_of(stack: Stack, hidden: list[list[float]]) -> LayerTrace:
    """A layer that had these hidden states."""
    array = frozen(np.array(hidden))
    return LayerTrace(stack.flat[0], frozen(np.zeros((len(hidden), 3))), {}, {"hidden": array})


def test_the_distance_is_the_root_mean_square_over_units(make_network: Maker) -> None:
    _, stack = make_network(units=2)
    one = layer_of(stack, [[3, 4], [0.5, -0.5], [1, 1]])
    other = layer_of(stack, [[0, 0], [0.5, -0.5], [1, -1]])
    np.testing.assert_allclose(distance(one, other, "hidden"), [12.5**0.5, 0, 2**0.5])


@given(one=SENTENCES, other=SENTENCES, quantity=st.sampled_from(["cell", "hidden", "forget"]))
def test_distance_is_none_to_itself_and_the_same_both_ways(
    word_network: WordNetwork, one: list[str], other: list[str], quantity: str
) -> None:
    a, b = (word_network.trace(" ".join(words)).layers[0] for words in (one, other))
    there, back = distance(a, b, quantity), distance(b, a, quantity)
    assert there.shape == (min(len(one), len(other)),)
    assert (there >= 0).all()
    np.testing.assert_array_equal(there, back)
    assert not distance(a, a, quantity).any()
    assert not distance(a, word_network.trace(" ".join(one)).layers[0], quantity).any()


def test_two_networks_of_one_size_have_a_distance(make_word_network: WordMaker) -> None:
    one, other = (make_word_network(seed=seed).trace("my name").layers[0] for seed in (0, 1))
    assert (distance(one, other, "hidden") > 0).all()


def test_layers_of_different_sizes_have_no_distance(make_word_network: WordMaker) -> None:
    one, other = (make_word_network(units=units).trace("my name").layers[0] for units in (4, 5))
    with pytest.raises(ValueError, match=r"^4 units and 5 units have no distance$"):
        distance(one, other, "hidden")


def most_apart(p: np.ndarray, q: np.ndarray) -> float:
    """The most by which two distributions differ on any set of words, by trying all the sets."""
    sets = [list(s) for size in range(len(p) + 1) for s in combinations(range(len(p)), size)]
    wide, other = p.astype(np.float64), q.astype(np.float64)
    return max(abs(float(wide[s].sum() - other[s].sum())) for s in sets)


@CELLS
@given(seed=st.integers(0, 99), one=SENTENCES, other=SENTENCES)
def test_words_are_apart_by_the_most_that_any_set_of_words_differs(
    make_word_network: WordMaker, cell: str, seed: int, one: list[str], other: list[str]
) -> None:
    network, second = make_word_network(cell, seed), make_word_network(cell, seed + 1)
    for a, b in ((network, network), (network, second)):
        runs = a.trace(" ".join(one)), b.trace(" ".join(other))
        apart = total_variation(*runs)
        assert apart.shape == (min(len(one), len(other)),)
        for t, value in enumerate(apart):
            p, q = (trace.probabilities(t) for trace in runs)
            assert p is not None
            assert q is not None
            assert value == pytest.approx(most_apart(p, q), abs=1e-6)


def certain(make_word_network: WordMaker, scores: list[float]) -> WordNetwork:
    """A network that gives the six words these scores whatever it reads."""
    network = make_word_network()
    return replace(network, readout=Readout(frozen(np.zeros((6, 4))), frozen(np.array(scores))))


@given(scores=st.tuples(*[st.lists(st.floats(-300, 300, width=32), min_size=6, max_size=6)] * 2))
@example(([1.6, 1.1, 0.6, -200, -200, -200], [-200, -200, -200, 0.8, 1.6, 1.3]))
@example(([0.4, 1.9, 1.6, -200, -200, -200], [-200, -200, -200, 1.0, 1.6, 1.2]))
def test_words_are_never_further_apart_than_one(
    make_word_network: WordMaker, scores: tuple[list[float], list[float]]
) -> None:
    one, other = (certain(make_word_network, wanted).trace("my name") for wanted in scores)
    apart = total_variation(one, other)
    assert (apart >= 0).all()
    assert (apart <= 1).all()


def test_words_of_equal_runs_are_not_apart_and_of_opposite_ones_wholly(make_word_network: WordMaker) -> None:
    my, name = (certain(make_word_network, list(row)) for row in np.eye(6)[1:3] * 200)
    assert total_variation(my.trace("is Ahmad"), my.trace("is Ahmad")).tolist() == [0, 0]
    assert total_variation(my.trace("is Ahmad"), name.trace("is")).tolist() == [1]


def test_networks_that_say_other_words_are_not_compared(make_word_network: WordMaker) -> None:
    trace = make_word_network().trace("my name")
    other = replace(trace, vocabulary=("<unknown>", "mein", "name", "ist", "Ahmad", ","))
    numbers = replace(trace, vocabulary=None, readout=None)
    for one, two in ((trace, other), (trace, numbers), (numbers, trace), (numbers, numbers)):
        with pytest.raises(ValueError, match="different vocabularies do not say the same words"):
            total_variation(one, two)


@CELLS
@SIZES
@given(seed=st.integers(0, 99), common=st.lists(WORDS, max_size=12), tails=st.tuples(SENTENCES, SENTENCES))
def test_two_sentences_part_exactly_at_the_first_different_word(
    make_word_network: WordMaker, cell: str, inputs: int, units: int, seed: int, common: list[str], tails: Tails
) -> None:
    assume(tails[0][0] != tails[1][0])
    network = make_word_network(cell, seed, inputs, units)
    one, other = (network.trace(" ".join([*common, *tail])) for tail in tails)
    assert first_divergence(one, other) == first_divergence(other, one) == len(common)


@CELLS
@SIZES
@given(seed=st.integers(0, 99), words=st.lists(WORDS, min_size=1, max_size=24), data=st.data())
def test_a_sentence_does_not_part_from_its_own_beginning(
    make_word_network: WordMaker, cell: str, inputs: int, units: int, seed: int, words: list[str], data: st.DataObject
) -> None:
    network = make_word_network(cell, seed, inputs, units)
    whole = network.trace(" ".join(words))
    beginning = network.trace(" ".join(words[: data.draw(st.integers(1, len(words)))]))
    assert first_divergence(whole, whole) is None
    assert first_divergence(whole, beginning) is None
    assert first_divergence(beginning, whole) is None


def test_unknown_words_do_not_part_two_sentences(word_network: WordNetwork) -> None:
    one, other = (word_network.trace(f"my name is {name}") for name in ("Zoë", "Xi"))
    assert first_divergence(one, other) is None


def test_runs_from_different_states_part_at_once(make_network: Maker) -> None:
    _, stack = make_network()
    inputs = np.ones((3, 3))
    assert first_divergence(run(stack, inputs), run(stack, inputs, {"h0": np.full((1, 4), 0.5)})) == 0


def test_with_a_reverse_direction_a_later_word_parts_the_runs_from_the_start(make_network: Maker) -> None:
    _, stack = make_network(bidirectional=True)
    inputs = np.ones((4, 3))
    assert first_divergence(run(stack, inputs), run(stack, inputs * [[1], [1], [1], [2]])) == 0


def said(trace: Trace, t: int) -> int:
    p = trace.probabilities(t)
    assert p is not None
    return int(p.argmax())


@given(seed=st.integers(0, 99), words=SENTENCES, more=st.lists(WORDS, max_size=3))
def test_two_networks_part_where_they_first_say_another_word(
    make_word_network: WordMaker, seed: int, words: list[str], more: list[str]
) -> None:
    one = make_word_network("lstm", seed).trace(" ".join(words))
    other = make_word_network("rnn", seed + 1).trace(" ".join([*words, *more]))
    brute = next((t for t in range(len(words)) if said(one, t) != said(other, t)), None)
    assert first_divergence(one, other) == first_divergence(other, one) == brute


def test_some_networks_part_and_some_do_not(make_word_network: WordMaker) -> None:
    first = make_word_network("rnn").trace("my name is")
    found = {first_divergence(first, make_word_network("lstm", seed).trace("my name is")) for seed in range(40)}
    assert {None, 0} < found


def test_states_of_both_directions_of_the_last_layer_count(make_network: Maker, chain: Stack) -> None:
    rng = np.random.default_rng(0)
    _, both = make_network(num_layers=2, bidirectional=True)
    for stack, states in ((both, {"cell", "hidden"}), (chain, {"hidden"})):
        one, other = (run(stack, rng.normal(size=(9, 3))) for _ in range(2))
        found = state_distances(one, other)
        assert set(found) == states
        apart = one.top.astype(np.float64) - other.top
        np.testing.assert_allclose(found["hidden"], np.sqrt((apart**2).mean(axis=1)), rtol=1e-6)


def test_what_is_no_number_diverges_from_one_that_is(make_network: Maker) -> None:
    _, stack = make_network("rnn", units=2)
    hidden: list[list[list[float]]] = [[[0, 0], [1, np.inf], [np.nan, 0]], [[0, 0], [1, np.inf], [0, 0]]]
    runs = [Trace(stack, np.zeros((3, 3), np.float32), (layer_of(stack, each),)) for each in hidden]
    assert first_divergence(*runs) == 2
    assert first_divergence(runs[0], runs[0]) is None


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_run_diverges_where_its_numbers_are_none_any_more(value: float, make_network: Maker) -> None:
    trace = run(make_network()[1], np.ones((4, 3)))
    hidden = np.array(trace.top)
    hidden[2, 1] = value
    layer = trace.layers[-1]
    broken = replace(trace, layers=(replace(layer, quantities={**layer.quantities, "hidden": frozen(hidden)}),))
    assert first_divergence(trace, broken) == first_divergence(broken, trace) == 2
    assert first_divergence(broken, broken) is None
    assert not np.isfinite(distance(layer, broken.layers[-1], "hidden")[2])
