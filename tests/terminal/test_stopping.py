"""Signals and Ctrl+Z at any moment: the terminal is as it was, and after `fg` everything is there again."""

import os
import re
import signal
import time
from pathlib import Path

import pytest
from ptydriver import COMMAND, PATIENCE, Spawn, Terminal
from restored import assert_restored

MOMENTS = {
    "still": ((), "timestamp 9/24"),
    "playing": (("-", " "), "timestamp 9/24"),
    "prompt": (("/", "zebra"), "find: *zebra"),
    "training": (("w",), r"training \d+/9000"),
}
"""Keys, and what is shown then."""

SHELL = "exec bash --norc --noprofile -i"


def at(terminal: Terminal, moment: str) -> None:
    """Bring the stepper to a moment."""
    keys, shown = MOMENTS[moment]
    terminal.wait_for("timestamp 9/24")
    terminal.settle()
    for key in keys:
        terminal.press(key)
    terminal.wait_for(shown)
    terminal.bytes_in(0.2)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, None], ids=str)
def test_every_end_gives_the_terminal_back(spawn: Spawn, moment: str, number: signal.Signals | None) -> None:
    terminal = spawn("run", "pakistan", "--at", "9", real=moment == "still", torch=moment == "training")
    modes = terminal.modes
    at(terminal, moment)
    assert terminal.modes != modes
    if number is None:
        terminal.press("ctrl+c")
    else:
        os.kill(terminal.pid, number)
    start = time.monotonic()
    assert terminal.exit_code() == (128 + number if number else 0)
    assert time.monotonic() - start < 5
    assert terminal.modes == modes
    assert_restored(terminal)
    assert b"Traceback" not in terminal.sent


@pytest.mark.parametrize("moment", [moment for moment in MOMENTS if moment != "training"])
def test_after_a_stop_the_shell_has_its_terminal_and_fg_brings_everything_back(
    spawn: Spawn, tmp_path: Path, moment: str
) -> None:
    Path(tmp_path, "inputrc").write_text("set enable-bracketed-paste off\n")  # the shell's own
    terminal = spawn(shell=SHELL, env={"PS1": "ready> ", "INPUTRC": f"{tmp_path}/inputrc"})
    terminal.wait_for("ready>")
    terminal.settle()
    modes = terminal.modes
    terminal.press(f"{COMMAND} run pakistan --at 9", "enter")
    at(terminal, moment)
    terminal.press("ctrl+z")
    terminal.wait_for("Stopped")
    terminal.wait_until(lambda: terminal.modes == modes, "has its modes again")
    assert_restored(terminal)
    terminal.resize(100, 30)
    before = len(terminal.sent)
    terminal.press("fg", "enter")
    terminal.wait_for(MOMENTS[moment][1].replace("timestamp 9/", r"timestamp \d+/"))
    if moment == "playing":
        terminal.wait_for("timestamp 1[1-9]/24")  # it plays on
        terminal.press(" ")
    terminal.settle(0.3)
    assert b"\x1b[?1049h" in terminal.sent[before:]
    shown = terminal.screen
    assert "pakistan" in shown.splitlines()[0]
    assert "q quit" in terminal.last_row or "find:" in terminal.last_row
    assert terminal.redrawn() == shown
    terminal.press("ctrl+c")
    terminal.wait_for("ready> *$")
    terminal.wait_until(lambda: terminal.modes == modes, "has its modes again")
    assert_restored(terminal)


def state(pid: int) -> str:
    """R, S, T of a process; nothing where it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def becomes(terminal: Terminal, pids: list[int], states: str) -> bool:
    """Whether each of the processes is in one of `states` before long."""
    until = time.monotonic() + PATIENCE
    while not all(state(pid) in states for pid in pids) and time.monotonic() < until:
        terminal.bytes_in(0.02)
    return all(state(pid) in states for pid in pids)


def below(pid: int) -> list[int]:
    """The processes that `pid` has started, and those that these have."""
    found = [
        int(child) for tasks in Path(f"/proc/{pid}/task").glob("*/children") for child in tasks.read_text().split()
    ]
    return [*found, *(pid for child in found for pid in below(child))]


def test_a_training_stops_with_the_app_and_goes_on_with_it(spawn: Spawn, tmp_path: Path) -> None:
    Path(tmp_path, "inputrc").write_text("set enable-bracketed-paste off\n")
    terminal = spawn(shell=SHELL, env={"PS1": "ready> ", "INPUTRC": f"{tmp_path}/inputrc"})
    terminal.wait_for("ready>")
    terminal.settle()
    modes = terminal.modes
    terminal.press(f"{COMMAND} run pakistan --at 9", "enter")
    at(terminal, "training")
    app, training = below(terminal.pid)
    for key in ("ctrl+z", "bg"):  # in the background it would only be stopped again
        terminal.press(*((key,) if key == "ctrl+z" else (key, "enter")))
        terminal.wait_for("Stopped" if key == "ctrl+z" else "ready> bg")
        assert becomes(terminal, [app, training], "T")
        terminal.wait_until(lambda: terminal.modes == modes, "has its modes again")
        assert_restored(terminal)
    terminal.resize(100, 30)
    terminal.press("fg", "enter")
    terminal.wait_for(r"training \d+/")
    assert becomes(terminal, [app, training], "RSD")
    before = re.search(r"training (\d+)/", terminal.screen)
    assert before is not None
    terminal.wait_for(rf"training (?!{before[1]}/)\d+/|trained in")
    terminal.press("ctrl+c")
    terminal.wait_for("ready> *$")
    assert becomes(terminal, [app, training], "")
    terminal.wait_until(lambda: terminal.modes == modes, "has its modes again")
    assert_restored(terminal)


@pytest.mark.parametrize("name", ["SIGQUIT", "SIGUSR1", "SIGXCPU"])
def test_no_signal_that_can_be_handled_leaves_the_terminal_as_it_is(stepper: Terminal, name: str) -> None:
    os.kill(stepper.pid, signal.Signals[name])
    assert stepper.exit_code() == 128 + signal.Signals[name]
    assert_restored(stepper)


def test_a_stop_that_nobody_told_us_of_is_survived(spawn: Spawn) -> None:
    terminal = spawn("run", "pakistan", "--at", "9")
    at(terminal, "still")
    os.kill(terminal.pid, signal.SIGSTOP)
    terminal.bytes_in(0.2)
    os.kill(terminal.pid, signal.SIGCONT)
    terminal.bytes_in(0.5)
    terminal.press("right")
    terminal.wait_for("timestamp 10/24")
    terminal.press("q")
    assert terminal.exit_code() == 0
    assert_restored(terminal)


def test_where_no_shell_could_let_it_go_on_it_does_not_stop(spawn: Spawn) -> None:
    terminal = spawn("run", "pakistan", "--at", "9")
    at(terminal, "still")
    terminal.press("ctrl+z")
    terminal.settle(0.5)
    terminal.press("right")
    terminal.wait_for("timestamp 10/24")


def test_a_session_that_ends_hangs_up_and_lets_go_on_and_neither_holds_it(spawn: Spawn) -> None:
    """What an orphaned process group gets, one after the other, while its terminal is gone."""
    terminal = spawn("run", "pakistan", "--at", "9")
    at(terminal, "playing")
    terminal.press("+", "+", "+", "+")
    terminal.bytes_in(0.2)
    terminal.hang_up()
    for number in (signal.SIGCONT, signal.SIGHUP, signal.SIGCONT):
        try:
            os.kill(terminal.pid, number)
        except ProcessLookupError:
            break
    assert terminal.exit_code(within=6) is not None
