"""The screen that is shown while a large file is read; what was read takes its place."""

import time
from contextvars import copy_context
from dataclasses import replace
from threading import Event, Thread
from typing import Any, ClassVar

from textual.message import Message

from ...draw.look import Look
from ...keys.action import READING
from ..base.screen import ViewScreen
from .panels import reading
from .state import Reading

EVERY = 0.1
"""Seconds between two changes of the share."""


class ReadingScreen(ViewScreen):
    """Reads its file in a thread; its state is a Reading. Leaving the screen ends the reading."""

    WHERE = READING
    PANELS: ClassVar = {"page": reading}

    state: Reading

    class Told(Message):
        """The `share` (0..1) of the file is read."""

        def __init__(self, share: float) -> None:
            super().__init__()
            self.share = share

    class Failed(Message):
        """The file cannot be read: `error` says why."""

        def __init__(self, error: Exception) -> None:
            super().__init__()
            self.error = error

    class Done(Message):
        """The file is read: `record` is to be opened, at timestamp `t` where given."""

        def __init__(self, record: Any, t: int | None) -> None:
            super().__init__()
            self.record, self.t = record, t

    def __init__(self, state: Reading, look: Look) -> None:
        super().__init__(state, look)
        self._left, self._next = Event(), 0.0

    def on_mount(self) -> None:
        """Start to read, in a thread that ends with the program: Textual would wait for one of its own."""
        super().on_mount()
        Thread(target=copy_context().run, args=(self._read,), daemon=True).start()

    def on_unmount(self) -> None:
        """End the reading."""
        self._left.set()

    def _read(self) -> None:
        try:
            record, t = self.state.read(self._tell)
        except _Left:
            return
        except Exception as error:  # whatever it is, the command line reports it
            self._post(self.Failed(error))
        else:
            self._post(self.Done(record, t))

    def _tell(self, share: float) -> None:
        if self._left.is_set():
            raise _Left
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + EVERY
            self._post(self.Told(share))

    def _post(self, message: Message) -> None:
        if not self._left.is_set():
            self.post_message(message)

    def on_reading_screen_told(self, event: Told) -> None:
        """Show how far it is read."""
        self.state = replace(self.state, share=event.share)

    def on_reading_screen_failed(self, event: Failed) -> None:
        """End the app with the error as its result."""
        self.app.exit(event.error)

    def on_reading_screen_done(self, event: Done) -> None:
        """Open what was read in place of this screen, and close the help over it."""
        while self.app.screen is not self:
            self.app.pop_screen()
        self.open(event.record, event.t, instead=True)

    def back(self) -> bool:
        """Leave, also by Esc: there is nothing here yet that could be lost."""
        if not super().back():
            self.app.exit()
        return True


class _Left(Exception):
    """Raised in the thread once nothing awaits the file."""
