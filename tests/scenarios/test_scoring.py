"""What networks say, and how their scores are counted."""

import random
from collections.abc import Sequence

import numpy as np
import pytest
from gatestep.engine import NEXT_WORD, UNKNOWN, BadInput, DenseNetwork, Readout, Vocabulary, WordNetwork
from gatestep.engine.train.words import Example
from gatestep.scenarios import SCENARIOS, Corpus, accuracy_by_size, answers, likeliest, predict, shipped
from gatestep.scenarios.scoring import HELD_OUT_SEED, held_out, held_out_traces, least_right


class EvenCorpus(Corpus):
    """Sentences of `size` times "a" or "b"; the answer is "yes" where "a" comes an even number of times."""

    task, question, axis, sizes = "tell even from odd", "even?", "words", (1, 2, 5)
    vocabulary = Vocabulary([UNKNOWN, "a", "b", "yes", "no"])

    def draw(self, rng: random.Random, done: float) -> Example:
        return self.draw_held_out(rng, 1)

    def draw_held_out(self, rng: random.Random, size: int) -> Example:
        return self.example([rng.choice("aab") for _ in range(size)])

    def answer(self, tokens: Sequence[str]) -> str | None:
        return "no" if list(tokens).count("a") % 2 else "yes"


CORPUS = EvenCorpus()


def always(word: str, slots: int | None = None) -> DenseNetwork:
    """A dense network that says `word` whatever it reads."""
    bias = np.zeros(5, np.float32)
    bias[CORPUS.vocabulary.index(word)] = 9
    readout = Readout(np.zeros((5, 1), np.float32), bias)
    U = np.zeros((1, 2 * (slots or 1)), np.float32)
    return DenseNetwork(CORPUS.vocabulary, np.ones((5, 2), np.float32), U, np.zeros(1, np.float32), readout, slots)


def test_a_recurrent_network_says_what_is_likeliest_at_the_end(lstm: WordNetwork) -> None:
    for text in ("My name", "I live in Kenya, I am ____", "____ Zoë"):
        p = lstm.trace(text)[-1].probabilities
        assert p is not None
        assert likeliest(lstm, text) == (lstm.vocabulary.words[int(p.argmax())], float(p.max()))


@pytest.mark.parametrize("slots", [None, 2])
def test_a_dense_network_says_what_is_likeliest_for_the_whole(slots: int | None) -> None:
    word, p = likeliest(always("no", slots), "a b") or ("", 0)
    assert word == "no"
    assert p == pytest.approx(float(np.exp(9) / (np.exp(9) + 4)))


def test_a_dense_network_says_nothing_of_a_sentence_that_it_has_no_places_for() -> None:
    network = always("no", slots=2)
    assert likeliest(network, "a b ____") is not None
    assert likeliest(network, "a b a") is None
    assert likeliest(always("no"), "a b a") is not None


def test_without_words_nothing_is_said_but_what_is_wrong(lstm: WordNetwork) -> None:
    for network in (lstm, always("no"), always("no", 2)):
        with pytest.raises(BadInput, match="the sentence has no words"):
            likeliest(network, "____")


@pytest.mark.parametrize(("scenario", "model"), [(s, model) for s in SCENARIOS for model in SCENARIOS[s].models])
def test_many_sentences_at_once_are_answered_as_one_by_one(scenario: str, model: str) -> None:
    network, corpus = shipped(SCENARIOS[scenario], model)[0], SCENARIOS[scenario].corpus
    sentences = [e.words for of_size in held_out(corpus, 15).values() for e in of_size]
    found = [likeliest(network, network.vocabulary.join(words)) for words in sentences]
    assert answers(network, sentences) == [one and one[0] for one in found]
    assert (None in found) == (scenario == "lengths" and model == "dense")


@pytest.mark.parametrize("word", ["yes", "no", "a"])
@pytest.mark.parametrize("count", [1, 40])
def test_accuracy_is_the_share_of_held_out_sentences_whose_answer_is_said(word: str, count: int) -> None:
    rng, expected = random.Random(HELD_OUT_SEED), {}
    for size in (1, 2, 5):
        sentences = [[rng.choice("aab") for _ in range(size)] for _ in range(count)]
        even = sum(sentence.count("a") % 2 == 0 for sentence in sentences)
        expected[size] = {"yes": even, "no": count - even}.get(word, 0) / count
    assert accuracy_by_size(always(word), CORPUS, count) == expected


def test_there_is_no_accuracy_where_there_are_too_few_places() -> None:
    scores = accuracy_by_size(always("yes", slots=2), CORPUS, 50)
    whole = accuracy_by_size(always("yes"), CORPUS, 50)
    assert scores == {1: whole[1], 2: whole[2], 5: None}
    assert least_right(always("yes", slots=2), CORPUS, 50) == min(score for score in scores.values() if score)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_prediction_has_the_targets_and_the_question_of_the_task(name: str) -> None:
    scenario = SCENARIOS[name]
    network, _ = shipped(scenario, "lstm")
    assert isinstance(network, WordNetwork)
    prediction = predict(scenario.corpus, network, scenario.sentences[0])
    tokens = prediction.trace.tokens or ()
    assert list(tokens) == network.vocabulary.split(scenario.sentences[0])
    assert prediction.targets == scenario.corpus.targets(tokens)
    assert prediction.question == scenario.corpus.question
    assert len(prediction.targets) == len(prediction.trace)


def test_a_corpus_asks_at_the_end_alone_or_for_every_next_word() -> None:
    assert CORPUS.targets("aba") == (None, None, "yes")
    asking = EvenCorpus()
    asking.question = NEXT_WORD
    assert asking.targets("aba") == ("b", "a", "yes")
    assert CORPUS.example("ab") == Example(("a", "b"), (None, "no"), 1)
    assert CORPUS.evidence("aba") is None


def test_held_out_traces_are_of_every_size_each_with_its_example(lstm: WordNetwork) -> None:
    corpus = SCENARIOS["pakistan"].corpus
    found = list(held_out_traces(lstm, corpus, count=2))
    assert len(found) == 2 * len(corpus.sizes)
    rng = random.Random(HELD_OUT_SEED)
    assert [example for _, example in found] == [corpus.draw_held_out(rng, s) for s in corpus.sizes for _ in range(2)]
    for trace, example in found:
        np.testing.assert_array_equal(trace.top, lstm.trace(" ".join(example.words)).top)
