"""What a scenario is: sentences to step through, a task, the corpus that teaches it, and how its networks are made."""

import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..engine import Vocabulary, WordNetwork
from ..engine.training import Example, Recipe


class Corpus(ABC):
    """A seeded source of sentences for one task."""

    task: str
    vocabulary: Vocabulary
    gaps: tuple[int, ...]

    @abstractmethod
    def draw(self, rng: random.Random, done: float) -> Example:
        """Return one training sentence; `done` runs from 0 to 1 over training."""

    @abstractmethod
    def draw_held_out(self, rng: random.Random, gap: int) -> Example:
        """Return a sentence that training cannot have shown, with `gap` clauses between the evidence and the answer."""

    @abstractmethod
    def evidence(self, tokens: tuple[str, ...]) -> int | None:
        """Return the timestamp of the word that the answer depends on, or None where there is none."""

    @abstractmethod
    def answer(self, tokens: tuple[str, ...]) -> str | None:
        """Return the word that belongs after `tokens` by the task, or None where the task does not say."""


@dataclass(frozen=True)
class Claim:
    """A sentence shown to a person, and the check that proves it on the trained network of the scenario's first model.

    `check` returns whether the claim holds; the tests run every one of them on the shipped weights.
    """

    text: str
    check: Callable[[WordNetwork], bool]


@dataclass(frozen=True, eq=False)
class Scenario:
    """One lesson: what is stepped through, and what it is meant to show.

    `lesson` says what to do, `claims` what is seen then. `models` are the names that --model takes; the first opens.
    """

    name: str
    title: str
    summary: str
    sentences: tuple[str, ...]
    lesson: str
    claims: tuple[Claim, ...]
    corpus: Corpus
    recipes: Mapping[str, Recipe]
    seed: int = 0

    @property
    def models(self) -> tuple[str, ...]:
        """The networks of this scenario, the one to open with first."""
        return tuple(self.recipes)
