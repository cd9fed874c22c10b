"""Help for the screen below: what it shows, and the keys that work there."""

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from ....engine import QUANTITIES
from ...draw.equations import equations
from ...draw.lines import flow, segment
from ...draw.look import Look
from ...keys import EVERYWHERE, STEPPER, Action, action_called, key_names, with_keys
from ..base.bindings import bindings
from ..base.chrome import Chrome, offered, pairs_of
from ..stepper.state import Moment
from .places import PLACES

PANELS = (
    ("top line", "the subject, the timestamp, and the loss: how surprised the network is by the next word"),
    ("sentence", "the cursor is on the word that the network reads now; a word with ? is not in its vocabulary"),
    ("table", "one row per unit: gates run from 0 to 1, candidate and h from -1 to 1; the memory before and after"),
    ("arithmetic", "the sum behind the selected number; the printed terms add up to the printed sum"),
    (
        "written by",
        "what each timestamp wrote into the memory, as far as it is left: above its word, or below; several "
        "in a row are summed (10..12)",
    ),
    (
        "inside",
        "the cell of the selected unit: c′ × f + i · g = c on top, h = o · tanh(c) at the right; parts light up "
        "as they are computed",
    ),
    ("over time", "every quantity of the selected unit over the sequence, as strips or as curves"),
    ("lesson", "what to look at and to guess, then the checked answer; all other keys keep working"),
    (
        "timeline",
        "the selected quantity of every unit over the sequence; its heading explains shades and digits",
    ),
    (
        "next word",
        "what the network expects; the effect of a unit is the change in ln p when it is ablated: below zero, "
        "the prediction depends on it",
    ),
)


COLUMN = 58
"""The fewest cells of a column of the help."""


class HelpScreen(ModalScreen[None]):
    """Shows help over the screen that asked for it, whose footer is `chrome` and whose state is `state`."""

    CSS = """
    HelpScreen { align: center middle; }
    HelpScreen VerticalScroll { width: 92%; height: 92%; padding: 1 2; }
    HelpScreen VerticalScroll { background: $background; color: $foreground; scrollbar-gutter: stable; }
    HelpScreen Static { height: auto; width: 100%; }
    HelpScreen #more { dock: bottom; height: 1; padding: 0 1; background: $background; }
    """
    BINDINGS = [  # noqa: RUF012 (Textual reads it as a class attribute)
        Binding("j", "scroll_down", show=False),
        Binding("k", "scroll_up", show=False),
        Binding("space", "page_down", show=False),
        *bindings(EVERYWHERE),  # a modal screen sees no bindings but its own
    ]

    def __init__(self, chrome: Chrome, state: object, look: Look) -> None:
        super().__init__()
        self.chrome, self._look = chrome, look
        self._moment = state if isinstance(state, Moment) else None
        self._set_in = (0, 0)

    @property
    def WHERE(self) -> str:
        """The place that is explained: the palette has its actions here too."""
        return self.chrome.where

    def compose(self) -> ComposeResult:
        """Yield the text in a scrolling box."""
        with VerticalScroll(can_focus=True):
            yield Static(self._text(), id="text")
        yield Static(id="more")

    def on_mount(self) -> None:
        """Keep the line at the bottom up to date as the help is laid out and scrolls."""
        box = self.query_one(VerticalScroll)
        self.watch(box, "virtual_size", self._tell_later)  # the box has its own size only after that
        self.watch(box, "scroll_y", self._tell)

    def _tell_later(self) -> None:
        self.call_after_refresh(self._tell)

    def _tell(self) -> None:
        """Say how many rows are below those that are shown, and the way out."""
        box, unicode = self.query_one(VerticalScroll), self._look.glyphs.unicode
        below = round(box.max_scroll_y - box.scroll_y)
        ways = f"{key_names(action_called('stepper.unit'), unicode, False)[0]} or Space: {below} rows more   " * (
            below > 0
        )
        self.query_one("#more", Static).update(
            Text(with_keys(f"{ways}{{key:app.back}} closes", unicode), self._look.style("key"))
        )

    def relook(self, look: Look) -> None:
        """Show the same in another look."""
        self._look = look
        self._set_text()

    def _set_text(self) -> None:
        """Set the text for the look and the size."""
        self.query_one("#text", Static).update(self._text())
        self._tell_later()

    def back(self) -> bool:
        """Close the help."""
        self.dismiss()
        return True

    def action_scroll_down(self) -> None:
        """Scroll a line down."""
        self.query_one(VerticalScroll).scroll_down(animate=False)

    def action_scroll_up(self) -> None:
        """Scroll a line up."""
        self.query_one(VerticalScroll).scroll_up(animate=False)

    def action_page_down(self) -> None:
        """Scroll a page down."""
        self.query_one(VerticalScroll).scroll_page_down(animate=False)

    def on_resize(self) -> None:
        """Set the text in as many columns as fit, unless it is; it is told of its first size as well."""
        if self._set_in != self._columns():
            self._set_text()

    def _text(self) -> RenderableType:
        """What the screen shows and computes first, then its keys; in as many columns as fit."""
        look, parts = self._look, self._about()
        unicode = look.glyphs.unicode
        actions = offered(self.WHERE, self.chrome.lacking)
        for group in dict.fromkeys(action.group for action in actions):
            rows = [
                ("  ".join(key_names(action, unicode)), action.help + _counted(action))
                for action in actions
                if action.group == group
            ]
            parts.append([Text(group, look.style("title")), _columns(rows, look.style("key"))])
        if not self._moment:
            return self._set(parts)
        ends = "A number before a key repeats it: 5{key:stepper.over} goes five timestamps on."
        return Group(self._set(parts), Text(with_keys(ends, unicode), look.style("dim")))

    def _about(self) -> list[list[RenderableType]]:
        """Where the user is, what is on the screen, and what is computed there."""
        look, parts = self._look, list[list[RenderableType]]()
        if self._moment:
            parts.append([self._here(self._moment)])
            parts.append([Text("Keys, the most useful first", look.style("title")), self._keys()])
        if self.WHERE in PLACES:
            title, about = PLACES[self.WHERE]
            text = Text("", look.style("title"))
            text.append(f"You are in {title}\n")
            text.append(look.text(with_keys(about, look.glyphs.unicode)), "not bold")
            parts.append([text])
        if self.WHERE == STEPPER:
            panels = [(name, look.text(about)) for name, about in PANELS]
            parts.append([Text("On the screen", look.style("title")), _columns(panels, look.style("chosen"))])
        if self._moment:
            parts.append(_equations(self._moment, look))
        return parts

    def _columns(self) -> tuple[int, int]:
        """How many columns fit, and the cells of one; the last may be up to three cells wider."""
        inner = max(self.app.size.width * 92 // 100 - 5, 20)
        count = max((inner - 1) // COLUMN, 1)
        return count, -(-inner // count) - 2

    def _keys(self) -> Text:
        """The footer as it would be with room for all its keys: there, those of the pages may stand together."""
        look = self._look
        pairs = pairs_of(self.WHERE, look, self.chrome.lacking, self.chrome.named)
        pieces = [[segment(look, "key", key), segment(look, "text", f" {short}  ")] for _, (key, short) in pairs]
        lines = flow(pieces, self._columns()[1], len(pieces), look)
        return Text("\n").join(Text.assemble(*((s.text, s.style or "") for s in line)) for line in lines)

    def _set(self, parts: list[list[RenderableType]]) -> RenderableType:
        """The parts one below the other, a line apart, in columns of about the same height."""
        console, (count, width) = self.app.console, self._columns()
        self._set_in = count, width
        options = console.options.update(width=width, justify="left", overflow="ellipsis")  # as a table's cells are
        groups = [_Once(Group(*part, Text(""))) for part in parts]
        heights = [len(console.render_lines(group, options)) if count > 1 else 0 for group in groups]
        least, columns, used = -(-sum(heights) // count), list[list[_Once]]([[]]), 0
        for group, height in zip(groups, heights, strict=True):
            if columns[-1] and used + height // 2 > least and len(columns) < count:
                columns.append([])
                used = 0
            columns[-1].append(group)
            used += height
        grid = Table.grid(padding=(0, 2), expand=True)
        for _ in columns:
            grid.add_column(ratio=1)
        grid.add_row(*(Group(*column) for column in columns))
        return _Once(grid)

    def _here(self, moment: Moment) -> Text:
        """What is at the cursor, in words and numbers."""
        look, quantity, text = self._look, moment.layer_trace.quantity(moment.quantity), Text()
        text.append(f"You are at timestamp {moment.t + 1}, {look.text(moment.token(moment.t))}\n", look.style("title"))
        text.append(f"{quantity.name} {quantity.symbol}", look.style(quantity.name))
        number = moment.layer_trace.number(moment.quantity, moment.t, moment.unit)
        if number is None:
            text.append(f" has {moment.layer_trace.weights.P} numbers, fewer than there are units: {quantity.meaning}.")
        elif moment.computed(moment.quantity):
            value = look.number(number) if quantity.signed else look.share(number)
            text.append(f" of unit {moment.unit} is {value}: {quantity.meaning}.")
        else:
            text.append(f" of unit {moment.unit} is not computed yet: {quantity.meaning}.")
        return text


class _Once:
    """What is rendered once for its place, though Textual asks for its height, more than once, and then for its lines.

    It is as wide as there is room: tables measure what tells them no width of its own by rendering it.
    """

    def __init__(self, what: RenderableType) -> None:
        self._what = what
        self._lines: dict[tuple[object, ...], list[list[Segment]]] = {}

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        like = (options.max_width, options.justify, options.overflow, options.no_wrap)
        if like not in self._lines:
            self._lines[like] = console.render_lines(self._what, options.update(height=None))
        for line in self._lines[like]:
            yield from line
            yield Segment.line()


def _equations(moment: Moment, look: Look) -> list[RenderableType]:
    """What the cell computes, in the order in which it does."""
    weights, prime = moment.layer_trace.weights, look.glyphs.prime
    head = Text(f"What a unit of this {weights.cell.spelled} computes", look.style("title"))
    head.append(f"  ({prime}: at the previous timestamp)", look.style("dim") + Style(bold=False))
    rows = [(equation, QUANTITIES[name].meaning) for name, equation in equations(weights, look)]
    return [head, _columns(rows, look.style("chosen"))]


def _columns(rows: Iterable[tuple[str, str]], style: Style) -> Table:
    """Names and what they do, side by side."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style=style, min_width=12)
    grid.add_column(ratio=1)
    for name, what in rows:
        grid.add_row(Text(name), Text(what))
    return grid


def _counted(action: Action) -> str:
    return " (takes a count)" if action.counted and "count" not in action.help else ""
