"""Counting what is on its way to the terminal: a slow line holds more than a user wants to wait for, out of our sight.

A pseudo-terminal, sshd and the network between take what they are given at once and pass it on when they can. So every
frame ends with a question, where the cursor is; the answer shows that the terminal has drawn everything up to there.
"""

import time
from collections import deque
from threading import Condition

QUESTION = "\x1b[6n"
"""Asks where the cursor is. Every terminal that has one answers."""

WINDOW = 4096
"""Bytes that may be on their way when another frame is sent: about as much as keeps a slow line busy."""

_PATIENCE, _SLOWEST = 2.0, 2000
"""Seconds after which an answer is overdue, and the bytes a second of the slowest line, whose time is added."""

_UNKNOWN, _LATEST = 3.0, 6.0
"""Seconds that leaving waits for answers, so that none reaches the shell: where none has come so far, and at most."""


class Line:
    """Keeps count of what is on its way. Methods may be called from any thread.

    A terminal that has never answered is not waited for, and after some time not asked again; what can be seen of
    the line is then whether the system has taken everything.
    """

    def __init__(self) -> None:
        self.asks = True
        self._answers = False
        self._untaken = 0
        self._underway: deque[tuple[float, int]] = deque()
        self._overdue: deque[tuple[float, int]] = deque()  # given up on, but they may still come
        self._slowest = 0.0
        self._moved = Condition()

    @property
    def free(self) -> bool:
        """Whether another frame may be sent."""
        with self._moved:
            return not self._untaken and (not self._answers or sum(size for _, size in self._underway) <= WINDOW)

    @property
    def waits(self) -> float:
        """Seconds from now on until an answer is overdue; 0 when none is awaited."""
        with self._moved:
            if not self._underway:
                return 0.0
            since, size = self._underway[0]
            return max(since + self._patience(size) - time.monotonic(), 0.001)

    def given(self, size: int) -> None:
        """Note that the system is about to be given `size` characters."""
        with self._moved:
            self._untaken += size

    def taken(self, size: int) -> None:
        """Note that the system has taken `size` characters."""
        with self._moved:
            self._untaken -= size

    def sent(self, size: int) -> None:
        """Note that a frame of `size` bytes that ends with the question was sent."""
        with self._moved:
            self._underway.append((time.monotonic(), size))

    def answered(self) -> None:
        """Note that the terminal has drawn the oldest frame on its way."""
        with self._moved:
            now = time.monotonic()
            self._answers = self.asks = True
            while self._overdue and self._overdue[0][0] + _LATEST <= now:
                self._overdue.popleft()
            if oldest := self._overdue or self._underway:  # answers come in the order of the questions
                self._slowest = max(self._slowest, now - oldest.popleft()[0])
            self._moved.notify_all()

    def lost(self) -> None:
        """Give up on the answers that are out, and ask again only if the terminal has answered since the last time."""
        with self._moved:
            self._overdue += self._underway
            self._underway.clear()
            self.asks, self._answers = self._answers, False
            self._moved.notify_all()

    def gone(self) -> None:
        """Expect no answers, since there is no terminal."""
        with self._moved:
            self._overdue.clear()
            self._underway.clear()
            self.asks = False
            self._moved.notify_all()

    def drain(self) -> None:
        """Wait until everything is answered, or would have been, going by the slowest answer so far."""
        with self._moved:
            while (waits := self._still_comes()) > 0:
                self._moved.wait(waits)

    def _still_comes(self) -> float:
        """Seconds until the last answer that is out would have come; 0 or less when none will."""
        out = [*self._overdue, *self._underway]
        return max((since + self._farewell(size) - time.monotonic() for since, size in out), default=0.0)

    def _farewell(self, size: int) -> float:
        return min(self._patience(size), _LATEST) if self._slowest else _UNKNOWN

    def _patience(self, size: int) -> float:
        return max(_PATIENCE, 2 * self._slowest) + size / _SLOWEST
