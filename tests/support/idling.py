"""How a pilot knows that the app has dealt with a key: by what is left to do, and not by a clock."""

import asyncio

from textual._context import active_app
from textual._wait import SLEEP_GRANULARITY, wait_for_idle


async def until_idle(min_sleep: float = SLEEP_GRANULARITY, max_sleep: float = 1.0) -> None:
    """Wait until the pilot's app has nothing to do, and has laid out and drawn what changed.

    It replaces Textual's own wait, which sleeps for at least 20 ms twice a key until the process takes little processor
    time; that is used only while a thread of the app works.
    """
    app = active_app.get()
    await _until_nothing_is_ready()
    if app._resize_event:  # else it is dealt with 8 ms later
        app._check_resize()
        await _until_nothing_is_ready()
    if app.screen_stack:
        app.screen._on_timer_update()  # else it comes within 17 ms
        await _until_nothing_is_ready()
    if any(worker.is_running for worker in app.workers):
        await wait_for_idle(min_sleep, max_sleep)


async def _until_nothing_is_ready() -> None:
    """Let every other task run until all of them wait for a time or for a file."""
    ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
    await asyncio.sleep(0)
    while ready:
        await asyncio.sleep(0)
