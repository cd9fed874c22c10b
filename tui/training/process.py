"""Training beside the screen, in a process of its own: keys are answered, and nothing else writes to the terminal."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any

from ...engine import BadInput, WorkFailed

EVERY = 0.1
"""Seconds between two reports: what a person sees as moving, and not more than a slow line can carry."""

Make = Callable[[], Iterator[Any]]
"""Begins the work: a picklable function of no arguments, such as a functools.partial of one in a module."""

_PAUSE, _GO = "pause", "go"


@dataclass(frozen=True, eq=False)
class Report:
    """Some items (epochs) that are done, and whether they are the last; or the line that says why there are no more."""

    items: tuple[Any, ...] = ()
    over: bool = False
    failed: str = ""


class Training:
    """Takes one item (epoch) after another from `make()` in another process, and now and then tells what it has.

    `tell` is called from a thread, with the training and a Report. The process ends with the training, with `cancel`,
    and with the process that started it. What goes between the two is pickled, which is safe: it comes from them alone.
    """

    def __init__(self, make: Make, tell: "Tell") -> None:
        self._line, far = Pipe()
        self._process = start(far.fileno())
        far.close()
        self._tell = tell
        self._cancelled = False
        self._send(make)
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()

    @property
    def pid(self) -> int:
        """The number of the other process."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the other process is there."""
        return self._process.poll() is None

    def pause(self, paused: bool) -> None:
        """Stop for a while, or go on."""
        self._send(_PAUSE if paused else _GO)

    def cancel(self) -> None:
        """End the training; nothing more is reported of it."""
        self._cancelled = True
        self._process.kill()
        self._listener.join()

    def _send(self, what: object) -> None:
        with contextlib.suppress(OSError):  # it is over already
            self._line.send(what)

    def _listen(self) -> None:
        over = False
        while not over:
            try:
                report: Report = self._line.recv()
            except (EOFError, OSError):
                report = Report(over=True, failed="training ended early; the system may have stopped it")
            over = report.over
            if self._cancelled:
                break
            self._tell(self, report)
        self._process.wait()
        self._line.close()


Tell = Callable[[Training, Report], object]
"""Takes what a training reports, which may be before the training has a name elsewhere."""


def start(descriptor: int) -> subprocess.Popen[bytes]:
    """Start the process that works at the end of the line with this file `descriptor`."""
    return subprocess.Popen(
        # -P: nothing is imported from the current directory. In the same process group, so that Ctrl+Z stops both.
        [sys.executable, "-P", "-c", f"from {__name__} import work; work({descriptor})"], pass_fds=[descriptor],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def work(descriptor: int) -> None:
    """Do what the other end of the line with this file `descriptor` asks for, until it is done or the line closed."""
    line = Connection(descriptor)
    with contextlib.suppress(EOFError, OSError):
        try:
            make: Make = line.recv()
            _report(make(), line)
        except (BadInput, WorkFailed) as error:
            line.send(Report(over=True, failed=str(error)))
        except MemoryError:
            line.send(Report(over=True, failed="training ran out of memory"))


def _report(items: Iterator[Any], line: Connection) -> None:
    done: list[Any] = []
    told = 0.0
    for item in items:
        done.append(item)
        if time.monotonic() - told >= EVERY:
            line.send(Report(tuple(done)))
            done, told = [], time.monotonic()
        if line.poll() and line.recv() == _PAUSE:
            while line.recv() != _GO:
                pass
    line.send(Report(tuple(done), over=True))
