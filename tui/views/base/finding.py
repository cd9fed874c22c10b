"""The base of the screens that are shown at once, and then filled with what a thread finds."""

import time
from typing import Any

from textual.message import Message
from textual.worker import Worker, get_current_worker

from ....engine import BadInput, WorkFailed
from ...draw.look import Look
from .errand import EVERY
from .screen import ViewScreen
from .threads import run_in_thread


class Left(Exception):
    """Raised in the thread once nothing awaits its result."""


class FindingScreen(ViewScreen):
    """Has a thread `find` what is missing of its state, one thing at a time, and `filled` put that into the state."""

    class Found(Message):
        """`found` is what was missing of `state`, or None, for the given `reason`."""

        def __init__(self, state: Any, found: Any, reason: str = "") -> None:
            super().__init__()
            self.state, self.found, self.reason = state, found, reason

    class Got(Message):
        """The `share` (0..1) of what is missing of `state` that is found so far."""

        def __init__(self, state: Any, share: float) -> None:
            super().__init__()
            self.state, self.share = state, share

    def __init__(self, state: Any, look: Look) -> None:
        super().__init__(state, look)
        self._finding, self._reported = False, 0.0
        self._worker: Worker[None] | None = None

    def missing(self, state: Any) -> bool:
        """Whether something is missing of `state` that can be found."""
        raise NotImplementedError

    def find(self, state: Any) -> Any:
        """Return what is missing of `state`; called in a thread. May raise BadInput and WorkFailed."""
        raise NotImplementedError

    def filled(self, state: Any, found: Any, reason: str) -> Any:
        """Return the state on the screen with what was `found` for `state`, or with the `reason` why nothing was."""
        raise NotImplementedError

    def got(self, state: Any, share: float) -> Any:
        """Return the state on the screen with the `share` (0..1) of what is missing of `state` that is found so far."""
        return self.state

    def report(self, state: Any, done: int, total: int) -> None:
        """Report, from the thread, how far it has got. Raises Left once nothing awaits its result."""
        if get_current_worker().is_cancelled or not self.awaited(state):
            raise Left
        if time.monotonic() - self._reported >= EVERY:
            self._reported = time.monotonic()
            self.post_message(self.Got(state, done / max(total, 1)))

    def awaited(self, state: Any) -> bool:
        """Whether what is missing of `state` is still asked for."""
        return True

    def watch_state(self, old: Any, new: Any) -> None:
        """Draw the new state, and have a thread find what is missing of it."""
        super().watch_state(old, new)
        self.begin()

    def on_mount(self) -> None:
        """Have a thread find what the first state lacks."""
        self.begin()

    def begin(self) -> None:
        """Let a thread begin once the screen is painted: loading torch leaves little time for anything else."""
        if not self._finding and self.missing(self.state):
            self._finding = True
            self.call_after_refresh(self._work)

    def _work(self) -> None:
        state, self._reported = self.state, time.monotonic()

        def work() -> None:  # no partial: Textual would print what a worker calls, and all that the state holds
            try:
                found, reason = self.find(state), ""
            except (BadInput, WorkFailed) as error:
                found, reason = None, str(error)
            except Left:
                found, reason = None, ""
            except Exception as error:  # whatever it was, the screen must not wait for ever
                found, reason = None, f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            self.post_message(self.Found(state, found, reason))

        self._worker = run_in_thread(self, work, group="finding")

    def back(self) -> bool:
        """Undo the innermost thing; where that is the screen itself, cancel its thread at once."""
        return super().back() or self._let_go()

    def asks(self) -> bool:
        """Say what leaving would lose, or cancel the thread."""
        return super().asks() or self._let_go()

    def _let_go(self) -> bool:
        """Cancel the thread before the screen is removed, which it would slow down."""
        if self._worker is not None:
            self._worker.cancel()
        return False

    def on_finding_screen_got(self, event: Got) -> None:
        """Show how far the thread has got."""
        if self._finding:
            self.state = self.got(event.state, event.share)

    def on_finding_screen_found(self, event: Found) -> None:
        """Take what the thread has found, and have it find what the state on the screen still lacks."""
        self._finding = False
        self.state = self.filled(event.state, event.found, event.reason)
        self.begin()
