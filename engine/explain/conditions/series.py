"""The values of a condition, bound to a trace: each gives its numbers for any timestamps, all of them at once."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np

from ...models.outputs import Outputs
from ...models.own_vocabulary import OwnVocabulary
from ...models.words import UNKNOWN, Prediction, Vocabulary, cross_entropies
from ...trace import LayerTrace, Trace, softmax
from .nodes import Change, Input, Loss, Node, Probability, QuantityOf

Numbers = np.ndarray[Any, Any]
"""Numbers (n, W) for n timestamps: of each of W units, or W = 1."""

MOST_NAMED = 9
"""How many choices an error lists."""

SCORES = 2**20
"""Scores of words that are held at once."""


@dataclass(frozen=True)
class Source:
    """What a number stands for: a quantity, and its layer and unit as far as it has them.

    Where there are `words`, the number is an index into them. Where `units` is False, there is no unit to name.
    """

    quantity: str
    layer: str | None = None
    unit: int | None = None
    units: bool = False
    words: Sequence[str] | None = None


@dataclass(frozen=True, eq=False)
class Known:
    """What is known about a run besides what the network computed.

    `prediction` holds the right words, `outputs` the right numbers; `columns` are the names of the I inputs, where the
    run has none.
    """

    prediction: Prediction | None = None
    columns: Sequence[str] = ()
    outputs: Outputs | None = None


class Reading:
    """A trace that a condition is evaluated on, with what is known about it."""

    def __init__(self, trace: Trace, known: Known):
        self.trace, self.known = trace, known
        self.looked_at: dict[str, LayerTrace] = {}
        self.widest = 1

    @property
    def vocabulary(self) -> Vocabulary | None:
        """The words that the network knows; None for a network over numbers."""
        if self.known.prediction is not None:
            return self.known.prediction.vocabulary
        words = self.trace.vocabulary
        return None if words is None else Vocabulary(words) if words[:1] == (UNKNOWN,) else OwnVocabulary(words)

    def look_at(self, layers: Sequence[LayerTrace], width: int = 1) -> None:
        """Note that a condition needs `layers`, and this many numbers of a timestamp at once."""
        self.looked_at |= {layer.name: layer for layer in layers}
        self.widest = max(self.widest, width)

    def layers(self, node: QuantityOf) -> tuple[LayerTrace, ...]:
        """Return the layers that `node` names. Raises WrongCondition for a layer, quantity or unit that is missing."""
        asked = [layer for layer in self.trace.layers if node.layer in (None, layer.name)]
        if not asked:
            node.refuse(f"there is no layer {node.layer}; choose from {named([w.name for w in self.trace.layers])}")
        found = tuple(layer for layer in asked if node.name in layer.cell.quantities)
        if not found:
            choices = dict.fromkeys(name for layer in asked for name in layer.cell.quantities)
            node.refuse(f"{node.name} is not a quantity of this {titles(asked)}; choose from {named([*choices])}")
        widths = [layer[node.name].shape[1] for layer in found]
        if node.unit is not None:
            if node.unit >= max(widths):
                node.refuse(f"there is no unit {node.unit}; units are 0 to {max(widths) - 1}", node.unit_column)
            found = tuple(layer for layer, width in zip(found, widths, strict=True) if node.unit < width)
        self.look_at(found, max(widths) if node.unit is None else 1)
        return found

    def scored(self, start: int, stop: int, of: Any) -> Numbers:
        """Return what `of` makes of the scores (n, V) from a first timestamp on, (n,); long spans go piece by piece."""
        assert self.trace.readout is not None
        size = max(SCORES // len(self.trace.readout.bias), 1)
        pieces = [of(self.trace.scores(a, min(a + size, stop)), a) for a in range(start, stop, size)]
        return np.concatenate(pieces) if pieces else np.empty(0)

    def likeliest(self, start: int, stop: int) -> Numbers:
        """Return the row of the likeliest word at each timestamp, (n,)."""
        return self.scored(start, stop, lambda scores, _: scores.argmax(axis=1))


def titles(layers: Sequence[LayerTrace]) -> str:
    """Return what the cells of `layers` are called: "LSTM", "LSTM and GRU"."""
    return " and ".join(dict.fromkeys(layer.cell.title for layer in layers))


def named(names: Sequence[Any]) -> str:
    """Return the first of `names` in a row, and how many more there are."""
    more = len(names) - MOST_NAMED
    return ", ".join(map(str, names[:MOST_NAMED])) + (f" and {more} more" if more > 0 else "")


def near(name: str, names: Sequence[str]) -> str:
    """Return those of `names` that are nearly `name`, or the first of all."""
    alike = [other for other in names if other.casefold() == name.casefold()]
    return named(alike or get_close_matches(name, names, n=3, cutoff=0.5) or names)


class Series(ABC):
    """A value over time, in `parts`, one for each layer that it is taken from; `sources` say what each part is.

    `over` names what the numbers of one timestamp belong to, such as "8 units" or "3 columns"; "" where there is one
    alone. `layers` are those of the parts, where the condition names none; () where the value is the same for all.
    """

    sources: tuple[Source, ...]
    over: str = ""
    layers: tuple[str, ...] = ()

    @abstractmethod
    def parts(self, start: int, stop: int) -> list[Numbers]:
        """Return the numbers from timestamp `start` to `stop` (not included), each (n, W)."""


class Quantities(Series):
    """A quantity in some layers, (n, H), or of one unit, (n, 1)."""

    def __init__(self, node: QuantityOf, reading: Reading):
        self._layers, self._name = reading.layers(node), node.name
        self._units = slice(None) if node.unit is None else slice(node.unit, node.unit + 1)
        widths = dict.fromkeys(str(layer[node.name].shape[1]) for layer in self._layers)
        self.over = f"{' or '.join(widths)} units" if node.unit is None else ""
        self.layers = () if node.layer else tuple(layer.name for layer in self._layers)
        self.sources = tuple(Source(node.name, layer.name, node.unit, units=True) for layer in self._layers)

    def parts(self, start: int, stop: int) -> list[Numbers]:
        """Return the quantity from `start` to `stop`, (n, W) for each layer."""
        return [layer[self._name][start:stop, self._units] for layer in self._layers]


class Inputs(Series):
    """The inputs that the network reads, (n, I), or one column of them, (n, 1)."""

    def __init__(self, node: Input, reading: Reading):
        self._inputs = reading.trace.inputs
        columns, names = self._inputs.shape[1], list(reading.known.columns or reading.trace.columns)
        place = node.which
        if isinstance(place, str):
            alike = [n for n, name in enumerate(names) if name == place]
            alike = alike or [n for n, name in enumerate(names) if name.casefold() == str(place).casefold()]
            if not names:
                node.refuse(f"the inputs have no names; choose from x[0] to x[{columns - 1}]")
            if len(alike) != 1:
                what = "there is no column" if not alike else f"there are {len(alike)} columns"
                node.refuse(f'{what} "{place}"; choose from {near(place, names)}, or x[0] to x[{columns - 1}]')
            place = alike[0]
        elif place is not None and place >= columns:
            node.refuse(f"there is no column {place}; columns are 0 to {columns - 1}")
        self._columns = slice(None) if place is None else slice(place, place + 1)
        self.over = f"{columns} columns" if place is None else ""
        reading.look_at((), columns if place is None else 1)
        self.sources = (Source("x", None, place, units=True),)

    def parts(self, start: int, stop: int) -> list[Numbers]:
        """Return the inputs from `start` to `stop`, (n, W)."""
        return [self._inputs[start:stop, self._columns]]


class Probabilities(Series):
    """How likely one word is, (n, 1)."""

    def __init__(self, node: Probability, reading: Reading):
        vocabulary = needs_words(node, reading, "p()")
        if node.word not in vocabulary:
            choose = near(node.word, vocabulary.words)
            node.refuse(f'the network cannot say "{node.word}"; choose from {choose}', node.word_column)
        self._reading, self._row = reading, vocabulary.index(node.word)
        self.sources = (Source(f'p("{vocabulary.words[self._row]}")'),)

    def parts(self, start: int, stop: int) -> list[Numbers]:
        """Return the probabilities from `start` to `stop`, (n, 1)."""
        row = self._row
        return [self._reading.scored(start, stop, lambda scores, _: softmax(scores)[:, row])[:, None]]


class Losses(Series):
    """-ln p of the right word, or the squared error of the outputs, (n, 1); NaN where the answer is not known."""

    sources = (Source("loss"),)

    def __init__(self, node: Loss, reading: Reading):
        self._reading, self._outputs = reading, reading.known.outputs
        if self._outputs is None:
            self._rows = needs_answers(node, reading, "loss").rows
        elif self._outputs.targets is None:
            node.refuse("loss needs a target; --target FILE or COLUMN gives one")
        else:
            reading.look_at([reading.trace.layer(w.name) for w in reading.trace.stack.layers[-1]])

    def parts(self, start: int, stop: int) -> list[Numbers]:
        """Return the losses from `start` to `stop`, (n, 1)."""
        if self._outputs is not None:
            return [self._outputs.losses(start, stop)[:, None]]

        def losses(scores: Numbers, first: int) -> Numbers:
            rows = self._rows[first : first + len(scores)]
            return np.where(rows < 0, np.nan, cross_entropies(softmax(scores)[np.arange(len(rows)), rows]))

        return [self._reading.scored(start, stop, losses)[:, None]]


class Changes(Series):
    """How far a series is from the timestamp before (its size, the rise or the fall), or from zero (abs)."""

    def __init__(self, node: Change, series: Series):
        self._how, self._series, self.over, self.layers = node.how, series, series.over, series.layers
        self._last: tuple[int, int, list[Numbers]] | None = None
        self.sources = tuple(
            Source(f"{node.how}({s.quantity})", s.layer, s.unit, s.units) for s in series.sources
        )  # fmt: skip

    def parts(self, start: int, stop: int) -> list[Numbers]:
        """Return the changes from `start` to `stop`, (n, width); nothing changes at the first timestamp."""
        if self._last is None or self._last[:2] != (start, stop):  # asked twice: whether it holds, and for evidence
            self._last = start, stop, self._fresh(start, stop)
        return self._last[2]

    def _fresh(self, start: int, stop: int) -> list[Numbers]:
        if self._how == "abs":
            return [np.abs(part) for part in self._series.parts(start, stop)]
        return [self._changed(part, start) for part in self._series.parts(max(start - 1, 0), stop)]

    def _changed(self, part: Numbers, start: int) -> Numbers:
        """The changes between the rows of a part; its first row is the one before `start`, if there is one."""
        if start == 0:
            part = np.concatenate([part[:1], part])
        part = part if part.dtype.kind == "f" else part.astype(np.float64)
        changed = part[:-1] - part[1:] if self._how == "fall" else part[1:] - part[:-1]
        return np.abs(changed, out=changed) if self._how == "change" else changed


def needs_words(node: Node, reading: Reading, what: str) -> Vocabulary:
    """Return the words that the network says. Raises WrongCondition about `what` where it says none."""
    vocabulary = reading.vocabulary
    if reading.trace.readout is None or vocabulary is None:
        node.refuse(f"{what} needs a network that says words, and this one does not")
    last = reading.trace.stack.layers[-1]
    reading.look_at([reading.trace.layer(w.name) for w in last], len(vocabulary.words))
    return vocabulary


def needs_answers(node: Node, reading: Reading, what: str) -> Prediction:
    """Return the prediction with its right answers. Raises WrongCondition about `what` where none is known."""
    needs_words(node, reading, what)
    prediction = reading.known.prediction
    if prediction is None or all(target is None for target in prediction.targets):
        node.refuse(f"{what} needs a right answer, and none is known for this sequence")
    return prediction
