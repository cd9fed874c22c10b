"""What is looked at, and where it comes from: the origin is an object, and says what can be done with it."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from ...engine import DenseNetwork, DenseReading, Network, Prediction, Trace, Vocabulary, WordNetwork, unknown_words
from ...scenarios import LessonStep, Scenario
from .day import DayForecast

EVERYTHING = frozenset({"compare", "models", "sentence", "charts", "gradients", "learn", "gates", "unit page"})
"""What can be done with a subject beside stepping through it, by the names that actions need."""


@dataclass(frozen=True, eq=False)
class Origin:
    """Where a subject comes from. What its kind does not offer, `why_not` says why, in the words of the footer."""

    offers: ClassVar[frozenset[str]] = frozenset()
    why_not: ClassVar[str] = ""

    @property
    def has_lesson(self) -> bool:
        """Whether there is a lesson to go back to, on another sentence or network."""
        return False

    def cannot(self, need: str) -> str:
        """Return why `need` cannot be met here, or "" where it can."""
        return self.why_not if need in EVERYTHING and need not in self.offers else ""


@dataclass(frozen=True, eq=False)
class FromScenario(Origin):
    """A sentence of a scenario in its network `model`: the one in the file `weights`, or else the one that ships."""

    scenario: Scenario
    model: str
    net: Network
    weights: Path | None = None

    offers: ClassVar = EVERYTHING

    @property
    def has_lesson(self) -> bool:
        """The lesson is about the shipped networks: not about a file."""
        return self.weights is None

    @property
    def models(self) -> tuple[str, ...]:
        """The networks that can run the same sentence, by name; a network from a file stands alone."""
        return self.scenario.models if self.weights is None else (self.model,)

    def cannot(self, need: str) -> str:
        """Return why `need` cannot be met, or "": a network from a file of its own has no others beside it."""
        if need == "models" and len(self.models) < 2:
            return "no other network here"
        return super().cannot(need)


@dataclass(frozen=True, eq=False)
class FromFile(Origin):
    """A network and its inputs, both from files."""

    weights: Path
    inputs: Path

    why_not: ClassVar = "this network comes from a file; this needs a scenario's sentences"


@dataclass(frozen=True, eq=False)
class FromSeries(Origin):
    """A day of a series that is forecast."""

    why_not: ClassVar = "a day has no sentence; this is for networks that read words"


@dataclass(frozen=True, eq=False)
class FromTraining(Origin):
    """A scenario's sentence in a checkpoint of a network."""

    scenario: Scenario
    model: str
    net: Network

    why_not: ClassVar = "this is a checkpoint of a training; leave it to continue with the shipped network"


@dataclass(frozen=True, eq=False)
class Subject:
    """A trace to look at, and what is known about it.

    `title` and `network` say what it is; `prediction` is there for networks that read words, `forecast` for those that
    forecast a number; `watch` is the unit that is worth watching, for what `watch_note` says. `lesson` is there where
    what it claims has been proved: on the scenario's own sentences in the networks that ship. `notes` are what a user
    has to be told of how its file was read.
    """

    title: str
    network: str
    trace: Trace
    origin: Origin
    prediction: Prediction | None = None
    lesson: tuple[LessonStep, ...] = ()
    watch: int = 0
    watch_note: str = ""
    forecast: DayForecast | None = None
    notes: tuple[str, ...] = ()

    @cached_property
    def unknown(self) -> list[str]:
        """The words that the network does not know."""
        return unknown_words(self.trace)

    @property
    def word_network(self) -> WordNetwork | None:
        """The network that reads these words and says others, where it is at hand."""
        net = getattr(self.origin, "net", None)
        return net if isinstance(net, WordNetwork) and self.prediction is not None else None

    @property
    def tokens(self) -> tuple[str, ...]:
        """The words that are read; none where these are numbers."""
        return self.trace.tokens or ()

    @property
    def vocabulary(self) -> Vocabulary:
        """The words that a network which reads words knows."""
        assert self.prediction is not None
        return self.prediction.vocabulary

    @property
    def text(self) -> str:
        """The sentence as a prompt offers it, and as a text that splits into the same tokens."""
        return self.vocabulary.spell(self.tokens)

    def cannot(self, need: str) -> str:
        """Return why `need` cannot be met here, or "" where it can."""
        if need == "words" and self.trace.tokens is None:
            return "there are no words to find here; {key:stepper.goto} goes to a timestamp"
        if need == "effects" and self.prediction is None and self.forecast is None:
            return "units are ordered by their effect on a prediction; this network makes none"
        if need == "layers" and len(self.trace.layers) == 1:
            return "this network has one layer, one direction"
        if need == "lesson" and not self.lesson and not self.origin.has_lesson:
            return "no lesson here: it is about the scenario's first sentence and network"
        return self.origin.cannot(need)


@dataclass(frozen=True, eq=False)
class DaySubject(Subject):
    """A forecaster's day: its `forecast` is what the network says of it."""


@dataclass(frozen=True, eq=False)
class DenseSubject:
    """A dense network and what it made of a sentence; `answer` is what it should say, where somebody knows."""

    title: str
    network: str
    net: DenseNetwork
    reading: DenseReading
    asks: str
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
