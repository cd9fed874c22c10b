"""Six questions that a newcomer asks, each answered in at most six keys from plain `gatestep`."""

import re
from functools import partial
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ptydriver import Spawn, Terminal

MOST = 6

TASKS = {
    "the timestamp at which Pakistan is written": (
        ("5", "enter", "G", "y", "y"), r"timestamp 9/24", r"\bPakistan@9 wrote it",
    ),
    "what wrote the answer at the blank": (
        ("5", "enter", "G", "y", "y"),
        r"Pakistan@9 wrote it into unit \d", r"p of “Pakistani” falls from 0\.91 to 0\.0\d",
    ),
    "f of the unit that carries it at grade": (
        ("5", "enter", "G", "y", "3", "left"), r"timestamp 21/24", r"▸ (\d) .* unit \1[, ].*carries Pakistan@9",
    ),
    "where the RNN is wrong": (("5", "enter", "c", "m"), r"rnn.*✗ Brazilian", r"RNN 13 units"),
    "the forecaster learning": (("8", "enter", "space"), r"training \d+/1000", r"learning"),
    "where ali's input gate closes": (
        ("6", "enter", "enter", "enter", "1"), r"below 0\.1 in irrelevant sentences", r"timeline: input i",
    ),
}  # fmt: skip
"""The keys of each, and what is on the screen then."""


def test_the_first_page_of_the_help_names_every_page_and_says_that_more_follows(spawn: "Spawn") -> None:
    terminal = spawn("run", "pakistan")
    terminal.wait_for("timestamp 1/24")
    terminal.settle()
    terminal.press("?")
    terminal.wait_for("You are at timestamp 1")
    for shown in (
        "y why",
        "c compare",
        "v gates",
        "u unit page",
        "b gradients",
        "w learn",
        "gG first, last",
        "On the screen",
    ):
        terminal.wait_for(shown)
    terminal.wait_for("rows more")


@pytest.mark.parametrize("task", TASKS)
def test_a_newcomer_finds_it_in_few_keys(task: str, spawn: "Spawn") -> None:
    keys, *shown = TASKS[task]
    assert len(keys) <= MOST
    terminal = spawn(torch="learning" in task)
    terminal.wait_for("Enter open")
    for key in keys:
        terminal.settle()
        terminal.press(key)
    for pattern in shown:
        wanted = re.compile(pattern)
        terminal.wait_until(partial(_shows, terminal, wanted), f"shows {pattern!r}")


def _shows(terminal: "Terminal", wanted: re.Pattern[str]) -> object:
    return wanted.search(" ".join(terminal.screen.split()))
