"""What the units are ordered by: each order has a number for every unit, and belongs to a timestamp."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ....engine import LayerTrace
from ....engine.explain import ranking
from ....engine.text import percent
from ...draw.look import Look
from ...draw.memo import memo

NUMBER, EFFECT = "number", "effect"

ORDERS: dict[str, Callable[[LayerTrace, int], np.ndarray | None]] = {
    "activity": ranking.activity,
    "change": ranking.change,
    "saturation": ranking.saturation,
    "half-life": ranking.half_life,
}
"""The orders that depend on the layer alone, by name; besides these there are number, and effect on the prediction."""

MEANINGS = {
    NUMBER: "number",
    EFFECT: "effect: how ablating a unit changes the prediction at this timestamp",
    "activity": f"mean size of h over the {ranking.SINCE} timestamps up to this one",
    "change": "how much the memory changes at this timestamp",
    "saturation": f"share of gate values below .1 or above .9 over the {ranking.SINCE} timestamps up to this one",
    "half-life": f"timestamps until half of a memory is left, by the {ranking.SINCE} timestamps up to this one",
}


@dataclass(frozen=True, eq=False)
class Ranks:
    """A number for every unit at timestamp `t` (from 0), (H,), and whether it `orders` them: the largest first."""

    name: str
    t: int
    values: np.ndarray
    orders: bool

    @property
    def title(self) -> str:
        """The heading of the column: the name, and the timestamp that it belongs to."""
        return f"{self.name}@{self.t + 1}"

    def order(self) -> list[int]:
        """Return the units, the largest by size first, equal ones by number."""
        return [int(n) for n in np.argsort(-np.abs(self.values), kind="stable")]

    def spelled(self, unit: int, look: Look) -> str:
        """Return the number of one unit, as it is printed."""
        value = float(self.values[unit])
        if self.name == EFFECT:
            return look.amount(value)
        if self.name == "half-life":
            infinite = "\u221e" if look.glyphs.unicode else "inf"
            return (
                infinite
                if math.isinf(value)
                else f"{value:.1f}"
                if value < 1000
                else f"{value:.0e}".replace("e+0", "e")
            )
        return percent(value) if self.name == "saturation" else look.share(value)


@memo(maxsize=16)
def ranked(layer: LayerTrace, name: str, t: int) -> np.ndarray | None:
    """Return the numbers of an order that depends on the layer alone, (H,); None where the layer has no such order."""
    return ORDERS[name](layer, t)


def next_order(name: str, there: Callable[[str], bool]) -> str:
    """Return the order after the one called `name`, around the end, among those that are `there`."""
    names = [NUMBER, EFFECT, *ORDERS]
    after = names[names.index(name) + 1 :] + names
    return next(other for other in after if other == NUMBER or there(other))
