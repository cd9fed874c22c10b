"""What is on its way to the terminal: a slow line holds more than a person wants to wait for, and out of our sight.

A pseudo-terminal, sshd and the network between take what they are given at once and pass it on when they can. So every
frame ends with a question, where the cursor is; the answer tells that the terminal has drawn everything up to there.
"""

import time
from collections import deque
from threading import Condition

QUESTION = "\x1b[6n"
"""Asks where the cursor is. Every terminal that has one answers."""

WINDOW = 4096
"""Bytes that may be on their way when another frame is sent: about as much as keeps a slow line busy."""

_PATIENCE, _SLOWEST = 2.0, 2000
"""Seconds after which an answer does not come any more, beside those in which bytes trickle, this many a second."""

_FAREWELL = 1.0
"""Seconds that leaving waits for answers, so that none of them reaches the shell."""


class Line:
    """Keeps count of what is on its way. Methods may be called from any thread.

    A terminal that has never answered is not waited for, and after some time not asked any more; what can be seen of
    the line is then whether the system has taken everything.
    """

    def __init__(self) -> None:
        self.asks = True
        self._answers = False
        self._untaken = 0
        self._underway: deque[tuple[float, int]] = deque()
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
            return max(since + _PATIENCE + size / _SLOWEST - time.monotonic(), 0.001)

    def given(self, size: int) -> None:
        """The system is about to be given `size` characters."""
        with self._moved:
            self._untaken += size

    def taken(self, size: int) -> None:
        """The system has taken `size` characters."""
        with self._moved:
            self._untaken -= size

    def sent(self, size: int) -> None:
        """A frame of `size` bytes that ends with the question was sent."""
        with self._moved:
            self._underway.append((time.monotonic(), size))

    def answered(self) -> None:
        """The terminal has drawn the oldest frame that was on its way."""
        with self._moved:
            self._answers = True
            if self._underway:
                self._underway.popleft()
            self._moved.notify_all()

    def lost(self) -> None:
        """An answer is overdue: wait for none of them. A terminal that answers nothing is asked once more, then not."""
        with self._moved:
            self._underway.clear()
            self.asks, self._answers = self._answers, False
            self._moved.notify_all()

    def drain(self) -> None:
        """Wait until everything is answered, but not long."""
        with self._moved:
            self._moved.wait_for(lambda: not self._underway, _FAREWELL)
