"""What is shown of a dense network: a sentence read whole, and the hidden unit that is selected. No timestamps."""

from dataclasses import dataclass, replace
from pathlib import Path

from ....engine import DenseNetwork, DenseReading


@dataclass(frozen=True, eq=False)
class WholeSubject:
    """A dense network and what it made of a sentence; `answer` is what it should say, where somebody knows.

    `weights` is the file it was read from, where that is not the one that ships.
    """

    title: str
    network: str
    net: DenseNetwork
    reading: DenseReading
    asks: str
    answer: str | None
    model: str
    models: tuple[str, ...]
    weights: Path | None = None


@dataclass(frozen=True)
class Whole:
    """A subject and the unit that is selected, and what there is to say. Equal ones look the same."""

    subject: WholeSubject
    unit: int = 0
    note: str = ""
    count: str = ""

    def with_unit(self, count: int) -> "Whole":
        """Return the same with the unit selected that is `count` rows below."""
        return replace(self, unit=min(max(self.unit + count, 0), self.subject.net.H - 1), note="", count="")
