"""The sentences of the order scenario, who speaks in them, and what the networks that ship make of the order."""

import re
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from gatestep.engine import DenseNetwork, Network, tokenize
from gatestep.engine.train.words import Example
from gatestep.scenarios import SCENARIOS, answers, likeliest
from gatestep.scenarios.order import NAMES, held_out
from scored import share_right

SCENARIO = SCENARIOS["order"]
CORPUS = SCENARIO.corpus
Drawer = Callable[..., tuple[Example, ...]]
Ship = Callable[[str, str], tuple[Network, dict[str, str]]]
RECURRENT = pytest.mark.parametrize("model", ["lstm", "rnn"])
SPEAKER = [
    r"I am (\w+) , not \w+",
    r"I am not \w+ , I am (\w+)",
    r"not \w+ , I am (\w+)",
    r"my name is (\w+) , not \w+",
    r"my name is not \w+ , it is (\w+)",
    r"(\w+) is my name , not \w+",
    r"\w+ is not my name , I am (\w+)",
]
"""Every kind of sentence, with the speaker in brackets."""


def speaker(words: Sequence[str]) -> str:
    (found,) = [match[1] for pattern in SPEAKER if (match := re.fullmatch(pattern, " ".join(words)))]
    return str(found)


def people(words: Sequence[str]) -> frozenset[str]:
    return frozenset(word for word in words if word in NAMES)


def test_one_other_of_seven_is_held_out_for_everybody() -> None:
    for one in NAMES:
        assert sum(held_out(one, other) for other in NAMES if other != one) == 1
        assert all(held_out(one, other) == held_out(other, one) for other in NAMES)


def test_training_never_names_two_people_together_who_are_held_out(trained_on: Drawer) -> None:
    seen = {people(example.words) for example in trained_on("order")}
    assert all(len(pair) == 2 for pair in seen)
    assert len(seen) == 8 * 7 / 2 - 4
    assert not any(held_out(*pair) for pair in seen)


def test_held_out_sentences_name_two_people_who_are_held_out(held_out_of: Drawer) -> None:
    seen = {people(example.words) for example in held_out_of("order")}
    assert len(seen) == 4
    assert all(held_out(*pair) for pair in seen)


def test_the_articles_two_people_are_held_out() -> None:
    assert held_out("Ahmad", "Hassan")


def test_the_answer_is_the_speaker(trained_on: Drawer, held_out_of: Drawer) -> None:
    for example in (*trained_on("order"), *held_out_of("order")):
        assert example.targets == (*[None] * (len(example.words) - 1), speaker(example.words))
        assert example.words[CORPUS.evidence(example.words) or 0] == speaker(example.words)


def test_every_kind_of_sentence_is_drawn(trained_on: Drawer, held_out_of: Drawer) -> None:
    for sentences in (trained_on("order"), held_out_of("order")):
        texts = [" ".join(example.words) for example in sentences]
        assert all(any(re.fullmatch(pattern, text) for text in texts) for pattern in SPEAKER)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("I am Ahmad, not Hassan", "Ahmad"),
        ("I am Hassan, not Ahmad", "Hassan"),
        ("i am HASSAN, not ahmad", "Hassan"),
        ("I am not Hassan, I am Ahmad", "Ahmad"),
        ("Hassan is not my name, I am Ahmad", "Ahmad"),
        ("Hassan is my name, not Ahmad", "Hassan"),
        ("I am Ahmad, not Zoë", None),
        ("I am Ahmad", None),
        ("I am Ahmad, Hassan", None),
        ("I am not Ahmad, not Hassan", None),
        ("I am Ahmad, not Hassan, not Ali", None),
        ("I am Ahmad, not Hassan, Ali", None),
    ],
)
def test_the_speaker_is_the_one_of_two_who_is_not_denied(text: str, answer: str | None) -> None:
    assert CORPUS.answer(tokenize(text)) == answer


def test_the_scenarios_sentences_are_the_same_words_in_another_order() -> None:
    first, second = (tokenize(sentence) for sentence in SCENARIO.sentences)
    assert (CORPUS.answer(first), CORPUS.answer(second)) == ("Ahmad", "Hassan")
    assert sorted(first) == sorted(second)


@RECURRENT
def test_recurrent_networks_name_the_speaker_of_both_sentences(model: str, ship: Ship) -> None:
    network, _ = ship("order", model)
    for sentence, name in zip(SCENARIO.sentences, ("Ahmad", "Hassan"), strict=True):
        word, p = likeliest(network, sentence) or ("", 0)
        assert word == name
        assert p > 0.95


def swapped(words: Sequence[str]) -> list[str]:
    one, other = people(words)
    return [{one: other, other: one}.get(word, word) for word in words]


@RECURRENT
def test_recurrent_networks_follow_when_the_two_change_places(model: str, ship: Ship, held_out_of: Drawer) -> None:
    network, _ = ship("order", model)
    sentences = [words for e in held_out_of("order") for words in (e.words, swapped(e.words))]
    right = [word == speaker(words) for word, words in zip(answers(network, sentences), sentences, strict=True)]
    assert sum(right) >= 0.95 * len(right)


def test_the_dense_network_reads_the_same_when_the_two_change_places(ship: Ship, held_out_of: Drawer) -> None:
    network, _ = ship("order", "dense")
    assert isinstance(network, DenseNetwork)
    for words in (*[example.words for example in held_out_of("order")], tokenize(SCENARIO.sentences[0])):
        one, other = network.read(" ".join(words)), network.read(" ".join(swapped(words)))
        assert np.array_equal(one.hidden, other.hidden)
        assert np.array_equal(one.probabilities, other.probabilities)


def test_the_dense_network_is_right_about_as_often_as_a_coin(ship: Ship, held_out_of: Drawer) -> None:
    network, _ = ship("order", "dense")
    assert 0.4 < share_right(network, held_out_of("order", count=400)) < 0.6
