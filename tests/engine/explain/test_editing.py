"""Edits that are written from what is selected, the list of them, and the way there and back as text."""

import shlex

import hypothesis.strategies as st
import numpy as np
import pytest
from gatestep.engine import (
    EditList,
    WordNetwork,
    edited,
    parse_edit,
    written_ablation,
    written_action,
    written_change,
    written_patch,
)
from hypothesis import given

TEXTS = [
    "forget[2]=1@5:9", "hidden[3]=0", "l1.input*=.5@3:", "x[0]+=1@4", 'x["Volume"]=-1e3', "reset@5", "l0.reset@5",
    'token@5="Turkey"', 'insert@5="not"', "delete@5", "skip@5:9", 'cell[2]@9=from("a \\"b\\"")@7', "cell@2=from(2)@1",
    "cell=from()", "  forget [ 2 ] = 1 @ 5 : 9  ",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_an_edit_is_its_text(text: str) -> None:
    edit = parse_edit(text)
    assert parse_edit(str(edit)) == edit
    assert hash(parse_edit(str(edit))) == hash(edit)


def test_what_is_written_is_what_a_person_would_type() -> None:
    assert str(written_change("forget", 0.25, "l1", 2, 4)) == "l1.forget[2]=0.25@5"
    assert str(written_change("forget", 0.1, None, 2, 4, 8)) == "forget[2]=0.1@5:9"
    assert str(written_change("input", 0.5, sign="*=")) == "input*=0.5"
    assert str(written_change("x", 1.5, "l0", 3, 0, sign="+=")) == "x[3]+=1.5@1"
    assert str(written_ablation(3)) == "hidden[3]=0"
    assert str(written_ablation(3, "l0_reverse")) == "l0_reverse.hidden[3]=0"
    assert str(written_patch("cell", "I live in Kenya", None, 5, 8, 6)) == 'cell[5]@9=from("I live in Kenya")@7'
    assert str(written_patch("cell", 2, "l0", t=8)) == "l0.cell@9=from(2)"
    assert str(written_patch("cell", None)) == "cell=from()"
    assert str(written_action("skip", 4, 8)) == "skip@5:9"
    assert str(written_action("reset", 4)) == "reset@5"
    assert str(written_action("token", 4, words="not")) == 'token@5="not"'


@given(st.floats(width=32, allow_nan=False, allow_infinity=False, min_value=-(2.0**99), max_value=2.0**99))
def test_a_value_is_written_as_it_is(value: float) -> None:
    found = written_change("cell", value).value
    assert isinstance(found, float)
    assert np.float32(found) == np.float32(value)


@given(st.text(min_size=1, max_size=40))
def test_any_sentence_comes_back(sentence: str) -> None:
    source = written_patch("cell", sentence).value
    assert getattr(source, "what", None) == sentence


def test_a_list_is_switched_and_taken_back(word_network: WordNetwork) -> None:
    one, two = written_change("forget", 0.5, unit=1), written_action("token", 0, words="name")
    edits = EditList().added(one).added(two)
    assert edits.edits == (one, two)
    assert edits.switched(0).edits == (two,)
    assert edits.switched(0).switched(0) == edits
    assert [entry.on for entry in edits.switched(1)] == [True, False]
    assert edits.undone().edits == (one,)
    assert edits.without(0).edits == (two,)
    assert len(EditList().undone()) == 0
    words = shlex.split(edits.options())
    assert words == ["--edit", "forget[1]=0.5", "--edit", 'token@1="name"']
    from gatestep.engine import Surroundings

    trace = edited(word_network.trace("my name"), edits.edits, Surroundings(word_network))
    again = edited(word_network.trace("my name"), words[1::2], Surroundings(word_network))
    np.testing.assert_array_equal(trace.top, again.top)
