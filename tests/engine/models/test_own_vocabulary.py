"""A vocabulary of somebody's own: text becomes tokens as the model had them, and comes back."""

from collections.abc import Callable

import pytest
from gatestep.engine.models.own_vocabulary import OwnVocabulary
from hypothesis import given
from hypothesis import strategies as st

Refusal = Callable[..., str]
WORDS = ["<pad>", "<unk>", "The", "the", "cat", ",", "New", "don't", "[SEP]"]


def test_case_is_heeded_unless_it_is_folded() -> None:
    own, folded = OwnVocabulary(WORDS), OwnVocabulary(WORDS, fold=True)
    assert own.index("The") == 2
    assert own.index("the") == 3
    assert own.index("CAT") == 1
    assert folded.index("CAT") == 4
    assert folded.index("The") == 2  # what is an entry as it stands is that entry
    assert own.knows(["The", "CAT"]) == (True, False)


def test_special_entries_are_one_token_wherever_they_stand() -> None:
    own = OwnVocabulary(WORDS)
    assert own.split("<pad>The cat, don't [SEP]") == ["<pad>", "The", "cat", ",", "don't", "[SEP]"]
    assert own.split("<x>") == ["<", "x", ">"]
    letters = OwnVocabulary(["<s>", "a", " ", "<"], "characters")
    assert letters.split("<s>a <a") == ["<s>", "a", " ", "<", "a"]
    assert OwnVocabulary(WORDS, "spaces").split("The cat,  don't") == ["The", "cat,", "don't"]


def test_entries_are_known_by_their_names() -> None:
    own = OwnVocabulary(["<PAD>", "<bos>", "</S>", "[UNK]", "a"])
    assert (own.padding, own.start, own.end, own.unknown) == ("<PAD>", "<bos>", "</S>", "[UNK]")
    none = OwnVocabulary(["a", "b"])
    assert (none.padding, none.start, none.end, none.unknown) == (None, None, None, None)
    assert OwnVocabulary(["a", "other"], unknown="other").index("z") == 1


def test_an_unknown_word_is_refused_where_no_entry_is_for_it(refusal: Refusal) -> None:
    own = OwnVocabulary(["a", "b"])
    line = refusal(own.index, "c")
    assert line.startswith("'c' is not among the 2 entries of the vocabulary, which has none for unknown words")
    assert line.endswith("give other text, or --unknown TOKEN")
    assert "give other text, or --fold-case, or --unknown" in refusal(own.index, "A")
    assert "--unknown z: is not among the 2 entries" in refusal(OwnVocabulary, ["a", "b"], unknown="z")
    assert "the entry 'a' occurs twice" in refusal(OwnVocabulary, ["a", "b", "a"])


def test_a_blank_at_the_end_is_the_question_and_not_a_word() -> None:
    assert OwnVocabulary(WORDS).split("The cat ____") == ["The", "cat"]
    assert OwnVocabulary(["_", "a"], "characters").split("a____") == ["a", "_", "_", "_", "_"]


@pytest.mark.parametrize(("how", "text"), [("words", " "), ("spaces", ""), ("ids", " , "), ("characters", "")])
def test_a_text_without_tokens_is_refused(how: str, text: str, refusal: Refusal) -> None:
    assert "has no tokens; give at least one" in refusal(OwnVocabulary(WORDS, how).split, text)


@given(st.text(min_size=1))
def test_characters_come_back_as_they_were(text: str) -> None:
    own = OwnVocabulary(sorted(set(text)), "characters")
    assert own.join(own.split(text)) == text
    assert own.split(own.spell(own.split(text))) == own.split(text)


@given(st.lists(st.integers(0, 8), min_size=1))
def test_numbers_come_back_as_they_were(ids: list[int]) -> None:
    own = OwnVocabulary(WORDS, "ids")
    tokens = own.split(" ".join(map(str, ids)))
    assert tokens == [WORDS[n] for n in ids]
    assert own.join(tokens) == " ".join(map(str, ids))
    assert own.split(own.spell(tokens)) == tokens
