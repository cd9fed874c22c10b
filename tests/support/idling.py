"""How a pilot knows that the app has dealt with a key: by what is left to do, and not by a clock."""

import asyncio
from typing import Any

from textual._context import active_app
from textual._wait import SLEEP_GRANULARITY, wait_for_idle
from textual.message_pump import MessagePump
from textual.pilot import Pilot

wait_for_screen = Pilot._wait_for_screen
"""What Textual's own pilots wait by."""


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


async def until_dealt_with(pilot: Pilot[Any], timeout: float = 30.0) -> bool:
    """Wait until the screen and all in it have dealt with what they were sent; return whether they have.

    It replaces what Textual has for that, which sends each of them one more message and waits until all have come back,
    twenty for a key; that is used only where one of them is still at work then, or has ended.
    """
    await _until_nothing_is_ready()
    app = pilot.app
    if app.screen_stack and all(map(_waits, (app, *app.screen.walk_children(with_self=True)))):
        return True
    return await wait_for_screen(pilot, timeout)


def _waits(pump: MessagePump) -> bool:
    """Whether it waits for a message, and there is none."""
    filled: Any = pump._message_queue.ready_event
    return not filled.is_set() and bool(filled._waiters)


async def _until_nothing_is_ready() -> None:
    """Let every other task run until all of them wait for a time or for a file."""
    ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
    await asyncio.sleep(0)
    while ready:
        await asyncio.sleep(0)
