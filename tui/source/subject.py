"""What is looked at: a trace, and what is known about it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ...engine import (
    DenseNetwork,
    DenseReading,
    Outputs,
    Prediction,
    Scaling,
    Trace,
    Vocabulary,
    WordNetwork,
    WordReader,
    unknown_words,
)
from ...scenarios import LessonStep, Watched
from .day import DayForecast
from .origins import FromFile, FromScenario, FromTraining, Origin

if TYPE_CHECKING:
    from ...engine.explain.exchange import Fits
    from .edited import Changed


@dataclass(frozen=True, eq=False)
class Subject:
    """A trace to look at, and what is known about it.

    `title` and `network` say what it is. `prediction` is there for networks that read words, `forecast` for those that
    forecast a number, `outputs` for others with a head over numbers. `opening` finds the unit that it opens with, which
    not every subject is asked for. `lesson` is there where its claims have been proved: on the scenario's own
    sentences, in the networks that ship. `notes` tell the user how the file was read. `scaling` is how inputs that are
    numbers were scaled. `changed` holds the edits and the words to generate, where there are some.
    """

    title: str
    network: str
    trace: Trace
    origin: Origin
    prediction: Prediction | None = None
    lesson: tuple[LessonStep, ...] = ()
    opening: Callable[[], Watched] = Watched
    forecast: DayForecast | None = None
    notes: tuple[str, ...] = ()
    changed: "Changed | None" = None
    outputs: Outputs | None = None
    scaling: Scaling | None = None

    @property
    def says(self) -> Prediction | DayForecast | Outputs | None:
        """What the network outputs, on which its units have an effect; None where it has no outputs."""
        return self.prediction or self.forecast or self.outputs

    @cached_property
    def watched(self) -> Watched:
        """The unit that it opens with, and why."""
        return self.opening()

    @cached_property
    def unknown(self) -> list[str]:
        """The words that the network does not know."""
        return unknown_words(self.trace)

    @property
    def word_network(self) -> WordNetwork | None:
        """The network that reads these words and predicts others, where there is one."""
        net = getattr(self.origin, "net", None)
        return net if isinstance(net, WordNetwork) and self.prediction is not None else None

    @property
    def read_layers(self) -> list[str]:
        """The layers (or directions) whose hidden states the readout sees."""
        return [weights.name for weights in self.trace.stack.layers[-1]]

    @property
    def fits(self) -> "Fits | None":
        """Which words fit a place, by the scenario's sentences; None where there are none, so that a network tells."""
        return self.origin.scenario.corpus.fits if isinstance(self.origin, (FromScenario, FromTraining)) else None

    @property
    def tokens(self) -> tuple[str, ...]:
        """The words that are read; none where these are numbers."""
        return self.trace.tokens or ()

    @property
    def vocabulary(self) -> Vocabulary:
        """The words that a network which reads words knows."""
        net = getattr(self.origin, "net", None)
        if isinstance(net, WordReader):
            return net.vocabulary
        assert self.prediction is not None
        return self.prediction.vocabulary

    @property
    def text(self) -> str:
        """The sentence as a prompt offers it, and as a text that splits into the same tokens."""
        return self.vocabulary.spell(self.tokens)

    def cannot(self, need: str) -> str:
        """Return why `need` cannot be met here, or "" where it can."""
        if need == "layers" and len(self.trace.layers) == 1:
            return "this network has one layer, one direction"
        if need == "lesson" and not self.lesson and not self.origin.has_lesson:
            if isinstance(self.origin, FromFile):
                return "no lesson here: lessons are about the scenarios' own networks"
            return "no lesson here: it is about the scenario's first sentence and network"
        return self.origin.cannot(need)


@dataclass(frozen=True, eq=False)
class DaySubject(Subject):
    """A forecaster's day; `forecast` is always there."""


@dataclass(frozen=True, eq=False)
class DenseSubject:
    """A dense network and its reading of a sentence; `answer` is the right one, None where it is not known."""

    title: str
    network: str
    net: DenseNetwork
    reading: DenseReading
    question: str
    answer: str | None
    origin: FromScenario

    @property
    def tokens(self) -> tuple[str, ...]:
        """The words that are read."""
        return self.reading.tokens

    @property
    def vocabulary(self) -> Vocabulary:
        """The words that the network knows."""
        return self.net.vocabulary

    @property
    def text(self) -> str:
        """The sentence as a prompt offers it, and as a text that splits into the same tokens."""
        return self.vocabulary.spell(self.tokens)

    def cannot(self, need: str) -> str:
        """Return why `need` cannot be met here, or "" where it can."""
        return self.origin.cannot(need)


AnySubject = Subject | DenseSubject
"""Anything that comes from a scenario's sentence, and a network on numbers."""
