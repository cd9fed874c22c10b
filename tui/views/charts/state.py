"""A scenario's charts, and which of them is shown."""

from dataclasses import dataclass, replace

from ....scenarios import Chart, Scenario, charts_of


@dataclass(frozen=True)
class ChartPage:
    """A scenario's charts, and which of them is shown."""

    scenario: Scenario
    charts: tuple[Chart, ...]
    index: int = 0

    @classmethod
    def of(cls, scenario: Scenario) -> "ChartPage":
        """Return the first of the charts of `scenario`."""
        return cls(scenario, charts_of(scenario))

    def turned(self, count: int) -> "ChartPage":
        """Return the chart that is `count` further, around the end."""
        return replace(self, index=(self.index + count) % len(self.charts))
