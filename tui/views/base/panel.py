"""A panel on the screen: draws one of `tui.panels`, for the size that it has when it is painted."""

from typing import Generic

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from ...draw.lines import Line, Panel, S
from ...draw.look import Look


class PanelView(Widget, Generic[S], can_focus=False):
    """Shows one panel. `show` is the only way in; what is drawn depends on its arguments and the size alone."""

    DEFAULT_CSS = "PanelView { width: 1fr; height: 1; }"

    def __init__(self, panel: Panel[S], id: str) -> None:
        super().__init__(id=id)
        self._panel = panel
        self._shown: tuple[S, Look] | None = None
        self._strips: list[Strip] = []
        self._drawn_for: Size | None = None

    @property
    def strips(self) -> list[Strip]:
        """The lines, for the size that the panel has by now."""
        if self._drawn_for != self.size:
            self._strips, self._drawn_for = self._draw(), self.size
        return self._strips

    def render_line(self, y: int) -> Strip:
        """Return line `y`."""
        return self.strips[y] if y < len(self.strips) else Strip.blank(self.size.width, self.rich_style)

    def show(self, state: S, look: Look) -> None:
        """Draw `state`, once the panel is painted: by then it may have another size."""
        self._shown, self._drawn_for = (state, look), None
        self.refresh()

    def _draw(self) -> list[Strip]:
        width, height = self.size
        if self._shown is None or not width or not height:
            return []
        lines = self._panel(self._shown[0], width, height, self._shown[1])
        lines += [[] for _ in range(height - len(lines))]
        base = self._shown[1].style("text")
        return [Strip(_joined(line, base)).adjust_cell_length(width, base) for line in lines[:height]]


def _joined(line: Line, base: Style) -> list[Segment]:
    """Neighbours in the same style as one segment."""
    return list(Segment.simplify(Segment(s.text, s.style or base) for s in line if s.text))
