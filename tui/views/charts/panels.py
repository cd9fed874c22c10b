"""One chart of a scenario under a heading."""

from ...draw.charts import draw
from ...draw.lines import Line, segment, spread
from ...draw.look import Look
from .state import ChartPage


def chart(state: ChartPage, width: int, height: int, look: Look) -> list[Line]:
    """Return the chart under a heading."""
    where = f"chart {state.index + 1}/{len(state.charts)} "
    head = spread(
        [segment(look, "title", f" {state.scenario.name}"), segment(look, "dim", f" {look.glyphs.dot} charts")],
        [segment(look, "dim", where)], width, look,
    )  # fmt: skip
    return [head, *draw(state.charts[state.index], width, height - 1, look)]
