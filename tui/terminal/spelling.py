"""A screen within ASCII, for terminals that show nothing else."""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter


class AsciiFilter(LineFilter):
    """Keeps everything on the screen within ASCII, whatever a widget draws."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments spelled in ASCII, as wide as before."""
        return [
            segment if segment.text.isascii() else Segment(_ascii(segment), segment.style, segment.control)
            for segment in segments
        ]


def _ascii(segment: Segment) -> str:
    return "".join(c if c.isascii() else " " * Segment(c).cell_length for c in segment.text)
