"""The stories of the ali scenario, whom they are about, and whom the networks that ship keep in mind."""

import re
from collections.abc import Callable, Sequence

import pytest
from gatestep.engine import Network, WordNetwork, tokenize
from gatestep.engine.train.words import Example
from gatestep.scenarios import SCENARIOS, likeliest, predict
from gatestep.scenarios.ali import KIN, PRONOUN, held_out
from gatestep.scenarios.ali import SENTENCE as STORY
from scored import share_right

SCENARIO = SCENARIOS["ali"]
CORPUS = SCENARIO.corpus
Drawer = Callable[..., tuple[Example, ...]]
Ship = Callable[[str, str], tuple[Network, dict[str, str]]]
SIZES = pytest.mark.parametrize("size", CORPUS.sizes)
SHE = {"Sara", "Maria", "Anna", "Yuki"}
ASKED = SCENARIO.sentences[0]


def story(example: Example) -> list[str]:
    """The sentences up to where the answer is due."""
    text = " ".join(example.words[: example.answer + 1])
    assert text.endswith(" .")
    return text[:-2].split(" . ")


def friend(sentences: Sequence[str]) -> str:
    match = re.fullmatch(r"My friend's name is (\w+)", sentences[0])
    assert match
    return match[1]


def relatives(sentences: Sequence[str]) -> list[str]:
    """The relative of every sentence that is about one."""
    about = [re.search(r"\bmy (father|mother|brother|sister)\b", s, re.IGNORECASE) for s in sentences[1:]]
    return [match[1] for match in about if match]


def test_one_relative_of_four_is_held_out_for_every_friend() -> None:
    for name in PRONOUN:
        assert sum(held_out(name, kin) for kin in KIN) == 1


def test_training_never_speaks_of_the_relative_who_is_held_out(trained_on: Drawer) -> None:
    stories = [story(example) for example in trained_on("ali")]
    seen = {(friend(sentences), kin) for sentences in stories for kin in relatives(sentences)}
    assert len(seen) == 8 * 3
    assert not any(held_out(*pair) for pair in seen)


@SIZES
def test_held_out_stories_speak_of_that_relative_alone(size: int, held_out_of: Drawer) -> None:
    for example in held_out_of("ali", size):
        sentences = story(example)
        found = relatives(sentences)
        assert all(held_out(friend(sentences), kin) for kin in found)
        assert len(found) == size


@SIZES
def test_training_cannot_have_shown_a_held_out_story(size: int, held_out_of: Drawer) -> None:
    for example in held_out_of("ali", size):
        sentences = story(example)
        assert any(held_out(friend(sentences), kin) for kin in relatives(sentences))


def test_every_other_sentence_is_about_the_friend(trained_on: Drawer, held_out_of: Drawer) -> None:
    for example in (*trained_on("ali"), *held_out_of("ali")):
        first, *sentences = story(example)
        pronoun, other = ("She", "He") if friend([first]) in SHE else ("He", "She")
        assert not any(re.match(rf"{other}('s)?\b", s) for s in sentences)
        about = [s for s in sentences if re.match(rf"{pronoun}('s)?\b", s)]
        assert len(about) + len(relatives([first, *sentences])) == len(sentences)
        assert len(about) <= 3


def test_nobody_else_has_the_name_of_the_friend(trained_on: Drawer, held_out_of: Drawer) -> None:
    for example in (*trained_on("ali"), *held_out_of("ali")):
        assert " ".join(story(example)).split().count(friend(story(example))) == 1


def test_the_answer_is_the_friend_wherever_a_sentence_is_over(trained_on: Drawer, held_out_of: Drawer) -> None:
    for example in (*trained_on("ali"), *held_out_of("ali")):
        name = friend(story(example))
        assert example.targets[example.answer] == name
        assert example.words[CORPUS.evidence(example.words) or 0] == name
        for t in range(example.answer + 1):
            assert CORPUS.answer(example.words[: t + 1]) == (name if example.words[t] == "." else None)


def test_training_goes_on_with_the_friend_to_the_end(trained_on: Drawer) -> None:
    for example in trained_on("ali"):
        name = friend(story(example))
        child = "girl" if name in SHE else "boy"
        ending = (name, "is", "a", "sharp", "and", "intelligent", child)
        assert (*example.words[example.answer + 1 :], example.targets[-1]) == (*ending, ".")
        assert example.targets == (*example.words[1:], ".")


def test_stories_grow_over_training(trained_on: Drawer) -> None:
    lengths = [len(story(example)) for example in trained_on("ali")]
    assert max(lengths[:60]) <= 2
    assert max(lengths[800:]) == 1 + 3 + 4


def test_the_articles_story_goes_on_with_ali_behind_the_sleeping_father() -> None:
    words = tokenize(STORY)
    sleeping = words.index("sleeping")
    assert CORPUS.targets(words)[sleeping : sleeping + 3] == (".", "Ali", "is")
    assert CORPUS.answer(tokenize(ASKED)) == "Ali"
    assert CORPUS.evidence(words) == words.index("Ali") == 4
    assert CORPUS.answer(words) is None
    assert CORPUS.targets(words)[-1] is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("My friend's name is Ali.", "Ali"),
        ("My friend’s name is Ali.", "Ali"),
        ("MY FRIEND'S NAME IS Ali.", "Ali"),
        ("My friend's name is Sara. My father's name is Omar. Omar is my father.", "Sara"),
        ("My friend's name is Zoë. She likes tea.", "Zoë"),
        ("My friend's name is Ali. He likes tea", None),
        ("My father's name is Omar.", None),
        ("He likes tea.", None),
    ],
)
def test_the_answer_is_the_name_of_the_friend(text: str, answer: str | None) -> None:
    assert CORPUS.answer(tokenize(text)) == answer


def test_the_lstm_says_ali_behind_the_sleeping_father(recurrent: Callable[[str, str], WordNetwork]) -> None:
    network = recurrent("ali", "lstm")
    word, p = likeliest(network, ASKED) or ("", 0)
    assert word == "Ali"
    assert p > 0.5
    prediction = predict(CORPUS, network, STORY)
    ((same, again),) = prediction.top(tokenize(STORY).index("sleeping") + 1, 1)
    assert same == word
    assert again == pytest.approx(p, abs=1e-5)


@pytest.mark.parametrize("kin", KIN)
@pytest.mark.parametrize("name", PRONOUN)
def test_the_lstm_keeps_every_friend_whoever_is_sleeping(name: str, kin: str, ship: Ship) -> None:
    pronoun, child = ("She", "girl") if name in SHE else ("He", "boy")
    text = (
        f"My friend's name is {name}. {pronoun} is a good {child}. {pronoun}'s in fourth grade. My {kin} is sleeping."
    )
    assert (likeliest(ship("ali", "lstm")[0], text) or ("", 0))[0] == name


@SIZES
def test_the_lstm_keeps_the_friend_where_an_rnn_with_as_many_weights_does_not(
    size: int, ship: Ship, held_out_of: Drawer
) -> None:
    scores = []
    for model in ("lstm", "rnn"):
        network, _ = ship("ali", model)
        scores.append(share_right(network, held_out_of("ali", size)))
    assert scores[0] >= 0.95
    assert scores[1] < 0.9
