"""All units at once: one of them is selected, and stepped through."""

from collections.abc import Hashable, Mapping
from typing import ClassVar

from textual.geometry import Size

from ...keys import OVERVIEW
from ..base.messages import Moved
from ..base.screen import ViewScreen
from ..stepper.order import MEANINGS
from . import panels
from .layout import allot, blocks_of
from .state import Overview


class OverviewScreen(ViewScreen):
    """Shows all units; its state is an Overview. The stepper below follows when one of them is opened."""

    WHERE = OVERVIEW
    PANELS: ClassVar = {
        "heading": panels.heading, "grid": panels.grid, "timeline": panels.over_time,
        "strips": panels.of_one, "selected": panels.selected,
    }  # fmt: skip

    state: Overview

    def layout_of(self, state: Overview) -> Hashable:
        """Return the run, the layer and the quantity, on which it depends how much room the units need."""
        return id(state.here.trace), state.here.layer, state.here.quantity

    def rows(self, state: Overview, size: Size) -> Mapping[str, int]:
        """Give the units what they need, and the rest to pictures over time."""
        selected = panels.SELECTED if size.height >= 2 * panels.SELECTED else 0
        units, over_time, of_one = allot(state, size.width, max(size.height - 2 - selected, 1), self._look)
        return {"grid": units, "timeline": over_time, "strips": of_one, "selected": selected}

    def clicked(self, what: str, value: str) -> None:
        """Select the unit that was clicked on."""
        if what == "place":
            layer, place = value.rsplit(":", 1)
            self.go(self.state.with_place(layer, int(place)))

    def action_unit(self, sign: int) -> None:
        """Select another unit, in the order in which they are shown."""
        self.go(self.state.with_unit(self.times(sign)))

    def action_row(self, sign: int) -> None:
        """Select the unit some rows down or up."""
        size = self.query_one("#grid").size
        shape, _ = blocks_of(self.state, size.width, size.height, self._look)
        self.go(self.state.with_unit(self.times(sign) * shape.across))

    def action_over(self, sign: int) -> None:
        """Go some timestamps on or back."""
        self.go(self.state.at(self.state.here.t + self.times(sign)))

    def action_first(self) -> None:
        """Select the very first unit."""
        self.go(self.state.with_unit(-self.state.units))

    def action_last(self) -> None:
        """Select the very last unit."""
        self.go(self.state.with_unit(self.state.units))

    def action_quantity(self, sign: int) -> None:
        """Show another quantity of every unit."""
        self.go(self.state.with_quantity(self.times(sign)))

    def action_order(self) -> None:
        """Order the units of each layer by the next order, as it is at this timestamp."""
        self.go(self.state.with_order())
        self.say(f"units by {MEANINGS[self.state.here.order_by]}")

    def action_descend(self) -> None:
        """Step through the selected unit: the stepper below goes there, and this screen is left."""
        self.post_message(Moved(self.state.here, leave=True))
