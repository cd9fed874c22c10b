"""What the screens have in common that are shown first, and then filled with what a thread finds."""

from typing import Any

from textual.message import Message

from ....engine import BadInput, WorkFailed
from ...draw.look import Look
from .screen import ViewScreen
from .threads import run_in_thread


class FindingScreen(ViewScreen):
    """Has a thread `find` what is missing of its state, one thing at a time, and `found` take what it has found."""

    class Found(Message):
        """`found` is what was missing of `state`, or None for a `reason`."""

        def __init__(self, state: Any, found: Any, reason: str = "") -> None:
            super().__init__()
            self.state, self.found, self.reason = state, found, reason

    def __init__(self, state: Any, look: Look) -> None:
        super().__init__(state, look)
        self._finding = False

    def missing(self, state: Any) -> bool:
        """Whether something is missing of `state` that can be found."""
        raise NotImplementedError

    def find(self, state: Any) -> Any:
        """Return what is missing of `state`, computed in a thread. May raise BadInput and WorkFailed."""
        raise NotImplementedError

    def found(self, state: Any, found: Any, reason: str) -> Any:
        """Return the state that is shown now with what was `found` for `state`, or why nothing was."""
        raise NotImplementedError

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
        state = self.state

        def work() -> None:  # no partial: Textual spells out what a worker calls, here with all that the state holds
            try:
                found, reason = self.find(state), ""
            except (BadInput, WorkFailed) as error:
                found, reason = None, str(error)
            except Exception as error:  # whatever it was, the screen must not wait for it for ever
                found, reason = None, f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            self.post_message(self.Found(state, found, reason))

        run_in_thread(self, work, group="finding")

    def on_finding_screen_found(self, event: Found) -> None:
        """Take what the thread has found, and have found what is missing of the state that is shown by now."""
        self._finding = False
        self.state = self.found(event.state, event.found, event.reason)
        self.begin()
