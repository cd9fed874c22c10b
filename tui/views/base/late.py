"""A panel that takes long to draw: a thread draws it, and it appears after the frame that it belongs to."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, TypeVar

from textual.worker import get_current_worker

from ...draw.lines import Line, Panel
from ...draw.look import Look
from .panel import PanelView
from .threads import run_in_thread

S = TypeVar("S")

Key = Callable[[Any, int, int, Look], Hashable]
"""(what to show, width, height, look) -> what it is drawn from; drawing again from the same takes next to no time."""

Ahead = Callable[[Any, int], Iterable[tuple[Any, int]]]
"""(what is shown, height) -> what a key may lead to from there, the likeliest first, each with the height for it."""

KEPT = 16
"""How many drawings are taken to be kept where they are drawn."""


class LateView(PanelView[S]):
    """Shows a panel as soon as a thread has drawn it for the first time; until then it is empty.

    Then the thread draws what lies `ahead`, which is there at once when a key leads to it.
    """

    def __init__(self, panel: Panel[S], drawn_for: Key, id: str, ahead: Ahead = lambda *_: ()) -> None:
        super().__init__(panel, id)
        self._key, self._ahead = drawn_for, ahead
        self._ready: dict[Hashable, None] = {}
        self._asked: Hashable = None

    def _draw(self, width: int, height: int) -> list[Line]:
        if self._shown is None or not width or not height:
            return []
        state, look = self._shown
        key = self._key(state, width, height, look)
        if key != self._asked:
            self._asked = key
            self.call_after_refresh(self._begin, key, state, width, height, look)
        return super()._draw(width, height) if key in self._ready else []

    def _begin(self, key: Hashable, state: S, width: int, height: int, look: Look) -> None:
        """Draw in a thread, unless something else is shown meanwhile."""
        if key != self._asked or not self.is_attached:
            return
        wanted = {self._key(one, width, rows, look): (one, rows) for one, rows in self._ahead(state, height)}
        wanted = {key: (state, height), **wanted}
        todo = [(key, *drawn) for key, drawn in wanted.items() if key not in self._ready]
        if todo:
            group = f"draw {self.id}"
            run_in_thread(self.screen, lambda: self._make(todo, width, look), group, exclusive=True)

    def _make(self, todo: Sequence[tuple[Hashable, Any, int]], width: int, look: Look) -> None:
        worker = get_current_worker()
        for key, state, height in todo:
            if worker.is_cancelled or not self.is_attached:  # something else is shown, or the screen is left
                return
            self._panel(state, width, height, look)
            self.app.call_from_thread(self._drawn, key)

    def _drawn(self, key: Hashable) -> None:
        """Keep in mind what was drawn, and show it if it is what is asked for."""
        self._ready[key] = None
        if len(self._ready) > KEPT:
            del self._ready[next(iter(self._ready))]
        if key == self._asked and self.is_attached:
            self.redraw()
