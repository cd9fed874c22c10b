import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from gatestep.engine import (
    NEXT_WORD,
    Prediction,
    Readout,
    Vocabulary,
    WordNetwork,
    next_words,
    tokenize,
    unknown_words,
)
from gatestep.engine.models.words import cross_entropy
from hypothesis import given
from hypothesis import strategies as st


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


def test_a_text_is_split_into_words_or_into_letters(vocabulary: Vocabulary) -> None:
    bases = Vocabulary(["<unknown>", *"ACGT"], letters=True)
    assert vocabulary.split(" Is Ahmad's, Zoë? ____") == ["Is", "Ahmad's", ",", "Zoë", "?"]
    assert bases.split(" ATG gcN\tC-T ____") == list("ATGgcNC-T")
    assert (vocabulary.letters, bases.letters) == (False, True)


@given(text=st.text(st.sampled_from("ACGT acgtN'é-5\n"), min_size=1).filter(str.strip))
def test_letters_are_all_that_is_no_space_one_by_one(text: str) -> None:
    bases = Vocabulary(["<unknown>", *"ACGT"], letters=True)
    assert bases.split(text) == [letter for letter in text if not letter.isspace()]


@pytest.mark.parametrize("letters", [False, True])
@pytest.mark.parametrize("text", ["", " \n", "____", "_ ."])
def test_a_text_without_words_is_refused_also_letter_by_letter(
    letters: bool, text: str, refusal: Callable[..., str]
) -> None:
    assert refusal(Vocabulary(["<unknown>"], letters).split, text).startswith("the sentence has no words")


def test_it_is_known_of_each_word_whether_it_is_in_the_vocabulary(vocabulary: Vocabulary) -> None:
    assert vocabulary.knows(["AHMAD", "Zoë", "friend’s", ","]) == (True, False, True, False)
    assert vocabulary.knows([]) == ()


def test_the_likeliest_words_come_first_and_equals_as_in_the_vocabulary(vocabulary: Vocabulary) -> None:
    p = np.array([0.25, 0.0, 0.5, 0.25], np.float32)
    assert vocabulary.likeliest(p, 3) == [("is", 0.5), ("<unknown>", 0.25), ("friend's", 0.25)]
    assert vocabulary.likeliest(p, 99)[3:] == [("Ahmad", 0.0)]


def test_letters_are_stepped_through_one_by_one(word_network: WordNetwork) -> None:
    letters = Vocabulary(["<unknown>", "A", "C", "G", "T", "stop"], letters=True)
    trace = replace(word_network, vocabulary=letters).trace("gaX")
    assert trace.tokens == ("g", "a", "X")
    assert trace.known == (True, True, False)
    np.testing.assert_array_equal(trace.inputs, word_network.embedding[[3, 1, 0]])


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


def test_the_next_word_is_the_one_that_does_come_and_the_answer_comes_last() -> None:
    assert next_words(["My", "name", "is"], "Ahmad") == ("name", "is", "Ahmad")
    assert next_words(["My", "name", "is"]) == ("name", "is", None)


@pytest.fixture
def prediction(word_network: WordNetwork) -> Prediction:
    trace = word_network.trace("My name is Zoë")
    return Prediction(trace, word_network.vocabulary, next_words(trace.tokens or (), "Ahmad"))


def test_the_answer_is_what_belongs_after_the_last_word(prediction: Prediction) -> None:
    assert prediction.targets == ("name", "is", "Zoë", "Ahmad")
    assert prediction.answer == "Ahmad"
    assert replace(prediction, targets=(None, "is", "Zoë", None)).answer is None
    assert prediction.question == NEXT_WORD


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
    assert replace(prediction, targets=(None, "is", "Zoë", None)).loss(3) is None
    assert replace(prediction, targets=(None, "is", "Zoë", None)).loss(0) is None
    assert replace(prediction, targets=(None, "is", "Zoë", None)).loss(1) == prediction.loss(1)


@given(p=st.floats(1e-37, 1))
def test_cross_entropy_is_minus_ln_p(p: float) -> None:
    assert cross_entropy(p) == pytest.approx(-math.log(p), abs=1e-12)
    assert cross_entropy(p) >= 0


def test_cross_entropy_of_what_has_underflowed_is_finite() -> None:
    assert cross_entropy(1.0) == 0
    assert cross_entropy(0.5) == pytest.approx(math.log(2))
    assert 87 < cross_entropy(0.0) < 88


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
    brute = [ln_p(readout, np.where(np.arange(4) == unit, 0, hidden))[best] - before[best] for unit in range(4)]
    prediction = Prediction(trace, network.vocabulary, (None,) * 4)
    np.testing.assert_allclose(prediction.effects(t), brute, rtol=1e-5, atol=1e-5)
