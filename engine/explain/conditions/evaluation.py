"""Conditions bound to a trace: comparisons, and how they are joined, negated, counted and taken over units."""

import operator
from collections.abc import Callable
from functools import reduce
from itertools import pairwise
from typing import Any

import numpy as np

from .flags import Flips, Nonfinite, TokenIn, TokenIs, Wrong
from .holds import Evidence, Holds, Truths, common, one_value, paired, picked, reduced
from .nodes import (
    Change,
    Comparison,
    Condition,
    Count,
    Flag,
    Input,
    Junction,
    Loss,
    Not,
    Number,
    Over,
    Probability,
    QuantityOf,
    Share,
    Token,
    TokenAmong,
    Value,
)
from .series import Changes, Inputs, Losses, Numbers, Probabilities, Quantities, Reading, Series, Source
from .shares import Shares


class Compared(Holds):
    """Values compared one with the next, unit by unit."""

    def __init__(self, node: Comparison, reading: Reading):
        self._operators = node.operators
        self._operands = [value if isinstance(value, Number) else bound_value(value, reading) for value in node.values]
        series = [operand for operand in self._operands if isinstance(operand, Series)]
        self.over = common(node, series)
        self.layers = next((one.layers for one in series if one.layers), ())
        self.witness = next(one for one in series if one.over == self.over)
        self._last: tuple[int, int, list[Truths]] | None = None

    def elements(self, start: int, stop: int) -> list[Truths]:
        """Return whether the comparison holds for each unit, (n, W) for each layer; the last result is kept."""
        if self._last is None or self._last[:2] != (start, stop):
            operands = [[o.value] if isinstance(o, Number) else o.parts(start, stop) for o in self._operands]
            self._last = start, stop, [self._compared(values) for values in paired(operands)]
        return self._last[2]

    def _compared(self, values: tuple[Any, ...]) -> Truths:
        found = [_compare(op, a, b) for op, (a, b) in zip(self._operators, pairwise(values), strict=True)]
        return reduce(np.logical_and, found)


def _compare(op: Callable[[Any, Any], Any], a: Any, b: Any) -> Truths:
    """Compare two values; NaN makes every comparison false, != included."""
    with np.errstate(invalid="ignore"):
        found: Truths = (a < b) | (a > b) if op is operator.ne else op(a, b)
    return found


class Joined(Holds):
    """Conditions joined by `and` or `or`."""

    def __init__(self, node: Junction, reading: Reading):
        self._node, self._all = node, node.how == "and"
        self._parts = [bound(part, reading) for part in node.conditions]
        self._join: Any = np.logical_and if self._all else np.logical_or
        self.over = max(part.over for part in self._parts)
        self.layers = next((part.layers for part in self._parts if part.layers), ())
        self.witness = next(part.witness for part in self._parts if part.over == self.over)

    def check(self) -> None:
        """Raise WrongCondition where units and columns, or the units of different layers, are joined."""
        common(self._node, self._parts)
        for part in self._parts:
            part.check()

    def elements(self, start: int, stop: int) -> list[Truths]:
        """Return whether they hold for the same unit, (n, W) for each layer."""
        return [reduce(self._join, one) for one in paired([part.elements(start, stop) for part in self._parts])]

    def holds(self, start: int, stop: int) -> Truths:
        """Return whether they hold, each for any unit of its own, (n,)."""
        return reduce(self._join, [part.holds(start, stop) for part in self._parts])

    def evidence(self, start: int, stop: int, rows: Numbers) -> Evidence:
        """Return the evidence at `rows` (m,): of the first condition that holds (or), or of the most telling one (and).

        A quantity of a unit tells more than another number, and that more than a word.
        """
        found: Evidence = []
        left = np.ones(len(rows), bool)
        for part in sorted(self._parts, key=_telling) if self._all else self._parts:
            true = left & part.holds(start, stop)[rows]
            for here, source, unit, value in part.evidence(start, stop, rows[true]):
                mine = true.copy()
                mine[true] = here
                units, values = np.zeros(len(rows), int), np.zeros(len(rows))
                units[true], values[true] = unit, value
                found.append((mine, source, units, values))
            left &= ~true
        return found


def _telling(part: Holds) -> int:
    """The rank of a part of a condition by how much it tells of why the condition holds, 0 for the most."""
    if part.witness is None:
        return 3
    source = part.witness.sources[0]
    return 0 if source.units else 1 if source.words is None else 2


class Negated(Holds):
    """A condition that does not hold."""

    def __init__(self, node: Not, reading: Reading):
        self._inner = bound(node.condition, reading)
        self.over, self.layers, self.witness = self._inner.over, self._inner.layers, self._inner.witness

    def check(self) -> None:
        """Raise WrongCondition where units and columns, or the units of different layers, are joined."""
        self._inner.check()

    def elements(self, start: int, stop: int) -> list[Truths]:
        """Return for each unit whether the inner condition fails, (n, W) for each layer."""
        return [~part for part in self._inner.elements(start, stop)]

    def holds(self, start: int, stop: int) -> Truths:
        """Return whether the inner condition holds for no unit, (n,)."""
        return ~self._inner.holds(start, stop)

    def evidence(self, start: int, stop: int, rows: Numbers) -> Evidence:
        """Return the value at `rows` (m,) for which the inner condition fails, where it belongs to a single unit."""
        return one_value(self.witness, start, stop, rows)


class OverUnits(Holds):
    """Whether a condition holds for any unit, or for all of them."""

    def __init__(self, node: Over, reading: Reading):
        self._inner = bound(node.condition, reading)
        self._any, self.witness = node.how == "any", self._inner.witness
        self._inner.check()

    def holds(self, start: int, stop: int) -> Truths:
        """Return whether it holds for any unit, or for all, at each timestamp, (n,)."""
        of, join = (np.any, np.logical_or) if self._any else (np.all, np.logical_and)
        return reduce(join, [reduced(of, part) for part in self._inner.elements(start, stop)])

    def elements(self, start: int, stop: int) -> list[Truths]:
        """Return the same as `holds`, (n, 1)."""
        return [self.holds(start, stop)[:, None]]

    def evidence(self, start: int, stop: int, rows: Numbers) -> Evidence:
        """Return the first unit for which it holds at `rows` (m,); for `all`, no single unit is the reason."""
        if self._any:
            return picked(self._inner.elements(start, stop), self.witness, start, stop, rows)
        return one_value(self.witness, start, stop, rows)


class Counted(Series):
    """The number of units for which a condition holds, (n, 1)."""

    def __init__(self, node: Count, reading: Reading):
        self._inner = bound(node.condition, reading)
        self._inner.check()
        about = self._inner.witness.sources if self._inner.witness else ()
        self.sources = (
            Source(f"count({about[0].quantity})" if about else "count", about[0].layer if len(about) == 1 else None),
        )

    def parts(self, start: int, stop: int) -> list[Numbers]:
        """Return the counts over all layers, [(n, 1)]."""
        counts = [np.count_nonzero(part, axis=1) for part in self._inner.elements(start, stop)]
        return [np.sum(counts, axis=0)[:, None]]


def bound(node: Condition, reading: Reading) -> Holds:
    """Return the condition `node` bound to a trace. Raises WrongCondition for what the trace does not have."""
    match node:
        case Comparison():
            return Compared(node, reading)
        case Junction():
            return Joined(node, reading)
        case Not():
            return Negated(node, reading)
        case Over():
            return OverUnits(node, reading)
        case Token():
            return TokenIs(node, reading)
        case TokenAmong():
            return TokenIn(node, reading)
        case Flag(name="flips"):
            return Flips(node, reading)
        case Flag(name="wrong"):
            return Wrong(node, reading)
        case Flag():
            return Nonfinite(reading)


def bound_value(node: Value, reading: Reading) -> Series:
    """Return the value `node` bound to a trace. Raises WrongCondition for what the trace does not have."""
    match node:
        case QuantityOf():
            return Quantities(node, reading)
        case Input():
            return Inputs(node, reading)
        case Loss():
            return Losses(node, reading)
        case Probability():
            return Probabilities(node, reading)
        case Share():
            return Shares(node, reading)
        case Change():
            return Changes(node, bound_value(node.value, reading))
        case Count():
            return Counted(node, reading)
        case Number():
            raise AssertionError("a number by itself has nothing to be bound to")
