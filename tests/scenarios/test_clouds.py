"""The sentences of the clouds scenario, the places in them, and what the networks that ship make of them."""

import re
from collections.abc import Callable

import pytest
from gatestep.engine import Network, tokenize
from gatestep.engine.train.words import Example
from gatestep.scenarios import SCENARIOS, likeliest
from gatestep.scenarios.clouds import QUALITIES, held_out
from scored import share_right

SCENARIO = SCENARIOS["clouds"]
CORPUS = SCENARIO.corpus
Drawer = Callable[..., tuple[Example, ...]]
Ship = Callable[[str, str], tuple[Network, dict[str, str]]]
SIZES = pytest.mark.parametrize("size", CORPUS.sizes)
MODELS = pytest.mark.parametrize("model", SCENARIO.models)
WHERE = {
    "clouds": "sky", "fish": "sea", "trees": "forest", "cows": "field",
    "books": "library", "cars": "street", "children": "school", "cups": "kitchen",
}  # fmt: skip
SENTENCE = re.compile(
    r"(?:the|today the|look , the|now all the) (?:(?P<quality>white|small|old|good|many|other|same) )?"
    r"(?P<thing>\w+) are(?P<adverbs>(?: (?:still|now|always|all))*) in the(?: (?P<place>\w+))?"
)


def parts(example: Example) -> tuple[str, str]:
    """The quality, "" for none, and the thing."""
    match = SENTENCE.fullmatch(" ".join(example.words))
    assert match
    return match["quality"] or "", match["thing"]


def test_one_thing_of_eight_is_held_out_for_every_quality_and_for_none() -> None:
    assert "" in QUALITIES
    for quality in QUALITIES:
        assert sum(held_out(quality, thing) for thing in WHERE) == 1


def test_training_never_shows_a_thing_with_a_quality_that_is_held_out(trained_on: Drawer) -> None:
    seen = {parts(example) for example in trained_on("clouds")}
    assert len(seen) == len(QUALITIES) * len(WHERE) - 8
    assert not any(held_out(*pair) for pair in seen)


def test_held_out_sentences_show_such_a_thing(held_out_of: Drawer) -> None:
    seen = {parts(example) for example in held_out_of("clouds")}
    assert len(seen) == 8
    assert all(held_out(*pair) for pair in seen)


@SIZES
def test_the_size_is_the_number_of_words_between_the_thing_and_the_place(size: int, held_out_of: Drawer) -> None:
    for example in held_out_of("clouds", size):
        thing = next(t for t, word in enumerate(example.words) if word in WHERE)
        assert len(example.words) - thing - 1 == size
        assert CORPUS.evidence(example.words) == thing


def test_training_grows_from_the_shortest_to_the_longest(trained_on: Drawer) -> None:
    lengths = [e.answer - next(t for t, word in enumerate(e.words) if word in WHERE) for e in trained_on("clouds")]
    assert set(lengths[:200]) == {3}
    assert set(lengths[800:]) == set(CORPUS.sizes) == {3, 4, 5}


def test_the_answer_is_the_place_of_the_thing(trained_on: Drawer, held_out_of: Drawer) -> None:
    for example in (*trained_on("clouds"), *held_out_of("clouds")):
        _, thing = parts(example)
        assert example.words[example.answer - 1 : example.answer + 1] == ("in", "the")
        assert example.targets[example.answer] == WHERE[thing]


def test_training_goes_on_to_the_full_stop(trained_on: Drawer) -> None:
    for example in trained_on("clouds"):
        assert example.targets == (*example.words[1:], ".")
        assert example.answer == len(example.words) - 2


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("The clouds are in the ____", "sky"),
        ("the fish and the BOOKS are in the", "library"),
        ("the books and the fish are still in the", "sea"),
        ("the planes are in the", None),
        ("the clouds are in a", None),
        ("the clouds are in the sky", None),
        ("in the", None),
    ],
)
def test_the_answer_goes_with_the_last_thing_that_has_a_place(text: str, answer: str | None) -> None:
    assert CORPUS.answer(tokenize(text)) == answer


@MODELS
def test_the_articles_sentence_ends_in_sky(model: str, ship: Ship) -> None:
    assert SCENARIO.sentences[0] == "The clouds are in the ____"
    word, p = likeliest(ship("clouds", model)[0], SCENARIO.sentences[0]) or ("", 0)
    assert word == "sky"
    assert p > 0.5


@MODELS
@SIZES
def test_every_network_names_the_place_for_an_rnn_is_enough(
    model: str, size: int, ship: Ship, held_out_of: Drawer
) -> None:
    network, _ = ship("clouds", model)
    assert share_right(network, held_out_of("clouds", size)) >= 0.95
