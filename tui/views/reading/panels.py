"""How far a file is read, in words and as a bar."""

from ....engine.text import percent
from ...draw.lines import Line, fitted, segment
from ...draw.look import Look
from ...keys import with_keys
from .state import Reading

BAR = 50


def reading(state: Reading, width: int, height: int, look: Look) -> list[Line]:
    """Return the name of the file, the share that is read, and how to leave."""
    leave = with_keys("{key:app.undo} or {key:app.back} leaves", look.glyphs.unicode)
    bar = look.bar(state.share, min(BAR, max(width - 2, 0)))
    return [
        [],
        [segment(look, "title", fitted(look, f" reading {state.path.name}", max(width - 7, 0))),
         segment(look, "text", f"  {percent(state.share)}")],
        [segment(look, "key", f" {bar}")],
        [],
        [segment(look, "dim", f" {leave}")],
    ][:height]  # fmt: skip
