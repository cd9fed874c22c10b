"""What an experiment is: questions about networks that are made for it, each with something to see and an answer."""

from collections.abc import Callable
from dataclasses import dataclass

from .scenario import Chart, Choices, Claim, Networks


@dataclass(frozen=True, eq=False)
class Part:
    """One question: `text` asks it, `choices` can be guessed, and the claim answers. `chart` makes the chart to show.

    Without one, the gradients of random networks are shown, whose spectral radius is changed by keys.
    """

    title: str
    text: str
    claim: Claim[Networks]
    choices: Choices
    chart: Callable[[], Chart] | None = None


@dataclass(frozen=True, eq=False)
class Experiment:
    """Named and listed like a scenario; it has parts in place of sentences."""

    name: str
    title: str
    summary: str
    parts: tuple[Part, ...]

    @property
    def models(self) -> tuple[str, ...]:
        """Empty: there are no networks to choose from, for they are made for the questions."""
        return ()
