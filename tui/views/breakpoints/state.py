"""What the list of breakpoints shows: those that are kept, and conditions that could be."""

from dataclasses import dataclass, replace

from ...source.breakpoints import Breakpoint
from ..stepper.state import Moment

SOUGHT = "what was looked for last"
"""The name of the offer of the condition that was searched for last."""


@dataclass(frozen=True)
class Offer:
    """A condition that could be kept, called `name`; it is "" where it has to be searched for first.

    Where it cannot be asked of this run, `why_not` says why.
    """

    name: str
    condition: str
    why_not: str = ""


@dataclass(frozen=True)
class BreakpointList:
    """The breakpoints `kept`, the `offers`, and the selected `row`: first come those that are kept, then the offers.

    `refused` says why some of the kept do not apply to the run of `here`, by their condition. `chosen` is a condition
    that the stepper should look for.
    """

    here: Moment
    kept: tuple[Breakpoint, ...]
    offers: tuple[Offer, ...]
    refused: tuple[tuple[str, str], ...] = ()
    row: int = 0
    chosen: str = ""

    @property
    def open_offers(self) -> tuple[Offer, ...]:
        """The offers that are not kept yet."""
        conditions = {point.condition for point in self.kept}
        return tuple(offer for offer in self.offers if not offer.condition or offer.condition not in conditions)

    @property
    def rows(self) -> int:
        """How many rows can be selected."""
        return len(self.kept) + len(self.open_offers)

    @property
    def selected(self) -> Breakpoint | Offer:
        """The breakpoint or offer in the selected row."""
        rows: tuple[Breakpoint | Offer, ...] = (*self.kept, *self.open_offers)
        return rows[self.row]

    def at_row(self, row: int) -> "BreakpointList":
        """Return it with another row selected, or the nearest there is."""
        return replace(self, row=min(max(row, 0), self.rows - 1))

    def keeping(self, point: Breakpoint) -> "BreakpointList":
        """Return it with `point` kept and selected, in place of any with the same condition."""
        others = [other for other in self.kept if other.condition != point.condition]
        there = replace(self, kept=(*others, point))
        return replace(there, row=len(others))

    def instead(self, point: Breakpoint) -> "BreakpointList":
        """Return it with `point` in place of the breakpoint that is selected."""
        kept = list(self.kept)
        kept[self.row] = point
        return replace(self, kept=tuple(kept))

    def without(self) -> "BreakpointList":
        """Return it without the breakpoint that is selected."""
        there = replace(self, kept=(*self.kept[: self.row], *self.kept[self.row + 1 :]))
        return there.at_row(self.row)
