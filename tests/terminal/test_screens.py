"""The lesson and the comparison in a real terminal."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ptydriver import Spawn


def test_a_scenario_opens_with_its_lesson_and_leads_to_a_comparison(spawn: "Spawn") -> None:
    terminal = spawn("run", "order", real=True)
    terminal.wait_for("lesson 1/4")
    terminal.settle()
    question = "Guess which of three networks can tell who is speaking"
    terminal.wait_until(lambda: question in " ".join(terminal.screen.split()), "asks")
    assert "no better than a coin" not in " ".join(terminal.screen.split())
    terminal.press("enter")
    terminal.wait_for("LSTM and RNN name the speaker")
    terminal.press("enter")
    terminal.wait_for(r"timestamp 3/6 · 3/4 update")
    terminal.press("esc")
    terminal.wait_until_gone("lesson 2/4")
    terminal.press("c")
    terminal.wait_for("they diverge at timestamp 3")
    terminal.press("right")
    terminal.wait_for("timestamp 4/6")
    terminal.settle()
    terminal.press("q")
    terminal.wait_for("timestamp 4/6")
    terminal.settle()
    terminal.press("t")
    terminal.wait_for("lesson 2/4")
    terminal.settle()
    terminal.press("esc")
    terminal.wait_until_gone("lesson 2/4")
    terminal.press("q")
    assert terminal.exit_code() == 0
    assert terminal.sent.rfind(b"\x1b[?1049l") > terminal.sent.rfind(b"\x1b[?1049h")


def test_nothing_is_sent_while_the_lesson_waits(spawn: "Spawn") -> None:
    terminal = spawn("run", "order")
    terminal.wait_for("lesson 1/4")
    terminal.settle(0.5)
    assert terminal.bytes_in(1.5) == b""


def test_compare_opens_the_comparison_at_once_and_at_the_step_asked_for(spawn: "Spawn") -> None:
    terminal = spawn("run", "order", "--compare", "I am Hassan, not Ahmad", "--at", "3", size=(120, 40), real=True)
    terminal.wait_for("compared · timestamp 3/6")
    terminal.wait_for("they diverge at timestamp 3")
    for columns, rows in ((60, 15), (20, 5), (250, 70), (80, 24)):
        terminal.resized(columns, rows)
        assert terminal.exit_code(within=0) is None
    terminal.wait_for("timestamp 3/6")
    terminal.press("q")
    assert terminal.exit_code() == 0
