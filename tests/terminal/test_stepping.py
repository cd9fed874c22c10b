"""The stepper in a real terminal: what its keys do, and that it survives every size."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ptydriver import Spawn, Terminal


def test_the_gates_are_on_the_screen(stepper: "Terminal") -> None:
    for name in ("forget f", "input i", "cand", "cell c", "output o", " h "):
        stepper.wait_for(name)
    stepper.wait_for("Pakistan")


def test_right_steps_over_and_left_steps_back(stepper: "Terminal") -> None:
    stepper.press("right")
    stepper.wait_for("timestamp 2/24")
    stepper.press("right", "right")
    stepper.wait_for("timestamp 4/24")
    stepper.press("left")
    stepper.wait_for("timestamp 3/24")


def test_full_stop_steps_into_the_parts_of_a_step(stepper: "Terminal") -> None:
    stepper.press("right")
    stepper.wait_for("timestamp 2/24")
    stepper.press(".")
    stepper.wait_for(r"timestamp 3/24 · 1/4 forget")
    stepper.press(".")
    stepper.wait_for(r"timestamp 3/24 · 2/4 input")


def test_digits_count(stepper: "Terminal") -> None:
    stepper.press("5", "l")
    stepper.wait_for("timestamp 6/24")
    stepper.press("1", "2", "l")
    stepper.wait_for("timestamp 18/24")
    stepper.press("9", "G")
    stepper.wait_for("timestamp 9/24")


def test_slash_finds_and_n_finds_the_next(stepper: "Terminal") -> None:
    stepper.press("/")
    stepper.wait_for("find:")
    stepper.press("Pakistan", "enter")
    stepper.wait_for("timestamp 9/24")
    stepper.settle()
    stepper.press("/")
    stepper.wait_for("find:")
    stepper.press("am", "enter")
    stepper.wait_for("timestamp 12/24")
    stepper.press("n")
    stepper.wait_for("timestamp 18/24")


def test_a_word_that_is_not_there_is_named(stepper: "Terminal") -> None:
    stepper.press("/")
    stepper.wait_for("find:")
    stepper.press("zebra", "enter")
    stepper.wait_for("zebra: not in this sentence")
    stepper.wait_for("timestamp 1/24")


@pytest.mark.parametrize(("typed", "step"), [("17", 17), ("+3", 8), ("-2", 3)])
def test_colon_goes_to_a_timestamp(stepper: "Terminal", typed: str, step: int) -> None:
    stepper.press("5", "G")
    stepper.wait_for("timestamp 5/24")
    stepper.press(":")
    stepper.wait_for(r"go to \(1 to")
    stepper.press(typed, "enter")
    stepper.wait_for(f"timestamp {step}/24")


def test_every_size_keeps_the_step(stepper: "Terminal") -> None:
    stepper.press("7", "l")
    stepper.wait_for("timestamp 8/24")
    for columns, rows in ((120, 40), (60, 15), (80, 24)):
        stepper.resized(columns, rows)
        stepper.wait_for("timestamp 8/24")
        assert stepper.exit_code(within=0) is None
    stepper.press("right")
    stepper.wait_for("timestamp 9/24")


def test_a_small_terminal_says_how_large_it_should_be(stepper: "Terminal") -> None:
    stepper.resize(60, 15)
    stepper.wait_for(r"60x15 .* 80x24")


def test_a_large_terminal_shows_more(stepper: "Terminal") -> None:
    before = len(stepper.screen.split())
    stepper.resize(120, 40)
    stepper.wait_until(lambda: len(stepper.screen.split()) > before, "shows more")


@pytest.mark.parametrize("size", [(20, 5), (1, 1), (300, 80)])
def test_no_size_is_too_odd_to_start_in(spawn: "Spawn", size: tuple[int, int]) -> None:
    terminal = spawn("run", "pakistan", size=size, real=True)
    terminal.wait_until(lambda: b"\x1b[1;1H" in terminal.sent, "draws a frame")
    terminal.resize(80, 24)
    terminal.wait_for("timestamp 1/24")


def test_at_opens_at_that_step(spawn: "Spawn") -> None:
    spawn("run", "pakistan", "--at", "9", real=True).wait_for("timestamp 9/24")


def test_the_bare_command_opens_the_list_and_enter_opens_the_stepper(spawn: "Spawn") -> None:
    terminal = spawn(real=True)
    terminal.wait_for("pakistan")
    assert "timestamp 1/24" not in terminal.screen
    terminal.settle()
    terminal.press("enter")
    terminal.wait_for("timestamp 1/")
    terminal.wait_for("forget f")


def test_nothing_is_sent_while_nobody_types(stepper: "Terminal") -> None:
    stepper.settle(0.5)
    assert stepper.bytes_in(2.0) == b""


def test_nothing_is_sent_while_the_list_is_open(spawn: "Spawn") -> None:
    terminal = spawn(real=True)
    terminal.wait_for("pakistan")
    terminal.settle(0.5)
    assert terminal.bytes_in(2.0) == b""
