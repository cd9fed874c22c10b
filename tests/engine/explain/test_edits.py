"""The grammar of edits: every form is read as it is meant, and whatever else is typed is one line with a column."""

import os
import random

import pytest
from gatestep.engine import Edit, WrongEdit, parse_edit, parse_edits
from gatestep.engine.explain.edits import LONGEST, Source

FORMS: dict[str, tuple[object, ...]] = {
    "forget[2]=1@5:9": ("set", "forget", None, "2", "5:9", 1.0),
    "hidden[3]=0": ("set", "hidden", None, "3", None, 0.0),
    "l1.input*=.5@3:": ("scale", "input", "l1", None, "3:", 0.5),
    "l0_reverse.cell[0,3,7-9] += -1e-2 @ 1,3": ("add", "cell", "l0_reverse", "0,3,7-9", "1,3", -0.01),
    "x[0]+=1@4": ("add", "x", None, "0", "4", 1.0),
    'x["Volume"]*=2': ("scale", "x", None, '"Volume"', None, 2.0),
    "forget@5=1": ("set", "forget", None, None, "5", 1.0),
    "reset[2]=1@5": ("set", "reset", None, "2", "5", 1.0),
    "reset@5": ("reset", "", None, None, "5", None),
    "l1.reset@5": ("reset", "", "l1", None, "5", None),
    "skip@5:9": ("skip", "", None, None, "5:9", None),
    "delete@5": ("delete", "", None, None, "5", None),
    'token@5="Turkey"': ("token", "", None, None, "5", "Turkey"),
    r"insert@5='n\'t # \\'": ("insert", "", None, None, "5", r"n't # \ ".strip()),
    'cell[2]@9=from("another sentence")@7': ("patch", "cell", None, "2", "9", Source("another sentence", "7")),
    "cell@9=from()": ("patch", "cell", None, None, "9", Source(None, None)),
    "cell=from( 3 ) @1:2": ("patch", "cell", None, None, None, Source(3, "1:2")),
}


@pytest.mark.parametrize("text", FORMS)
def test_every_form_is_read(text: str) -> None:
    edit = parse_edit(text)
    assert (edit.action, edit.quantity, edit.layer, edit.units, edit.timestamps, edit.value) == FORMS[text]
    assert str(edit) == text


REFUSED = {
    "": "a quantity, x, reset, skip, token, insert or delete could stand here, at column 1",
    "frget[2]=1": "unknown quantity frget; choose from forget, input, reset, update, candidate, output, cell, hidden, "
    "x, skip, token, insert, delete, at column 1",
    "forget[2": "these brackets name no units; write [3], [0,3,7-9] or [5:9], at column 7",
    "forget[]=1": "these brackets name no units; write [3], [0,3,7-9] or [5:9], at column 9",
    "forget[2]": "nothing says what it becomes; =, += or *= could stand here, at column 10",
    "forget==1": "nothing says what it becomes; =, += or *= could stand here, at column 7",
    "forget=": 'a number or from("a sentence") could stand here, at column 8',
    "forget=one": 'one is not a number or from("a sentence"), at column 8',
    "forget=1e99": "1e99 is beyond float32; a value is below 3.4e38, at column 8",
    "forget=1@": "@ names no timestamps; write @3, @1,3,7-9, @5:9, @5: or @:9, at column 9",
    "forget=1@5 please": "please is left over; the edit could end here, at column 12",
    "forget@3=1@5": "@5 is left over; the edit could end here, at column 11",
    "cell+=from()": "a patch sets a value; write = before from, at column 7",
    "l1.x=1": "the input belongs to no layer; write x, at column 1",
    "reset": "nothing says where; write reset@5, at column 6",
    "token@5": 'nothing says which word; write token@5="not", at column 8',
    "token@5=not": 'not is not a word in quotes, as in token@5="not", at column 9',
    'token@5=""': "token needs a word between the quotes, at column 9",
    "token[1]@5='a'": "token has no units; write token@5, at column 7",
    "l0.skip@5": "skip is of the whole network; it belongs to no layer, at column 1",
    "skip@5=1": "skip takes no value; write skip@5, at column 8",
    "__import__('os')": "unknown quantity __import__; choose from",
    "forget.__class__=1": "nothing says what it becomes",
    "f" * (LONGEST + 1): "an edit has at most 1,000 characters, and this one 1,001, at column 1001",
}


@pytest.mark.parametrize("text", REFUSED)
def test_anything_else_is_refused_at_its_column(text: str) -> None:
    with pytest.raises(WrongEdit) as refused:
        parse_edit(text)
    line = str(refused.value)
    assert line.startswith(REFUSED[text])
    assert line.endswith(f"at column {refused.value.column}")
    assert "\n" not in line


def test_a_file_has_an_edit_a_line_and_comments() -> None:
    lines = ["# nothing but a comment", "", 'insert@2="#"  # a word', "forget=1 # open"]
    assert [(e.action, e.value) for e in parse_edits(lines, "e.txt")] == [("insert", "#"), ("set", 1.0)]
    with pytest.raises(WrongEdit) as refused:
        parse_edits(["forget=1", "frget=1"], "e.txt")
    assert str(refused.value).startswith("e.txt: line 2: unknown quantity frget")
    assert str(refused.value).endswith("at column 1")


PIECES = ["forget", "cell", "x", "reset", "token", "l1.", "[", "]", "2", "0,3", "7-9", ":", "@", "=", "+=", "*=", ".5",
          "1e9", '"a"', "'", '"', "from(", ")", "\\", " ", "__", "é", "\n", "\x00", "𝟙", "٣", "-"]  # fmt: skip


def test_whatever_is_typed_is_an_edit_or_one_line() -> None:
    rng = random.Random(0)
    for _ in range(int(os.environ.get("GATESTEP_FUZZ", "2000"))):
        text = "".join(rng.choice(PIECES) for _ in range(rng.randint(0, 12)))
        found = outcome(text)
        if isinstance(found, Edit):
            assert parse_edit(found.text) == found or text != text.strip()
        else:
            assert str(found).endswith(f"at column {found.column}")
            assert 1 <= found.column <= len(text) + 1


def outcome(text: str) -> Edit | WrongEdit:
    try:
        return parse_edit(text)
    except WrongEdit as refused:
        return refused
