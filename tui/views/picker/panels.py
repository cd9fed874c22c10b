"""The list of scenarios, and what the chosen one is about."""

from dataclasses import dataclass

from ....scenarios import Chart, Experiment, Forecaster, Scenario, Study
from ....scenarios.forecast import RECIPES
from ...draw.charts import LEAST_WIDTH, draw
from ...draw.lines import Line, fitted, rule, segment, wrap
from ...draw.look import Look
from ...keys import with_keys

LEAST_CHART_ROWS = 11
"""Rows that must be left over for the chart to be worth drawing."""


@dataclass(frozen=True)
class Score:
    """How one network does on held-out sentences, by their size; None where it cannot take them."""

    network: str
    parameters: int
    by_size: tuple[tuple[int, float | None], ...]


@dataclass(frozen=True)
class Choice:
    """What the picker shows: every scenario, which is chosen, how its networks score, and a chart of them.

    Only scenarios of sentences have scores.
    """

    studies: tuple[Study, ...]
    place: int
    scores: tuple[Score, ...] = ()
    chart: Chart | None = None

    @property
    def study(self) -> Study:
        """The chosen one."""
        return self.studies[self.place]


def picker(choice: Choice, width: int, height: int, look: Look) -> list[Line]:
    """Return the title, the list, and below it the chosen scenario's sentences, lesson and networks."""
    g, enter = look.glyphs, with_keys("{key:picker.open}", look.glyphs.unicode)
    lines: list[Line] = [
        [
            segment(look, "title", " gatestep"),
            segment(look, "dim", "  step through a recurrent network, one word at a time"),
        ],
        [segment(look, "dim", f" Choose a scenario; {enter} opens it.")],
        [],
    ]
    longest = max(len(s.name) for s in choice.studies)
    rows = max(height - 14, 3)
    top = max(0, min(choice.place - rows // 2, len(choice.studies) - rows))
    for n, study in enumerate(choice.studies[top : top + rows], top):
        mark = g.chosen if n == choice.place else " "
        role = "cursor" if n == choice.place else "text"
        summary = fitted(look, study.summary, width - longest - 10)
        lines.append([
            segment(look, "key", f" {mark} "), segment(look, role, f" {study.name.ljust(longest)} "),
            segment(look, "text", f"  {summary}"),
        ])  # fmt: skip
    lines += [[], rule(look, [segment(look, "title", choice.study.title)], [], width)]
    if isinstance(choice.study, Experiment):
        lines += [[segment(look, "hidden", f" {part.title}")] for part in choice.study.parts]
    elif isinstance(choice.study, Forecaster):
        lines += _series(choice.study, look)
    else:
        lines += _sentences(choice.study, choice.scores, width, look)
    if height - len(lines) > LEAST_CHART_ROWS and choice.chart and width >= LEAST_WIDTH:
        lines += [[], *draw(choice.chart, width, height - len(lines) - 1, look)]
    return lines[:height]


def _series(forecaster: Forecaster, look: Look) -> list[Line]:
    """What is forecast, and by which recipes."""
    series = forecaster.series
    days = f"{forecaster.target} over {len(series)} days, {series.label(0)} to {series.label(len(series) - 1)}"
    lines: list[Line] = [[segment(look, "hidden", f" {look.text(days)}")], []]
    longest = max(map(len, RECIPES))
    for recipe in RECIPES.values():
        name = segment(look, "chosen", f" {recipe.name.ljust(longest)}")
        lines.append([name, segment(look, "text", f"  {recipe.summary}")])
    return lines


def _sentences(scenario: Scenario, scores: tuple[Score, ...], width: int, look: Look) -> list[Line]:
    """The sentences, and a row a network, a column a size."""
    lines: list[Line] = []
    for text in scenario.sentences:
        quoted = f"“{text}”" if look.glyphs.unicode else f'"{text}"'
        lines += [[segment(look, "hidden", part)] for part in wrap(quoted, width)]
    names = max(len(score.network) for score in scores)
    axis = scenario.corpus.axis
    title = "% correct on held-out sentences" + (f", by {axis}:" if axis else "")
    lines += [[], *([segment(look, "dim", part)] for part in wrap(look.text(title), width))]
    if axis:
        sizes = "".join(f"{size:>5}" for size, _ in scores[0].by_size)
        lines.append([segment(look, "dim", " " * (names + 20) + sizes)])
    for score in scores:
        right = "".join(f"{'-' if part is None else round(part * 100):>5}" for _, part in score.by_size)
        lines.append([segment(look, "chosen", f" {score.network.ljust(names)}"),
                      segment(look, "dim", f" {score.parameters:>7,} parameters"),
                      segment(look, "text", right)])  # fmt: skip
    return lines
