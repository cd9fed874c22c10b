"""What the screens have in common that are shown first, and then filled with what a thread finds."""

from typing import Any

from textual.message import Message

from ....engine import BadInput, WorkFailed
from ...draw.look import Look
from .counting import CountingScreen


class FindingScreen(CountingScreen):
    """Has a thread `_find` what is missing of its state, one thing at a time, and `_take` what was found."""

    class Found(Message):
        """`found` is what was missing of `state`, or None for a `reason`."""

        def __init__(self, state: Any, found: Any, reason: str = "") -> None:
            super().__init__()
            self.state, self.found, self.reason = state, found, reason

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._finding = False

    def _missing(self, state: Any) -> bool:
        """Whether something is missing of `state` that can be found."""
        raise NotImplementedError

    def _find(self, state: Any) -> Any:
        """What is missing of `state`, computed in a thread. May raise BadInput and WorkFailed."""
        raise NotImplementedError

    def _take(self, event: Found) -> None:
        """Show what was found, or why nothing was."""
        raise NotImplementedError

    def _arrange(self) -> None:
        """Share the rows among the panels."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Lay out what is known already, and have the rest found."""
        self._arrange()
        self._show()
        self._begin()

    def on_resize(self) -> None:
        """Share the new size among the panels."""
        self._arrange()

    def _begin(self) -> None:
        """Let a thread begin once the screen is painted: loading torch leaves little time for anything else."""
        if not self._finding and self._missing(self.state):
            self._finding = True
            self.call_after_refresh(self._work)

    def _work(self) -> None:
        state = self.state

        def work() -> None:  # no partial: Textual spells out what a worker calls, here with all that the state holds
            try:
                self.post_message(self.Found(state, self._find(state)))
            except (BadInput, WorkFailed) as error:
                self.post_message(self.Found(state, None, str(error)))

        self.run_worker(work, thread=True, group="finding", exit_on_error=False)

    def on_finding_screen_found(self, event: Found) -> None:
        """Take what the thread has found, and have found what is missing of the state that is shown by now."""
        self._finding = False
        self._take(event)
        self._begin()
