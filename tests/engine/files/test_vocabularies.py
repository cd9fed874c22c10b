"""Vocabularies in their forms; what is none, or does not fit, is refused in one line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gatestep.engine.files.vocabularies import read_vocabulary, vocabularies_in
from hypothesis import given
from hypothesis import strategies as st

Refusal = Callable[..., str]
ROWS = {0: "<pad>", 1: "the", 2: " ", 3: "The"}


def written(text: str, path: Path, name: str = "v.json") -> Path:
    (path / name).write_bytes(text.encode())
    return path / name


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("v.json", '["<pad>", "the", " ", "The"]'),
        ("v.json", '{"the": 1, "The": 3, "<pad>": 0, " ": 2}'),
        ("v.json", '{"0": "<pad>", "3": "The", "1": "the", "2": " "}'),
        ("v.txt", "<pad>\nthe\n \nThe\n"),
        ("v.txt", "<pad>\r\nthe\r\n \r\nThe"),
        ("v.txt", "\ufeff<pad>\nthe\n \nThe\n"),
        ("v", '["<pad>", "the", " ", "The"]'),
    ],
)
def test_every_form_says_the_same(name: str, text: str, tmp_path: Path) -> None:
    assert read_vocabulary(written(text, tmp_path, name)).rows == ROWS


def test_a_text_may_begin_with_a_bracket(tmp_path: Path) -> None:
    assert read_vocabulary(written("[PAD]\n[UNK]\nthe\n", tmp_path, "v.txt")).rows == {0: "[PAD]", 1: "[UNK]", 2: "the"}


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("v.json", "[1, 2]", "is a list of more than text"),
        ("v.json", "[]", "is a list of more than text"),
        ("v.json", "{}", "holds no entries"),
        ("v.json", '["a", "b", "a"]', "place 2 is 'a' again, which is place 0"),
        ("v.json", '{"a": 0, "a": 1}', "the entry 'a' occurs twice"),
        ("v.json", '{"a": 0, "b": 0}', "'a' and 'b' have the same row, 0"),
        ("v.json", '{"a": 0, "b": -1}', "'b' has no row number"),
        ("v.json", '{"a": true}', "'a' has no row number"),
        ("v.json", '{"a": 1.5}', "'a' has no row number"),
        ("v.json", '{"model": {"vocab": {"a": 0}}}', "'model' has no row number"),
        ("v.json", '["a", ', "is not JSON in line 1"),
        ("v.json", '["\\ud800"]', "holds half a character"),
        ("v.txt", "", "is empty"),
        ("v.txt", "a\n\nb\n", "line 2 is empty"),
        ("v.txt", "a\nb\na\n", "line 3 is 'a' again, which is line 1"),
        ("v.txt", "a\t5\nb\t3\n", "line 1 holds a tab"),
        ("v.txt", "a\0b", "is not text"),
    ],
)
def test_what_is_no_vocabulary_is_refused(name: str, text: str, line: str, tmp_path: Path, refusal: Refusal) -> None:
    told = refusal(read_vocabulary, written(text, tmp_path, name))
    assert told.startswith(str(tmp_path / name))
    assert line in told


def test_bytes_that_are_no_text_are_refused(tmp_path: Path, refusal: Refusal) -> None:
    (tmp_path / "v.txt").write_bytes(b"caf\xe9\n")
    assert "is not UTF-8 text; a vocabulary is a JSON list" in refusal(read_vocabulary, tmp_path / "v.txt")


def test_a_row_beyond_the_embedding_is_refused(tmp_path: Path, refusal: Refusal) -> None:
    entries = read_vocabulary(written('{"a": 0, "b": 7}', tmp_path))
    assert "has an entry for row 7, and emb has 5 rows" in refusal(entries.words, 5, "emb")
    words, note = entries.words(9, "emb")
    assert words == ("a", "#1", "#2", "#3", "#4", "#5", "#6", "b", "#8")
    assert "holds 2 entries, and emb has 9 rows; those without an entry are called #1, #2, #3, ..." in note


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1), min_size=1, unique=True
    )
)
def test_any_entries_come_back_from_json(words: list[str]) -> None:
    import tempfile

    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        for held in (words, {word: row for row, word in enumerate(words)}):
            Path(file.name).write_text(json.dumps(held), encoding="utf-8")
            assert read_vocabulary(Path(file.name)).rows == dict(enumerate(words))


def test_only_maps_of_every_row_are_vocabularies_of_a_checkpoint() -> None:
    def found(**texts: Any) -> list[str]:
        return [entries.source for entries in vocabularies_in(texts, 3, "m.pt")]

    assert found(vocab=["a", "b", "c"]) == ["m.pt: vocab"]
    assert found(stoi={"a": 0, "b": 1, "c": 2}, itos=["a", "b", "c"]) == ["m.pt: stoi"]  # the same by two names
    assert found(word_freqs={"a": 3, "b": 1, "c": 1}) == []
    assert found(vocab=["a", "b"]) == []
    assert found(vocab=["a", "b", "a"]) == []
    assert found(authors=["a", "b", "c"]) == []
