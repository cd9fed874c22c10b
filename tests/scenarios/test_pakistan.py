"""The sentences of the pakistan scenario, its task, and what the networks that ship make of it."""

import random

import pytest
from gatestep.engine import WordNetwork, tokenize
from gatestep.engine.training import Example
from gatestep.scenarios import SCENARIOS, predict
from gatestep.scenarios.pakistan import NAMES, NATIONALITY, held_out

SCENARIO = SCENARIOS["pakistan"]
CORPUS = SCENARIO.corpus
GAPS = pytest.mark.parametrize("gap", CORPUS.gaps)
COUNTRIES = pytest.mark.parametrize("country", NATIONALITY)


def training_sentences(seed: int = 0, count: int = 1500) -> list[Example]:
    rng = random.Random(seed)
    return [CORPUS.draw(rng, n / count) for n in range(count)]


def held_out_sentences(gap: int, seed: int = 5, count: int = 100) -> list[Example]:
    rng = random.Random(seed + gap)
    return [CORPUS.draw_held_out(rng, gap) for _ in range(count)]


def people_and_countries(example: Example) -> set[tuple[str, str]]:
    """Who is said to live where."""
    name = example.words[3]
    return {(name, word) for word in example.words if word in NATIONALITY}


def test_a_seed_makes_the_same_sentences_again() -> None:
    assert training_sentences(3) == training_sentences(3)
    assert training_sentences(3) != training_sentences(4)
    assert held_out_sentences(2, seed=3) == held_out_sentences(2, seed=3)


def test_one_country_of_eight_is_held_out_for_every_name() -> None:
    for name in NAMES:
        assert sum(held_out(name, country) for country in NATIONALITY) == 1


def test_training_never_puts_anybody_in_the_country_that_is_held_out() -> None:
    seen = set().union(*(people_and_countries(example) for example in training_sentences()))
    assert len(seen) == len(NAMES) * (len(NATIONALITY) - 1)
    assert not any(held_out(name, country) for name, country in seen)


@GAPS
def test_held_out_sentences_end_up_in_the_country_that_is_held_out(gap: int) -> None:
    for example in held_out_sentences(gap):
        country = next(word for word in reversed(example.words) if word in NATIONALITY)
        assert held_out(example.words[3], country)
        assert example.words[example.answer] == NATIONALITY[country]


def test_some_held_out_sentences_live_elsewhere_first() -> None:
    countries = [sum(word in NATIONALITY for word in example.words) for example in held_out_sentences(0)]
    assert set(countries) == {1, 2}


@GAPS
def test_the_gap_is_the_number_of_clauses_after_the_country(gap: int) -> None:
    for example in held_out_sentences(gap):
        last = max(t for t, word in enumerate(example.words) if word in NATIONALITY)
        assert example.words[last + 1 :].count(",") == gap + 1  # and the comma of the country's own clause
        assert example.words[-3:-1] == ("I", "am")


def test_gaps_in_training_grow_from_none_to_the_longest() -> None:
    rng = random.Random(0)
    clauses = [max(CORPUS.draw(rng, done).words.count(",") - 2 for _ in range(600)) for done in (0, 0.25, 1)]
    assert clauses == [0, 4, CORPUS.gaps[-1]]


def test_every_word_is_in_the_vocabulary() -> None:
    sentences = [*training_sentences(), *(e for gap in CORPUS.gaps for e in held_out_sentences(gap))]
    assert all(word in CORPUS.vocabulary for example in sentences for word in example.words)


def test_the_answer_of_every_sentence_is_the_one_that_is_trained() -> None:
    sentences = [*training_sentences(), *(e for gap in CORPUS.gaps for e in held_out_sentences(gap))]
    for example in sentences:
        assert CORPUS.answer(example.words[: example.answer]) == example.words[example.answer]


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


def likeliest(network: WordNetwork, text: str) -> str:
    prediction = predict(SCENARIO, network, text)
    return prediction.top(len(prediction.trace) - 1, 1)[0][0]


@GAPS
def test_the_shipped_lstm_names_the_answer_at_every_gap(gap: int, lstm: WordNetwork) -> None:
    sentences = held_out_sentences(gap)
    right = [likeliest(lstm, " ".join(e.words[: e.answer])) == e.words[e.answer] for e in sentences]
    assert sum(right) >= 0.95 * len(right)


def test_the_articles_sentence_ends_in_pakistani(lstm: WordNetwork) -> None:
    text = "My name is Ahmad, I live in Pakistan, I am a good boy, I am in 5th grade, I am ____"
    assert SCENARIO.sentences[0] == text
    prediction = predict(SCENARIO, lstm, text)
    (word, p), *_ = prediction.top(len(prediction.trace) - 1, 1)
    assert (word, prediction.answer) == ("Pakistani", "Pakistani")
    assert p > 0.5
    assert prediction.loss(len(prediction.trace) - 1) is not None


@COUNTRIES
@pytest.mark.parametrize("name", ["Ahmad", "Zoë"], ids=["a known name", "an unknown name"])
def test_it_works_for_every_country(country: str, name: str, lstm: WordNetwork) -> None:
    text = f"My name is {name}, I live in {country}, I am a good boy, I am in 5th grade, I am"
    assert likeliest(lstm, text) == NATIONALITY[country]


@COUNTRIES
def test_a_later_move_counts(country: str, lstm: WordNetwork) -> None:
    first = "Japan" if country != "Japan" else "Kenya"
    text = f"My name is Sara, I live in {first}, I like tea, now I live in {country}, I have a cat, I am"
    assert likeliest(lstm, text) == NATIONALITY[country]
