"""Reading the screen of an app that a pilot drives, and waiting for what threads and processes bring about."""

from collections.abc import Callable
from typing import Any

from gatestep.tui.app import GatestepApp
from gatestep.tui.views.base.panel import PanelView
from textual.pilot import Pilot


def shown(app: GatestepApp, panel: str = "") -> str:
    """What `panel` shows, or all panels that are displayed, a line a row."""
    panels = [app.screen.query_one(f"#{panel}", PanelView)] if panel else list(app.screen.query(PanelView))
    return "\n".join(strip.text for p in panels if panel or p.display for strip in p.strips)


async def until(pilot: Pilot[Any], happens: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until something `happens`, and fail where it does not within `seconds`."""
    for _ in range(int(seconds / 0.02)):
        if happens():
            return
        await pilot.pause(0.02)
    raise AssertionError("it has not happened")
