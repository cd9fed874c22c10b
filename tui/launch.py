"""Whether there is a terminal to draw on, and opening the app on it."""

import gc
import os
import sys
from dataclasses import replace
from typing import Any

from ..engine import BadInput, WorkFailed
from ..engine.text import described
from .draw.lines import Line, plain_text
from .draw.look import Look, look_for

_COLOR_SYSTEMS = ("auto", "standard", "256", "truecolor", "windows")

SWITCH = 0.0005
"""Seconds after which a thread that draws in advance lets go for a key, which has to wait for it about ten times."""


def has_terminal() -> bool:
    """Return whether stdin and stdout are both a terminal, and one that can draw."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def open_app(glyphs: str, opened: Any = None, t: int | None = None, *, theme: str = "auto", mouse: bool = False) -> int:
    """Open the app, with `opened` at timestamp `t` (from 0) where given, and return its exit code.

    With `theme` "auto" it is dark until the terminal says otherwise. Raises BadInput for an unknown
    TEXTUAL_COLOR_SYSTEM and for a file that cannot be opened, WorkFailed where the app ends with an internal error.
    """
    gc.disable()  # nothing that starting up makes is garbage; the app collects again once its first screen shows
    look = replace(look_for(glyphs, "light" if theme == "light" else "dark"), mouse=mouse)
    if look.depth == "256":  # also on a truecolor terminal: half the bytes, and the same picture
        os.environ.setdefault("TEXTUAL_COLOR_SYSTEM", "256")
    if (system := os.environ.get("TEXTUAL_COLOR_SYSTEM", "auto")) not in _COLOR_SYSTEMS:
        raise BadInput(
            f"TEXTUAL_COLOR_SYSTEM={system}: is unknown; choose from {', '.join(_COLOR_SYSTEMS)}, or unset it"
        )
    from .app import GatestepApp  # Textual is loaded for a screen only, not for `gatestep list`

    app = GatestepApp(look, opened, t, ask=theme == "auto" and look.depth != "none")
    usual = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH)
    try:
        wrong = app.run(mouse=mouse)  # without the mouse, the terminal still selects text and scrolls
    finally:
        sys.setswitchinterval(usual)  # of a script that has opened the app
    if app.fault:
        told = f"the screen ended with an internal error: {described(app.fault)}; GATESTEP_DEBUG=1 shows where"
        raise WorkFailed(told) from app.fault
    if wrong:
        raise wrong
    return app.return_code or 0


def printed_look(glyphs: str) -> Look:
    """Return the look for printing to a terminal: its own 16 colours, which suit its background, or none."""
    look = look_for(glyphs)
    return replace(look, depth="none" if look.depth == "none" else "16")


def print_lines(lines: list[Line], look: Look) -> None:
    """Print `lines`, with styles unless `look` is plain."""
    if look.plain:
        print(plain_text(lines), flush=True)
        return
    from rich.console import Console
    from rich.segment import Segment, Segments

    console = Console(color_system=None if look.depth == "none" else "standard", highlight=False, soft_wrap=True)
    for line in lines:
        console.print(Segments([*line, Segment("\n")]), end="")


def plain_look(glyphs: str) -> Look:
    """Return the look for a pipe: the glyphs asked for, no styles."""
    look = look_for(glyphs)
    return Look(look.glyphs, depth="none", plain=True)
