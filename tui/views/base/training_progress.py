"""How far a training is, and its checkpoints, for every screen that shows one."""

from typing import Any

from ...draw.lines import Line, flow, on_cursor, segment
from ...draw.look import Look
from ...training.state import PAUSED, TRAINING, Watching


def how_far(state: Watching[Any], look: Look) -> Line:
    """Return the progress of a training; nothing where none is running."""
    if not state.state:
        return []
    paused = f" {look.glyphs.dot} paused" * (state.state == PAUSED)
    if not state.history.losses or state.state not in (TRAINING, PAUSED):
        return [segment(look, "key", "starting PyTorch"), segment(look, "text", f"{paused} ")]
    epoch = len(state.history.losses) - 1
    paused = paused or f" {look.glyphs.dot} {state.left:.0f} s left"
    return [segment(look, "key", f"training {epoch}/{state.history.epochs}"), segment(look, "text", f"{paused} ")]


def checkpoints(state: Watching[Any], what: str, width: int, look: Look) -> list[Line]:
    """Return the epochs, or `what` they are called, of the checkpoints in two lines; the selected one is marked."""
    label = f" saved {what} "
    pieces = [[segment(look, "dim", label)]]
    for checkpoint in state.history.checkpoints:
        name = str(checkpoint.epoch)
        pieces.append([on_cursor(look, name) if checkpoint is state.checkpoint else segment(look, "text", f" {name} ")])
    return flow(pieces, width, 2, look, indent=len(label))
