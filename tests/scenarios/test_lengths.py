"""The sentences of the lengths scenario, which of them ask, and what the networks that ship take."""

import re
from collections.abc import Callable, Sequence

import pytest
from gatestep.engine import BadInput, DenseNetwork, Network, tokenize
from gatestep.engine.train.words import Example
from gatestep.scenarios import SCENARIOS, likeliest
from gatestep.scenarios.lengths import ABOUT_DOING, DOINGS, held_out
from scored import share_right

SCENARIO = SCENARIOS["lengths"]
CORPUS = SCENARIO.corpus
Drawer = Callable[..., tuple[Example, ...]]
Ship = Callable[[str, str], tuple[Network, dict[str, str]]]
SIZES = pytest.mark.parametrize("size", CORPUS.sizes)
RECURRENT = pytest.mark.parametrize("model", ["lstm", "rnn"])
SLOTS = {
    "name": "Ahmad Hassan Ali Sara Maria Omar Anna Yuki",
    "kin": "father mother brother sister",
    "doing": "sleeping working reading singing",
}
QUESTIONS = {
    "are you {doing}", "is {name} {doing}", "is my {kin} {doing}", "am I {doing}",
    "how are you", "what is your name", "who is {name}", "are you {name}",
}  # fmt: skip
STATEMENTS = {
    "I am {doing}", "{name} is {doing}", "you are {doing}", "my {kin} is {doing}",
    "my name is {name}", "you are {name}",
}  # fmt: skip


def clauses(words: Sequence[str]) -> list[tuple[str, str | None]]:
    """The clauses of a sentence with their slots empty again, and who does what in each."""
    text = re.sub(r"^(hello|hi|well) ", "", " ".join(words))
    found = []
    for clause in text.split(" and "):
        doing = next((word for word in clause.split() if word in DOINGS), None)
        for slot, values in SLOTS.items():
            clause = re.sub(rf"\b({values.replace(' ', '|')})\b", f"{{{slot}}}", clause)
        found.append((clause, doing))
    return found


def is_held_out(clause: str, doing: str | None) -> bool:
    return doing is not None and held_out(clause, doing)


def test_one_doing_of_four_is_held_out_for_every_clause() -> None:
    for template in ABOUT_DOING:
        assert sum(held_out(template, doing) for doing in DOINGS) == 1


def test_training_never_shows_a_clause_that_is_held_out(trained_on: Drawer) -> None:
    seen = {clause for example in trained_on("lengths") for clause in clauses(example.words)}
    assert len(seen) == 8 * 3 + 6
    assert not any(is_held_out(*clause) for clause in seen)


def test_held_out_sentences_end_in_a_clause_that_is_held_out(held_out_of: Drawer) -> None:
    last = set()
    for example in held_out_of("lengths"):
        *before, end = clauses(example.words)
        assert is_held_out(*end)
        assert not any(is_held_out(*clause) for clause in before)
        last.add(end)
    assert len(last) == 8


@SIZES
def test_the_size_is_the_number_of_words(size: int, held_out_of: Drawer) -> None:
    assert {len(example.words) for example in held_out_of("lengths", size)} == {size}


def test_training_stops_at_ten_words(trained_on: Drawer) -> None:
    lengths = [len(example.words) for example in trained_on("lengths")]
    assert (min(lengths), max(lengths)) == (3, 10)


def test_the_answer_is_whether_the_last_clause_asks(trained_on: Drawer, held_out_of: Drawer) -> None:
    for example in (*trained_on("lengths"), *held_out_of("lengths")):
        clause, _ = clauses(example.words)[-1]
        assert (clause in QUESTIONS) != (clause in STATEMENTS)
        assert example.targets == (*[None] * (len(example.words) - 1), "?" if clause in QUESTIONS else ".")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Hello How are you", "?"),
        ("My Name is Ahmad and I am sleeping", "."),
        ("My name is Ahmad and what is your name", "?"),
        ("hi are you Ahmad", "?"),
        ("what is your name and my name is Ahmad", "."),
        ("AM I SLEEPING", "?"),
        ("hello", None),
        ("I am sleeping and", None),
    ],
)
def test_a_sentence_ends_as_its_last_clause_does(text: str, answer: str | None) -> None:
    assert CORPUS.answer(tokenize(text)) == answer


def test_the_scenarios_sentences_have_four_words_and_eight() -> None:
    words = [tokenize(sentence) for sentence in SCENARIO.sentences]
    assert [len(w) for w in words] == [4, 8]
    assert [CORPUS.answer(w) for w in words] == ["?", "."]


@RECURRENT
def test_recurrent_networks_take_both_sentences_with_the_same_weights(model: str, ship: Ship) -> None:
    network, _ = ship("lengths", model)
    found = [likeliest(network, sentence) or ("", 0) for sentence in SCENARIO.sentences]
    assert [word for word, _ in found] == ["?", "."]
    assert min(p for _, p in found) > 0.95


@RECURRENT
@SIZES
def test_recurrent_networks_end_sentences_of_any_length(model: str, size: int, ship: Ship, held_out_of: Drawer) -> None:
    """Also of twice as many words as training ever showed."""
    network, _ = ship("lengths", model)
    assert share_right(network, held_out_of("lengths", size)) >= 0.95


def test_the_dense_network_takes_the_first_sentence_and_has_no_place_for_the_second(ship: Ship) -> None:
    network, _ = ship("lengths", "dense")
    assert isinstance(network, DenseNetwork)
    four, eight = SCENARIO.sentences
    assert (likeliest(network, four) or ("", 0))[0] == "?"
    assert likeliest(network, eight) is None
    with pytest.raises(BadInput, match="4 slots and the sentence has 8 words"):
        network.read(eight)


def test_a_dense_network_needs_more_weights_for_every_word_more(ship: Ship) -> None:
    network, _ = ship("lengths", "dense")
    assert isinstance(network, DenseNetwork)
    assert network.parameters_for(4) == network.parameters
    more = [network.parameters_for(n + 1) - network.parameters_for(n) for n in range(4, 20)]
    assert set(more) == {network.H * network.embedding.shape[1]}


@pytest.mark.parametrize("size", [3, 4])
def test_the_dense_network_ends_the_sentences_that_it_has_places_for(
    size: int, ship: Ship, held_out_of: Drawer
) -> None:
    network, _ = ship("lengths", "dense")
    assert share_right(network, held_out_of("lengths", size)) >= 0.95
