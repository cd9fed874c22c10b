"""Any byte that a terminal can send: none ends the app, and what is no key is obeyed by nothing.

GATESTEP_BYTES says how many control strings, and how many runs of bytes, are tried; without it there are few.
"""

import itertools
import os
import random
import shlex
import sys
import time
from pathlib import Path

import pytest
from gatestep.tui.terminal.keyboard import SILENCE
from ptydriver import Spawn, Terminal
from restored import assert_restored

CASES = int(os.environ.get("GATESTEP_BYTES", "24"))
STRINGS = [b"\x1b]", b"\x1bP", b"\x1bX", b"\x1b^", b"\x1b_", b"\x9d", b"\x90", b"\x98", b"\x9e", b"\x9f", b"\xc2\x9d"]
KEYS = b"0123456789abcdefghijklmnopqrstuvwxyzGL.,:/?<>[] \r\t\x03\x10\x11\x1a\x0c;\xe9"
"""What a body is made of: what would act if it were keys, and what nobody can read."""


def answers(terminal: Terminal) -> None:
    """The app is there, obeys an arrow key, and is at the first step again."""
    terminal.press("right")
    terminal.wait_for("timestamp 2/24")
    terminal.press("left")
    terminal.wait_for("timestamp 1/24")


def send(terminal: Terminal, data: bytes, rng: random.Random) -> None:
    """Send `data` in some parts, with a little time between them; not behind an ESC alone, which may be the key."""
    places = sorted({*rng.sample(range(len(data) + 1), min(len(data), 3)), 0, len(data)})
    for begin, end in itertools.pairwise(places):
        terminal.send(data[begin:end])
        if data[begin:end] != b"\x1b":
            terminal.bytes_in(0.005)


@pytest.mark.timeout(60 + 2 * CASES)
def test_control_strings_are_obeyed_by_nothing(stepper: Terminal) -> None:
    rng = random.Random(0)
    shown = stepper.screen
    for _ in range(CASES):
        body = bytes(rng.choices(KEYS, k=rng.choice((0, 5, 40, 400))))
        end = rng.choice((b"\x07", b"\x1b\\", b"\x9c", b""))  # without its end, the next arrow key is its end
        send(stepper, rng.choice(STRINGS) + body + end, rng)
        answers(stepper)
        stepper.settle(0.03)  # else the answer to the question for the cursor may come in the midst of what is sent
    stepper.settle()
    assert stepper.screen == shown


@pytest.mark.timeout(60 + 3 * CASES)
def test_no_run_of_bytes_ends_the_app_but_the_keys_that_do(spawn: Spawn) -> None:
    rng = random.Random(1)
    terminal = None
    for _ in range(CASES):
        if terminal is None:
            terminal = spawn(*rng.choice(((), ("run", "pakistan", "--at", "1"), ("run", "starbucks", "--at", "201"))))
            terminal.wait_for("Enter open|timestamp 1/24|Volume day by day")
        data = rng.randbytes(rng.choice((1, 8, 40)))
        if rng.random() < 0.8:  # the keys that leave would leave too often
            data = data.translate(None, b"q\x03\x11")
        terminal.send(data)
        terminal.settle(0.05)
        if (code := terminal.exit_code(within=0.02)) is not None:
            assert code == 0, data
            assert_restored(terminal)
            assert b"Traceback" not in terminal.sent
            terminal.close()
            terminal = None
    if terminal is not None:
        terminal.press("escape", "ctrl+c")
        assert terminal.exit_code() == 0
        assert b"Traceback" not in terminal.sent


@pytest.mark.parametrize(
    "data", [b"\x82", b"\xff", b"\xe9l", b"\xc3", b"\x9b", b"\x00\x00", b"\x1b[M \xff\x90"], ids=repr
)
def test_a_byte_that_is_no_text_ends_nothing(stepper: Terminal, data: bytes) -> None:
    stepper.send(data)
    stepper.press("5", "G") if data != b"\x9b" else stepper.press("right", "5", "G")
    stepper.wait_for("timestamp 5/24")
    stepper.press("q")
    assert stepper.exit_code() == 0


def test_text_of_another_encoding_can_be_pasted_into_a_prompt(stepper: Terminal) -> None:
    stepper.press("/")
    stepper.wait_for("find:")
    stepper.send(b"Jos\xe9 ")
    stepper.wait_for("find: Jos\ufffd|find: Jos[?]")
    stepper.send(b"\x1b[200~Mar\xeda\x1b[201~")
    stepper.wait_for("Mar.a")
    stepper.press("escape")
    stepper.wait_for(r"\? help")
    answers(stepper)


def test_a_string_without_end_takes_no_time_and_ends_by_itself(stepper: Terminal) -> None:
    start = time.monotonic()
    stepper.send(b"\x1b]52;c;")
    for _ in range(50):
        stepper.send(b"c" * 2000)
    answers(stepper)
    assert time.monotonic() - start < 5, "a quadratic reader takes more than 20 s"
    stepper.send(b"\x1b]52;c;ccc")
    stepper.bytes_in(SILENCE + 0.3)
    stepper.press("5", "G")
    stepper.wait_for("timestamp 5/24")
    assert "compared" not in stepper.screen


def test_a_paste_is_a_paste_also_behind_a_string_without_end(stepper: Terminal) -> None:
    stepper.press("/")
    stepper.wait_for("find:")
    stepper.send(b"\x1b]52;c;ccc")
    stepper.send(b"\x1b[200~Paki")
    stepper.send(b"stan\x1b]0;x\x07\x1b[201~")
    stepper.wait_for(r"find: Pakistan\?\]0;x\?")
    stepper.press("\x7f" * 6, "enter")
    stepper.wait_for("timestamp 9/24")


LISTENING = """
from gatestep.tui.cli import main
from gatestep.tui.terminal.driver import TerminalDriver
class Listening(TerminalDriver):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.hear = lambda answer: print(answer.kind, answer.body, file=open("FILE", "a"))
import gatestep.tui.terminal.driver as driver
driver.TerminalDriver = Listening
raise SystemExit(main(["run", "pakistan", "--at", "1", "--theme", "dark"]))
"""


def test_an_answer_goes_to_who_has_asked(spawn: Spawn, tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    heard.touch()
    program = shlex.quote(LISTENING.replace("FILE", str(heard)))
    terminal = spawn(shell=f"exec {sys.executable} -P -c {program}")
    terminal.wait_for("timestamp 1/24")
    terminal.settle()  # else the answer to the question for the cursor comes between
    terminal.send(b"\x1b]11;rgb:ffff/ff")
    terminal.bytes_in(0.02)
    terminal.send(b"ff/ffff\x1b\\\x1b[?62;22c\x1b]11;cut off")
    answers(terminal)
    terminal.wait_until(heard.read_text, "hears")
    assert heard.read_text().splitlines() == ["OSC 11;rgb:ffff/ffff/ffff", "CSI ?62;22c"]
