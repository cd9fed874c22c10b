"""How much of a screen is left blank."""

from gatestep.tui.app import GatestepApp
from gatestep.tui.views.base.panel import PanelView
from rich.segment import Segment

LARGE_SIZES = ((120, 40), (160, 45), (200, 50))
"""The sizes at which a screen has to use its room."""


def blank_rows(app: GatestepApp) -> list[int]:
    """The rows of the screen, from 0, on which no panel has a character or a shade."""
    filled: set[int] = set()
    for panel in app.screen.query(PanelView):
        if panel.display:
            rows = range(panel.region.y, panel.region.y + panel.region.height)
            base = app.look.style("text").bgcolor
            filled |= {y for y, strip in zip(rows, panel.strips, strict=False) if any(_seen(s, base) for s in strip)}
    return [y for y in range(app.size.height) if y not in filled]


def _seen(segment: Segment, base: object) -> bool:
    shade = segment.style.bgcolor if segment.style else None
    return bool(segment.text.strip()) or (shade is not None and shade != base)


def assert_uses_its_room(app: GatestepApp) -> None:
    """Fail where more than a tenth of the rows is blank."""
    blank = blank_rows(app)
    assert len(blank) <= app.size.height // 10, f"rows {blank} of {app.size.height} are blank"
