"""A real terminal for the installed command: a pty, a person's keys, and an emulator that reads the screen back.

The tests of `tests/terminal` and the measurements of `tests/bench` drive the command through it.
"""

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pyte

COMMAND = Path(sys.executable).with_name("gatestep")

KEYS = {
    "right": "\x1b[C", "left": "\x1b[D", "up": "\x1b[A", "down": "\x1b[B", "enter": "\r", "escape": "\x1b",
    "esc": "\x1b[27u",  # as sent by a terminal that distinguishes it from the beginning of a sequence
    "tab": "\t", "space": " ", "ctrl+c": "\x03", "ctrl+p": "\x10", "ctrl+l": "\x0c", "ctrl+z": "\x1a", "ctrl+q": "\x11",
}  # fmt: skip

PATIENCE = 20.0
"""Seconds after which something that should have happened has not."""

_WITHIN = 0.002
"""Seconds within which more of a frame comes: a pty takes 4 kB at once."""


def environment(changes: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """Return what the command finds in its environment; None removes a variable."""
    usual = {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"], "HOME": os.environ.get("HOME")}
    return {name: value for name, value in {**usual, **(changes or {})}.items() if value is not None}


Start = Callable[[list[str], Mapping[str, str], int, bool], int]
"""Starts a command with an environment on a terminal, ignoring SIGHUP or not; returns the number of its process."""


def executed(argv: list[str], env: Mapping[str, str], terminal: int, ignore_hang_up: bool) -> int:
    """Start a command as a shell does."""
    pid = os.fork()
    if pid == 0:
        try:
            os.setsid()
            fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
            for number in (0, 1, 2):
                os.dup2(terminal, number)
            os.closerange(3, 256)
            if ignore_hang_up:
                signal.signal(signal.SIGHUP, signal.SIG_IGN)
            os.execve(argv[0], argv, dict(env))
        finally:
            os._exit(127)
    return pid


class Emulator(pyte.Screen):
    """A screen that answers the command's queries, as terminals do."""

    def __init__(self, size: tuple[int, int], answer: Callable[[bytes], object]):
        super().__init__(*size)
        self._answer = answer

    def write_process_input(self, data: str) -> None:
        self._answer(data.encode())


class Terminal:
    """One command in a pty of its own."""

    def __init__(
        self,
        argv: list[str],
        size: tuple[int, int],
        env: Mapping[str, str],
        ignore_hang_up: bool,
        start: "Start | None" = None,
    ):
        self._emulator = Emulator(size, self._answer)
        self._stream = pyte.ByteStream(self._emulator)
        self._sent = bytearray()  # a soak test sends so much that copying it for every chunk would take milliseconds
        self._shown: str | None = None  # what the screen shows; None where anything has come since it was read
        self._code: int | None = None
        self._master, slave = pty.openpty()
        self._set_size(size)
        self.pid = (start or executed)(argv, env, slave, ignore_hang_up)
        os.close(slave)

    @property
    def sent(self) -> bytes:
        """Every byte the command has sent so far."""
        return bytes(self._sent)

    @property
    def screen(self) -> str:
        """What a person sees, as text, a line a row."""
        if self._shown is None:  # pyte takes milliseconds for it, and a wait reads it 20 times a second
            self._shown = "\n".join(self._emulator.display)
        return self._shown

    @property
    def modes(self) -> list[object]:
        """How the system treats what is typed and printed: echo, signals, line by line."""
        return termios.tcgetattr(self._master)

    @property
    def last_row(self) -> str:
        """The bottom line of the screen."""
        return self._emulator.display[-1]

    def press(self, *keys: str) -> None:
        """Send keys: names in KEYS, or characters as they are."""
        self.send("".join(KEYS.get(key, key) for key in keys).encode())

    def wait_for(self, pattern: str, within: float = PATIENCE) -> None:
        """Read until the screen shows `pattern`, and fail when it does not `within` so many seconds."""
        self.wait_until(lambda: self.shows(pattern), f"shows {pattern!r}", within)

    def wait_until(self, true: Callable[[], object], what: str, within: float = PATIENCE) -> None:
        """Read until `true`, and fail if that takes longer than `within`; `what` says what never happened."""
        deadline = time.monotonic() + within
        while not true():
            alive = self._read(0.05)
            if true():
                return
            assert alive, f"the command ended (exit code {self.exit_code()}) and never {what}:\n{self.screen}"
            assert time.monotonic() < deadline, f"it never {what}:\n{self.screen}"

    def shows(self, pattern: str) -> bool:
        """Whether `pattern` is on the screen now."""
        return bool(re.search(pattern, self.screen, re.MULTILINE))

    def wait_until_gone(self, pattern: str) -> None:
        """Read until the screen does not show `pattern`."""
        self.wait_until(lambda: not self.shows(pattern), f"takes {pattern!r} away")

    def becomes(self, screen: str) -> bool:
        """Read until the screen is `screen`, and return whether it was within PATIENCE."""
        deadline = time.monotonic() + PATIENCE
        while self.screen != screen and time.monotonic() < deadline and self._read(0.05):
            pass
        return self.screen == screen

    def redrawn(self) -> str:
        """Have everything drawn again, and return the screen when it is."""
        self._until_drawn(lambda: self.press("ctrl+l"))
        return self.screen

    def resized(self, columns: int, rows: int) -> None:
        """Change the size of the terminal to another, and read until all is drawn for it."""
        self._until_drawn(lambda: self.resize(columns, rows))

    def _until_drawn(self, act: Callable[[], None]) -> None:
        self.settle()
        before = len(self._sent)
        act()
        self.wait_until(lambda: len(self._sent) > before, "draws anything")
        self.settle()

    def settle(self, silence: float = 0.15) -> None:
        """Read until nothing has come for `silence` seconds in which the command was not at work either."""
        deadline = time.monotonic() + PATIENCE
        seen, quiet_since = len(self._sent), time.monotonic()
        while (now := time.monotonic()) < quiet_since + silence:
            assert now < deadline, "the command never stops sending, or working"
            self._read_for(0.01)
            if len(self._sent) > seen or self._at_work():
                seen, quiet_since = len(self._sent), time.monotonic()

    def _at_work(self) -> bool:
        """Whether a thread of the command runs or waits for a processor; False where the system does not say."""
        for stat in Path(f"/proc/{self.pid}/task").glob("*/stat"):
            with contextlib.suppress(OSError):  # the thread has ended
                if stat.read_text().rpartition(")")[2].split()[0] in "RD":
                    return True
        return False

    def redraw(self, key: str, silence: float = 0.08) -> tuple[bytes, float]:
        """Press `key`; return what is sent until `silence`, and the seconds until the last byte of it.

        A frame is read whole before the emulator gets it, since the emulator's time is not the command's.
        """
        before, start = len(self._sent), time.perf_counter()
        last, alive = start, True
        self.press(key)
        while alive and select.select([self._master], [], [], silence if len(self._sent) > before else 0.5)[0]:
            frame = b""
            while alive and select.select([self._master], [], [], _WITHIN)[0]:
                frame += (chunk := self._chunk())
                last, alive = time.perf_counter(), bool(chunk)
            self._take(frame)
        return bytes(self._sent[before:]), last - start

    def bytes_in(self, seconds: float) -> bytes:
        """Return what is sent within the next `seconds`."""
        before = len(self._sent)
        self._read_for(seconds)
        return bytes(self._sent[before:])

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the terminal, of which the command is notified by SIGWINCH."""
        self._emulator.resize(rows, columns)
        self._shown = None
        self._set_size((columns, rows))

    def hang_up(self) -> None:
        """Close the terminal."""
        os.close(self._master)
        self._master = -1

    def exit_code(self, within: float = PATIENCE) -> int | None:
        """Return the exit code, minus a signal's number where one ended it, or None when it runs on after `within`."""
        deadline = time.monotonic() + within
        while self._code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._code = os.waitstatus_to_exitcode(status)
            elif time.monotonic() >= deadline:
                break
            elif self._master >= 0:
                self._read(0.02)
            else:
                time.sleep(0.02)
        while self._master >= 0 and self._code is not None and self._read(0):
            pass
        return self._code

    def close(self) -> None:
        """End the command if it runs, and the terminal."""
        if self._code is None and self.exit_code(0.05) is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        if self._master >= 0:
            self.hang_up()

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        os.write(self._master, data)

    def _answer(self, data: bytes) -> None:
        self.send(data)

    def _set_size(self, size: tuple[int, int]) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def _read(self, seconds: float) -> bool:
        """Read what comes within `seconds`; False where no more can come, or, for 0 seconds, where nothing is there."""
        if not select.select([self._master], [], [], seconds)[0]:
            return seconds > 0
        self._take(chunk := self._chunk())
        return bool(chunk)

    def _chunk(self) -> bytes:
        """What is there to be read; nothing where no more can come."""
        try:
            return os.read(self._master, 65536)
        except OSError:  # how Linux reports the end of a pty
            return b""

    def _take(self, chunk: bytes) -> None:
        self._sent += chunk
        self._shown = None
        self._stream.feed(chunk)

    def _read_for(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and self._read(left):
            pass


Spawn = Callable[..., Terminal]
"""What starts a terminal for a test: spawn("run", "pakistan", size=(80, 24))."""
