"""One chart of a scenario under a heading."""

from dataclasses import dataclass

from ....scenarios import Chart, Scenario
from ...draw.charts import draw
from ...draw.lines import Line, segment, spread
from ...draw.look import Look


@dataclass(frozen=True)
class ChartPage:
    """A scenario's charts, and which of them is shown."""

    scenario: Scenario
    charts: tuple[Chart, ...]
    place: int


def chart(state: ChartPage, width: int, height: int, look: Look) -> list[Line]:
    """Return the chart under a heading."""
    where = f"chart {state.place + 1}/{len(state.charts)} "
    head = spread(
        [segment(look, "title", f" {state.scenario.name}"), segment(look, "dim", f" {look.glyphs.dot} charts")],
        [segment(look, "dim", where)], width, look,
    )  # fmt: skip
    return [head, *draw(state.charts[state.place], width, height - 1, look)]
