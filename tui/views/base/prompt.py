"""One line of input at the bottom of the screen."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Label

from ....engine import printable


class Field(Input):
    """An input that holds only what a terminal can show; a character that it would obey becomes ?, also in a paste."""

    def __init__(self, purpose: str, text: str) -> None:
        super().__init__(text, select_on_focus=False)
        self.cursor_blink = False  # a timer, and bytes while nobody types
        self.purpose = purpose

    def validate_value(self, value: str) -> str:
        """Spell what is typed, pasted or filled in."""
        return printable(value)

    async def action_submit(self) -> None:
        """Tell the screen at once: who types ahead goes on with what the answer leads to."""
        self.post_message(Prompt.Answered(self.purpose, self.value))


class Prompt(Horizontal):
    """Asks for one line, which its field posts as `Answered`; the screen removes it."""

    DEFAULT_CSS = """
    Prompt, Prompt Label, Prompt Input, Prompt Input:focus { background: $background; color: $foreground; }
    Prompt { height: 1; width: 100%; }
    Prompt Label { width: auto; padding: 0 1; text-style: bold; }
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
