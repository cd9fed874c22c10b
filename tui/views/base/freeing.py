"""Freeing what a screen has shown once it is left."""

import gc
from typing import TYPE_CHECKING, Any
from weakref import ref

from textual._styles_cache import StylesCache

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen

LATER = 0.25
"""Seconds after which it is tried once more, for a thread that ended when the screen was left."""


def free(app: "App[Any]", left: "ref[Screen[Any]]", *, again: bool = True) -> None:
    """Free the screen that was left, and what it has shown; nothing is done for one that is still open.

    A screen, its workers and their tasks hold one another, so that only the garbage collector finds them; what a thread
    works on is found only after the thread, and the task that awaits it, have ended.
    """
    screen = left()
    if screen is None or screen in app.screen_stack:
        return
    del screen
    StylesCache.get_inner_outer.cache_clear()  # Textual 8 keeps it for 1,024 widgets
    collect()
    if again and left() is not None:
        app.set_timer(LATER, lambda: free(app, left, again=False))


def collect() -> None:
    """Collect garbage, also of what was frozen when PyTorch was loaded."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
