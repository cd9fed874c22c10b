"""One line of input at the bottom of the screen."""

import textwrap

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import Resize
from textual.geometry import Region
from textual.message import Message
from textual.widgets import Input, Label
from textual.widgets.input import Selection

from ....engine import printable
from ...draw.lines import clip_middle


class Field(Input):
    """An input that holds only what a terminal can show; a character that it would obey becomes ?, even when pasted."""

    def __init__(self, purpose: str, text: str, part: tuple[int, int] | None = None) -> None:
        # What is selected is replaced by typing: all of the text, or a part of it.
        super().__init__(text, select_on_focus=part is None)
        if part is not None:
            self.selection = Selection(*part)
        self.cursor_blink = False  # a blinking cursor would send bytes while nobody types
        self.purpose = purpose

    def on_resize(self) -> None:
        """Keep the caret in view, even of a text that was there before the field had a width."""
        self.scroll_to_region(Region(self.cursor_screen_offset.x - self.content_region.x + 1, 0, 1, 1), animate=False)

    def validate_value(self, value: str) -> str:
        """Return what is typed, pasted or filled in as a terminal may show it."""
        return printable(value)

    async def action_submit(self) -> None:
        """Answer at once, so that keys typed ahead go to what the answer leads to."""
        self.post_message(Prompt.Answered(self.purpose, self.value))


KEYS = "Enter ok  Esc cancel"
LEAST = 20
"""The fewest cells of the field."""


WRONG_ROWS = 3
"""Rows for what is wrong with what was typed."""


class Prompt(Vertical):
    """Asks for one line, which its field posts as `Answered`; the screen removes the prompt, or refuses the line."""

    DEFAULT_CSS = """
    Prompt, Prompt Label, Prompt Input, Prompt Input:focus { background: $background; color: $foreground; }
    Prompt { height: auto; width: 100%; }
    Prompt Horizontal { height: 1; width: 100%; }
    Prompt #wrong { display: none; width: 100%; padding: 0; text-style: none; }
    Prompt Label { width: auto; padding: 0 1; text-style: bold; }
    Prompt #keys { text-style: none; }
    Prompt Input, Prompt Input:focus { width: 1fr; height: 1; border: none; padding: 0; }
    """

    class Answered(Message):
        """The user pressed Enter. `purpose` is what the prompt was opened for."""

        def __init__(self, purpose: str, text: str) -> None:
            super().__init__()
            self.purpose = purpose
            self.text = text

    def __init__(self, purpose: str, label: str, text: str = "", part: tuple[int, int] | None = None) -> None:
        super().__init__()
        self._label = label
        self.field = Field(purpose, text, part)

    def compose(self) -> ComposeResult:
        """Yield the label and the input, and below them what is wrong with what was typed."""
        with Horizontal():
            yield Label(self._label, markup=False)
            yield self.field
            yield Label(KEYS, id="keys")
        yield Label("", id="wrong", markup=False)

    def refuse(self, message: str, place: int) -> None:
        """Say what is wrong with what was typed, under a caret below the character at `place` (from 0)."""
        self.field.cursor_position = place
        self.call_after_refresh(self._refuse, message)

    def _refuse(self, message: str) -> None:
        """Show the message below a caret that stands under that of the field."""
        width, place = self.size.width, self.field.cursor_screen_offset.x - self.region.x
        place -= self.field.cursor_position == len(self.field.value)  # at its end the field has a blank
        lines = textwrap.wrap(message, max(width - 2, 10))
        if len(lines) > WRONG_ROWS:
            lines = [
                *lines[: WRONG_ROWS - 1],
                clip_middle(" ".join(lines[WRONG_ROWS - 1 :]), max(width - 2, 10), "..."),
            ]
        wrong = self.query_one("#wrong", Label)
        wrong.update("\n".join([" " * place + "^", *(f" {line}" for line in lines)]))
        wrong.display = True

    def on_input_changed(self) -> None:
        """Hide the refusal of the text that was there before."""
        self.query_one("#wrong").display = False

    def on_resize(self, event: Resize) -> None:
        """Name the keys where the field has room beside them."""
        self.query_one("#keys").display = event.size.width >= len(self._label) + len(KEYS) + LEAST
