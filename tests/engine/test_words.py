import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from gatestep.engine import Prediction, Readout, Vocabulary, WordNetwork, tokenize, unknown_words


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("My name is Ahmad, I am", ["My", "name", "is", "Ahmad", ",", "I", "am"]),
        ("I am ____", ["I", "am"]),
        ("I am _", ["I", "am"]),
        ("  I am ____ .  ", ["I", "am"]),
        ("I ____ am", ["I", "____", "am"]),
        ("He's my friend’s friend", ["He's", "my", "friend’s", "friend"]),
        ("'quoted' words", ["'", "quoted", "'", "words"]),
        ("really?!", ["really", "?", "!"]),
        ("in 5th grade", ["in", "5th", "grade"]),
        ("Zoë ate crème brûlée", ["Zoë", "ate", "crème", "brûlée"]),
        ("____", []),
        ("", []),
    ],
)
def test_a_sentence_is_its_words_and_marks(text: str, tokens: list[str]) -> None:
    assert tokenize(text) == tokens


@pytest.fixture
def vocabulary() -> Vocabulary:
    return Vocabulary(["<unknown>", "Ahmad", "is", "friend's"])


@pytest.mark.parametrize(
    ("word", "row"), [("Ahmad", 1), ("AHMAD", 1), ("Is", 2), ("friend's", 3), ("friend’s", 3), ("Zoë", 0)]
)
def test_a_word_is_found_whatever_its_case_and_apostrophe(vocabulary: Vocabulary, word: str, row: int) -> None:
    assert vocabulary.index(word) == row
    assert (word in vocabulary) == (row > 0)


def test_a_vocabulary_keeps_its_spelling(vocabulary: Vocabulary) -> None:
    assert vocabulary.words == ("<unknown>", "Ahmad", "is", "friend's")
    assert len(vocabulary) == 4


@pytest.mark.parametrize("words", [[], ["is"], ["is", "<unknown>"], ["<unknown>", "is", "Is"]])
def test_a_vocabulary_begins_with_unknown_and_has_no_word_twice(words: list[str], refusal: Callable[..., str]) -> None:
    assert "must begin with <unknown> and hold every word once" in refusal(Vocabulary, words)


def test_an_unknown_word_goes_in_as_unknown_and_keeps_its_spelling(word_network: WordNetwork) -> None:
    trace, plain = word_network.trace("My NAME is Zoë, Xi, Zoë"), word_network.trace("my name is <unknown>")
    assert trace.tokens == ("My", "NAME", "is", "Zoë", ",", "Xi", ",", "Zoë")
    assert trace.known == (True, True, True, False, True, False, True, False)
    assert unknown_words(trace) == ["Zoë", "Xi"]
    np.testing.assert_array_equal(trace.inputs[3], word_network.embedding[0])
    np.testing.assert_array_equal(trace.top[:3], plain.top[:3])


@pytest.mark.parametrize("text", ["", "   ", "____"])
def test_a_sentence_without_words_is_refused(text: str, word_network: WordNetwork, refusal: Callable[..., str]) -> None:
    assert refusal(word_network.trace, text).startswith("the sentence has no words")


def test_numbers_alone_have_no_unknown_words(word_network: WordNetwork) -> None:
    assert unknown_words(replace(word_network.trace("my"), tokens=None)) == []


def test_every_adjustable_number_is_counted(word_network: WordNetwork) -> None:
    embedding, lstm, readout = 6 * 3, 4 * 4 * (3 + 4 + 2), 6 * 4 + 6
    assert word_network.parameters == embedding + lstm + readout


@pytest.fixture
def prediction(word_network: WordNetwork) -> Prediction:
    return Prediction(word_network.trace("My name is Zoë"), word_network.vocabulary, "Ahmad")


def test_the_target_is_the_word_that_does_come_next(prediction: Prediction) -> None:
    assert [prediction.target(t) for t in range(4)] == ["name", "is", "Zoë", "Ahmad"]
    assert replace(prediction, answer=None).target(3) is None


def test_top_is_the_likeliest_words_with_their_probabilities(prediction: Prediction) -> None:
    p = prediction.trace[2].probabilities
    assert p is not None
    top = prediction.top(2, 4)
    assert [value for _, value in top] == sorted(p.tolist(), reverse=True)[:4]
    assert all(prediction.probability(2, word) == value for word, value in top)
    assert len(prediction.top(2, 99)) == 6


def test_loss_is_minus_ln_p_of_the_target(prediction: Prediction) -> None:
    for t, word in [(0, "name"), (1, "is"), (3, "Ahmad")]:
        assert prediction.loss(t) == pytest.approx(-math.log(prediction.probability(t, word)))


def test_there_is_no_loss_where_the_target_is_not_known(prediction: Prediction) -> None:
    assert prediction.loss(2) is None
    assert replace(prediction, answer=None).loss(3) is None


def ln_p(readout: Readout, hidden: np.ndarray) -> np.ndarray:
    scores = readout.matrix.astype(np.float64) @ hidden + readout.bias
    below = scores - scores.max()
    logarithms: np.ndarray = below - np.log(np.exp(below).sum())
    return logarithms


@pytest.mark.parametrize("scale", [1, 3000], ids=["ordinary scores", "scores beyond exp"])
@pytest.mark.parametrize("t", range(4))
def test_effects_are_what_silencing_each_unit_changes(word_network: WordNetwork, t: int, scale: float) -> None:
    readout = Readout(word_network.readout.matrix * np.float32(scale), word_network.readout.bias)
    network = replace(word_network, readout=readout)
    trace = network.trace("My name is Zoë")
    hidden = trace.top[t].astype(np.float64)
    before = ln_p(readout, hidden)
    best = before.argmax()
    brute = [before[best] - ln_p(readout, np.where(np.arange(4) == unit, 0, hidden))[best] for unit in range(4)]
    np.testing.assert_allclose(Prediction(trace, network.vocabulary).effects(t), brute, rtol=1e-5, atol=1e-5)
