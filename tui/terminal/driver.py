"""Textual's driver for terminals, made fit for slow lines and old terminals, and for every end of a session."""

import asyncio
import contextlib
import os
import re
import select
import signal
import sys
import time
from collections.abc import Callable, Mapping
from threading import Thread
from typing import Any

from textual._ansi_sequences import SYNC_END, SYNC_START
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.drivers.linux_driver import LinuxDriver
from textual.events import CursorPosition, Resize
from textual.geometry import Offset, Size
from textual.message import Message

from ...engine import WorkFailed
from ..draw.look import is_simple
from .background import QUESTION as BACKGROUND
from .background import Background
from .canvas import Canvas, Spans
from .keyboard import Answer, Keyboard
from .link import QUESTION, Line
from .outlet import Outlet

_EXTENSIONS = re.compile(r"\x1b\[([<>]\d*u|\?\d+\$p)")
"""What Textual tells and asks modern terminals about their keyboard and modes; older ones print a part of it."""

_POINTER = "\x1b]22;"
"""Begins the sequence that sets the shape of the mouse pointer, which is left to the terminal."""


_LOOK = 0.1
"""Seconds after which the thread that reads sees that it should stop, or that what it waits for does not come."""

_ENDING = [
    signal.Signals[name]
    for name in (
        *("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGVTALRM", "SIGPROF"),
        *("SIGXCPU", "SIGPWR", "SIGSTKFLT", "SIGIO"),
    )
    if name in signal.Signals.__members__
]
"""Signals that end a process and can be handled: before any of them does, the terminal is given back."""


class TerminalDriver(LinuxDriver):
    """Draws on standard output what differs from what is there, no faster than the terminal takes it.

    Restores the terminal on signals, and ends the app when the terminal goes away, or a thread of this driver does.
    What the terminal sends that is no key goes to `hear`, in the thread that reads.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._file = Outlet(self._taken, self._failed)  # type: ignore[assignment]  # standard error may go to a file
        self.hear: Callable[[Answer], None] | None = None
        self._simple = is_simple(os.environ)
        self._watcher: Thread | None = None
        self._canvas: Canvas | None = None
        self._cursor = Offset(0, 0)
        self._line = Line()
        self._overdue: asyncio.TimerHandle | None = None
        self._drawing = self._owing = self._leaving = False

    # Drawing

    def draw(self, update: CompositorUpdate) -> None:
        """Take what has been drawn, and send it as soon as the line is free."""
        if self._canvas is None or self._canvas.size != tuple(self._app.size):
            # Textual's own widgets have colours everywhere but under NO_COLOR.
            colourless = getattr(self._app, "look").depth == "none"  # noqa: B009
            self._canvas = Canvas(*self._app.size, None if colourless else self._app.console._color_system)
        self._canvas.draw(spans_of(update))
        self._send()

    def _send(self) -> None:
        if self._overdue:
            self._overdue.cancel()
            self._overdue = None
        self._owing = True  # before looking: the thread that writes may free the line now, and wake whom we owe
        if self._line.free:
            self._owing = False
            if self._drawing and self._canvas:
                self._send_frame(self._canvas)
        if waits := self._line.waits:
            self._overdue = self._loop.call_later(waits, self._give_up)

    def _send_frame(self, canvas: Canvas) -> None:
        cursor = self._app.screen.outer_size.clamp_offset(self._app.cursor_position)
        cells = canvas.send()
        if not cells and cursor == self._cursor:
            return
        self._cursor = cursor
        frame = f"{cells}\x1b[{cursor.y + 1};{cursor.x + 1}H"
        if self._app._sync_available:
            frame = SYNC_START + frame + SYNC_END
        if self._line.asks:
            frame += QUESTION
            self._line.sent(len(frame))
        self.write(frame)

    def ask_background(self, told: Callable[[str], None]) -> None:
        """Ask whether the background is dark or light; `told` gets the answer, in the loop, if one comes.

        A question where the cursor is follows, as after a frame: leaving waits for its answer, which comes last.
        """
        if not self._simple and self._line.asks and self._drawing:
            self.hear = Background(lambda theme: self._loop.call_soon_threadsafe(told, theme)).hear
            asked = BACKGROUND + QUESTION
            self._line.sent(len(asked))
            self.write(asked)
            self._send()

    def _give_up(self) -> None:
        self._line.lost()
        self._send()

    # Keys

    def run_input_thread(self) -> None:
        """Read until `exit_event` is set, and turn what comes into messages."""
        keyboard = Keyboard(lambda: self._mouse)
        while not self.exit_event.is_set():
            data, until = b"", time.monotonic() + _LOOK  # not later: this thread may have to wait for a processor
            if select.select([self.fileno], [], [], _LOOK)[0]:
                try:
                    data = os.read(self.fileno, 65536)
                except OSError:  # it has hung up, as Linux reports it
                    self._loop.call_soon_threadsafe(self._leave, signal.SIGHUP)
                    return
                if not data:
                    self.exit_event.wait(_LOOK)
            for message in keyboard.feed(data) if data else keyboard.tick(until):
                self.process_message(message)

    def process_message(self, message: Message) -> None:
        """Separate the answers to our questions from the keys."""
        if isinstance(message, CursorPosition):
            self._line.answered()
            self._loop.call_soon_threadsafe(self._send)
        elif isinstance(message, Answer):
            if self.hear:
                self.hear(message)
        else:
            super().process_message(message)

    def _enable_mouse_support(self) -> None:
        """Ask for clicks and the wheel, and not for every move of the pointer, which a slow line would carry."""
        if self._mouse:
            self.write("\x1b[?1000h\x1b[?1006h")
            self.flush()

    def set_mouse(self, on: bool) -> None:
        """Hear what the mouse does, or leave it to the terminal, which selects text with it."""
        self._disable_mouse_support()  # type: ignore[no-untyped-call]
        self._mouse = on
        self._enable_mouse_support()

    def _query_in_band_window_resize(self) -> None:
        """Do not ask for sizes in the input: the system reports them, and nothing that is typed can forge one."""

    # Failing

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except BaseException as error:
            self._line.gone()  # nobody would hear an answer
            self._failed(error)

    def _failed(self, error: BaseException) -> None:
        fault = error if isinstance(error, Exception) else WorkFailed(repr(error))
        with contextlib.suppress(RuntimeError):  # the loop is closed: it is leaving already
            self._loop.call_soon_threadsafe(self._app._handle_exception, fault)

    def _failed_in_loop(self, loop: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
        if isinstance(error := context.get("exception"), Exception):
            self._app._handle_exception(error)

    # Writing

    def write(self, data: str) -> None:
        """Write `data` unless the terminal would print it, or is not ours."""
        if self._writing and not (data.startswith(_POINTER) or (self._simple and _EXTENSIONS.fullmatch(data))):
            self._line.given(len(data))
            super().write(data)

    @property
    def _writing(self) -> bool:
        return self._writer_thread is not None and self._writer_thread.is_alive()

    def _taken(self, size: int) -> None:
        self._line.taken(size)
        if self._owing and self._line.free:
            self._loop.call_soon_threadsafe(self._send)

    def _measure(self) -> None:
        if not self._in_band_window_resize:
            size = Size(*self._get_terminal_size())
            self._app.post_message(Resize(size, size))

    def resized(self, size: Size) -> None:
        """Take `size` as the terminal's; what the terminal shows after a change of size is unknown."""
        if self._canvas and self._canvas.size == size:  # else everything is drawn anew for the other size
            self.redraw()

    def redraw(self) -> None:
        """Send the whole screen again."""
        if self._canvas:
            self._canvas.forget()
            self._send()

    # Coming and going

    def start_application_mode(self) -> None:
        """Start drawing and reading keys."""
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(self._failed_in_loop)
        self._handle_signals()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        # In the loop too: Textual's own handler can be interrupted by the next, and report sizes in the wrong order.
        self._loop.add_signal_handler(signal.SIGWINCH, self._measure)
        self._drawing = self._writing  # not where the terminal is gone, or another's by now
        if self._watcher is None:
            self._watcher = Thread(target=self._watch, name="gatestep-hang-up", daemon=True)
            self._watcher.start()
        self.redraw()

    def _handle_signals(self) -> None:
        # In the loop: a handler that Python calls may find the queue locked that it wants to write to.
        handle = self._loop.add_signal_handler
        for number in _ENDING:
            if signal.getsignal(number) != signal.SIG_IGN:
                handle(number, self._leave, number)
        handle(signal.SIGTSTP, self._suspend)
        handle(signal.SIGCONT, self._resume)

    def _suspend(self) -> None:
        self.suspend_application_mode()
        for number in (signal.SIGTSTP, signal.SIGCONT):
            self._loop.remove_signal_handler(number)
        # As the terminal does it: everything in the foreground stops, including what started us. Where no shell could
        # continue it, the signal stops nothing.
        os.kill(0, signal.SIGTSTP)
        self._stay_stopped()
        # What continued us may have continued this process alone, and the training has stopped with us.
        os.kill(0, signal.SIGCONT)
        self.resume_application_mode()

    def _resume(self) -> None:
        """Continue after a stop: our own, where resuming failed in the background, or one that no signal announced."""
        if self._leaving:  # a session that ends hangs up and then continues everything
            return
        self._stay_stopped()
        if self._drawing:
            self.suspend_application_mode()
        self.resume_application_mode()

    def _stay_stopped(self) -> None:
        """Stop again, and the training too, while another job has the terminal, as after `bg`: Textual would not."""
        with contextlib.suppress(OSError):  # it has no terminal any more
            while os.tcgetpgrp(self.fileno) != os.getpgrp():
                os.kill(0, signal.SIGSTOP)

    def stop_application_mode(self) -> None:
        """Stop drawing and reading keys, and give the terminal back as it was."""
        self._drawing = False
        self._line.drain()
        self.write("\x1b[H\x1b[J")  # where there is no alternate screen, nothing is left of ours
        super().stop_application_mode()  # type: ignore[no-untyped-call]

    def _watch(self) -> None:
        # Once a terminal has hung up, reading from it returns nothing at once, for ever. Textual's input thread takes
        # that for silence and asks again without a pause, so where SIGHUP is ignored (nohup, some supervisors) the
        # process would go on, at full load, without anybody to stop it. Polling for no event waits for just this.
        poll = select.poll()
        poll.register(self.fileno, 0)
        if any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll()):
            self._line.gone()
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno())  # type: ignore[union-attr]
            self._loop.call_soon_threadsafe(self._leave, signal.SIGHUP)

    def _leave(self, number: int) -> None:
        self._leaving = True
        self._app.exit(return_code=128 + number)  # as a shell shows it


def spans_of(update: CompositorUpdate) -> Spans:
    """Yield the spans that an update of Textual's draws."""
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips, update.region.y):
            x = update.region.x
            for strip in strips:
                yield y, x, strip
                x += strip.cell_length
    elif isinstance(update, ChopsUpdate):
        for y, left, right in update.spans:
            for end, (x, chop) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                if chop is not None and x < right and end > left:
                    yield y, x, chop
