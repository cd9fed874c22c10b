"""The sizes and looks in which snapshots of the screens are taken."""

from collections.abc import Awaitable, Callable

import pytest
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from textual.pilot import Pilot

SMALL, MIDDLE, LARGE = (80, 24), (120, 40), (200, 50)

IN_OTHER_LOOKS = pytest.mark.parametrize(
    "look", [Look(ASCII), Look(UNICODE, "16"), Look(UNICODE, "none")], ids=["ascii", "16", "none"]
)
"""The looks besides the usual one: in ASCII, in the terminal's own 16 colours, and in none."""

Compare = Callable[..., bool]
"""What the fixture `snap_compare` is."""


def pressing(*keys: str) -> Callable[[Pilot[Exception]], Awaitable[None]]:
    """Press keys, and wait for what a thread finds, before the rest is pressed."""

    async def press(pilot: Pilot[Exception]) -> None:
        await pilot.press(*keys)
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()

    return press
