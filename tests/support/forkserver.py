"""A process that has loaded the command and starts it by fork, which takes hundredths of a second instead of one.

`forks` starts it and speaks to it. It has made no app and started no thread, and each child calls `main` as the
installed command does, with the arguments, environment, directory and terminal that were asked for.
"""

import ctypes
import gc
import importlib
import json
import os
import pkgutil
import signal
import socket
import sys
import types
from collections.abc import Sequence
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSCTTY
from threading import Lock
from typing import Any


class Child:
    """A child that was forked, with what `Training` uses of a Popen."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._code: int | None = None
        self._waiting = Lock()

    def poll(self) -> int | None:
        """Return the exit code, None while it runs."""
        if self._code is None and self._waiting.acquire(blocking=False):
            try:
                self._wait(os.WNOHANG)
            finally:
                self._waiting.release()
        return self._code

    def wait(self) -> int | None:
        """Wait for its end, and return the exit code."""
        with self._waiting:
            self._wait(0)
        return self._code

    def kill(self) -> None:
        """End it."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)

    def _wait(self, how: int) -> None:
        if self._code is None:
            pid, status = os.waitpid(self.pid, how)
            if pid:
                self._code = os.waitstatus_to_exitcode(status)


class _Constants(types.ModuleType):
    """Textual's constants as they are once a terminal is known: the app changes this one before it loads Textual."""

    @property
    def COLOR_SYSTEM(self) -> str:
        """What the environment says now."""
        return os.environ.get("TEXTUAL_COLOR_SYSTEM", "auto")


def serve(line: socket.socket) -> None:
    """Fork a child for each request, until the other end is closed; return in each child, when it has done its work."""
    while True:
        request, files, _, _ = socket.recv_fds(line, 2**17, 1)
        if not request:
            return
        pid = _fork_for_the_caller()
        if pid == 0:
            line.detach()
            _do(json.loads(request), files[0])
            return
        line.send(str(pid).encode())
        os.close(files[0])


def _fork_for_the_caller() -> int:
    """Fork a grandchild whose parent ends, so that it becomes a child of who has asked for it; return its number."""
    reading, writing = os.pipe()
    between = os.fork()
    if between == 0:
        pid = os.fork()
        if pid == 0:
            return 0
        os.write(writing, str(pid).encode())
        os._exit(0)
    os.close(writing)
    told = os.read(reading, 20)
    os.close(reading)
    os.waitpid(between, 0)
    return int(told)


def _do(request: dict[str, Any], file: int) -> None:
    os.chdir(request["directory"])
    os.environ.clear()
    os.environ.update(request["environment"])
    if request["arguments"] is None:
        _work(file)
        return
    os.setsid()
    ioctl(file, TIOCSCTTY, 0)
    for number in (0, 1, 2):
        os.dup2(file, number)
    os.closerange(3, 256)
    if request["trains"]:
        _train_by_fork()
    if request["measures"]:
        _measure_when_asked(Path(request["measures"]))
    if request["ignore_hang_up"]:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    from gatestep.tui.cli import main

    sys.argv = request["arguments"]
    sys.exit(main())


def _work(descriptor: int) -> None:
    """Do what a process for a training does."""
    from gatestep.tui.training.process import work

    kept = os.dup(descriptor)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    os.dup2(kept, 3)
    os.closerange(4, 256)
    work(3)


class _Malloced(ctypes.Structure):
    """What the allocator of C says of itself: struct mallinfo2."""

    _fields_ = tuple((name, ctypes.c_size_t) for name in (
        "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"
    ))  # fmt: skip


def _measure_when_asked(file: Path) -> None:
    """Have SIGRTMIN write down how many blocks of memory Python has in use, and how many bytes C has."""
    from gatestep.tui.views.base.freeing import collect

    malloced = ctypes.CDLL(None).mallinfo2
    malloced.restype = _Malloced

    def measure(*_: object) -> None:
        collect()
        bytes_in_use = malloced()
        written = file.with_suffix(".new")
        written.write_text(f"{sys.getallocatedblocks()} {bytes_in_use.uordblks + bytes_in_use.hblkhd}")
        written.rename(file)

    signal.signal(signal.SIGRTMIN, measure)


def _train_by_fork() -> None:
    """Have the first training of this command be done by a process that is forked now, before it has any thread."""
    from gatestep.tui.training import process

    near, far = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        near.close()
        asked, files, _, _ = socket.recv_fds(far, 1, 1)
        far.detach()
        if asked:
            _work(files[0])
        os._exit(0)
    far.close()
    started = process.start

    def start(descriptor: int) -> Any:
        process.start = started
        socket.send_fds(near, [b"."], [descriptor])
        near.close()
        return Child(pid)

    process.start = start


def _load(names: Sequence[str]) -> None:
    """Load the whole command, and what else is asked for."""
    from gatestep import tui

    for module in pkgutil.walk_packages(tui.__path__, "gatestep.tui."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for name in names:
        importlib.import_module(name)
    constants = sys.modules["textual.constants"]
    del constants.COLOR_SYSTEM  # type: ignore[attr-defined]
    constants.__class__ = _Constants
    assert ("torch" in sys.modules) == ("torch" in names)
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    sys.path.append(str(Path(__file__).parent))
    _load(sys.argv[2:])
    serve(socket.socket(fileno=int(sys.argv[1])))
