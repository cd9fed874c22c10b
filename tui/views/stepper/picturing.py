"""Keys that change what is drawn and not the place: the cell, the timeline's scale, the order of the units."""

from dataclasses import replace
from typing import TYPE_CHECKING

from .order import MEANINGS
from .state import Moment

if TYPE_CHECKING:
    from ..base.screen import ViewScreen as Mixed
else:
    Mixed = object


class Picturing(Mixed):
    """Mixed into the stepper, whose state is a Moment."""

    state: Moment

    def stop(self) -> None:
        """Stop playing."""
        raise NotImplementedError

    def action_picture(self) -> None:
        """Show the picture of the cell in place of the table, or hide the picture."""
        self.go(replace(self.state, picture=not self.query_one("#cell").display))

    def leave_picture(self) -> bool:
        """Hide the picture where it stands in place of the table, and return whether it did."""
        if not self.state.picture or self.query_one("#units").display:
            return False
        self.go(replace(self.state, picture=None))
        return True

    def action_rescale(self) -> None:
        """Set the scale of the timeline to its largest value, or back to the fixed one."""
        there = None if self.state.rescaled is not None else self.state.t
        self.go(replace(self.state, rescaled=there))

    def action_overview(self) -> None:
        """Show all layers and units at once."""
        from ..overview.state import Overview  # when it is first asked for

        self.stop()
        self.open(Overview(replace(self.state, progress=None, playing=False).at(self.state.t)))

    def action_order(self) -> None:
        """Order the units by the next order, as it is at this timestamp, and say which that is."""
        self.go(self.state.with_order())
        self.say(f"units by {MEANINGS[self.state.order_by]}")
