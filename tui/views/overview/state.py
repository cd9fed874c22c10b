"""What the overview shows: every unit of every layer at one timestamp, one of them selected."""

from dataclasses import dataclass, replace

from ..stepper.state import Moment


@dataclass(frozen=True)
class Overview:
    """All units of all layers at the moment `here`, whose layer and unit are selected. Equal states render identically.

    The quantity of `here` is shown in all layers that have it, their units in the order that `here` has.
    """

    here: Moment

    @property
    def layers(self) -> tuple[Moment, ...]:
        """The moment in each layer (or direction), with its units in the order of `here` as far as it has that."""
        return tuple(self._in(layer.name) for layer in self.here.trace.layers)

    def _in(self, name: str) -> Moment:
        if name == self.here.layer:
            return self.here
        there = self.here.in_layer(name)
        return replace(there, order_by=self.here.order_by, ordered_at=self.here.ordered_at)

    @property
    def units(self) -> int:
        """How many units there are in all layers."""
        return sum(layer.H for layer in self.here.trace.layers)

    def with_unit(self, count: int) -> "Overview":
        """Return it with the unit selected that is `count` places further, across the layers, or the last there is."""
        places = [(moment.layer, unit) for moment in self.layers for unit in moment.order]
        place = places.index((self.here.layer, self.here.unit)) + count
        name, unit = places[min(max(place, 0), len(places) - 1)]
        return Overview(replace(self._in(name), unit=unit))

    def with_place(self, layer: str, place: int) -> "Overview":
        """Return it with the unit selected that stands at `place` in the order of `layer`, or the last of it."""
        there = self._in(layer)
        return Overview(replace(there, unit=there.order[min(place, len(there.order) - 1)]))

    def at(self, t: int) -> "Overview":
        """Return it at timestamp `t`, or the nearest there is."""
        return Overview(self.here.at(t))

    def with_quantity(self, count: int) -> "Overview":
        """Return it with the quantity that comes `count` places later."""
        return Overview(self.here.with_quantity(count))

    def with_order(self) -> "Overview":
        """Return it with the next order of the units; the selected one stays."""
        return Overview(replace(self.here.with_order(), unit=self.here.unit))
