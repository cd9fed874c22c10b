"""A run over time, for the lists that have room below their rows: the timeline, and the selected unit's strips."""

from collections.abc import Mapping

from ....draw.look import Look
from ..state import Moment
from .strips import rows_of
from .timeline import rows_with

LEAST = 6
"""The fewest rows in which a timeline helps."""


def rows_over_time(moment: Moment | None, room: int, look: Look) -> Mapping[str, int]:
    """Return how many of `room` rows the panels "timeline" and "strips" get: as many as they need, or none."""
    if moment is None or room < LEAST:
        return {"timeline": 0, "strips": 0}
    timeline = min(rows_with(moment, look), room)
    strips = min(rows_of(moment), room - timeline)
    return {"timeline": timeline, "strips": strips if strips >= rows_of(moment) - 1 else 0}  # they can do without words
