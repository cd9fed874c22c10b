"""Keys that arrive in one packet, as when a line has stalled, do what they do one by one."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ptydriver import Spawn, Terminal


@pytest.mark.parametrize("page", ["?", "b", "v", "u", "c", "a", "w"])
def test_a_key_behind_the_one_that_leaves_a_page_is_for_what_lies_below(stepper: "Terminal", page: str) -> None:
    stepper.press(page, "q", "right", "right")
    stepper.wait_for("timestamp 3/24")


@pytest.mark.parametrize(
    ("keys", "shows"),
    [
        (["?", "down", "down", "q", "."], r"timestamp 2/24 · 1/4 forget[\s\S]*▸ 5 "),
        (["b", "q", "v", "tab", "q", "u", "q", "right"], "timestamp 2/24"),
        (["c", "m", "x"], "── RNN 13 units .*── LSTM 8 units "),
        (["5", "G", "1", "2", "l"], "timestamp 17/24"),
        (["/", "Pakistan", "enter", "right"], "timestamp 10/24"),
        (["/", "am", "enter", "n", "left"], "timestamp 17/24"),
        ([":", "5", "enter", ":", "+2", "enter", "right"], "timestamp 8/24"),
        (["e", "My name is", "enter", "right"], "timestamp 2/3"),
        (["/", "q", "escape", "right"], "timestamp 2/24"),
        (["ctrl+p", "dark", "escape", "right"], "timestamp 2/24"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_every_key_finds_what_those_before_it_have_led_to(stepper: "Terminal", keys: list[str], shows: str) -> None:
    stepper.press(*keys)
    stepper.wait_for(shows)
    stepper.settle()
    assert stepper.shows(shows), "and nothing else follows"


def test_a_scenario_is_opened_and_stepped_through(spawn: "Spawn") -> None:
    terminal = spawn()
    terminal.wait_for("pakistan")
    terminal.settle()
    terminal.press("down", "down", "up", "enter", "t", "right", "right")
    terminal.wait_for("lengths.*timestamp 3/")


def test_two_sentences_are_compared(spawn: "Spawn") -> None:
    terminal = spawn("run", "lengths", "--compare", "My Name is Ahmad and I am sleeping")
    terminal.wait_for("timestamp 1/8")
    terminal.settle()
    terminal.press("G", "2", "h", "x", "tab", "j", "l")
    terminal.wait_for("timestamp 7/8")


def test_what_is_typed_behind_the_last_key_is_not_obeyed(stepper: "Terminal") -> None:
    stepper.press("b", "q", "q", "right")
    assert stepper.exit_code() == 0
