"""Which timestamps of a long sequence are shown at once: a page, so that a step does not move the whole picture."""

WIDEST_CELL = 6
"""The most cells that a timestamp takes."""


def paged(T: int, t: int, room: int, widest: int, least: int = 1) -> tuple[int, int, int]:
    """Return (cells for a timestamp, first timestamp shown, one past the last): the page that `t` is on.

    Of `T` timestamps a page has as many as go into `room` cells, each `least` to `widest` cells wide.
    """
    room = max(room, 1)
    cell = max(min(room // T, widest), least)
    count = max(room // cell, 1)
    start = t // count * count
    return cell, start, min(start + count, T)
