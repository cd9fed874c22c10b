"""The parts of a condition as frozen nodes: what was written, and at which column."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from ...errors import BadInput


class WrongCondition(BadInput):
    """A condition that cannot be used. The one line ends in `at column N`; `column` is N, from 1."""

    def __init__(self, message: str, column: int):
        super().__init__(f"{message}, at column {column}")
        self.column = column


@dataclass(frozen=True)
class Node:
    """A part of a condition that begins at `column`, from 1."""

    column: int

    def refuse(self, message: str, column: int = 0) -> NoReturn:
        """Raise WrongCondition about this part, or about what stands in it at `column`."""
        raise WrongCondition(message, column or self.column)


@dataclass(frozen=True)
class Number(Node):
    """A literal number."""

    value: float


@dataclass(frozen=True)
class QuantityOf(Node):
    """A quantity of one unit, or of each of them; of one layer, or of each of them."""

    name: str
    layer: str | None = None
    unit: int | None = None
    unit_column: int = 0


@dataclass(frozen=True)
class Input(Node):
    """A column of the inputs by its number or name, or each of them."""

    which: int | str | None = None


@dataclass(frozen=True)
class Loss(Node):
    """The loss: -ln p of the right word, or the squared error of an output."""


@dataclass(frozen=True)
class Probability(Node):
    """The probability of a word."""

    word: str
    word_column: int = 0


@dataclass(frozen=True)
class Share(Node):
    """The share of a unit's memory that `timestamp` (from 1) wrote."""

    memory: QuantityOf
    timestamp: int
    timestamp_column: int = 0


@dataclass(frozen=True)
class Change(Node):
    """How far a value is from the one before (change, rise, fall), or from zero (abs)."""

    how: str
    value: "Value"


@dataclass(frozen=True)
class Count(Node):
    """The number of units for which a condition holds."""

    condition: "Condition"


@dataclass(frozen=True)
class Comparison(Node):
    """Values in a row, and how each compares with the one after it."""

    values: tuple["Value", ...]
    operators: tuple[Callable[[Any, Any], Any], ...]


@dataclass(frozen=True)
class Token(Node):
    """Whether the token is `word` (`same`), or is another."""

    word: str
    same: bool
    word_column: int = 0


@dataclass(frozen=True)
class TokenAmong(Node):
    """Whether the token is one of `words`, letter by letter. It has no syntax: a search for a word builds it."""

    words: frozenset[str]


@dataclass(frozen=True)
class Flag(Node):
    """flips, wrong or nonfinite."""

    name: str


@dataclass(frozen=True)
class Over(Node):
    """Whether a condition holds for any unit, or for all."""

    how: str
    condition: "Condition"


@dataclass(frozen=True)
class Not(Node):
    """Whether a condition does not hold."""

    condition: "Condition"


@dataclass(frozen=True)
class Junction(Node):
    """Whether all of the conditions hold (and), or any of them (or)."""

    how: str
    conditions: tuple["Condition", ...]


Value = Number | QuantityOf | Input | Loss | Probability | Share | Change | Count
Condition = Comparison | Token | TokenAmong | Flag | Over | Not | Junction
