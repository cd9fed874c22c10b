from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from gatestep.engine import DenseNetwork, DenseReading
from gatestep.engine.arrays import frozen
from hypothesis import given
from hypothesis import strategies as st

Maker = Callable[..., tuple[Any, DenseNetwork]]
KINDS = pytest.mark.parametrize("slots", [None, 1, 4, 9], ids=lambda n: "a bag" if n is None else f"{n} slots")
WORDS = st.sampled_from(["my", "name", "is", "Ahmad", ",", "Zoë", "MY"])
"""Words as they are typed: one is unknown, and two are the same word."""


def sentences(longest: int) -> st.SearchStrategy[list[str]]:
    return st.lists(WORDS, min_size=1, max_size=longest)


def by_torch(layers: Any, rows: list[int], slots: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Hidden units and probabilities as torch's own layers have them."""
    functional, weight = torch.nn.functional, layers["embedding"].weight
    with torch.no_grad():
        if slots is None:
            x = functional.embedding_bag(torch.tensor([rows]), weight, mode="sum")[0]
        else:
            x = functional.pad(functional.embedding(torch.tensor(rows), weight), (0, 0, 0, slots - len(rows))).ravel()
        hidden = layers["dense"](x).tanh()
        return hidden.numpy(), functional.softmax(layers["readout"](hidden), dim=-1).numpy()


@KINDS
@given(seed=st.integers(0, 99), data=st.data())
def test_it_reads_what_torchs_own_layers_read(
    make_dense: Maker, slots: int | None, seed: int, data: st.DataObject
) -> None:
    layers, network = make_dense(slots, seed)
    words = data.draw(sentences(slots or 12))
    reading = network.read(" ".join(words))
    hidden, probabilities = by_torch(layers, [network.vocabulary.index(word) for word in words], slots)
    np.testing.assert_allclose(reading.hidden, hidden, atol=2e-6)
    np.testing.assert_allclose(reading.probabilities, probabilities, atol=2e-6)


@given(seed=st.integers(0, 99), units=st.integers(1, 40), width=st.integers(1, 20), data=st.data())
def test_a_bag_of_words_reads_the_same_words_alike_in_any_order_to_the_last_bit(
    make_dense: Maker, seed: int, units: int, width: int, data: st.DataObject
) -> None:
    _, network = make_dense(None, seed, units, width)
    words = data.draw(sentences(15))
    one, other = network.read(" ".join(words)), network.read(" ".join(data.draw(st.permutations(words))))
    assert np.array_equal(one.x, other.x)
    assert np.array_equal(one.hidden, other.hidden)
    assert np.array_equal(one.probabilities, other.probabilities)


@given(seed=st.integers(0, 99), words=sentences(8), data=st.data())
def test_a_network_with_places_reads_another_order_as_another_sentence(
    make_dense: Maker, seed: int, words: list[str], data: st.DataObject
) -> None:
    _, network = make_dense(8, seed)
    shuffled = data.draw(st.permutations(words))
    rows, other_rows = ([network.vocabulary.index(word) for word in order] for order in (words, shuffled))
    one, other = network.read(" ".join(words)), network.read(" ".join(shuffled))
    assert np.array_equal(one.hidden, other.hidden) == (rows == other_rows)


def test_a_bag_of_words_knows_how_often_a_word_stands_in_it(make_dense: Maker) -> None:
    _, network = make_dense()
    once, twice = network.read("name"), network.read("name name")
    np.testing.assert_array_equal(twice.x, 2 * once.x)
    assert (once.hidden != twice.hidden).all()


@KINDS
@given(seed=st.integers(0, 99), data=st.data())
def test_the_terms_of_the_words_and_the_bias_are_all_that_is_under_tanh(
    make_dense: Maker, slots: int | None, seed: int, data: st.DataObject
) -> None:
    _, network = make_dense(slots, seed)
    words = data.draw(sentences(slots or 12))
    reading = network.read(" ".join(words))
    assert reading.terms.shape == (len(words), 5)
    sums = reading.terms.astype(np.float64).sum(axis=0) + network.bias
    np.testing.assert_allclose(reading.hidden, np.tanh(sums), atol=2e-6)


def test_a_words_term_is_its_embedding_through_the_weights_of_its_place(make_dense: Maker) -> None:
    _, bag = make_dense()
    _, placed = make_dense(4)
    np.testing.assert_allclose(bag.read("my name").terms[1], bag.U @ bag.embedding[2], rtol=1e-5)
    np.testing.assert_allclose(placed.read("my name").terms[1], placed.U[:, 3:6] @ placed.embedding[2], rtol=1e-5)


def test_one_word_more_than_slots_is_refused_with_both_numbers(make_dense: Maker, refusal: Callable[..., str]) -> None:
    _, network = make_dense(4)
    assert network.read("my name is Ahmad").tokens == ("my", "name", "is", "Ahmad")
    line = refusal(network.read, "my name is Ahmad,")
    assert line.startswith("this dense network has 4 slots and the sentence has 5 words: ")
    assert "one block of 5 x 3 a slot, and there is none for word 5" in line
    assert line.endswith("give at most 4 words, or take a recurrent network")


def test_a_bag_of_words_has_room_for_any_sentence(make_dense: Maker) -> None:
    assert np.isfinite(make_dense()[1].read("my name " * 5000).probabilities).all()


@given(seed=st.integers(0, 99), words=sentences(9))
def test_places_without_a_word_are_zeros(make_dense: Maker, seed: int, words: list[str]) -> None:
    _, network = make_dense(9, seed)
    reading = network.read(" ".join(words))
    np.testing.assert_array_equal(reading.x[: 3 * len(words)].reshape(-1, 3), network.embedding[rows_of(reading)])
    assert not reading.x[3 * len(words) :].any()
    exact = replace(network, U=frozen(network.U[:, : 3 * len(words)]), slots=len(words))
    np.testing.assert_allclose(exact.read(" ".join(words)).hidden, reading.hidden, atol=2e-6)


def rows_of(reading: DenseReading) -> list[int]:
    rows = {"my": 1, "name": 2, "is": 3, "ahmad": 4, ",": 5}
    return [rows.get(token.casefold(), 0) for token in reading.tokens]


@KINDS
def test_its_parameters_are_all_that_torch_adjusts(make_dense: Maker, slots: int | None) -> None:
    layers, network = make_dense(slots)
    assert network.parameters == sum(parameter.numel() for parameter in layers.parameters())
    assert network.H == 5


@pytest.mark.parametrize("words", [1, 2, 4, 16, 100])
@KINDS
def test_a_network_built_for_more_words_has_the_parameters_foretold(
    make_dense: Maker, slots: int | None, words: int
) -> None:
    _, network = make_dense(slots)
    _, built = make_dense(None if slots is None else words)
    assert network.parameters_for(words) == built.parameters


@KINDS
def test_the_arrays_of_a_reading_cannot_be_written(make_dense: Maker, slots: int | None) -> None:
    reading = make_dense(slots)[1].read("Ahmad")
    arrays = (reading.x, reading.terms, reading.hidden, reading.probabilities)
    assert not any(array.flags.writeable for array in arrays)
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


@KINDS
@pytest.mark.parametrize("text", ["", "   ", "____"])
def test_a_sentence_without_words_is_refused(
    make_dense: Maker, slots: int | None, text: str, refusal: Callable[..., str]
) -> None:
    assert refusal(make_dense(slots)[1].read, text).startswith("the sentence has no words")


def test_an_unknown_word_goes_in_as_unknown_and_keeps_its_spelling(make_dense: Maker) -> None:
    _, network = make_dense(4)
    reading = network.read("My NAME is Zoë")
    assert reading.tokens == ("My", "NAME", "is", "Zoë")
    assert reading.known == (True, True, True, False)
    np.testing.assert_array_equal(reading.x[9:], network.embedding[0])


@KINDS
def test_the_probabilities_are_one_distribution_over_the_vocabulary(make_dense: Maker, slots: int | None) -> None:
    p = make_dense(slots)[1].read("my").probabilities
    assert p.shape == (6,)
    assert (p > 0).all()
    assert float(p.sum()) == pytest.approx(1, abs=1e-6)
