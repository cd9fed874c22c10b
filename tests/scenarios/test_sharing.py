"""The sentences of the sharing scenario, how often "name" comes in them, and how the networks that ship count."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from gatestep.engine import DenseNetwork, Network, Trace, WordNetwork, tokenize
from gatestep.engine.arrays import frozen
from gatestep.engine.train.words import Example
from gatestep.scenarios import SCENARIOS, predict
from gatestep.scenarios.sharing import SLOTS, TRAINED
from scored import share_right

SCENARIO = SCENARIOS["sharing"]
CORPUS = SCENARIO.corpus
Drawer = Callable[..., tuple[Example, ...]]
Recurrent = Callable[[str, str], WordNetwork]
Ship = Callable[[str, str], tuple[Network, dict[str, str]]]
RECURRENT = pytest.mark.parametrize("model", ["lstm", "rnn"])
NUMBERS = ("zero", "one", "two", "three", "four")


def places_of_name(example: Example) -> list[int]:
    return [place for place, word in enumerate(example.words) if word == "name"]


def test_training_has_the_word_at_many_of_the_first_places_and_never_behind(trained_on: Drawer) -> None:
    """No clause has a noun at the first place or at the third."""
    places = {place for example in trained_on("sharing") for place in places_of_name(example)}
    assert places == {1, *range(3, TRAINED)}


def test_training_has_other_nouns_at_the_places_behind(trained_on: Drawer) -> None:
    nouns = {word for example in trained_on("sharing") for word in example.words[TRAINED:]}
    assert {"friend", "teacher", "song"} <= nouns


@pytest.mark.parametrize("size", CORPUS.sizes)
def test_held_out_sentences_have_the_word_so_often_and_once_at_a_place_behind(size: int, held_out_of: Drawer) -> None:
    for example in held_out_of("sharing", size):
        places = places_of_name(example)
        assert len(places) == size
        assert places[-1] >= TRAINED
        assert len(example.words) <= SLOTS


def test_after_every_word_the_target_is_the_count_so_far(trained_on: Drawer, held_out_of: Drawer) -> None:
    for example in (*trained_on("sharing"), *held_out_of("sharing")):
        count = 0
        for word, target in zip(example.words, example.targets, strict=True):
            count += word == "name"
            assert target == NUMBERS[count]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("what is your name? My name is Ahmad", "two"),
        ("what is your name?", "one"),
        ("NAME Name name", "three"),
        ("my names, my friend's name's", "zero"),
        ("how are you?", "zero"),
        ("name name name name", "four"),
        ("name name name name name", None),
    ],
)
def test_the_answer_is_how_often_the_word_has_come(text: str, answer: str | None) -> None:
    assert CORPUS.answer(tokenize(text)) == answer


def test_the_scenarios_sentence_counts_up_to_two() -> None:
    words = tokenize(SCENARIO.sentences[0])
    assert words == ["what", "is", "your", "name", "?", "My", "name", "is", "Ahmad"]
    assert CORPUS.targets(words) == (*["zero"] * 3, *["one"] * 3, *["two"] * 3)


@RECURRENT
def test_recurrent_networks_count_along_with_the_sentence(model: str, recurrent: Recurrent) -> None:
    prediction = predict(CORPUS, recurrent("sharing", model), SCENARIO.sentences[0])
    said = [prediction.top(t, 1)[0][0] for t in range(9)]
    assert said == [*["zero"] * 3, *["one"] * 3, *["two"] * 3]


@RECURRENT
def test_recurrent_networks_count_at_places_that_training_never_showed(
    model: str, recurrent: Recurrent, held_out_of: Drawer
) -> None:
    network, right = recurrent("sharing", model), []
    for example in held_out_of("sharing"):
        prediction = predict(CORPUS, network, " ".join(example.words))
        right += [prediction.top(t, 1)[0][0] == target for t, target in enumerate(example.targets)]
    assert sum(right) >= 0.95 * len(right)


def test_the_dense_network_counts_where_it_has_learned_to_and_not_behind(
    ship: Ship, trained_on: Drawer, held_out_of: Drawer
) -> None:
    network, _ = ship("sharing", "dense")
    scores = []
    for sentences in (trained_on("sharing"), held_out_of("sharing")):
        fitting = [example for example in sentences if len(example.words) <= SLOTS]
        scores.append(share_right(network, fitting))
    trained, held_out = scores
    assert trained > 0.9
    assert held_out < 0.2


def test_one_word_goes_through_one_set_of_weights_in_a_cell_and_through_two_in_a_dense_network(
    ship: Ship, recurrent: Recurrent
) -> None:
    first, second = 3, 6
    trace = recurrent("sharing", "lstm").trace(SCENARIO.sentences[0])
    U = trace.stack.flat[0].U
    np.testing.assert_array_equal(U @ trace.inputs[first], U @ trace.inputs[second])
    network, _ = ship("sharing", "dense")
    assert isinstance(network, DenseNetwork)
    terms = network.read(SCENARIO.sentences[0]).terms
    assert np.abs(terms[first] - terms[second]).max() > 0.1


def with_memory(trace: Trace, cell: np.ndarray) -> Trace:
    """The trace again with other cell states."""
    (layer,) = trace.layers
    return replace(trace, layers=(replace(layer, quantities={**layer.quantities, "cell": frozen(cell)}),))


@pytest.mark.parametrize("unit", range(3))
def test_the_unit_to_watch_is_the_one_whose_memory_follows_the_count(unit: int, recurrent: Recurrent) -> None:
    """Whichever way it goes, and however small its steps are."""
    trace = recurrent("sharing", "lstm").trace("a name, my name and your name")
    count = np.array([0, 1, 1, 1, 2, 2, 2, 3])
    noise = np.random.default_rng(0).normal(size=(8, trace.layers[0].H)) * 100
    noise[:, unit] = 5 - 0.01 * count
    assert CORPUS.unit(with_memory(trace, noise)) == unit


def test_a_unit_that_stands_still_does_not_hide_the_one_that_counts(recurrent: Recurrent) -> None:
    trace = recurrent("sharing", "lstm").trace("my name")
    still = np.ones((2, trace.layers[0].H))
    still[1, 2] = 2
    assert CORPUS.unit(with_memory(trace, still)) == 2
    assert CORPUS.unit(with_memory(trace, np.ones_like(still))) is None


def test_without_the_word_no_unit_counts(recurrent: Recurrent) -> None:
    for model in SCENARIO.models[:2]:
        assert CORPUS.unit(recurrent("sharing", model).trace("how are you?")) is None


def test_in_the_shipped_lstm_the_marked_unit_counts(recurrent: Recurrent, held_out_of: Drawer) -> None:
    network, correlations = recurrent("sharing", "lstm"), []
    for example in held_out_of("sharing", 3):
        trace = network.trace(" ".join(example.words))
        unit = CORPUS.unit(trace)
        assert unit is not None
        counts = np.array([NUMBERS.index(target or "") for target in example.targets])
        correlations.append(abs(np.corrcoef(trace.layers[0]["cell"][:, unit], counts)[0, 1]))
    assert min(correlations) > 0.9
