"""Whether a terminal was restored to the state it was in."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ptydriver import Terminal

ENTER_ALTERNATE, LEAVE_ALTERNATE = b"\x1b[?1049h", b"\x1b[?1049l"
HIDE_CURSOR, SHOW_CURSOR = b"\x1b[?25l", b"\x1b[?25h"
MODES = [
    (b"\x1b[?2004h", b"\x1b[?2004l"),
    (b"\x1b[?1004h", b"\x1b[?1004l"),
    (b"\x1b[>25u", b"\x1b[<u"),
    (b"\x1b[?7l", b"\x1b[?7h"),
]
"""Bracketed paste, focus, the kitty keyboard; and lines that do not wrap."""


def assert_restored(terminal: "Terminal") -> None:
    """Fail unless the alternate screen was left, the cursor shown and every mode reset, and the mouse never used."""
    pairs = [(ENTER_ALTERNATE, LEAVE_ALTERNATE), (HIDE_CURSOR, SHOW_CURSOR), *MODES]
    assert not any(mouse in terminal.sent for mouse in (b"\x1b[?1000h", b"\x1b[?1003h", b"\x1b[?1006h"))
    for taken, given_back in pairs:
        assert taken in terminal.sent
        assert terminal.sent.rfind(given_back) > terminal.sent.rfind(taken)
