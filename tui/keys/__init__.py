"""Everything a person can do, once: bindings, footer, palette, help and the table in docs/keys.md come from here."""

import re

from .action import (
    BREAKPOINTS as BREAKPOINTS,
)  # fmt: skip
from .action import (
    CHART as CHART,
)
from .action import (
    CHECKPOINT as CHECKPOINT,
)
from .action import (
    COMPARE as COMPARE,
)
from .action import (
    DAY as DAY,
)
from .action import (
    DENSE as DENSE,
)
from .action import (
    EDITS as EDITS,
)
from .action import (
    EVERYWHERE as EVERYWHERE,
)
from .action import (
    EXPERIMENT as EXPERIMENT,
)
from .action import (
    FORECAST as FORECAST,
)
from .action import (
    GATES as GATES,
)
from .action import (
    GRADIENTS as GRADIENTS,
)
from .action import (
    GRID as GRID,
)
from .action import (
    HITS as HITS,
)
from .action import (
    LEARNING as LEARNING,
)
from .action import (
    LESSONS as LESSONS,
)
from .action import (
    NETWORKS as NETWORKS,
)
from .action import (
    OVERVIEW as OVERVIEW,
)
from .action import (
    PAGES as PAGES,
)
from .action import (
    PICKER as PICKER,
)
from .action import (
    SIMILAR as SIMILAR,
)
from .action import (
    STEPPER as STEPPER,
)
from .action import (
    STEPPING as STEPPING,
)
from .action import (
    TIMED as TIMED,
)
from .action import (
    UNIT as UNIT,
)
from .action import (
    UNITS as UNITS,
)
from .action import (
    WALKED as WALKED,
)
from .action import (
    Action as Action,
)
from .changing import CHANGING
from .searching import LISTS
from .shown import SHOWN as SHOWN
from .shown import SHOWN_ASCII as SHOWN_ASCII

ACTIONS: tuple[Action, ...] = (
    Action("picker.open", "open", ("enter",), "open", "open the chosen scenario", "Choose", (PICKER,)),
    Action("picker.choose", "choose(1)", ("down", "j"), "choose", "next scenario", "Choose", (PICKER,)),
    Action("picker.choose_back", "choose(-1)", ("up", "k"), "", "previous scenario", "Choose", (PICKER,)),
    Action("picker.find", "find", ("slash",), "find", "find a scenario by part of its name or description",
           "Choose", (PICKER,)),
    Action("picker.first", "first", ("g", "home"), "", "first scenario", "Choose", (PICKER,)),
    Action("picker.last", "last", ("G", "end"), "", "last scenario", "Choose", (PICKER,)),
    Action("networks.open", "open", ("enter",), "open", "open the chosen network of the file", "Choose", (NETWORKS,),
           needs="opens"),
    Action("networks.choose", "choose(1)", ("down", "j"), "choose", "next network", "Choose", (NETWORKS,)),
    Action("networks.choose_back", "choose(-1)", ("up", "k"), "", "previous network", "Choose", (NETWORKS,)),
    Action("networks.find", "find", ("slash",), "find", "find a network by part of its name", "Choose", (NETWORKS,)),
    Action("networks.first", "first", ("g", "home"), "", "first network", "Choose", (NETWORKS,)),
    Action("networks.last", "last", ("G", "end"), "", "last network", "Choose", (NETWORKS,)),
    Action("stepper.lesson", "lesson(1)", ("enter",), "", "lesson: show the answer, then continue",
           "Learn", LESSONS, needs="lesson"),
    Action("stepper.lesson_back", "lesson(-1)", ("backspace",), "", "lesson: go back", "Learn", LESSONS,
           needs="lesson"),
    Action("stepper.leave_lesson", "leave_lesson", ("t",), "", "leave or resume the lesson",
           "Learn", LESSONS, needs="lesson"),
    Action("forecast.day", "day(1)", ("right", "l"), "day", "next day", "Step", (FORECAST,), counted=True),
    Action("forecast.day_back", "day(-1)", ("left", "h"), "", "previous day", "Step", (FORECAST,), counted=True),
    Action("day.day", "day(1)", ("right_square_bracket",), "day", "the same timestamp in the next day's window",
           "Step", (DAY,), counted=True),
    Action("day.day_back", "day(-1)", ("left_square_bracket",), "",
           "the same timestamp in the previous day's window", "Step", (DAY,), counted=True),
    Action("forecast.page", "page(1)", ("tab",), "page", "next page: data, forecast, learning, scores", "View",
           (FORECAST,)),
    Action("forecast.page_back", "page(-1)", ("shift+tab",), "", "previous page", "View", (FORECAST,)),
    Action("forecast.epoch", "epoch(1)", ("greater_than_sign",), "epoch",
           "next checkpoint", "Learn", (FORECAST, DAY), counted=True,
           needs="checkpoints"),
    Action("forecast.epoch_back", "epoch(-1)", ("less_than_sign",), "",
           "previous checkpoint", "Learn", (FORECAST, DAY), counted=True,
           needs="checkpoints"),
    Action("forecast.step_in", "step_in", ("s",), "step in",
           "step through this day: gates, cell state, forecast", "Step", (FORECAST,)),
    Action("forecast.train", "train", ("space",), "train",
           "train from scratch; pause or resume. A number typed before it is the seed", "Learn", (FORECAST,)),
    Action("forecast.cancel", "cancel", ("x",), "", "cancel the training and restore the previous network",
           "Learn", (FORECAST,)),
    Action("learning.train", "train", ("space",), "pause",
           "pause or resume the training; once it is over, train again. A number typed before it is the seed", "Learn",
           (LEARNING,)),
    Action("learning.epoch", "epoch(1)", ("greater_than_sign",), "batch",
           "next checkpoint", "Learn", (LEARNING, CHECKPOINT), counted=True,
           needs="checkpoints"),
    Action("learning.epoch_back", "epoch(-1)", ("less_than_sign",), "",
           "previous checkpoint", "Learn", (LEARNING, CHECKPOINT), counted=True,
           needs="checkpoints"),
    Action("learning.step_in", "step_in", ("s",), "step in",
           "step through the sentence in this checkpoint", "Step", (LEARNING,), needs="checkpoints"),
    Action("learning.cancel", "cancel", ("x",), "cancel", "cancel the training; checkpoints so far are kept", "Learn",
           (LEARNING,)),
    Action("forecast.model", "model", ("m",), "recipe", "the same series with the other recipe", "View", (FORECAST,),
           needs="idle"),
    Action("experiment.answer", "answer", ("enter",), "answer", "show the answer, then continue", "Learn",
           (EXPERIMENT,)),
    Action("experiment.part", "part(1)", ("tab",), "next", "next question", "Learn", (EXPERIMENT,)),
    Action("experiment.part_back", "part(-1)", ("shift+tab",), "", "previous question", "Learn", (EXPERIMENT,)),
    Action("experiment.radius", "radius(1)", ("up", "k"), "radius", "larger spectral radius", "Select",
           (EXPERIMENT,), counted=True, needs="knobs"),
    Action("experiment.radius_back", "radius(-1)", ("down", "j"), "", "smaller spectral radius", "Select",
           (EXPERIMENT,), counted=True, needs="knobs"),
    Action("experiment.forget_bias", "forget_bias", ("f",), "forget bias", "the LSTM's forget bias: 0 or 1", "Select",
           (EXPERIMENT,), needs="knobs"),
    Action("stepper.over", "over(1)", ("right", "l"), "step", "step over: next timestamp", "Step", WALKED,
           counted=True, needs="steps"),
    Action("stepper.over_back", "over(-1)", ("left", "h"), "", "step back: previous timestamp", "Step", WALKED,
           counted=True, needs="steps"),
    Action("stepper.into", "into(1)", ("full_stop",), "into", "step into: next part of this timestamp", "Step",
           counted=True),
    Action("stepper.into_back", "into(-1)", ("comma",), "", "step into: previous part", "Step", counted=True,
           needs="parts"),
    Action("stepper.sequence", "sequence(1)", ("right_square_bracket",), "sequence",
           "next sequence of the batch, at the same timestamp", "Step", (STEPPER,), counted=True, needs="sequences"),
    Action("stepper.sequence_back", "sequence(-1)", ("left_square_bracket",), "",
           "previous sequence of the batch, at the same timestamp", "Step", (STEPPER,), counted=True,
           needs="sequences"),
    Action("stepper.unit", "unit(1)", ("down", "j"), "unit", "select the unit below", "Select", UNITS, counted=True),
    Action("stepper.unit_back", "unit(-1)", ("up", "k"), "", "select the unit above", "Select", UNITS, counted=True),
    Action("stepper.quantity", "quantity(1)", ("tab",), "quantity", "next quantity, with its arithmetic and timeline",
           "Select", (*TIMED, OVERVIEW, SIMILAR), counted=True),
    Action("stepper.quantity_back", "quantity(-1)", ("shift+tab",), "", "previous quantity", "Select",
           (*TIMED, OVERVIEW, SIMILAR), counted=True),
    Action("stepper.why", "why", ("y",), "why",
           "why this answer: the unit that carries it, then the words that wrote it, by effect; without an answer, "
           "what wrote this unit's memory, by share. Press again for the next", "Go"),
    Action("stepper.compare", "compare", ("c",), "compare", "two networks or two sentences side by side", PAGES,
           (STEPPER, DENSE), needs="compare"),
    Action("stepper.model", "model", ("m",), "model", "the same sentence in the scenario's next network", "View",
           (STEPPER, DENSE), needs="models"),
    Action("stepper.edit", "edit", ("e",), "edit", "edit the sentence and run the network on it", "View",
           (STEPPER, DENSE), needs="sentence"),
    Action("compare.model", "model", ("m",), "model", "another network on the right", "View", (COMPARE,),
           needs="models"),
    Action("compare.sentence", "sentence", ("s",), "sentence", "the scenario's next sentence on the right", "View",
           (COMPARE,), needs="sentences"),
    Action("compare.edit", "edit", ("e",), "edit", "edit the sentence on the right", "View", (COMPARE,),
           needs="sentence"),
    Action("compare.exchange", "exchange", ("x",), "swap", "swap left and right", "View", (COMPARE,)),
    Action("stepper.charts", "charts", ("a",), "charts", "charts of the scenario's networks: accuracy and size",
           PAGES, (STEPPER, DENSE, COMPARE, PICKER), needs="charts"),
    Action("charts.chart", "chart(1)", ("right", "l", "tab"), "next chart", "next chart", "View", (CHART,),
           needs="charts"),
    Action("charts.chart_back", "chart(-1)", ("left", "h", "shift+tab"), "", "previous chart", "View", (CHART,),
           needs="charts"),
    Action("stepper.gradients", "gradients", ("b",), "gradients",
           "backpropagation through time: gradients at every word, in this network and another", PAGES, (STEPPER,),
           needs="gradients"),
    Action("stepper.learn", "watch", ("w",), "learn",
           "watch this network learn from scratch. A number typed before it is the seed", PAGES, (STEPPER,),
           needs="learn"),
    Action("gradients.loss", "loss", ("tab",), "loss", "the loss: the last word's, or the sum over all words", "View",
           (GRADIENTS,)),
    Action("stepper.gates", "statistics", ("v",), "gates",
           "the gates over all held-out sentences: how often they are saturated open or closed", PAGES, (STEPPER,),
           needs="gates"),
    Action("stepper.unit_page", "unit_page", ("u",), "unit page",
           "the unit's page: sentences with one word replaced, its weights, the scores without it", PAGES, (STEPPER,),
           needs="unit page"),
    Action("gates.gate", "gate(1)", ("tab",), "gate", "next gate", "Select", (GATES,), counted=True),
    Action("gates.gate_back", "gate(-1)", ("shift+tab",), "", "previous gate", "Select", (GATES,), counted=True),
    Action("gates.order", "order", ("o",), "order",
           "order the units: by number, most often open first, or most often closed first",
           "Select", (GATES,)),
    Action("gates.extreme", "extreme(1)", ("right", "l"), "next", "next of the listed timestamps", "Select",
           (GATES,), counted=True),
    Action("gates.extreme_back", "extreme(-1)", ("left", "h"), "", "previous of the listed timestamps", "Select",
           (GATES,), counted=True),
    Action("gates.jump", "jump", ("enter", "right_parenthesis"), "go there",
           "step through this sentence, from this timestamp", "Go", (GATES,), needs="extremes"),
    Action("stepper.picture", "picture", ("p",), "picture",
           "show the picture of the cell in place of the table; hide it where it is beside the table", "View"),
    Action("stepper.order", "order", ("o",), "order",
           "order the units: by number, effect, activity, change here, saturation, half-life", "View",
           (*STEPPING, OVERVIEW)),
    Action("stepper.overview", "overview", ("z",), "all units", "all layers and units at once", "View"),
    Action("overview.descend", "descend", ("enter",), "step in", "step through the selected unit", "Go", (OVERVIEW,)),
    Action("overview.unit", "unit(1)", ("right", "l"), "unit", "next unit", "Select", (OVERVIEW,), counted=True),
    Action("overview.unit_back", "unit(-1)", ("left", "h"), "", "previous unit", "Select", (OVERVIEW,), counted=True),
    Action("overview.row", "row(1)", ("down", "j"), "row", "one row down", "Select", (OVERVIEW,), counted=True),
    Action("overview.row_back", "row(-1)", ("up", "k"), "", "one row up", "Select", (OVERVIEW,),
           counted=True),
    Action("overview.over", "over(1)", ("full_stop",), "step", "next timestamp", "Step", (OVERVIEW,), counted=True),
    Action("overview.over_back", "over(-1)", ("comma",), "", "previous timestamp", "Step", (OVERVIEW,), counted=True),
    Action("overview.first", "first", ("g", "home"), "", "very first unit", "Select", (OVERVIEW,)),
    Action("overview.last", "last", ("G", "end"), "", "very last unit", "Select", (OVERVIEW,)),
    Action("stepper.rescale", "rescale", ("r",), "",
           "scale the timeline to its largest value; again to restore the fixed scale", "View"),
    *CHANGING,
    Action("stepper.layer", "layer", ("L",), "", "next layer or direction of a stacked network", "View",
           needs="layers"),
    Action("stepper.find", "find", ("slash",), "find", "find a word, or a condition after ?: ?forget[2] < .1", "Go",
           (STEPPER, CHECKPOINT)),
    Action("stepper.next_found", "find_next(1)", ("n",), "", "next hit", "Go", STEPPING, counted=True),
    Action("stepper.previous_found", "find_next(-1)", ("N",), "", "previous hit", "Go", STEPPING, counted=True),
    Action("stepper.hits", "hits", ("f",), "", "list every hit, with what made the condition true", "Go"),
    Action("stepper.breakpoints", "breakpoints", ("B",), "breakpoints",
           "breakpoints: conditions at which playing halts, and ready-made ones", "Play"),
    *LISTS,
    Action("stepper.jump_back", "jumped(-1)", ("left_parenthesis",), "", "back to where the last jump started", "Go",
           counted=True),
    Action("stepper.jump_ahead", "jumped(1)", ("right_parenthesis",), "", "forward again", "Go", counted=True),
    Action("stepper.goto", "goto", ("colon",), "go to",
           "go to a timestamp by number or label: 12, +5, -5, 2020-03-05; or to a unit: u42, l2u42", "Go"),
    Action("forecast.goto_day", "goto_day", ("colon",), "go to", "go to a day by its date or number: 2020-09-28, 12",
           "Go", (FORECAST,)),
    Action("day.goto_day", "goto_day", ("slash",), "find day",
           "go to a day by its date or number, or find a condition after ?", "Go", (DAY,)),
    Action("stepper.first", "first", ("g", "home"), "", "first timestamp", "Go", WALKED, needs="steps"),
    Action("forecast.first", "first", ("g", "home"), "", "first day", "Go", (FORECAST,)),
    Action("forecast.last", "last", ("G", "end"), "", "last day; with a count, that day", "Go", (FORECAST,),
           counted=True),
    Action("stepper.last", "last", ("G", "end"), "", "last timestamp; with a count, that timestamp", "Go",
           WALKED, counted=True, needs="steps"),
    Action("stepper.play", "play", ("space",), "play", "play or pause", "Play"),
    Action("stepper.faster", "faster(1)", ("plus", "equals_sign"), "", "play faster", "Play"),
    Action("stepper.slower", "faster(-1)", ("minus",), "", "play slower", "Play"),
    Action("app.mouse", "mouse", ("M",), "", "mouse on or off: click a word, a unit, a tab or a key of the footer; the "
           "wheel steps. While it is off the terminal selects text", "Anywhere", ()),
    Action("app.theme", "theme", ("d",), "", "dark or light", "Anywhere", ()),
    Action("app.help", "help", ("question_mark", "f1"), "help", "help for this screen", "Anywhere", ()),
    Action("app.palette", "command_palette", ("ctrl+p",), "", "every action by name", "Anywhere", ()),
    Action("app.redraw", "redraw", ("ctrl+l",), "", "redraw the screen", "Anywhere", ()),
    Action("app.undo", "undo", ("escape",), "", "close what is open, or go back; never quits", "Anywhere", ()),
    Action("app.back", "back", ("q",), "back", "back; on the first screen, quit", "Anywhere", ()),
    Action("app.quit", "quit", ("ctrl+q", "ctrl+c"), "", "quit at once", "Anywhere", ()),
    Action("app.suspend", "suspend_process", ("ctrl+z",), "", "suspend (fg resumes)", "Anywhere", ()),
)  # fmt: skip
"""In the order of the help."""

RANK = (
    "picker.open", "picker.choose", "forecast.page", "experiment.answer", "experiment.part", "gates.extreme",
    "gates.jump", "grid.largest", "grid.jump", "similar.place", "similar.jump", "similar.raise",
    "stepper.over", "forecast.day", "day.day", "stepper.into", "stepper.quantity", "gates.gate", "gradients.loss",
    "stepper.find", "day.goto_day", "stepper.why", "forecast.train", "learning.train", "forecast.step_in",
    "learning.step_in", "stepper.compare", "stepper.charts", "stepper.gates", "stepper.unit_page", "stepper.gradients",
    "stepper.learn", "stepper.unit", "stepper.model", "stepper.edit", "stepper.order", "stepper.goto", "stepper.play",
)  # fmt: skip
"""Ids of actions by how often they are needed, which is the order of the footer; all others follow as they stand."""


def actions_of(where: str) -> list[Action]:
    """Return the actions that the screen called `where` has, those of everywhere included."""
    return [action for action in ACTIONS if not action.where or where in action.where]


def action_called(id: str) -> Action:
    """Return the action with that id; KeyError where there is none."""
    return _BY_ID[id]


_BY_ID = {action.id: action for action in ACTIONS}
_NAMED = re.compile(r"\{key:([a-z_.]+)\}")


def with_keys(text: str, unicode: bool = True) -> str:
    """Return a sentence of ours with the keys that it names by an action's id, as in {key:stepper.model}."""
    return _NAMED.sub(lambda match: key_names(_BY_ID[match[1]], unicode, False)[0], text)


def key_names(action: Action, unicode: bool = True, everything: bool = True) -> list[str]:
    """Return what is printed on the keys of `action`: all of them, or the first."""
    shown = SHOWN if unicode else SHOWN_ASCII
    return [shown.get(key, key) for key in (action.keys if everything else action.keys[:1])]


def markdown_table() -> str:
    """Return the table of keys for docs/keys.md."""
    rows = ["| key | what it does | where |", "|---|---|---|"]
    for action in ACTIONS:
        keys = " ".join(f"`{key}`" for key in key_names(action))
        counted = "; takes a count" if action.counted and "count" not in action.help else ""
        rows.append(f"| {keys} | {action.help}{counted} | {' '.join(action.where) or 'everywhere'} |")
    return "\n".join(rows)
