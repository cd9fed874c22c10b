"""What a scenario is: sentences to step through, a task, the corpus that teaches it, its networks and its lesson."""

import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ..engine import NEXT_WORD, Network, Trace, Vocabulary, next_words
from ..engine.train.words import Example, Recipe
from .neighbours import between

E = TypeVar("E")
"""The type of what a claim is checked on."""

Networks = Mapping[str, Network]
"""The trained networks of one scenario by the names that --model takes."""


class Corpus(ABC):
    """A seeded source of sentences for one task.

    `task` says what a network is to do; `question` names the question on the screen, and with NEXT_WORD the network
    also learns how sentences continue. Held-out sentences come in `sizes`; `axis` names what the sizes count.
    `unit_does` says in a few words what `unit` finds.
    """

    task: str
    question: str
    vocabulary: Vocabulary
    axis: str = ""
    unit_does: str = ""
    sizes: tuple[int, ...] = (0,)

    @abstractmethod
    def draw(self, rng: random.Random, done: float) -> Example:
        """Return one training sentence; `done` runs from 0 to 1 over training."""

    @abstractmethod
    def draw_held_out(self, rng: random.Random, size: int) -> Example:
        """Return a sentence of `size` that training cannot have shown; it ends where the answer is due."""

    @abstractmethod
    def answer(self, tokens: Sequence[str]) -> str | None:
        """Return the word that belongs after `tokens` by the task, or None where the task does not define it."""

    def evidence(self, tokens: Sequence[str]) -> int | None:
        """Return the timestamp of the word that the answer depends on, or None where there is no such word."""
        return None

    def fits(self, tokens: Sequence[str], t: int) -> Mapping[str, float] | None:
        """Return which words may stand at timestamp `t` of `tokens`, from 0, and how well each fits.

        None where the network itself tells, since it predicts the next word; else they are counted in the sentences.
        """
        return None if self.question == NEXT_WORD else between(self, tokens, t)

    def unit(self, trace: Trace) -> int | None:
        """Return the unit of the first layer that the lesson follows in `trace`, which does what `unit_does` says.

        None where the lesson follows whichever unit carries the evidence to the answer.
        """
        return None

    def targets(self, tokens: Sequence[str]) -> tuple[str | None, ...]:
        """Return what a network should say after each of `tokens`, None where nothing is asked."""
        if self.question == NEXT_WORD:
            return next_words(tokens, self.answer(tokens))
        return (*(None for _ in tokens[1:]), self.answer(tokens))

    def example(self, words: Sequence[str]) -> Example:
        """Return `words` as an example whose answer is due after the last of them."""
        return Example(tuple(words), self.targets(words), len(words) - 1)


@dataclass(frozen=True)
class Claim(Generic[E]):
    """A sentence shown to a user, and the check that proves it on what ships, such as the trained Networks.

    `check` returns whether the claim holds; the tests run every check on the shipped weights. A claim that follows from
    the equations, whatever the weights, is `by_design`.
    """

    text: str
    check: Callable[[E], bool]
    by_design: bool = False


@dataclass(frozen=True)
class Choices:
    """The answers to guess from, numbered from 1: two to four `options`; the one at `right`, from 0, is true."""

    options: tuple[str, ...]
    right: int


@dataclass(frozen=True)
class LessonStep:
    """A few lines of a lesson on the scenario's first sentence: `text` asks, and the claim answers after a guess.

    The step goes to the timestamp of the word `at`, its `nth` occurrence from 1, or to the end where it is "".
    `quantity` is selected there. `guess` is how many of the timestamp's four parts show while the step asks; None for
    all. `unit` finds the unit to select in the trace; without it that is the scenario's. `choices` are the answers to
    guess from.
    """

    text: str
    claim: Claim[Networks]
    choices: Choices = field(kw_only=True)
    at: str = ""
    nth: int = 1
    quantity: str = ""
    guess: int | None = None
    unit: Callable[[Trace], int] | None = None


@dataclass(frozen=True, eq=False)
class Chart:
    """Lines over one axis: `lines` maps the name of each to its (x, y) points, x rising.

    `labels` are printed for values of x, `marks` name what begins there. With `log` the y axis is logarithmic; without
    `zero` it spans no more than the values, and with `bounds` always these. The x axis covers `span`, even where there
    are no points yet; the range `shaded`, from one x to another, is shaded. With `stems` every value is a line from
    zero. Values within 0..1 are printed as percentages, unless `shares` is False. `quantities` map a line's name to the
    quantity of the cell that it shows, if any. Where the points of `lines` are not what is to be printed, being some of
    many or drawn to another scale, `value_at` returns the value of the line of that name at any x, NaN where there is
    none. A chart must not be changed once it is made: charts are compared by identity, and what was drawn of one is
    kept.
    """

    title: str
    x: str
    y: str
    lines: Mapping[str, Sequence[tuple[float, float]]]
    labels: Mapping[float, str] = field(default_factory=dict, kw_only=True)
    marks: Mapping[float, str] = field(default_factory=dict, kw_only=True)
    log: bool = field(default=False, kw_only=True)
    zero: bool = field(default=True, kw_only=True)
    span: tuple[float, ...] = field(default=(), kw_only=True)
    bounds: tuple[float, float] | None = field(default=None, kw_only=True)
    shaded: tuple[float, ...] = field(default=(), kw_only=True)
    stems: bool = field(default=False, kw_only=True)
    shares: bool = field(default=True, kw_only=True)
    quantities: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    value_at: Callable[[str, float], float] | None = field(default=None, kw_only=True)


@dataclass(frozen=True, eq=False)
class Scenario:
    """One lesson: the sentences to step through, and what they are meant to show.

    `models`, the names of `recipes`, are what --model takes; the first opens. `charts` are made from the networks, in
    addition to the one of their scores.
    """

    name: str
    title: str
    summary: str
    sentences: tuple[str, ...]
    lesson: tuple[LessonStep, ...]
    corpus: Corpus
    recipes: Mapping[str, Recipe]
    seed: int = 0
    charts: tuple[Callable[[Networks], Chart], ...] = ()

    @property
    def models(self) -> tuple[str, ...]:
        """The networks of this scenario, the one to open with first."""
        return tuple(self.recipes)

    @property
    def claims(self) -> tuple[Claim[Networks], ...]:
        """Everything that the lesson claims."""
        return tuple(step.claim for step in self.lesson)
