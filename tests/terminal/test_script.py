"""`step` in a running script, in a real terminal: the app opens, is left, and the script goes on."""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from restored import assert_restored

if TYPE_CHECKING:
    from ptydriver import Spawn

SCRIPT = """
import torch
from gatestep.tui import step

torch.manual_seed(0)
print("begun", flush=True)
step(torch.nn.LSTM(3, 4), torch.randn(6, 3))
print("between", flush=True)
step(torch.nn.GRU(3, 4), torch.randn(5, 3), at=2)
print("over", input("name? "), flush=True)
"""


@pytest.fixture
def line(tmp_path: Path) -> str:
    """The line for a shell that runs the script."""
    (tmp_path / "script.py").write_text(SCRIPT)
    return f"{shlex.quote(sys.executable)} -P {shlex.quote(str(tmp_path / 'script.py'))}; echo code $?"


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
def test_the_app_opens_twice_and_the_script_goes_on(spawn: "Spawn", line: str, key: str) -> None:
    terminal = spawn(shell=line)
    terminal.wait_for("begun")
    before = terminal.modes
    terminal.wait_for("LSTM 4 units.*timestamp 1/6")
    terminal.settle()
    terminal.press("right", "right")
    terminal.wait_for("timestamp 3/6")
    terminal.press(key)
    terminal.wait_for("between")
    terminal.wait_for("GRU 4 units.*timestamp 2/5")
    terminal.settle()
    terminal.press(key)
    terminal.wait_for("name\\?")
    assert terminal.modes == before  # a script that asks for a line gets one, with echo
    terminal.press("Sepp", "enter")
    terminal.wait_for("over Sepp")
    terminal.wait_for("code 0")
    assert_restored(terminal)


def test_in_a_pipe_it_prints_the_page(spawn: "Spawn", line: str) -> None:
    terminal = spawn(shell=f"({line}) < /dev/null | cat", size=(120, 60))
    terminal.wait_for("between")
    terminal.wait_for("GRU 4 units . timestamp 2/5")
    assert b"\x1b[?1049h" not in terminal.sent
