"""A panel that takes long to draw: a thread draws it, and it appears after the frame that it belongs to."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from ...draw.lines import Line, Panel
from ...draw.look import Look
from .panel import PanelView
from .threads import run_in_thread

S = TypeVar("S")

Key = Callable[[Any, int, int, Look], Hashable]
"""(what to show, width, height, look) -> what it is drawn from; drawing again from the same takes next to no time."""


class LateView(PanelView[S]):
    """Shows a panel as soon as a thread has drawn it for the first time; until then it is empty."""

    def __init__(self, panel: Panel[S], drawn_for: Key, id: str) -> None:
        super().__init__(panel, id)
        self._key = drawn_for
        self._ready: Hashable = None
        self._asked: Hashable = None

    def _draw(self, width: int, height: int) -> list[Line]:
        if self._shown is None or not width or not height:
            return []
        state, look = self._shown
        key = self._key(state, width, height, look)
        if key == self._ready:
            return super()._draw(width, height)
        if key != self._asked:
            self._asked = key
            self.call_after_refresh(self._begin, key, state, width, height, look)
        return []

    def _begin(self, key: Hashable, state: S, width: int, height: int, look: Look) -> None:
        """Draw in a thread, unless something else is shown meanwhile."""
        if key == self._asked and self.is_attached:
            run_in_thread(self.screen, lambda: self._make(key, state, width, height, look), group=f"draw {self.id}")

    def _make(self, key: Hashable, state: S, width: int, height: int, look: Look) -> None:
        self._panel(state, width, height, look)
        self.app.call_from_thread(self._drawn, key)

    def _drawn(self, key: Hashable) -> None:
        """Show what was drawn, unless something else is shown meanwhile."""
        if key == self._asked and self.is_attached:
            self._ready = key
            self.redraw()
