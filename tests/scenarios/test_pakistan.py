"""The sentences of the pakistan scenario, its task, and what the networks that ship make of it."""

import random
from collections.abc import Callable

import pytest
from gatestep.engine import Network, WordNetwork, tokenize
from gatestep.engine.train.words import Example
from gatestep.scenarios import SCENARIOS, answers, likeliest, predict
from gatestep.scenarios.pakistan import NAMES, NATIONALITY, held_out
from scored import share_right

SCENARIO = SCENARIOS["pakistan"]
CORPUS = SCENARIO.corpus
Drawer = Callable[..., tuple[Example, ...]]
GAPS = pytest.mark.parametrize("gap", CORPUS.sizes)
COUNTRIES = pytest.mark.parametrize("country", NATIONALITY)


def people_and_countries(example: Example) -> set[tuple[str, str]]:
    """Who is said to live where."""
    name = example.words[3]
    return {(name, word) for word in example.words if word in NATIONALITY}


def test_one_country_of_eight_is_held_out_for_every_name() -> None:
    for name in NAMES:
        assert sum(held_out(name, country) for country in NATIONALITY) == 1


def test_training_never_puts_anybody_in_the_country_that_is_held_out(trained_on: Drawer) -> None:
    seen = set().union(*(people_and_countries(example) for example in trained_on("pakistan")))
    assert len(seen) == len(NAMES) * (len(NATIONALITY) - 1)
    assert not any(held_out(name, country) for name, country in seen)


@GAPS
def test_held_out_sentences_end_up_in_the_country_that_is_held_out(gap: int, held_out_of: Drawer) -> None:
    for example in held_out_of("pakistan", gap):
        country = next(word for word in reversed(example.words) if word in NATIONALITY)
        assert held_out(example.words[3], country)
        assert example.targets[example.answer] == NATIONALITY[country]


def test_some_held_out_sentences_live_elsewhere_first(held_out_of: Drawer) -> None:
    countries = [sum(word in NATIONALITY for word in example.words) for example in held_out_of("pakistan", 0)]
    assert set(countries) == {1, 2}


@GAPS
def test_the_gap_is_the_number_of_clauses_after_the_country(gap: int, held_out_of: Drawer) -> None:
    for example in held_out_of("pakistan", gap):
        last = max(t for t, word in enumerate(example.words) if word in NATIONALITY)
        assert CORPUS.evidence(example.words) == last
        assert example.words[last + 1 :].count(",") == gap + 1  # and the comma of the country's own clause
        assert example.words[-2:] == ("I", "am")


def test_gaps_in_training_grow_from_none_to_the_longest() -> None:
    rng = random.Random(0)
    clauses = [max(CORPUS.draw(rng, done).words.count(",") - 2 for _ in range(600)) for done in (0, 0.25, 1)]
    assert clauses == [0, 4, CORPUS.sizes[-1]]


def test_the_answer_of_every_sentence_is_the_one_that_is_trained(trained_on: Drawer, held_out_of: Drawer) -> None:
    for example in (*trained_on("pakistan"), *held_out_of("pakistan")):
        *_, country = (word for word in example.words if word in NATIONALITY)
        assert example.words[example.answer - 1 : example.answer + 1] == ("I", "am")
        assert CORPUS.answer(example.words[: example.answer + 1]) == example.targets[example.answer]
        assert example.targets[example.answer] == NATIONALITY[country]


def test_training_goes_on_to_the_full_stop(trained_on: Drawer) -> None:
    for example in trained_on("pakistan"):
        assert example.targets == (*example.words[1:], ".")
        assert example.answer == len(example.words) - 2


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("I live in Pakistan, I am", "Pakistani"),
        ("I live in Pakistan, I am ____", "Pakistani"),
        ("I LIVE IN pakistan, i AM", "Pakistani"),
        ("I live in Pakistan, now I live in Japan, I like tea, I am", "Japanese"),
        ("I live in Japan, now I live in Pakistan, I am", "Pakistani"),
        ("I live in Pakistan, Japan is far, I am", "Pakistani"),
        ("I live in Pakistan, I live in hope, I am", None),
        ("I live in Atlantis, I am", None),
        ("I live in Pakistan, I am a", None),
        ("I live in Pakistan", None),
        ("my name is Ahmad, I am", None),
        ("I live in", None),
        ("I am", None),
        ("", None),
    ],
)
def test_the_answer_goes_with_the_last_country_that_somebody_lives_in(text: str, answer: str | None) -> None:
    assert CORPUS.answer(tuple(tokenize(text))) == answer


def answer_of(network: Network, text: str) -> str:
    return (likeliest(network, text) or ("", 0))[0]


@GAPS
def test_the_shipped_lstm_names_the_answer_at_every_gap(gap: int, lstm: WordNetwork, held_out_of: Drawer) -> None:
    assert share_right(lstm, held_out_of("pakistan", gap)) >= 0.95


def test_the_shipped_rnn_forgets_the_longer_it_takes(
    recurrent: Callable[[str, str], WordNetwork], held_out_of: Drawer
) -> None:
    network = recurrent("pakistan", "rnn")
    scores = [share_right(network, held_out_of("pakistan", gap)) for gap in (0, CORPUS.sizes[-1])]
    assert scores[0] > scores[1] + 0.2
    assert scores[1] < 0.6


def test_the_articles_sentence_ends_in_pakistani(lstm: WordNetwork) -> None:
    text = "My name is Ahmad, I live in Pakistan, I am a good boy, I am in 5th grade, I am ____"
    assert SCENARIO.sentences[0] == text
    prediction = predict(CORPUS, lstm, text)
    (word, p), *_ = prediction.top(len(prediction.trace) - 1, 1)
    assert (word, prediction.answer) == ("Pakistani", "Pakistani")
    assert p > 0.5
    assert prediction.loss(len(prediction.trace) - 1) is not None


@COUNTRIES
@pytest.mark.parametrize("name", ["Ahmad", "Zoë"], ids=["a known name", "an unknown name"])
def test_it_works_for_every_country(country: str, name: str, lstm: WordNetwork) -> None:
    text = f"My name is {name}, I live in {country}, I am a good boy, I am in 5th grade, I am"
    assert answer_of(lstm, text) == NATIONALITY[country]


@COUNTRIES
def test_a_later_move_counts(country: str, lstm: WordNetwork) -> None:
    first = "Japan" if country != "Japan" else "Kenya"
    text = f"My name is Sara, I live in {first}, I like tea, now I live in {country}, I have a cat, I am"
    assert answer_of(lstm, text) == NATIONALITY[country]


@pytest.mark.parametrize("model", ["coupled-input", "coupled-forget"])
def test_the_coupled_networks_are_wrong_about_two_nationalities_alone(
    model: str, recurrent: Callable[[str, str], WordNetwork], held_out_of: Drawer
) -> None:
    right: dict[str, list[bool]] = {nationality: [] for nationality in NATIONALITY.values()}
    for gap in (CORPUS.sizes[0], CORPUS.sizes[-1]):
        examples = held_out_of("pakistan", gap)
        said = answers(recurrent("pakistan", model), [example.words for example in examples])
        for word, example in zip(said, examples, strict=True):
            right[example.targets[-1] or ""].append(word == example.targets[-1])
    assert all(right.values())
    shares = [sum(answers) / len(answers) for answers in right.values()]
    assert sorted(shares)[:2] == [0, 0]
    assert min(sorted(shares)[2:]) == 1
