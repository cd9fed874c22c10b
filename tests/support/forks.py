"""Commands and trainings that are started by fork from a process that has loaded them: a start takes a second else.

What that does not prove: that the command starts, loads what it needs in time, and reads what Python reads as it
starts. Tests of these start it for real, and so does one test of each kind.
"""

import atexit
import ctypes
import json
import os
import pty
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache, partial
from pathlib import Path

from forkserver import Child
from ptydriver import Start

_SERVER = Path(__file__).with_name("forkserver.py")
_SET_CHILD_SUBREAPER = 36
_READ_WHEN_USED = {"TERM", "COLORTERM", "NO_COLOR", "PATH", "HOME"}
"""What of the environment Python and the libraries read no earlier than the app does."""

_USUAL = {"LC_ALL": "C.UTF-8"}
"""What they read as they start, and a server has."""


class Forks:
    """A server that has loaded the command, and the modules `names`."""

    def __init__(self, *names: str) -> None:
        self._line, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        master, terminal = pty.openpty()  # so that Python sets its streams up as for a terminal
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "OMP_WAIT_POLICY") if name in os.environ}
        environment = {**_USUAL, **kept, "TERM": "xterm-256color"}
        self._server = subprocess.Popen(
            [sys.executable, "-P", _SERVER, str(far.fileno()), *names], pass_fds=[far.fileno()], env=environment,
            stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True,
        )  # fmt: skip
        self._master = master
        os.close(terminal)
        far.close()
        atexit.register(self.close)

    def start(
        self,
        argv: Sequence[str],
        env: Mapping[str, str],
        terminal: int,
        ignore_hang_up: bool,
        trains: bool = False,
        measures: str = "",
    ) -> int:
        """Start a command on a terminal, and return the number of its process, which is a child of this one.

        Its first training begins by fork where it `trains`; the memory in use is written to the file that `measures`
        names whenever it gets SIGRTMIN.
        """
        request = {"arguments": list(argv), "environment": dict(env), "ignore_hang_up": ignore_hang_up}
        return self._fork({**request, "trains": trains, "measures": measures}, terminal)

    def work(self, descriptor: int) -> Child:
        """Start what works at the other end of a training's line, with this file descriptor."""
        return Child(self._fork({"arguments": None, "environment": dict(os.environ)}, descriptor))

    def close(self) -> None:
        """End the server."""
        self._line.close()
        self._server.wait()

    def _fork(self, request: Mapping[str, object], file: int) -> int:
        message = json.dumps({**request, "directory": os.getcwd()}).encode()
        _adopt(True)  # what is left without a parent becomes a child of this process
        try:
            socket.send_fds(self._line, [message], [file])
            told = self._line.recv(20)
        finally:
            _adopt(False)
        assert told, f"the server has ended: {os.read(self._master, 2**16).decode()}"
        return int(told)


def _adopt(orphans: bool) -> None:
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, int(orphans), 0, 0, 0)


def starter(env: Mapping[str, str], torch: bool = False, measures: str = "") -> Start | None:
    """Return what starts a command with this environment by fork; None where that would not be the same.

    One with `torch` finds PyTorch loaded, and so does its first training; for `measures` see `Forks.start`.
    """
    if not can_fork(env):
        return None
    return partial((with_torch() if torch else plain()).start, trains=torch, measures=measures)


def can_fork(env: Mapping[str, str] = _USUAL) -> bool:
    """Whether there are such servers here, and a child of one with this environment is as if started with it."""
    rest = {name: value for name, value in env.items() if name not in _READ_WHEN_USED}
    return sys.platform == "linux" and rest == _USUAL


def can_measure() -> bool:
    """Whether a child can say what memory it has in use: the C library of Linux counts it from 2.33 on."""
    return can_fork() and hasattr(ctypes.CDLL(None), "mallinfo2")


@cache
def plain() -> Forks:
    """The server that has loaded the command."""
    return Forks()


@cache
def with_torch() -> Forks:
    """The server that has loaded PyTorch too, and what a training needs besides."""
    return Forks("torch", "torch.optim", "pandas", "sklearn.preprocessing")
