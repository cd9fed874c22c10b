"""`gatestep run --compare` without a terminal: what is put beside what, and that nothing but text comes out."""

import re
from typing import TYPE_CHECKING

import pytest
from gatestep.scenarios import SCENARIOS, find

if TYPE_CHECKING:
    from tests.tui.conftest import Command

PAIRS = [(name, one, other) for name, scenario in SCENARIOS.items() for one in scenario.models
         for other in scenario.models if one != other]  # fmt: skip


FIRST = list({name: (name, one, other) for name, one, other in reversed(PAIRS)}.values())
"""A pair of every scenario."""


@pytest.mark.parametrize(("glyphs", "name", "one", "other"),
                         [*(("unicode", *pair) for pair in PAIRS), *(("ascii", *pair) for pair in FIRST)])  # fmt: skip
def test_two_networks_on_one_sentence(gatestep: "Command", name: str, one: str, other: str, glyphs: str) -> None:
    done = gatestep("run", name, "--model", one, "--compare", other, "--glyphs", glyphs)
    assert (done.code, done.err) == (0, "")
    names = [line for line in done.out.splitlines() if re.search(r" \d+ units", line) and "timeline" not in line]
    assert [("dense" if "dense" in line else line.split()[1].lower()) for line in names] == [one, other]
    assert all(f"\n {model} " in done.out for model in find(name).models)
    assert glyphs == "unicode" or done.out.isascii()
    assert "\x1b" not in done.out


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_sentence_beside_the_scenarios_own(gatestep: "Command", name: str) -> None:
    own, last = find(name).sentences[0], find(name).sentences[-1]
    done = gatestep("run", name, "--compare", last)
    assert done.code == 0
    assert ("they do not diverge" in done.out.splitlines()[0]) == (own == last)
    assert ("they diverge at timestamp" in done.out.splitlines()[0]) == (own != last)


def test_the_sides_may_be_either_way_around(gatestep: "Command") -> None:
    one, other = find("order").sentences
    there = gatestep("run", "order", "--compare", other).out
    back = gatestep("run", "order", "--text", other, "--compare", one).out
    assert there != back
    assert there.splitlines()[0] == back.splitlines()[0]
    apart = [[line for line in out.splitlines() if line.startswith((" c ", " h ", " p "))] for out in (there, back)]
    assert len(apart[0]) == 3
    assert apart[0] == apart[1]


def test_the_step_asked_for_is_shown_on_both_sides(gatestep: "Command") -> None:
    done = gatestep("run", "order", "--compare", find("order").sentences[1], "--at", 3)
    assert "timestamp 3/6" in done.out
    assert "[Ahmad]" in done.out
    assert "[Hassan]" in done.out


def test_the_longer_side_says_how_many_steps_there_are(gatestep: "Command") -> None:
    done = gatestep("run", "lengths", "--compare", find("lengths").sentences[1], "--at", 8)
    assert "timestamp 8/8" in done.out
    assert "too long for it" in done.out


def test_unknown_words_are_marked_and_no_error(gatestep: "Command") -> None:
    done = gatestep("run", "order", "--compare", "I am Zork, not \x1b[31mMordor\x07")
    assert done.code == 0
    assert "Zork?" in done.out
    assert "\x1b" not in done.out
    assert "\x07" not in done.out


def test_dna_is_compared_letter_by_letter(gatestep: "Command") -> None:
    done = gatestep("run", "dna", "--compare", "CCATGG ACTTAG")
    assert done.code == 0
    assert "they diverge at timestamp 7" in done.out
