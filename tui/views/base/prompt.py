"""One line of input at the bottom of the screen."""

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import Resize
from textual.geometry import Region
from textual.message import Message
from textual.widgets import Input, Label
from textual.widgets.input import Selection

from ....engine import printable


class Field(Input):
    """An input that holds only what a terminal can show; a character that it would obey becomes ?, also in a paste."""

    def __init__(self, purpose: str, text: str, part: tuple[int, int] | None = None) -> None:
        # What is selected is replaced by typing: all of the text, or a part of it.
        super().__init__(text, select_on_focus=part is None)
        if part is not None:
            self.selection = Selection(*part)
        self.cursor_blink = False  # a timer, and bytes while nobody types
        self.purpose = purpose

    def on_resize(self) -> None:
        """Show the caret, also of a text that was there before there was a width."""
        self.scroll_to_region(Region(self.cursor_screen_offset.x - self.content_region.x + 1, 0, 1, 1), animate=False)

    def validate_value(self, value: str) -> str:
        """Spell what is typed, pasted or filled in."""
        return printable(value)

    async def action_submit(self) -> None:
        """Tell the screen at once: who types ahead goes on with what the answer leads to."""
        prompt = self.parent.parent if self.parent else None
        assert isinstance(prompt, Prompt)
        self.post_message(Prompt.Answered(prompt, self.purpose, self.value))


KEYS = "Enter ok  Esc cancel"
LEAST = 20
"""Cells that the field keeps."""


class Prompt(Vertical):
    """Asks for one line, which its field posts as `Answered`; the screen removes it, or has it say what is wrong."""

    DEFAULT_CSS = """
    Prompt, Prompt Label, Prompt Input, Prompt Input:focus { background: $background; color: $foreground; }
    Prompt { height: auto; width: 100%; }
    Prompt Horizontal { height: 1; width: 100%; }
    Prompt Label { width: auto; padding: 0 1; text-style: bold; }
    Prompt #keys { text-style: none; }
    Prompt #wrong { display: none; padding: 0; height: 1; width: 100%; text-style: none; }
    Prompt Input, Prompt Input:focus { width: 1fr; height: 1; border: none; padding: 0; }
    """

    class Answered(Message):
        """The person pressed Enter. `purpose` is what the `prompt` was opened for."""

        def __init__(self, prompt: "Prompt", purpose: str, text: str) -> None:
            super().__init__()
            self.prompt, self.purpose, self.text = prompt, purpose, text

    def __init__(self, purpose: str, label: str, text: str = "", part: tuple[int, int] | None = None) -> None:
        super().__init__()
        self._label = label
        self.field = Field(purpose, text, part)

    def compose(self) -> ComposeResult:
        """Yield the label and the input, and below them room for what is wrong."""
        with Horizontal():
            yield Label(self._label, markup=False)
            yield self.field
            yield Label(KEYS, id="keys")
        yield Label("", id="wrong", markup=False)

    def refuse(self, message: str, column: int | None, caret: str = "^") -> None:
        """Say what is wrong with the text below it, with a caret under the `column` (from 1) where there is one."""
        message = printable(message)
        if column is not None:
            place = min(column - 1, len(self.field.value))
            self.field.cursor_position = place
            message = under(self._column(place), message, self.size.width, caret)
        wrong = self.query_one("#wrong", Label)
        wrong.update(message)
        wrong.display = True

    def _column(self, place: int) -> int:
        """The column of the screen at which the character at `place` of the text stands."""
        return self.field.region.x + cell_len(self.field.value[:place]) - int(self.field.scroll_x)

    def on_resize(self, event: Resize) -> None:
        """Name the keys where the field has room beside them."""
        self.query_one("#keys").display = event.size.width >= len(self._label) + len(KEYS) + LEAST


def under(column: int, message: str, width: int, caret: str = "^") -> str:
    """Return a row of `width` cells with a caret at `column` and `message` behind it, or before it where it fits."""
    column = min(max(column, 0), max(width - 1, 0))
    size = cell_len(message) + 1
    if column + 1 + size <= width:
        return f"{' ' * column}{caret} {message}"
    if size <= column:
        return f"{' ' * (column - size)}{message} {caret}"
    room = width - column - 2
    if room >= column - 1:
        return f"{' ' * column}{caret} {message[: max(room - 1, 0)]}"
    return f"{message[: max(column - 1, 0)].ljust(max(column - 1, 0))} {caret}"
