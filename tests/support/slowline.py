"""A terminal at the far end of a slow line, as behind sshd, which takes everything at once and sends it as it can."""

import contextlib
import os
import select
import threading
import time
from collections import deque
from collections.abc import Mapping

from ptydriver import Terminal


class SlowTerminal(Terminal):
    """Draws `rate` bytes a second, `delay` seconds after they were sent; keys and answers take that long back, too.

    With `buffered` the line takes whatever the command writes, and holds it, as TCP would; else the command has to
    wait, as on a serial line. A terminal that is `mute` answers no query.
    """

    def __init__(
        self,
        argv: list[str],
        size: tuple[int, int],
        env: Mapping[str, str],
        rate: float = 20_000,
        delay: float = 0.075,
        buffered: bool = True,
        mute: bool = False,
    ) -> None:
        self._rate, self._delay, self._buffered, self._mute = rate, delay, buffered, mute
        self._back: deque[tuple[float, bytes]] = deque()
        self._arrived = b""
        self.answers = 0
        self._over = self._closed = False
        self._near, self._far = os.pipe()
        super().__init__(argv, size, env, ignore_hang_up=False)
        self._pump = threading.Thread(target=self._run, daemon=True)
        self._pump.start()

    def send(self, data: bytes) -> None:
        self._back.append((time.monotonic() + self._delay, data))

    def _answer(self, data: bytes) -> None:
        if not self._mute:
            self.send(data)

    def _run(self) -> None:
        with contextlib.suppress(OSError):  # the reading end is closed
            self._carry()

    def _carry(self) -> None:
        """Carry bytes both ways."""
        held: deque[tuple[float, bytes]] = deque()
        credit, last = 0.0, time.monotonic()
        while not self._over:
            time.sleep(0.004)
            now = time.monotonic()
            credit, last = min(credit + (now - last) * self._rate, 400.0), now
            while self._back and self._back[0][0] <= now:
                data = self._back.popleft()[1]
                os.write(self._master, data)
                self.answers += data.endswith(b"R")
            wanted = 65536 if self._buffered else int(credit)
            if wanted and select.select([self._master], [], [], 0)[0]:
                try:
                    data = os.read(self._master, wanted)
                except OSError:
                    data = b""
                self._over = not data
                held.append((now + self._delay, data))
            while held and held[0][0] <= now and (credit >= 1 or not held[0][1]):
                due, data = held.popleft()
                if len(data) > credit:
                    held.appendleft((due, data[int(credit) :]))
                    data = data[: int(credit)]
                credit -= len(data)
                os.write(self._far, data)
        for _, data in held:
            os.write(self._far, data)
        os.close(self._far)

    def _read(self, seconds: float) -> bool:
        if self._closed:
            time.sleep(seconds)
            return False
        if not select.select([self._near], [], [], seconds)[0]:
            return seconds > 0
        chunk = os.read(self._near, 65536)
        self._take(chunk)
        return bool(chunk)

    def close(self) -> None:
        """End the line, and the command if it runs."""
        self._over = self._closed = True
        os.close(self._near)
        self._pump.join(2)
        super().close()
