"""Help for the place one is in: what is on the screen now, and the keys that work there."""

from collections.abc import Iterable

from rich.console import Group, RenderableType
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
from ...draw.look import Look
from ...keys import (
    CHART,
    COMPARE,
    DAY,
    DENSE,
    EVERYWHERE,
    EXPERIMENT,
    FORECAST,
    GATES,
    GRADIENTS,
    KEPT,
    LEARNING,
    PICKER,
    STEPPER,
    UNIT,
    Action,
    key_names,
)
from ..base.bindings import bindings
from ..base.chrome import Chrome, offered
from ..stepper.state import Moment

PANELS = (
    ("top line", "what is looked at, the timestamp, and the loss: how surprised the network is by the next word"),
    ("sentence", "the cursor stands on the word the network reads now; a word with ? is unknown to it"),
    ("table", "a row a unit: gates run from 0 to 1, the candidate and h from -1 to 1, the memory before and after"),
    ("arithmetic", "the sum behind the selected number; its printed terms add up to what is printed"),
    ("written by", "which steps wrote what this unit remembers now, and how much of it is theirs"),
    ("lesson", "what to look at and to guess, then what has been proved of it; every key works meanwhile"),
    ("timeline", "the selected quantity of every unit over the sequence; the sign stands before a level"),
    ("next word", "what the network expects; the effect of a unit is the change in ln p when it is silenced"),
)

PLACES = {
    PICKER: (
        "the list of scenarios",
        "Each is a sentence or two, networks trained for them, and a lesson. A digit chooses the scenario of that "
        "number, a letter that is no key here the next one whose name begins with it. Enter opens it.",
    ),
    COMPARE: (
        "a comparison",
        "Two networks on one sentence, or two sentences in one network, on the same keys. Below: how far apart they "
        "are at each step (a dot: not at all). c and h are root mean squares over the units; p is half the sum of "
        "|p-p'| over all words, from 0 to 1. The table has what every network of the scenario says at the end.",
    ),
    DENSE: (
        "a dense network",
        "It reads the sentence whole and has no steps and no gates: the words' vectors are added up, or set side by "
        "side, and go through one layer of hidden units. Effect is the change in ln p when a unit is silenced.",
    ),
    FORECAST: (
        "a forecaster",
        "Four pages: the data; what came and what was forecast, day by day; the loss over the epochs, with the largest "
        "gradient of every part of the network; and the scores against forecasts that need no network. Days before the "
        "mark train, those behind it test. About 20 states of the network are kept while it is trained: < and > go "
        "through them, on this screen and inside a day. MAE and RMSE are in the target's unit, MAPE is relative, and "
        "R² is 1 for a perfect forecast and 0 for one that always says the mean.",
    ),
    DAY: (
        "a day of a forecaster",
        "The network reads the window of this day one timestamp at a time, as it would read a sentence; past its end "
        "comes the next day's window. Below: the numbers as they are in the file and as they go in, the sum behind the "
        "selected number, and the way from the hidden state to the forecast. Before the window ends, that is what the "
        "forecast were if it ended there.",
    ),
    GRADIENTS: (
        "the gradients of a sentence",
        "Backpropagation through time: how large dL/dh and dL/dc are at each word on the way back from the loss L, as "
        "torch differentiates the equations of the steps. The scale is a log scale and always the same; a dot is "
        "below it, an arrow above it. path is what the forget gates alone let through from the last word: the largest "
        "product over the units. from: the losses a gradient consists of, each by its component along the whole, so "
        "that they make 100 %; one below zero pulls the other way. Where nobody knows what comes after the last word, "
        "its loss is that of the word held likeliest.",
    ),
    EXPERIMENT: (
        "an experiment",
        "Questions about gradients on the way back through time. Enter shows an answer that is proved by a test. The "
        "bars are of random networks whose recurrent matrices have the spectral radius in the heading; the loss is a "
        "fixed direction of the last hidden state, so |dL/dh| is 1 at the last step. W alone is the RNN's recurrent "
        "matrix without its tanh. path is what the LSTM's forget gates alone let through.",
    ),
    LEARNING: (
        "a network that learns",
        "It trains from scratch in a process of its own. Above: loss and accuracy on each batch before anything is "
        "learned from it, as means over a hundredth of all batches. Below: gates and prediction at this word in the "
        "state that is looked at. About 20 states are kept; < and > go through them. The norms of the gradients are "
        "those of the batch that follows a state; where all together are above 1, they are scaled down to 1.",
    ),
    KEPT: (
        "a network as it was",
        "The stepper on a kept state of a training: < and > change the state, every other key goes through the "
        "sentence. Units keep their number all through a training.",
    ),
    GATES: (
        "the statistics of the gates",
        "Every held-out sentence is read, 300 of each size. A unit stands to the right by the share of moments at "
        "which its gate is below 0.1, shut, and upwards by the share above 0.9, open; on the dotted line it is always "
        "one or the other. Units at one place stand with commas in between. Below: where the gate of the chosen unit "
        "is highest and where lowest; sentences that begin with the same words count as one until they part.",
    ),
    UNIT: (
        "the page of a unit",
        "Its cell state, or its hidden state where it has no other, in sentences that differ in one word: the word "
        "that the answer depends on, and the others that stand there in held-out sentences. A scenario without such a "
        "word has its own sentences here. Then the largest weights from the unit's hidden state to the words and to "
        "the gates of the layer's units, and the scores of the network when it is run with that hidden state held at "
        "0, over all held-out sentences.",
    ),
    CHART: ("the charts of a scenario", "They are drawn from the networks that ship and their scores."),
}
"""What the places are that are not the stepper, and what is to be seen there."""


class HelpScreen(ModalScreen[None]):
    """Shows help over the screen that asked for it, whose footer is `chrome` and whose state is `state`."""

    CSS = """
    HelpScreen { align: center middle; }
    HelpScreen VerticalScroll { width: 92%; max-width: 100; height: 92%; padding: 1 2; }
    HelpScreen VerticalScroll { background: $background; color: $foreground; }
    HelpScreen Static { height: auto; width: 100%; }
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

    @property
    def WHERE(self) -> str:
        """The place that is explained: the palette has its actions here too."""
        return self.chrome.where

    def compose(self) -> ComposeResult:
        """Yield the text in a scrolling box."""
        with VerticalScroll(can_focus=True):
            yield Static(self._text())

    def relook(self, look: Look) -> None:
        """Show the same in another look."""
        self._look = look
        self.query_one(Static).update(self._text())

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

    def _text(self) -> RenderableType:
        look, where, parts = self._look, self.WHERE, list[RenderableType]()
        actions = offered(where, self.chrome.lacking)
        if self._moment:
            parts.append(self._here(self._moment))
        if where in PLACES:
            title, about = PLACES[where]
            text = Text("\n" if parts else "", look.style("title"))
            text.append(f"You are in {title}\n")
            text.append(look.text(about), "not bold")
            parts.append(text)
        for group in dict.fromkeys(action.group for action in actions):
            rows = [
                ("  ".join(key_names(action, look.glyphs.unicode)), action.help + _counted(action))
                for action in actions
                if action.group == group
            ]
            parts += [Text(f"\n{group}", look.style("title")), _columns(rows, look.style("key"))]
        if self._moment:
            parts.append(Text("\nA number before a key repeats it: 5l goes five steps on.", look.style("dim")))
            parts += _equations(self._moment, look)
        if where == STEPPER:
            parts += [Text("\nOn the screen", look.style("title")), _columns(PANELS, look.style("chosen"))]
        parts.append(Text("\nEsc or q closes this help.", look.style("dim")))
        return Group(*parts)

    def _here(self, moment: Moment) -> Text:
        """What the cursor stands on, in words and numbers."""
        look, quantity, text = self._look, moment.layer_trace.quantity(moment.quantity), Text()
        text.append(f"You are at step {moment.t + 1}, {look.text(moment.token(moment.t))}\n", look.style("title"))
        text.append(f"{quantity.name} {quantity.symbol}", look.style(quantity.name))
        number = moment.layer_trace.number(moment.quantity, moment.t, moment.unit)
        if number is None:
            text.append(f" has {moment.layer_trace.weights.P} numbers, fewer than there are units: {quantity.meaning}.")
        elif moment.computed(moment.quantity):
            value = look.number(number) if quantity.signed else look.fraction(number)
            text.append(f" of unit {moment.unit} is {value}: {quantity.meaning}.")
        else:
            text.append(f" of unit {moment.unit} is not computed yet: {quantity.meaning}.")
        return text


def _equations(moment: Moment, look: Look) -> list[RenderableType]:
    """What the cell that is looked at computes, in the order in which it does."""
    weights, prime = moment.layer_trace.weights, look.glyphs.prime
    head = Text(f"\nWhat a unit of this {weights.cell.spelled} computes", look.style("title"))
    head.append(f"  ({prime}: the timestamp before)", look.style("dim") + Style(bold=False))
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
