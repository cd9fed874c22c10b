"""What a scenario is: sentences to step through, a task, the corpus that teaches it, and how its networks are made."""

import random
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

from ..engine import Vocabulary
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
    def answer(self, tokens: tuple[str, ...]) -> str | None:
        """Return the word that belongs after `tokens` by the task, or None where the task does not say."""


@dataclass(frozen=True, eq=False)
class Scenario:
    """One lesson: what is stepped through, and what it is meant to show.

    `models` are the names that --model takes; the first is the one that opens.
    """

    name: str
    title: str
    summary: str
    sentences: tuple[str, ...]
    lesson: tuple[str, ...]
    corpus: Corpus
    recipes: Mapping[str, Recipe]
    seed: int = 0

    @property
    def models(self) -> tuple[str, ...]:
        """The networks of this scenario, the one to open with first."""
        return tuple(self.recipes)
