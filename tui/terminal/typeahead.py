"""Keys that come faster than they are dealt with, as over a line that stalls: each waits for the one before."""

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from textual.events import Key, Paste

if TYPE_CHECKING:
    from textual.app import App
    from textual.message_pump import MessagePump

Typed = Key | Paste
"""What a person types."""


class TypeAhead:
    """Hands to `app` one key after the other.

    Textual gives every key at once to what has the focus, and obeys it later, when it has come up to the app again: of
    two keys in one packet the second would go to a page that the first is about to leave, or to what lies below the
    prompt that the first opens. `hand` gives one key to the app. What is sent behind it, up the same way, comes back
    when it has been obeyed; and sent once more, when the messages that it has caused have arrived.
    """

    def __init__(self, app: "App[Any]", hand: Callable[[Typed], Awaitable[None]]) -> None:
        self._app, self._hand = app, hand
        self._waiting: deque[Typed] = deque()
        self._busy = False

    async def take(self, key: Typed) -> None:
        """Hand the key on now, or when those before it have been dealt with."""
        self._waiting.append(key)
        if not self._busy:
            await self._next()

    async def _next(self) -> None:
        self._busy = bool(self._waiting)
        if self._busy:
            way: list[MessagePump] = [*(self._app.focused or self._app.screen).ancestors_with_self]
            await self._hand(self._waiting.popleft())
            await self._follow(way * 2)

    async def _follow(self, way: "Sequence[MessagePump]") -> None:
        if not way:
            await self._next()
        for n, node in enumerate(way, 1):
            if node.call_later(self._follow, way[n:]):  # else it is closed, perhaps by this very key
                return
