"""Help for the place one is in: what is on the screen now, and the keys that work there."""

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from ...engine import QUANTITIES
from ..actions import PICKER, STEPPER, actions_of, key_names
from ..look import Look
from ..moment import Moment

PANELS = (
    ("top line", "what is looked at, the timestamp, and the loss: how surprised the network is by the next word"),
    ("sentence", "the cursor stands on the word the network reads now; a word with ? is unknown to it"),
    ("table", "a row a unit: gates run from 0 to 1, the candidate and h from -1 to 1, the memory c before and after"),
    ("arithmetic", "the sum behind the selected number; its printed terms add up to what is printed"),
    ("written by", "which steps wrote what this unit remembers now, and how much of it is theirs"),
    ("timeline", "the selected quantity of every unit over the sequence; below zero, bars hang from the top"),
    ("next word", "what the network expects; the effect of a unit is the change in ln p when it is silenced"),
)


class HelpScreen(ModalScreen[None]):
    """Shows help over the screen that asked for it; `moment` is where the stepper is, if that is the place."""

    CSS = """
    HelpScreen { align: center middle; }
    HelpScreen VerticalScroll { width: 92%; max-width: 100; height: 92%; padding: 1 2; background: $panel; }
    HelpScreen Static { height: auto; width: 100%; }
    """
    BINDINGS = [  # noqa: RUF012 (Textual reads it as a class attribute)
        Binding("j", "scroll_down", show=False),
        Binding("k", "scroll_up", show=False),
        Binding("space", "page_down", show=False),
    ]

    def __init__(self, where: str, look: Look, moment: Moment | None = None) -> None:
        super().__init__()
        self._where, self._look, self._moment = where, look, moment

    def compose(self) -> ComposeResult:
        """Yield the text in a scrolling box."""
        with VerticalScroll(can_focus=True):
            yield Static(self._text())

    def back(self) -> bool:
        """Close the help."""
        self.dismiss()
        return True

    def action_help(self) -> None:
        """The key that opened the help closes it."""
        self.dismiss()

    def action_scroll_down(self) -> None:
        """Scroll a line down."""
        self.query_one(VerticalScroll).scroll_down(animate=False)

    def action_scroll_up(self) -> None:
        """Scroll a line up."""
        self.query_one(VerticalScroll).scroll_up(animate=False)

    def action_page_down(self) -> None:
        """Scroll a page down."""
        self.query_one(VerticalScroll).scroll_page_down(animate=False)

    def _text(self) -> Text:
        look, text = self._look, Text()
        if self._moment:
            self._here(text, self._moment)
        elif self._where == PICKER:
            text.append("You are in the list of scenarios\n", look.style("title"))
            text.append("Each is a sentence and networks trained for it. Enter opens one in the stepper.\n")
        group = ""
        for action in actions_of(self._where):
            if action.group != group:
                group = action.group
                text.append(f"\n{group}\n", look.style("title"))
            keys = "  ".join(key_names(action, look.glyphs.unicode))
            text.append(f"  {keys.ljust(18)}", look.style("key"))
            text.append(f"{action.help}{' (takes a count)' if action.counted and 'count' not in action.help else ''}\n")
        if self._where == STEPPER:
            text.append("\nA number before a key repeats it: 5l goes five steps on.\n", look.style("dim"))
            text.append("\nOn the screen\n", look.style("title"))
            for name, what in PANELS:
                text.append(f"  {name.ljust(12)}", look.style("chosen"))
                text.append(f"{what}\n")
        text.append("\nEsc or q closes this help.", look.style("dim"))
        return text

    def _here(self, text: Text, moment: Moment) -> None:
        """What the cursor stands on, in words and numbers."""
        look, quantity = self._look, QUANTITIES[moment.quantity]
        value = float(moment.layer_trace[moment.quantity][moment.t, moment.unit])
        text.append(f"You are at step {moment.t + 1}, {look.text(moment.token(moment.t))}\n", look.style("title"))
        text.append(f"{quantity.name} {quantity.symbol}", look.style(quantity.name))
        text.append(f" of unit {moment.unit} is {look.number(value)}: {quantity.meaning}.\n")
        for line in moment.subject.lesson:
            text.append(f"  {look.glyphs.chosen} {look.text(line)}\n")
