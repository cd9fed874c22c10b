"""Help for the screen below: what it shows now, and the keys that work there."""

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
    CHECKPOINT,
    COMPARE,
    DAY,
    DENSE,
    EDITS,
    EVERYWHERE,
    EXPERIMENT,
    FORECAST,
    GATES,
    GRADIENTS,
    GRID,
    LEARNING,
    NETWORKS,
    OVERVIEW,
    PICKER,
    SIMILAR,
    STEPPER,
    UNIT,
    Action,
    key_names,
    with_keys,
)
from ..base.bindings import bindings
from ..base.chrome import Chrome, offered
from ..stepper.state import Moment

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
    ("lesson", "what to look at and to guess, then the proved answer; every other key works meanwhile"),
    (
        "timeline",
        "the selected quantity of every unit over the sequence; its heading explains shades and digits",
    ),
    ("next word", "what the network expects; the effect of a unit is the change in ln p when it is ablated"),
)

PLACES = {
    PICKER: (
        "the list of scenarios",
        "Each has a sentence or two, networks trained on them, and a lesson. A digit chooses the scenario of that "
        "number, a letter that is no key here the next one whose name begins with it. {key:picker.open} opens it.",
    ),
    NETWORKS: (
        "the recurrent networks of a file",
        "Layers, directions, units and inputs are what the shapes of the weights tell. A digit chooses the network of "
        "that number, a letter that is no key here the next one whose name begins with it. {key:networks.open} opens "
        "it if --input was given; the command below the list opens it from the shell.",
    ),
    COMPARE: (
        "a comparison",
        "Two networks on one sentence, or two sentences in one network, on the same keys. Below: how far apart they "
        "are at each timestamp (a dot: identical). c and h are root mean squares over the units; p is half the sum of "
        "|p-p'| over all words, from 0 to 1. The table shows what every network of the scenario predicts at the end.",
    ),
    DENSE: (
        "a dense network",
        "It reads the whole sentence at once and has no timestamps and no gates: the words' vectors are added up, or "
        "placed side by side, and pass through one layer of hidden units. Effect is the change in ln p when a unit is "
        "ablated.",
    ),
    FORECAST: (
        "a forecaster",
        "Four pages: the data; the actual values and the forecast, day by day; the loss over the epochs, with the "
        "largest gradient of every part of the network; and the scores next to naive baselines. Days before the "
        "mark are for training, those after it for testing. Training saves about 20 checkpoints: "
        "{key:forecast.epoch_back} and {key:forecast.epoch} step through them, on this screen and inside a day. MAE "
        "and RMSE are in the target's unit, MAPE is relative, and R² is 1 for a perfect forecast and 0 for one that "
        "always predicts the mean.",
    ),
    DAY: (
        "a day of a forecaster",
        "The network reads the window of this day one timestamp at a time, as it would read a sentence; after its end "
        "comes the next day's window. Below: the numbers as they are in the file and as the network reads them, the "
        "sum behind the selected number, and the arithmetic from the hidden state to the forecast. Before the end of "
        "the window, this is the forecast as if the window ended there.",
    ),
    GRADIENTS: (
        "the gradients of a sentence",
        "Backpropagation through time: the magnitude of dL/dh and dL/dc at each word, from the loss L backwards, as "
        "torch differentiates the equations. The scale is logarithmic and always the same; a dot is below it, an "
        "arrow above it. path is the product of the forget gates from the last word: the largest over the units. "
        "from: the gradient broken down by loss term, each by its component along the whole, so that they add up to "
        "100 %; a negative share pulls the other way. Where the word after the last is not known, the loss is that of "
        "the likeliest word.",
    ),
    EXPERIMENT: (
        "an experiment",
        "Questions about gradients through time. {key:experiment.answer} shows the answer, which a test has proved. "
        "The bars are of random networks whose recurrent matrices have the spectral radius in the heading; the loss "
        "is a fixed direction of the last hidden state, so |dL/dh| is 1 at the last timestamp. W alone is the RNN's "
        "recurrent matrix without its tanh. path is the product of the LSTM's forget gates.",
    ),
    LEARNING: (
        "a network that learns",
        "It trains from scratch in a separate process. Above: loss and accuracy on each batch before the network "
        "learns from it, as means over a hundredth of all batches. Below: gates and prediction at this word in the "
        "selected checkpoint. About 20 checkpoints are saved; {key:learning.epoch_back} and {key:learning.epoch} step "
        "through them. The gradient norms are those of the batch that follows the checkpoint; where the norm of all "
        "together is above 1, they are scaled down to 1.",
    ),
    CHECKPOINT: (
        "a checkpoint",
        "The stepper on a checkpoint of a training: {key:learning.epoch_back} and {key:learning.epoch} change the "
        "checkpoint, every other key moves in the sentence. Units keep their number throughout a training.",
    ),
    GATES: (
        "the statistics of the gates",
        "Every held-out sentence is read, 300 of each size. A unit is further to the right the more often its gate is "
        "saturated closed, below 0.1, and higher the more often it is saturated open, above 0.9; on the dotted line "
        "it is always one or the other. Units at the same point are separated by commas. Below: where the gate of the "
        "selected unit is highest and lowest; sentences that begin with the same words count as one until they "
        "differ.",
    ),
    UNIT: (
        "the page of a unit",
        "Its cell state (or hidden state, for a cell without one) in sentences that differ in one word: the word "
        "that the answer depends on, and others that take its place in held-out sentences. A scenario without such a "
        "word shows its own sentences. Then the largest weights from the unit's hidden state to the words and to the "
        "gates of the layer's units, and the network's scores over all held-out sentences with the unit ablated: its "
        "hidden state held at 0.",
    ),
    OVERVIEW: (
        "all units at once",
        "Every unit of every layer is a cell, at one timestamp: how large the selected quantity is there. The heading "
        "of each layer says what its units are ordered by, and as of which timestamp. Below are the numbers of the "
        "selected unit; {key:overview.descend} steps through it. effect is the change in what is predicted when the "
        "unit is ablated, activity the mean size of h, change how much the memory changes at this timestamp, "
        "saturation the share of gate values below .1 or above .9, and half-life after how many timestamps half of a "
        "memory is left. All but effect and change look at up to 128 timestamps until this one.",
    ),
    EDITS: (
        "the list of edits",
        "What was changed by hand in this run, in the order in which it is made: an edit that is off stays in the "
        "list. Timestamps count from 1, in the sequence as the edits before have left it. Below: where the run "
        "diverges from its original, and how far apart they are at the end, c and h as root mean squares over the "
        "units, p as half the sum of |p-p'|. The command makes the same run from the shell.",
    ),
    GRID: (
        "the patch grid",
        "Each cell is a run of its own: one quantity of one unit at one timestamp is replaced, by its mean over "
        "held-out sentences or by what it is in another sentence, and everything after it follows. Shown is by how "
        "much ln p of the word in the heading changes: below zero, the word hangs on this place. {key:grid.jump} goes "
        "there with the patch in force, as one more edit.",
    ),
    SIMILAR: (
        "similar passages",
        "Units are on where they are at least the threshold from zero. A place is similar where, at each timestamp, "
        "every unit that is on in the marked passage is on too, with the same sign: in this sequence and in all "
        "held-out sentences. What stands there, against how often it stands anywhere, tells what these units are "
        "about. The nearest places come first.",
    ),
    CHART: ("the charts of a scenario", "They are drawn from the shipped networks and their scores."),
}
"""What every screen but the stepper is, and what it shows."""


COLUMN = 58
"""Cells that a column of the help has at the least."""


class HelpScreen(ModalScreen[None]):
    """Shows help over the screen that asked for it, whose footer is `chrome` and whose state is `state`."""

    CSS = """
    HelpScreen { align: center middle; }
    HelpScreen VerticalScroll { width: 92%; height: 92%; padding: 1 2; }
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

    def on_resize(self) -> None:
        """Set the text in as many columns as fit."""
        self.query_one(Static).update(self._text())

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
        ends = "{key:app.back} closes this help."
        if self._moment:
            ends = f"A number before a key repeats it: 5{{key:stepper.over}} goes five timestamps on. {ends}"
        return Group(self._set(parts), Text(with_keys(ends, unicode), look.style("dim")))

    def _about(self) -> list[list[RenderableType]]:
        """Where one is, what is on the screen, and what is computed there."""
        look, parts = self._look, list[list[RenderableType]]()
        if self._moment:
            parts.append([self._here(self._moment)])
        if self.WHERE in PLACES:
            title, about = PLACES[self.WHERE]
            text = Text("", look.style("title"))
            text.append(f"You are in {title}\n")
            text.append(look.text(with_keys(about, look.glyphs.unicode)), "not bold")
            parts.append([text])
        if self.WHERE == STEPPER:
            parts.append([Text("On the screen", look.style("title")), _columns(PANELS, look.style("chosen"))])
        if self._moment:
            parts.append(_equations(self._moment, look))
        return parts

    def _set(self, parts: list[list[RenderableType]]) -> RenderableType:
        """The parts one below the other, a line apart, in columns of about the same height."""
        console, inner = self.app.console, max(self.app.size.width * 92 // 100 - 6, 20)
        count = max(inner // COLUMN, 1)
        width = inner // count - 2
        options = console.options.update(width=width)
        groups = [Group(*part, Text("")) for part in parts]
        heights = [len(console.render_lines(group, options)) for group in groups]
        least, columns, used = -(-sum(heights) // count), list[list[Group]]([[]]), 0
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
        return grid

    def _here(self, moment: Moment) -> Text:
        """What the cursor stands on, in words and numbers."""
        look, quantity, text = self._look, moment.layer_trace.quantity(moment.quantity), Text()
        text.append(f"You are at timestamp {moment.t + 1}, {look.text(moment.token(moment.t))}\n", look.style("title"))
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
