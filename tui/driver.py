"""Textual's driver for terminals, with the ends of a session that it does not handle."""

import asyncio
import os
import select
import signal
import sys
from threading import Thread
from typing import Any

from textual.drivers.linux_driver import LinuxDriver

TERMINATED, HUNG_UP = 128 + signal.SIGTERM, 128 + signal.SIGHUP
"""The exit codes that a shell shows for the two signals."""


class TerminalDriver(LinuxDriver):
    """Draws on standard output, restores the terminal on SIGTERM, and ends the app when the terminal goes away."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._file = sys.__stdout__  # standard error may go to a file
        self._watcher: Thread | None = None

    def start_application_mode(self) -> None:
        """Start drawing and reading keys."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self._watcher is None:
            self._loop = asyncio.get_running_loop()
            self._loop.add_signal_handler(signal.SIGTERM, self._leave, TERMINATED)
            self._watcher = Thread(target=self._watch, name="gatestep-hang-up", daemon=True)
            self._watcher.start()

    def _watch(self) -> None:
        # Once a terminal has hung up, reading from it returns nothing at once, for ever. Textual's input thread takes
        # that for silence and asks again without a pause, so where SIGHUP is ignored (nohup, some supervisors) the
        # process would go on, at full load, without anybody to stop it. Polling for no event waits for just this.
        poll = select.poll()
        poll.register(self.fileno, 0)
        if any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll()):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno())  # type: ignore[union-attr]
            self._loop.call_soon_threadsafe(self._leave, HUNG_UP)

    def _leave(self, code: int) -> None:
        self._app.exit(return_code=code)
