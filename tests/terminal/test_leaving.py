"""Every way out: keys, signals, and a terminal that goes away."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from restored import ENTER_ALTERNATE, assert_restored

if TYPE_CHECKING:
    from ptydriver import Spawn, Terminal

COMMAND = Path(sys.executable).with_name("gatestep")


@pytest.mark.parametrize("keys", ["q", "ctrl+q", "ctrl+c"])
def test_a_key_quits_and_restores_the_terminal(stepper: "Terminal", keys: str) -> None:
    stepper.press(keys)
    assert stepper.exit_code() == 0
    assert_restored(stepper)


def test_esc_goes_back_and_never_quits(spawn: "Spawn") -> None:
    terminal = spawn(real=True)
    terminal.wait_for("Enter open")
    terminal.settle()
    terminal.press("enter")
    terminal.wait_for("lesson 1/")
    terminal.press("esc")
    terminal.wait_until_gone("lesson 1/")
    terminal.press("esc")
    terminal.wait_for("Enter open")
    for _ in range(3):
        terminal.press("esc")
        terminal.wait_for("this is the first screen; q quits")
        terminal.press("esc")  # puts the note away
        terminal.wait_for("q quit$|q quit ")
    assert terminal.exit_code(within=0) is None
    terminal.press("esc")
    terminal.wait_for("q quits")
    terminal.press("q")  # which no note swallows
    assert terminal.exit_code() == 0


def test_ctrl_c_quits_from_a_prompt(stepper: "Terminal") -> None:
    stepper.press("/")
    stepper.wait_for("find:")
    stepper.press("ctrl+c")
    assert stepper.exit_code() == 0
    assert_restored(stepper)


def test_q_in_the_stepper_goes_back_to_the_list_it_came_from(spawn: "Spawn") -> None:
    terminal = spawn()
    terminal.wait_for("pakistan")
    terminal.settle()
    terminal.press("enter")
    terminal.wait_for("timestamp 1/")
    terminal.settle()
    terminal.press("q")  # also with the lesson open
    terminal.wait_for("Enter open")
    terminal.settle()
    terminal.press("q")
    assert terminal.exit_code() == 0


def test_sigterm_ends_it_and_restores_the_terminal(stepper: "Terminal") -> None:
    os.kill(stepper.pid, signal.SIGTERM)
    assert stepper.exit_code() == 128 + signal.SIGTERM
    assert_restored(stepper)


def test_a_hang_up_ends_it(stepper: "Terminal") -> None:
    stepper.hang_up()
    assert stepper.exit_code(within=3) is not None


@pytest.mark.parametrize("keys", ["", "/", "?", " "], ids=["still", "prompt", "help", "playing"])
def test_a_hang_up_ends_it_where_sighup_is_ignored(spawn: "Spawn", keys: str) -> None:
    terminal = spawn("run", "pakistan", "--at", "1", ignore_hang_up=True, real=not keys)
    terminal.wait_for("timestamp 1/24")
    terminal.settle()
    terminal.press(*keys)
    terminal.bytes_in(0.3)
    terminal.hang_up()
    assert terminal.exit_code(within=3) == 128 + signal.SIGHUP


def test_standard_error_may_go_elsewhere(spawn: "Spawn", tmp_path: Path) -> None:
    """The app draws on standard output, which was looked at to see whether there is a terminal."""
    log = tmp_path / "log"
    shell = f'exec "{COMMAND}" run pakistan --at 1 2>"{log}"'
    terminal = spawn(shell=shell)
    terminal.wait_for("forget f")
    terminal.press("q")
    assert terminal.exit_code() == 0
    assert log.read_bytes() == b""


@pytest.mark.parametrize(("args", "shown"), [(("run", "pakistan"), "timestamp 24/24"), ((), "gatestep run")])
@pytest.mark.parametrize("side", ["<{file}", ">{file}"], ids=["no keys", "no screen"])
def test_with_one_end_missing_it_prints_and_ends(
    spawn: "Spawn", tmp_path: Path, args: tuple[str, ...], shown: str, side: str
) -> None:
    file = tmp_path / "file"
    file.touch()
    terminal = spawn(shell=f'exec "{COMMAND}" {" ".join(args)} {side.format(file=file)}')
    assert terminal.exit_code() == 0
    assert ENTER_ALTERNATE not in terminal.sent
    assert shown in (terminal.sent.decode() if side.startswith("<") else file.read_text())


def test_a_dumb_terminal_gets_text(spawn: "Spawn") -> None:
    size = (120, 100)  # all of the page, nothing scrolled off
    terminal = spawn("run", "pakistan", env={"TERM": "dumb"}, size=size, real=True)
    assert terminal.exit_code() == 0
    assert "timestamp 24/24" in terminal.screen
    assert b"\x1b" not in terminal.sent


def test_without_any_terminal_it_prints_and_ends() -> None:
    done = subprocess.run([COMMAND, "run", "pakistan"], stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    assert done.returncode == 0
    assert b"timestamp 24/24" in done.stdout
    assert b"\x1b" not in done.stdout + done.stderr
