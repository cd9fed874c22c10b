"""What holds of the sentences of every scenario."""

import random
from collections.abc import Callable

import pytest
from gatestep.engine import NEXT_WORD
from gatestep.engine.train.words import Example
from gatestep.scenarios import SCENARIOS

Drawer = Callable[..., tuple[Example, ...]]
EVERY = pytest.mark.parametrize("name", SCENARIOS)
EVERY_SIZE = pytest.mark.parametrize(
    ("name", "size"), [(name, size) for name, scenario in SCENARIOS.items() for size in scenario.corpus.sizes]
)


@EVERY
def test_a_seed_makes_the_same_training_sentences_again(name: str) -> None:
    corpus, sentences = SCENARIOS[name].corpus, []
    for seed in (3, 3, 4):
        rng = random.Random(seed)
        sentences.append([corpus.draw(rng, n / 50) for n in range(50)])
    assert sentences[0] == sentences[1] != sentences[2]


@EVERY_SIZE
def test_a_seed_makes_the_same_held_out_sentences_again(name: str, size: int) -> None:
    corpus, sentences = SCENARIOS[name].corpus, []
    for seed in (3, 3, 4):
        rng = random.Random(seed)
        sentences.append([corpus.draw_held_out(rng, size) for _ in range(20)])
    assert sentences[0] == sentences[1] != sentences[2]


@EVERY
def test_every_word_and_every_target_is_in_the_vocabulary(name: str, trained_on: Drawer, held_out_of: Drawer) -> None:
    vocabulary = SCENARIOS[name].corpus.vocabulary
    for example in (*trained_on(name), *held_out_of(name)):
        assert all(word in vocabulary for word in example.words)
        assert all(target in vocabulary for target in example.targets if target is not None)
        assert example.targets[example.answer] in vocabulary.words


@EVERY
def test_every_word_of_the_vocabulary_is_shown_or_asked_for_in_training(name: str, trained_on: Drawer) -> None:
    """But for one: "name" has no room to come four times where training has it."""
    met = {word for e in trained_on(name) for word in (*e.words, *e.targets) if word is not None}
    vocabulary = SCENARIOS[name].corpus.vocabulary.words[1:]
    left = {word.casefold() for word in vocabulary} - {word.casefold() for word in met}
    assert left <= ({"four"} if name == "sharing" else set())


@EVERY
def test_a_sentence_is_split_into_the_words_that_were_drawn(name: str, trained_on: Drawer, held_out_of: Drawer) -> None:
    split = SCENARIOS[name].corpus.vocabulary.split
    for example in (*trained_on(name), *held_out_of(name)):
        assert tuple(split(" ".join(example.words))) == example.words


@EVERY
def test_there_is_one_target_a_word_and_the_answer_is_the_tasks(
    name: str, trained_on: Drawer, held_out_of: Drawer
) -> None:
    corpus = SCENARIOS[name].corpus
    for example in (*trained_on(name), *held_out_of(name)):
        assert len(example.targets) == len(example.words)
        answer = corpus.answer(example.words[: example.answer + 1])
        assert answer is not None
        assert example.targets[example.answer] == answer


@EVERY
def test_held_out_sentences_end_where_the_answer_is_due(name: str, held_out_of: Drawer) -> None:
    corpus = SCENARIOS[name].corpus
    for example in held_out_of(name):
        assert example.answer == len(example.words) - 1
        assert corpus.targets(example.words) == example.targets


@EVERY
def test_a_next_word_is_the_next_word_and_nobody_else_is_asked_for_it(
    name: str, trained_on: Drawer, held_out_of: Drawer
) -> None:
    corpus = SCENARIOS[name].corpus
    following = [e.targets[:-1] == e.words[1:] for e in (*trained_on(name), *held_out_of(name)) if len(e.words) > 2]
    assert set(following) == {corpus.question == NEXT_WORD}


@EVERY
def test_what_is_held_out_is_not_in_training(name: str, trained_on: Drawer, held_out_of: Drawer) -> None:
    shown = {e.words[: e.answer + 1] for e in trained_on(name, count=6000)}
    assert not shown & {e.words for e in held_out_of(name)}


@EVERY
def test_sizes_rise_and_have_an_axis_where_there_are_several(name: str) -> None:
    corpus = SCENARIOS[name].corpus
    assert list(corpus.sizes) == sorted(set(corpus.sizes))
    assert bool(corpus.axis) == (len(corpus.sizes) > 1)


@EVERY
def test_the_case_of_letters_does_not_matter_to_the_task(name: str, held_out_of: Drawer) -> None:
    corpus = SCENARIOS[name].corpus
    for example in held_out_of(name):
        answer = corpus.answer(example.words)
        assert answer is not None
        for changed in ([w.upper() for w in example.words], [w.lower() for w in example.words]):
            assert (corpus.answer(changed) or "").casefold() == answer.casefold()
            assert corpus.evidence(changed) == corpus.evidence(example.words)


@EVERY
def test_evidence_is_a_word_of_the_sentence(name: str, held_out_of: Drawer) -> None:
    corpus = SCENARIOS[name].corpus
    for example in held_out_of(name):
        assert corpus.evidence(example.words) in (None, *range(len(example.words)))


@EVERY
def test_without_words_there_is_nothing_to_answer(name: str) -> None:
    corpus = SCENARIOS[name].corpus
    assert corpus.answer(()) is None
    assert corpus.evidence(()) is None


@EVERY
def test_a_scenarios_own_sentences_have_known_words_alone(name: str) -> None:
    scenario = SCENARIOS[name]
    for sentence in scenario.sentences:
        assert all(scenario.corpus.vocabulary.knows(scenario.corpus.vocabulary.split(sentence)))
