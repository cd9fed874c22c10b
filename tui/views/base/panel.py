"""The widget of a panel: it draws a function of a state, for the size that it has when it is painted."""

from collections.abc import Collection
from typing import Generic

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.filter import ANSIToTruecolor
from textual.geometry import NULL_REGION, Region, Size
from textual.strip import Strip
from textual.widget import Widget

from ...draw.lines import Line, Panel, S
from ...draw.look import Look


class PanelView(Widget, Generic[S], can_focus=False):
    """Shows one panel. `show` is the only way in; what is drawn depends on its arguments and on the size alone.

    A row that looks the same as before keeps its strip, and is not painted again. A panel has no border and no
    padding, so its rows are painted as they are.
    """

    DEFAULT_CSS = "PanelView { width: 1fr; height: 1; }"

    def __init__(self, panel: Panel[S], id: str) -> None:
        super().__init__(id=id)
        self._panel = panel
        self._shown: tuple[S, Look] | None = None
        self._drawn_for: Size | None = None
        self._rows: list[tuple[Line, Strip]] = []
        self._like: tuple[int, Style] | None = None
        self._strips: list[Strip] = []
        self._painted: list[Strip] = []

    @property
    def strips(self) -> list[Strip]:
        """The rows, for the size that the panel has."""
        return self._drawn_rows(self.size)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the rows of `crop`, as Textual paints them."""
        size = self.outer_size
        drawn = self._drawn_rows(size)
        rows = drawn or [Strip.blank(size.width, self.rich_style)] * size.height
        if crop == size.region:
            self._painted = drawn
        else:
            rows = [row.crop(crop.x, crop.right) for row in rows[crop.y : crop.bottom]]
        for line_filter in self.get_line_filters():
            if not isinstance(line_filter, ANSIToTruecolor):  # a look has the terminal's own colours, and keeps them
                background = self.background_colors[1]
                rows = [row.apply_filter(line_filter, background) for row in rows]
        return rows

    def show(self, state: S, look: Look) -> None:
        """Draw `state` when the panel is next painted: its size may have changed by then."""
        self._shown = state, look
        self.redraw()

    def redraw(self) -> None:
        """Draw again when the panel is next painted; only then is it known which rows have to be."""
        self._drawn_for = None
        screen = self.screen
        if any(widget._layout_required for widget in (self, screen, *screen.children)):
            self.refresh(NULL_REGION)
        elif self in screen._compositor.visible_widgets:
            # As a refresh does in the end, by three messages for every panel: they would take as long as drawing.
            screen._dirty_widgets.add(self)
            screen.check_idle()

    def _exchange_repaint_regions(self) -> Collection[Region]:
        """What has to be painted: what Textual knows of, and the rows that look different from those painted last."""
        known, size, before = super()._exchange_repaint_regions(), self.outer_size, self._painted
        if self.screen._layout_required:  # it is asked before it gets its new size: drawing now is in vain
            return [*known, size.region]
        rows = self._painted = self._drawn_rows(size)
        if len(rows) != len(before):
            return [*known, size.region]
        return [*known, *(Region(0, y, size.width, 1) for y, row in enumerate(rows) if row is not before[y])]

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:
        """Take another size without asking for a second layout: there is nothing in a panel to be laid out."""
        return super()._size_updated(size, virtual_size, container_size, layout=False)

    def _drawn_rows(self, size: Size) -> list[Strip]:
        if self._drawn_for != size:
            width, height = self._drawn_for = size
            lines = self._draw(width, height)
            base = self._shown[1].style("text") if self._shown else Style.null()
            before = self._rows if self._like == (width, base) else []
            self._rows = [
                before[y] if y < len(before) and before[y][0] == line else (line, _strip(line, base, width))
                for y, line in enumerate(lines)
            ]
            self._strips, self._like = [strip for _, strip in self._rows], (width, base)
        return self._strips

    def _draw(self, width: int, height: int) -> list[Line]:
        """The lines of the panel, as many as it is high; none while there is nothing to show."""
        if self._shown is None or not width or not height:
            return []
        state, look = self._shown
        lines = self._panel(state, width, height, look)[:height]
        return [*lines, *([] for _ in range(height - len(lines)))]


def _strip(line: Line, base: Style, width: int) -> Strip:
    """The line as a strip of `width` cells: neighbours in the same style are one segment."""
    joined: list[tuple[list[str], Style]] = []
    last, used = None, 0
    for text, own, _ in line:
        style = base if own is None else own
        if style is last:  # not equal: comparing styles takes long, and nearly all equal ones are the same
            joined[-1][0].append(text)
        elif text:
            joined.append(([text], style))
            last = style
        used += len(text) if text.isascii() else cell_len(text)
    if used < width:
        joined.append(([" " * (width - used)], base))
    strip = Strip([Segment("".join(texts), style) for texts, style in joined], max(used, width))
    return strip if used <= width else strip.crop(0, width)
