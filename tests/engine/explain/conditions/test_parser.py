"""The grammar: what it takes, and what it refuses and where."""

import operator
import re

import pytest
from conditions_typed import GOOD
from gatestep.engine import WrongCondition
from gatestep.engine.explain.conditions import parse
from gatestep.engine.explain.conditions.nodes import Comparison, Flag, Junction, Not, Number, Over, QuantityOf, Token
from gatestep.engine.explain.conditions.parser import DEEPEST, LONGEST


@pytest.mark.parametrize("text", GOOD)
def test_every_form_is_read(text: str) -> None:
    parse(text)


def test_a_condition_becomes_a_tree() -> None:
    forget = QuantityOf(5, "forget", "l1", 2, 15)
    assert parse("not l1.forget[2] < .1") == Not(1, Comparison(5, (forget, Number(20, 0.1)), (operator.lt,)))
    assert parse('flips and (token != "a" or any(wrong))') == Junction(
        1,
        "and",
        (Flag(1, "flips"), Junction(12, "or", (Token(12, "a", False, 21), Over(28, "any", Flag(32, "wrong"))))),
    )


@pytest.mark.parametrize(
    ("text", "column", "hint"),
    [
        ("", 1, "a comparison such as"),
        ("forget[2] <", 12, "cannot be read"),
        ("forget[2] = .1", 11, "=="),
        ("forget[2] < .1 && flips", 17, "write and"),
        ("forget[2] < .1 | flips", 13, "write or"),
        ("(forget < .1", 1, ") could stand"),
        ('token == "not', 10, 'a " could stand'),
        ("forgot[2] < .1", 1, "forget"),
        ("flips or forgot < 1", 10, "forget"),
        ("forget[2]", 1, "compare it"),
        ("1", 1, "not a condition"),
        ("1 < 2", 1, "one side must be another value"),
        ("forget[-1] < 1", 8, "from 0"),
        ("forget[1.5] < 1", 8, "from 0"),
        ("forget[1:3] < 1", 8, "one number"),
        ("forget < 1j", 10, "not a number"),
        ("forget < True", 10, "not a number"),
        ("forget < 1e39", 10, "float32"),
        ("forget + 1 > 2", 1, "no arithmetic"),
        ("forget is 1", 1, "<=, >, >="),
        ('token < "a"', 1, "token is compared"),
        ("token == 3", 10, "token is compared"),
        ('forget == "a"', 11, "token"),
        ("loss == flips", 9, "condition by itself"),
        ("p(name) > 1", 3, "takes a word"),
        ('p("a", "b") > 1', 1, "one argument"),
        ("share(cell, 3) > 1", 7, "one unit"),
        ("share(cell[1], x) > 1", 16, "timestamp"),
        ("any(forget)", 5, "compare it"),
        ("any < 1", 1, "brackets"),
        ("abs(1) > forget", 5, "always the same"),
        ("cell.forget > 1", 1, "not a layer"),
        ("forget.__class__ > 1", 1, "not a layer"),
        ("l1.reveal > 1", 1, "unknown name"),
        ('__import__("os").system("id") > 1', 1, "can be called"),
        ('open("f") > 1', 1, "unknown name"),
        ("(lambda: 1)() > 1", 1, "can be called"),
        ("[forget] < 1", 1, "neither"),
        ("forget < 1 if flips else wrong", 1, "neither"),
        ("(x := 3) > 1", 2, "neither"),
        ("any(*forget) > 1", 1, "condition by itself"),
        ("count(forget < 1, 2) > 1", 1, "one argument"),
        ("f'{forget}' > 1", 1, "neither"),
        ("forget < 1 # and flips", 12, "comment"),
        ("forget < 1\nflips", 11, "one line"),
        ("'é' < cell and forgot < 1", 1, "token"),
        ('token == "é" and forgot < 1', 18, "unknown name"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line_with_its_column(text: str, column: int, hint: str) -> None:
    with pytest.raises(WrongCondition, match=re.escape(hint)) as refused:
        parse(text)
    assert str(refused.value).endswith(f", at column {column}")
    assert "\n" not in str(refused.value)


def test_length_and_depth_are_limited() -> None:
    with pytest.raises(WrongCondition, match=f"{LONGEST} are read"):
        parse("forget < 1 and " * LONGEST + "flips")
    for deep in ("not " * (DEEPEST + 1) + "flips", "abs(" * 40 + "cell" + ")" * 40 + " > 1",
                 "(" * 450 + "flips" + ")" * 450, "-" * 900 + "1 < cell", "[" * 900,
                 "any(" * 200 + "flips" + ")" * 200):  # fmt: skip
        with pytest.raises(WrongCondition, match=r"at column \d+$"):
            parse(deep)
    parse("not " * (DEEPEST - 1) + "flips")
    parse(" and ".join(["flips"] * 100))
