import random

import pytest
from gatestep.scenarios.grammar import Grammar

GRAMMAR = Grammar({"name": ("Ahmad", "Zoë"), "grade": ("4th", "5th")})
TEMPLATE = "{name} is in {grade} grade, {name}'s friend too"


@pytest.mark.parametrize("seed", range(5))
def test_the_same_seed_fills_in_the_same_words(seed: int) -> None:
    first, again = (GRAMMAR.fill(TEMPLATE, random.Random(seed)) for _ in range(2))
    assert first == again


def test_every_word_of_a_slot_gets_its_turn() -> None:
    rng = random.Random(0)
    assert {GRAMMAR.fill("{name}", rng)[0] for _ in range(50)} == {"Ahmad", "Zoë"}


def test_a_chosen_word_stands_in_every_place_of_its_slot() -> None:
    filled = GRAMMAR.fill(TEMPLATE, random.Random(0), name="Ali", grade="6th")
    assert filled == ["Ali", "is", "in", "6th", "grade", ",", "Ali's", "friend", "too"]


def test_words_are_all_that_templates_can_produce_once_each() -> None:
    assert GRAMMAR.words(["My name is {name},", "MY {grade},"]) == [
        "My",
        "name",
        "is",
        "Ahmad",
        "Zoë",
        ",",
        "4th",
        "5th",
    ]


def test_a_slot_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="country"):
        GRAMMAR.fill("{country}", random.Random(0))
