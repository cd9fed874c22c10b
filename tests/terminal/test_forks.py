"""A command that is started by fork is as one that is started as a user does it."""

import os
import re
import signal
from pathlib import Path

import pytest
from capabilities import KINDS, Kind
from forks import can_fork
from ptydriver import Spawn, Terminal, environment

pytestmark = pytest.mark.skipif(not can_fork(), reason="only Linux gives a process the child of another")

UNLIKE = [kind for kind in KINDS if kind.name in ("truecolor", "xterm", "linux console", "NO_COLOR")]
"""Kinds of terminal that show something else each, by what is read in the environment."""


def system_view(pid: int) -> dict[str, object]:
    """What the system says of a process, but for its numbers."""
    status = Path(f"/proc/{pid}/status").read_text()
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    parent, group, session, _, foreground = map(int, fields[1:6])
    files = {int(link.name): link for link in Path(f"/proc/{pid}/fd").iterdir()}
    return {
        "signals": re.findall(r"^Sig(?:Blk|Ign|Cgt):.*", status, re.MULTILINE),
        "parent": parent,
        "leads": (group == pid, session == pid, foreground == pid),
        "files": sorted(re.sub(r"\d+", "", os.readlink(link)) for link in files.values()),
        "terminal": all(os.readlink(files[n]).startswith("/dev/pts/") for n in (0, 1, 2)),
        "directory": os.readlink(f"/proc/{pid}/cwd"),
    }


def opened(spawn: Spawn, kind: Kind, real: bool, ignore_hang_up: bool = False) -> Terminal:
    terminal = spawn("run", "pakistan", "--at", "9", env=kind.env, real=real, ignore_hang_up=ignore_hang_up)
    terminal.wait_for("timestamp 9/24")
    terminal.settle()
    return terminal


@pytest.mark.parametrize("kind", UNLIKE, ids=lambda kind: kind.name)
def test_it_shows_the_same_in_the_same_colours(
    spawn: Spawn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    monkeypatch.chdir(tmp_path)
    assert can_fork(environment(kind.env)), "else this would compare two alike"
    real, forked = (opened(spawn, kind, real) for real in (True, False))
    assert forked.screen == real.screen
    assert forked._emulator.buffer == real._emulator.buffer
    assert set(re.findall(rb"\x1b\[[\d;?]*[hlm]", forked.sent)) == set(re.findall(rb"\x1b\[[\d;?]*[hlm]", real.sent))
    assert forked.modes == real.modes
    assert system_view(forked.pid) == system_view(real.pid)
    for terminal in (real, forked):
        os.kill(terminal.pid, signal.SIGTERM)
        assert terminal.exit_code() == 128 + signal.SIGTERM
    assert forked.sent.endswith(real.sent[-100:])


def test_a_signal_that_is_ignored_is_ignored_by_both(spawn: Spawn) -> None:
    real, forked = (opened(spawn, Kind("xterm-256color"), real, ignore_hang_up=True) for real in (True, False))
    assert system_view(forked.pid) == system_view(real.pid)


def test_what_is_read_as_python_starts_is_not_left_to_a_fork() -> None:
    for change in ({"LC_ALL": "C"}, {"LC_ALL": None, "LANG": "C"}, {"TEXTUAL_DRIVER": ""}, {"PYTHONUTF8": "0"}):
        assert not can_fork(environment(change))
