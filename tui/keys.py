"""Everything a person can do, once: bindings, footer, palette, help and README's table of keys come from here."""

from dataclasses import dataclass

from textual.binding import Binding

STEPPER, PICKER, COMPARE, WHOLE, CHART = "stepper", "picker", "compare", "dense", "charts"
FORECAST, DAY = "forecast", "day"
LEARNING, KEPT = "learning", "kept"
GRADIENTS, EXPERIMENT = "gradients", "experiment"
STATISTICS, UNIT = "statistics", "unit"
EVERYWHERE = ""

STEPPING, LESSONS = (STEPPER, DAY, KEPT), (STEPPER, FORECAST)
TIMED, UNITS = (*STEPPING, COMPARE), (*STEPPING, COMPARE, WHOLE, LEARNING, STATISTICS, UNIT)
WALKED = (*TIMED, GRADIENTS, EXPERIMENT, LEARNING, UNIT)


@dataclass(frozen=True)
class Action:
    """One thing to do. `name` is the method `action_<name>`; `keys` are Textual's names, the one to show first.

    `short` stands in the footer (empty: not shown there), `help` says it whole. `counted`: a number typed before the
    key multiplies it. `where` are the screens that have it; empty means everywhere.
    """

    name: str
    keys: tuple[str, ...]
    short: str
    help: str
    group: str
    where: tuple[str, ...] = STEPPING
    counted: bool = False


ACTIONS: tuple[Action, ...] = (
    Action("open", ("enter",), "open", "open the chosen scenario", "Choose", (PICKER,)),
    Action("choose(1)", ("down", "j"), "choose", "next scenario", "Choose", (PICKER,)),
    Action("choose(-1)", ("up", "k"), "", "previous scenario", "Choose", (PICKER,)),
    Action("tour(1)", ("enter",), "", "lesson: show the answer, go on; open it where it was left", "Learn",
           LESSONS),
    Action("tour(-1)", ("backspace",), "", "lesson: back", "Learn", LESSONS),
    Action("leave_tour", ("t",), "", "close the lesson and be on your own; open it again", "Learn", LESSONS),
    Action("day(1)", ("right", "l"), "day", "the next day", "Step", (FORECAST,), counted=True),
    Action("day(-1)", ("left", "h"), "", "the day before", "Step", (FORECAST,), counted=True),
    Action("day(1)", ("right_square_bracket",), "day", "the same timestamp of the next day's window", "Step", (DAY,),
           counted=True),
    Action("day(-1)", ("left_square_bracket",), "", "the same timestamp of the window of the day before", "Step",
           (DAY,), counted=True),
    Action("page(1)", ("tab",), "page", "the next page: data, forecast, learning, scores", "View", (FORECAST,)),
    Action("page(-1)", ("shift+tab",), "", "the page before", "View", (FORECAST,)),
    Action("epoch(1)", ("greater_than_sign",), "epoch", "the network as it was at the next epoch that is kept", "Learn",
           (FORECAST, DAY), counted=True),
    Action("epoch(-1)", ("less_than_sign",), "", "the network as it was at the epoch kept before", "Learn",
           (FORECAST, DAY), counted=True),
    Action("step_in", ("s",), "step in", "step through this day: gates, cell state, the way to the forecast", "Step",
           (FORECAST,)),
    Action("train", ("space",), "train", "train from scratch, and watch; pause, go on. A number before it is the seed",
           "Learn", (FORECAST,)),
    Action("cancel", ("x",), "", "cancel the training; the network from before comes back", "Learn", (FORECAST,)),
    Action("train", ("space",), "pause",
           "pause the training, go on; once it is over, train from scratch. A number before it is the seed", "Learn",
           (LEARNING,)),
    Action("epoch(1)", ("greater_than_sign",), "batch", "the network as it was at the next batch that is kept", "Learn",
           (LEARNING, KEPT), counted=True),
    Action("epoch(-1)", ("less_than_sign",), "", "the network as it was at the batch kept before", "Learn",
           (LEARNING, KEPT), counted=True),
    Action("step_in", ("s",), "step in", "step through the sentence in the network that is looked at", "Step",
           (LEARNING,)),
    Action("cancel", ("x",), "cancel", "cancel the training; what is kept so far stays", "Learn", (LEARNING,)),
    Action("model", ("m",), "recipe", "the same series by the other recipe", "View", (FORECAST,)),
    Action("answer", ("enter",), "answer", "show the answer, and go on", "Learn", (EXPERIMENT,)),
    Action("part(1)", ("tab",), "next", "the next question", "Learn", (EXPERIMENT,)),
    Action("part(-1)", ("shift+tab",), "", "the question before", "Learn", (EXPERIMENT,)),
    Action("radius(1)", ("up", "k"), "radius", "a larger spectral radius", "Select", (EXPERIMENT,), counted=True),
    Action("radius(-1)", ("down", "j"), "", "a smaller spectral radius", "Select", (EXPERIMENT,), counted=True),
    Action("forget_bias", ("f",), "forget bias", "the LSTM's forget bias: 0 or 1", "Select", (EXPERIMENT,)),
    Action("over(1)", ("right", "l"), "step", "step over: one timestamp on", "Step", WALKED, counted=True),
    Action("over(-1)", ("left", "h"), "", "step back: one timestamp", "Step", WALKED, counted=True),
    Action("into(1)", ("full_stop",), "into", "step into: the next part of this timestamp", "Step",
           counted=True),
    Action("into(-1)", ("comma",), "", "step into, backwards", "Step", counted=True),
    Action("unit(1)", ("down", "j"), "unit", "select the unit below", "Select", UNITS, counted=True),
    Action("unit(-1)", ("up", "k"), "", "select the unit above", "Select", UNITS, counted=True),
    Action("quantity(1)", ("tab",), "quantity", "next quantity: its arithmetic and its timeline", "Select",
           TIMED, counted=True),
    Action("quantity(-1)", ("shift+tab",), "", "previous quantity", "Select", TIMED, counted=True),
    Action("compare", ("c",), "compare", "two networks or two sentences side by side", "View", (STEPPER, WHOLE)),
    Action("model", ("m",), "model", "the same sentence in the scenario's next network", "View", (STEPPER, WHOLE)),
    Action("edit", ("e",), "edit", "edit the sentence and run the network on it", "View", (STEPPER, WHOLE)),
    Action("model", ("m",), "model", "another network on the right", "View", (COMPARE,)),
    Action("sentence", ("s",), "sentence", "the scenario's next sentence on the right", "View", (COMPARE,)),
    Action("edit", ("e",), "edit", "edit the sentence on the right", "View", (COMPARE,)),
    Action("exchange", ("x",), "exchange", "exchange left and right", "View", (COMPARE,)),
    Action("charts", ("a",), "accuracy", "charts of the scenario's networks: accuracy and size", "View",
           (STEPPER, WHOLE, COMPARE, PICKER)),
    Action("chart(1)", ("right", "l", "tab"), "next chart", "the next chart", "View", (CHART,)),
    Action("chart(-1)", ("left", "h", "shift+tab"), "", "the chart before", "View", (CHART,)),
    Action("gradients", ("b",), "gradients", "go back: the gradients of this sentence, in this network and another",
           "View", (STEPPER,)),
    Action("watch", ("w",), "learn", "watch this network learn from scratch. A number before it is the seed", "View",
           (STEPPER,)),
    Action("loss", ("tab",), "loss", "the loss: the last word's, or the sum over all words", "View", (GRADIENTS,)),
    Action("statistics", ("v",), "gates", "the gates over all held-out sentences: how often open, how often shut",
           "View", (STEPPER,)),
    Action("unit_page", ("u",), "unit page", "the unit's page: one word replaced, its weights, the scores without it",
           "View", (STEPPER,)),
    Action("gate(1)", ("tab",), "gate", "the next gate", "Select", (STATISTICS,), counted=True),
    Action("gate(-1)", ("shift+tab",), "", "the gate before", "Select", (STATISTICS,), counted=True),
    Action("place(1)", ("right", "l"), "moment", "the next of the listed moments", "Select", (STATISTICS,),
           counted=True),
    Action("place(-1)", ("left", "h"), "", "the listed moment before", "Select", (STATISTICS,), counted=True),
    Action("jump", ("enter",), "go there", "step through the sentence of this moment, at its word", "Go",
           (STATISTICS,)),
    Action("order", ("o",), "order", "order the units by their effect on the prediction here, or by number", "View"),
    Action("layer", ("L",), "", "next layer or direction of a stacked network", "View"),
    Action("find", ("slash",), "find", "find a token", "Go", (STEPPER, KEPT)),
    Action("find_next(1)", ("n",), "", "to the next place found", "Go", (STEPPER, KEPT), counted=True),
    Action("find_next(-1)", ("N",), "", "to the previous place found", "Go", (STEPPER, KEPT), counted=True),
    Action("goto", ("colon",), "go to", "go to a timestamp by number: 12, +5, -5", "Go"),
    Action("goto_day", ("colon",), "go to", "go to a day by its date or number: 2020-09-28, 12", "Go", (FORECAST,)),
    Action("goto_day", ("slash",), "find day", "go to a day by its date or number: 2020-09-28, 12", "Go", (DAY,)),
    Action("first", ("g", "home"), "", "to the first timestamp", "Go", WALKED),
    Action("first", ("g", "home"), "", "to the first day", "Go", (FORECAST,)),
    Action("last", ("G", "end"), "", "to the last day; with a count, to that day", "Go", (FORECAST,), counted=True),
    Action("last", ("G", "end"), "", "to the last timestamp; with a count, to that timestamp", "Go", WALKED,
           counted=True),
    Action("play", ("space",), "play", "play, and stop playing", "Play"),
    Action("faster(1)", ("plus", "equals_sign"), "", "play faster", "Play"),
    Action("faster(-1)", ("minus",), "", "play slower", "Play"),
    Action("theme", ("d",), "", "dark or light", "Anywhere", ()),
    Action("help", ("question_mark", "f1"), "help", "help for the place you are in", "Anywhere", ()),
    Action("command_palette", ("ctrl+p",), "", "every action by name", "Anywhere", ()),
    Action("redraw", ("ctrl+l",), "", "draw the screen again, if something has spoilt it", "Anywhere", ()),
    Action("suspend_process", ("ctrl+z",), "", "back to the shell; its fg comes back here", "Anywhere", ()),
    Action("back", ("q", "escape"), "leave", "back; from the first screen, quit", "Anywhere", ()),
    Action("quit", ("ctrl+c", "ctrl+q"), "", "quit at once", "Anywhere", ()),
)  # fmt: skip
"""In the order in which the help tells them; where a footer is too narrow for all, the earlier ones are in it."""

SHOWN = {"right": "→", "left": "←", "up": "↑", "down": "↓", "full_stop": ".", "comma": ",", "plus": "+", "minus": "-",
         "equals_sign": "=", "greater_than_sign": ">", "less_than_sign": "<", "right_square_bracket": "]",
         "left_square_bracket": "[", "colon": ":", "slash": "/", "question_mark": "?", "enter": "Enter", "tab": "Tab",
         "backspace": "Backspace", "shift+tab": "Shift+Tab", "space": "Space",
         "home": "Home", "end": "End", "escape": "Esc", "f1": "F1",
         "ctrl+p": "Ctrl+P", "ctrl+c": "Ctrl+C", "ctrl+q": "Ctrl+Q",
         "ctrl+l": "Ctrl+L", "ctrl+z": "Ctrl+Z"}  # fmt: skip
"""What is printed on the key."""

SHOWN_ASCII = SHOWN | {"right": "Right", "left": "Left", "up": "Up", "down": "Down"}


def actions_of(where: str) -> list[Action]:
    """Return the actions that the screen called `where` has, those of everywhere included."""
    return [action for action in ACTIONS if not action.where or where in action.where]


def bindings(where: str) -> list[Binding | tuple[str, str] | tuple[str, str, str]]:
    """Return Textual bindings for the screen called `where`; those of everywhere act on the app.

    A screen's own keys have priority: they take effect in the order in which they were typed, however fast.
    """
    return [
        Binding(
            ",".join(action.keys),
            action.name if action.where else f"app.{action.name}",
            action.help,
            show=False,
            priority=bool(action.where) or action.name == "quit",
        )
        for action in actions_of(where)
    ]


def key_names(action: Action, unicode: bool = True, everything: bool = True) -> list[str]:
    """Return what is printed on the keys of `action`: all of them, or the first."""
    shown = SHOWN if unicode else SHOWN_ASCII
    return [shown.get(key, key) for key in (action.keys if everything else action.keys[:1])]


def markdown_table() -> str:
    """Return the table of keys for README."""
    rows = ["| key | what it does | where |", "|---|---|---|"]
    for action in ACTIONS:
        keys = " ".join(f"`{key}`" for key in key_names(action))
        counted = "; takes a count" if action.counted and "count" not in action.help else ""
        rows.append(f"| {keys} | {action.help}{counted} | {' '.join(action.where) or 'everywhere'} |")
    return "\n".join(rows)
