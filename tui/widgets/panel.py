"""A panel on the screen: draws one of `tui.panels`, and sends to the terminal only the cells that changed."""

from typing import Any, Generic

from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from ..look import Look
from ..panels.lines import Line, Panel, S


class PanelView(Widget, Generic[S], can_focus=False):
    """Shows one panel. `show` is the only way in; what is drawn depends on its arguments and the size alone.

    Textual sends a line of a widget from its left edge up to the last changed cell. A panel in which little changes
    far from the left is therefore cut into `slices` side by side.
    """

    DEFAULT_CSS = "PanelView { width: 1fr; height: 1; layout: horizontal; overflow: hidden; }"

    def __init__(self, panel: Panel[S], id: str, slices: int = 1) -> None:
        super().__init__(id=id)
        self._panel = panel
        self._shown: tuple[S, Look] | None = None
        self.strips: list[Strip] = []
        self._slices = [Slice(self) for _ in range(slices)] if slices > 1 else []

    def compose(self) -> ComposeResult:
        """Yield the slices, left to right."""
        yield from self._slices

    def render_line(self, y: int) -> Strip:
        """Return line `y` as last drawn."""
        return self.strips[y] if y < len(self.strips) else Strip.blank(self.size.width, self.rich_style)

    def show(self, state: S, look: Look) -> None:
        """Draw `state`, and mark what differs from what is on the screen."""
        self._shown = (state, look)
        if not self.size:
            return
        old, self.strips = self.strips, self._draw()
        if len(old) != len(self.strips):
            self._refresh_all()
            return
        for y, (was, now) in enumerate(zip(old, self.strips, strict=True)):
            if was != now:
                changed = changed_cells(was, now)
                for part in self._parts:
                    refresh_changed(part, y, changed)

    def on_resize(self) -> None:
        """Draw again for the new size."""
        self.strips = self._draw()
        self._refresh_all()

    @property
    def _parts(self) -> list[Widget]:
        """The widgets that have the panel's cells."""
        return [*self._slices] or [self]

    def _refresh_all(self) -> None:
        for part in self._parts:
            part.refresh()

    def _draw(self) -> list[Strip]:
        width, height = self.size
        if self._shown is None or not width or not height:
            return []
        lines = self._panel(self._shown[0], width, height, self._shown[1])
        lines += [[] for _ in range(height - len(lines))]
        base = self._shown[1].style("text")
        return [Strip(_joined(line, base)).adjust_cell_length(width, base) for line in lines[:height]]


class Slice(Widget, can_focus=False):
    """Some of the columns of a panel."""

    DEFAULT_CSS = "Slice { width: 1fr; height: 100%; }"

    def __init__(self, panel: PanelView[Any]) -> None:
        super().__init__()
        self._owner = panel

    def render_line(self, y: int) -> Strip:
        """Return this slice of line `y` as the panel last drew it."""
        left = self.virtual_region.x
        return self._owner.render_line(y).crop(left, left + self.size.width)


def refresh_changed(part: Widget, y: int, changed: list[int]) -> None:
    """Mark line `y` of `part` from the first to the last of the panel's `changed` columns that lie in it."""
    left, width = part.virtual_region.x if isinstance(part, Slice) else 0, part.size.width
    mine = [x - left for x in changed if left <= x < left + width]
    if mine:
        part.refresh(Region(mine[0], y, mine[-1] + 1 - mine[0], 1))


def changed_cells(old: Strip, new: Strip) -> list[int]:
    """Return the columns in which two strips differ."""
    return [x for x, (was, now) in enumerate(zip(_cells(old), _cells(new), strict=False)) if was != now]


def _cells(strip: Strip) -> list[tuple[str, object]]:
    """One (character, style) a cell; a wide character's second cell is the same again."""
    cells: list[tuple[str, object]] = []
    for text, style, _ in strip:
        if text.isascii():
            cells += [(c, style) for c in text]
        else:
            for c in text:
                cells += [(c, style)] * Segment(c).cell_length
    return cells


def _joined(line: Line, base: Style) -> list[Segment]:
    """Neighbours in the same style as one segment; every segment costs a colour change on the wire."""
    return list(Segment.simplify(Segment(s.text, s.style or base) for s in line if s.text))
