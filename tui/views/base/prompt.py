"""One line of input at the bottom of the screen."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import Resize
from textual.geometry import Region
from textual.message import Message
from textual.widgets import Input, Label

from ....engine import printable


class Field(Input):
    """An input that holds only what a terminal can show; a character that it would obey becomes ?, also in a paste."""

    def __init__(self, purpose: str, text: str) -> None:
        super().__init__(text)  # which is selected: typing replaces it
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
        self.post_message(Prompt.Answered(self.purpose, self.value))


KEYS = "Enter ok  Esc cancel"
LEAST = 20
"""Cells that the field keeps."""


class Prompt(Horizontal):
    """Asks for one line, which its field posts as `Answered`; the screen removes it."""

    DEFAULT_CSS = """
    Prompt, Prompt Label, Prompt Input, Prompt Input:focus { background: $background; color: $foreground; }
    Prompt { height: 1; width: 100%; }
    Prompt Label { width: auto; padding: 0 1; text-style: bold; }
    Prompt #keys { text-style: none; }
    Prompt Input, Prompt Input:focus { width: 1fr; height: 1; border: none; padding: 0; }
    """

    class Answered(Message):
        """The person pressed Enter. `purpose` is what the prompt was opened for."""

        def __init__(self, purpose: str, text: str) -> None:
            super().__init__()
            self.purpose = purpose
            self.text = text

    def __init__(self, purpose: str, label: str, text: str = "") -> None:
        super().__init__()
        self._label = label
        self.field = Field(purpose, text)

    def compose(self) -> ComposeResult:
        """Yield the label and the input."""
        yield Label(self._label, markup=False)
        yield self.field
        yield Label(KEYS, id="keys")

    def on_resize(self, event: Resize) -> None:
        """Name the keys where the field has room beside them."""
        self.query_one("#keys").display = event.size.width >= len(self._label) + len(KEYS) + LEAST
