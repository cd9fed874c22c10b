"""The lesson, the comparison and the charts in a real terminal, and what is sent to one that can do little."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ptydriver import Spawn, Terminal

SGR = re.compile(rb"\x1b\[([\d;:]*)m")
COLOURLESS = {"", "0", "1", "2", "3", "4", "7", "22", "23", "24", "27", "39", "49"}

THROUGH = (
    ("enter", "LSTM and RNN name"), ("enter", "lesson 2/4"), ("esc", r"\? help"),
    ("c", "they diverge at timestamp 3"), ("l", "timestamp 4/6"),
    ("j", ""), ("tab", ""), ("x", ""), ("m", "RNN"), ("m", "dense"),
    ("s", ""), ("d", ""), ("d", ""), ("e", "sentence on the right:"), ("esc", r"\? help"),
    ("?", "a comparison"), ("esc", r"\? help"), ("a", "chart 1/"), ("d", ""), ("d", ""), ("right", "one chart"),
    ("?", "the charts of a scenario"), ("esc", "one chart"), ("q", "compared"),
    ("q", "timeline"),
    ("m", "RNN"), ("m", "no timestamps"), ("j", "unit 1, hidden h"), ("c", "compared"), ("q", "no timestamps"),
)  # fmt: skip
"""Keys, and what the screen shows then: the lesson, a comparison, the charts, a dense network, and their help."""


def through(terminal: "Terminal") -> None:
    """Open everything there is of "order" besides the stepper."""
    terminal.wait_for("lesson 1/4")
    terminal.settle()
    for keys, shown in THROUGH:
        terminal.press(keys)
        terminal.wait_for(shown)
        terminal.settle(0.06)
    assert terminal.exit_code(within=0) is None


def used(sent: bytes) -> set[str]:
    """Return every SGR parameter list that was sent."""
    return {match.decode() for match in SGR.findall(sent)}


def test_a_scenario_opens_with_its_lesson_and_leads_to_a_comparison(spawn: "Spawn") -> None:
    terminal = spawn("run", "order")
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
    terminal = spawn("run", "order", "--compare", "I am Hassan, not Ahmad", "--at", "3", size=(120, 40))
    terminal.wait_for("compared · timestamp 3/6")
    terminal.wait_for("they diverge at timestamp 3")
    for columns, rows in ((60, 15), (20, 5), (250, 70), (80, 24)):
        terminal.resized(columns, rows)
        assert terminal.exit_code(within=0) is None
    terminal.wait_for("timestamp 3/6")
    terminal.press("q")
    assert terminal.exit_code() == 0


def test_no_byte_above_127_is_sent_where_unicode_is_ruled_out(spawn: "Spawn") -> None:
    terminal = spawn("run", "order", env={"TERM": "linux"})
    through(terminal)
    assert sorted({line for line in terminal.sent.split(b"\x1b") if not line.isascii()}) == []


def test_sixteen_colours_are_sent_as_such(spawn: "Spawn") -> None:
    terminal = spawn("run", "order", env={"TERM": "xterm"})
    through(terminal)
    sent = used(terminal.sent)
    assert not {code for code in sent if re.search(r"(^|;)[34]8[;:]", code)}
    assert {code for code in sent if re.search(r"(^|;)[39]\d($|;)", code)}, "there are colours"


def test_no_color_means_none(spawn: "Spawn") -> None:
    terminal = spawn("run", "order", env={"NO_COLOR": "1"})
    through(terminal)
    codes = {part for code in used(terminal.sent) for part in code.split(";")}
    assert codes - COLOURLESS == set()
    assert codes & {"1", "7"}, "the cursor still stands out"
