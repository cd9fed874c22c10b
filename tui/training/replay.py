"""A training that is over in a second, shown as slowly as a person can follow it."""

from .process import Report

SECONDS = 3.0
"""The least seconds in which all items (epochs) of a training are shown."""


class Replay:
    """Gives out what a training of `total` items reports, no faster than all of them in SECONDS."""

    def __init__(self, total: int) -> None:
        self._rate = total / SECONDS
        self._waiting: list[object] = []
        self._end: Report | None = None
        self._may = 0.0
        self._since: float | None = None
        self.slowed = False

    @property
    def pending(self) -> bool:
        """Whether something waits to be given out."""
        return bool(self._waiting) or self._end is not None

    def take(self, report: Report) -> None:
        """Take a report of the training."""
        self._waiting += report.items
        if report.over:
            self._end = report

    def hold(self) -> None:
        """Forget the time that passes until the next is given out: the training is paused."""
        self._since = None

    def due(self, now: float) -> Report:
        """Return what may be shown `now`, in seconds by any steady clock; `over` with the last of it.

        A failure is returned at once.
        """
        if self._since is not None:
            self._may += (now - self._since) * self._rate
        self._since = now
        end = self._end
        if end is not None and end.failed:
            self._end, self._waiting = None, []
            return end
        count = max(int(self._may), 1)
        items, self._waiting = self._waiting[:count], self._waiting[count:]
        self._may = max(self._may - len(items), 0.0) if self._waiting else 0.0
        if self._waiting:
            self.slowed = True
            return Report(tuple(items))
        self._end = None
        return Report(tuple(items), over=end is not None)
