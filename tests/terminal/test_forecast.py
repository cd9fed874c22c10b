"""The forecaster in a real terminal: its training beside the screen, and that nothing of it is left behind."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ptydriver import Spawn, Terminal


def children(pid: int) -> list[int]:
    """The processes that `pid` has started and that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(parent) == pid and state != "Z":
            found.append(int(stat.parent.name))
    return found


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def wait_until_gone(pids: list[int]) -> None:
    until = time.monotonic() + 10
    while not all(gone(pid) for pid in pids):
        assert time.monotonic() < until, "a training outlives its screen"
        time.sleep(0.05)


def training(spawn: "Spawn", real: bool = False) -> "Terminal":
    """The forecaster on its page of learning, a few epochs into a training."""
    terminal = spawn("run", "starbucks", "--at", "201", real=real, torch=True)
    terminal.wait_for("Volume day by day")
    terminal.settle()
    for key in ("tab", "tab", " "):
        terminal.press(key)
    terminal.wait_for(r"training \d+/1000")
    return terminal


def test_it_trains_beside_the_screen_and_answers_keys_and_a_resize(spawn: "Spawn") -> None:
    terminal = training(spawn)
    pids = children(terminal.pid)
    terminal.press("right")
    terminal.wait_for("2020-09-29")
    terminal.press(" ")
    terminal.wait_for(r"training \d+/1000 · paused")
    terminal.settle()
    assert terminal.bytes_in(1.0) == b"", "while it is paused nothing is sent"
    terminal.press(" ")
    terminal.wait_for(r"training \d+/1000(?! · paused)")
    terminal.resize(120, 40)  # which keeps everything
    terminal.wait_for("trained in ", within=90)  # 1,000 epochs
    terminal.wait_for(r"saved epochs +0 .*1000")
    wait_until_gone(pids)
    terminal.press("q")
    terminal.press("q")
    assert terminal.exit_code() == 0


def test_leaving_ends_the_training(spawn: "Spawn") -> None:
    terminal = training(spawn, real=True)
    pids = children(terminal.pid)
    assert pids
    terminal.press("ctrl+c")
    terminal.exit_code()
    wait_until_gone(pids)


def test_a_hang_up_ends_the_training(spawn: "Spawn") -> None:
    terminal = training(spawn)
    pids = children(terminal.pid)
    terminal.hang_up()
    terminal.exit_code()
    wait_until_gone(pids)


def test_a_kill_ends_the_training(spawn: "Spawn") -> None:
    terminal = training(spawn)
    pids = children(terminal.pid)
    os.kill(terminal.pid, 9)
    wait_until_gone(pids)


def test_a_narrow_plain_terminal_gets_only_ascii(spawn: "Spawn") -> None:
    terminal = spawn("run", "starbucks", "--at", "201", size=(60, 20), env={"LC_ALL": "C"})
    terminal.wait_for("Volume")
    for key in ("tab", "tab", "tab", "tab", "s", "q"):
        terminal.press(key)
        terminal.settle()
    assert terminal.sent.isascii()
