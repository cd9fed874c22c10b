"""What the screens have in common that are shown first, and then filled with what a thread finds."""

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
    """Nobody waits for it any more."""


class FindingScreen(ViewScreen):
    """Has a thread `find` what is missing of its state, one thing at a time, and `found` take what it has found."""

    class Found(Message):
        """`found` is what was missing of `state`, or None for a `reason`."""

        def __init__(self, state: Any, found: Any, reason: str = "") -> None:
            super().__init__()
            self.state, self.found, self.reason = state, found, reason

    class Got(Message):
        """So much, of 1, of what is missing of `state` is found by now."""

        def __init__(self, state: Any, share: float) -> None:
            super().__init__()
            self.state, self.share = state, share

    def __init__(self, state: Any, look: Look) -> None:
        super().__init__(state, look)
        self._finding, self._told = False, 0.0
        self._worker: Worker[None] | None = None

    def missing(self, state: Any) -> bool:
        """Whether something is missing of `state` that can be found."""
        raise NotImplementedError

    def find(self, state: Any) -> Any:
        """Return what is missing of `state`, computed in a thread. May raise BadInput and WorkFailed."""
        raise NotImplementedError

    def found(self, state: Any, found: Any, reason: str) -> Any:
        """Return the state that is shown now with what was `found` for `state`, or why nothing was."""
        raise NotImplementedError

    def got(self, state: Any, share: float) -> Any:
        """Return the state that is shown now where so much of what is missing of `state` is found."""
        return self.state

    def told(self, state: Any, done: int, total: int) -> None:
        """Take word of how far a thread has got; now and then it is shown. Raises Left where nobody waits for it."""
        if get_current_worker().is_cancelled or not self.awaited(state):
            raise Left
        if time.monotonic() - self._told >= EVERY:
            self._told = time.monotonic()
            self.post_message(self.Got(state, done / max(total, 1)))

    def awaited(self, state: Any) -> bool:
        """Whether what is missing of `state` is still asked for."""
        return True

    def watch_state(self, old: Any, new: Any) -> None:
        """Draw the new state, and have found what is missing of it."""
        super().watch_state(old, new)
        self.begin()

    def on_mount(self) -> None:
        """Lay out what is known already, and have the rest found."""
        self.begin()

    def begin(self) -> None:
        """Let a thread begin once the screen is painted: loading torch leaves little time for anything else."""
        if not self._finding and self.missing(self.state):
            self._finding = True
            self.call_after_refresh(self._work)

    def _work(self) -> None:
        state, self._told = self.state, time.monotonic()

        def work() -> None:  # no partial: Textual spells out what a worker calls, here with all that the state holds
            try:
                found, reason = self.find(state), ""
            except (BadInput, WorkFailed) as error:
                found, reason = None, str(error)
            except Left:
                found, reason = None, ""
            except Exception as error:  # whatever it was, the screen must not wait for it for ever
                found, reason = None, f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            self.post_message(self.Found(state, found, reason))

        self._worker = run_in_thread(self, work, group="finding")

    def back(self) -> bool:
        """Undo the innermost thing; where that is the screen, its thread lets go at once."""
        return super().back() or self._let_go()

    def asks(self) -> bool:
        """Say what leaving would lose, or let the thread go."""
        return super().asks() or self._let_go()

    def _let_go(self) -> bool:
        """Call the thread back before the screen is taken away, which it would slow down."""
        if self._worker is not None:
            self._worker.cancel()
        return False

    def on_finding_screen_got(self, event: Got) -> None:
        """Show how far the thread has got."""
        if self._finding:
            self.state = self.got(event.state, event.share)

    def on_finding_screen_found(self, event: Found) -> None:
        """Take what the thread has found, and have found what is missing of the state that is shown by now."""
        self._finding = False
        self.state = self.found(event.state, event.found, event.reason)
        self.begin()
