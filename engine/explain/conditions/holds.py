"""A condition bound to a trace, in general: at which timestamps it holds, and what made it true."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np

from .nodes import Node
from .series import Numbers, Series, Source

Truths = np.ndarray[Any, np.dtype[np.bool_]]
"""Whether something holds: (n,) at n timestamps, or (n, W) for each of W units at them."""

Evidence = list[tuple[Truths, Source, Numbers, Numbers]]
"""What made a condition true: (the rows that a source explains (n,), the source, its unit (n,), its value (n,))."""


class Holds(ABC):
    """A condition bound to a trace.

    `over` names what it is evaluated for one by one, such as "8 units", or is ""; `layers` are those that it is
    evaluated in, as in Series; `witness` is the value that it is about.
    """

    over: str = ""
    layers: tuple[str, ...] = ()
    witness: Series | None = None

    def check(self) -> None:  # noqa: B027 (most have nothing to check)
        """Raise WrongCondition where the parts cannot be evaluated together, unit by unit."""

    @abstractmethod
    def elements(self, start: int, stop: int) -> list[Truths]:
        """Return whether it holds for each unit from timestamp `start` to `stop`, (n, W) for each layer."""

    def holds(self, start: int, stop: int) -> Truths:
        """Return whether it holds for any unit at each timestamp from `start` to `stop`, (n,)."""
        return reduce(np.logical_or, [reduced(np.any, part) for part in self.elements(start, stop)])

    def evidence(self, start: int, stop: int, rows: Numbers) -> Evidence:
        """Return what makes it true at `rows` (m,), counted from `start`, at all of which it holds."""
        return picked(self.elements(start, stop), self.witness, start, stop, rows)


def reduced(of: Callable[..., Truths], part: Truths) -> Truths:
    """Return `of` (np.any or np.all) over the units of a part (n, W), (n,)."""
    return part[:, 0] if part.shape[1] == 1 else of(part, axis=1)


def picked(elements: Sequence[Truths], witness: Series | None, start: int, stop: int, rows: Numbers) -> Evidence:
    """Return, for each of `rows` (m,), the first unit for which `elements` are true, and the value of `witness`."""
    if witness is None:
        return []
    values, left, found = witness.parts(start, stop), np.ones(len(rows), bool), []
    several = len(values) > 1
    for n, part in enumerate(elements):
        mine = part if len(rows) == len(part) else part[rows]
        first = mine.argmax(axis=1)
        here = left & mine[np.arange(len(rows)), first]
        at = n if several else 0
        unit = np.minimum(first, values[at].shape[1] - 1)
        found.append((here, witness.sources[at], unit, values[at][rows, unit]))
        left &= ~here
    return found


def paired(parts: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Return, layer by layer, the parts of several lists that belong together; a list of one serves every layer."""
    longest = max(map(len, parts))
    return [tuple(own[n if len(own) > 1 else 0] for own in parts) for n in range(longest)]


def one_value(witness: Series | None, start: int, stop: int, rows: Numbers) -> Evidence:
    """Return the witness's value at `rows` (m,) where it is of one unit of one layer; otherwise NaN, and its name."""
    if witness is None:
        return []
    first = witness.sources[0]
    if not witness.over and len(witness.sources) == 1:
        return [(np.ones(len(rows), bool), first, np.zeros(len(rows), int), witness.parts(start, stop)[0][rows, 0])]
    layer = first.layer if len(witness.sources) == 1 else None
    return [
        (np.ones(len(rows), bool), Source(first.quantity, layer), np.zeros(len(rows), int), np.full(len(rows), np.nan))
    ]


def common(node: Node, parts: Sequence[Series | Holds]) -> str:
    """Return what `parts` are all evaluated for one by one, such as "8 units", or "".

    Raises WrongCondition where units and columns, or the units of different layers, are combined.
    """
    layers = list(dict.fromkeys(part.layers for part in parts if part.layers))
    if len(layers) > 1:
        one, other = (", ".join(some) for some in layers[:2])
        node.refuse(f"one value is of {one}, and another of {other}; name the layer of each, as in l0.hidden[3]")
    found = {part.over for part in parts if part.over}
    if len(found) > 1:
        both = " and ".join(sorted(found))
        node.refuse(f"{both} cannot be taken one by one together; give one of them a number, as in x[3]")
    return next(iter(found), "")
