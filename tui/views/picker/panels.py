"""The list of scenarios, and what the chosen one is about."""

from dataclasses import dataclass

from ....scenarios import Chart, Experiment, Forecaster, Scenario, Study
from ....scenarios.forecast import RECIPES
from ...draw.charts import LEAST_WIDTH, draw
from ...draw.lines import Line, fitted, rule, segment, wrap
from ...draw.look import Look
from ...keys import with_keys

COLUMN = 5
"""Cells of a share in the table of scores."""

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
    index: int
    scores: tuple[Score, ...] = ()
    chart: Chart | None = None

    @property
    def study(self) -> Study:
        """The chosen one."""
        return self.studies[self.index]


def picker(choice: Choice, width: int, height: int, look: Look) -> list[Line]:
    """Return the title, the list, and below it the chosen scenario's sentences, lesson and networks."""
    g, enter = look.glyphs, with_keys("{key:picker.open}", look.glyphs.unicode)
    choose = f" Choose one of {len(choice.studies)}, by number or first letters too"
    lines: list[Line] = [
        [
            segment(look, "title", " gatestep"),
            segment(look, "dim", fitted(look, "  step through a recurrent network, one word at a time", width - 10)),
        ],
        [
            segment(look, "dim", fitted(look, f"{choose}; {enter} opens it.", width)),
        ],
        [],
    ]
    longest = max(len(s.name) for s in choice.studies)
    rows = max(height - 14, 3)
    top = max(0, min(choice.index - rows // 2, len(choice.studies) - rows))
    for n, study in enumerate(choice.studies[top : top + rows], top):
        mark = g.chosen if n == choice.index else " "
        role = "cursor" if n == choice.index else "text"
        summary = fitted(look, study.summary, width - longest - 12)
        lines.append([
            segment(look, "key", f" {mark} "), segment(look, "dim", f"{n + 1} "),
            segment(look, role, f" {study.name.ljust(longest)} "),
            segment(look, "text", f"  {summary}"),
        ])  # fmt: skip
    lines += [[], rule(look, [segment(look, "title", fitted(look, choice.study.title, width - 5))], [], width)]
    room = height - len(lines)
    if isinstance(choice.study, Experiment):
        questions: list[Line] = [[segment(look, "hidden", f" {part.title}")] for part in choice.study.parts]
        lines += fitting([], questions, room, "questions", look)
    elif isinstance(choice.study, Forecaster):
        lines += fitting(*_series(choice.study, width, look), room, "recipes", look)
    else:
        lines += fitting(*_sentences(choice.study, choice.scores, width, look), room, "networks", look)
    if height - len(lines) > LEAST_CHART_ROWS and choice.chart and width >= LEAST_WIDTH:
        lines += [[], *draw(choice.chart, width, height - len(lines) - 1, look)]
    return lines[:height]


def fitting(above: list[Line], rows: list[Line], room: int, what: str, look: Look) -> list[Line]:
    """Return both in `room` lines: empty lines go first; then the last line says how many of `what` are not shown."""
    if len(above) + len(rows) > room:
        above = [line for line in above if line]
    left = max(room - len(above), 0)
    if len(rows) <= left:
        return [*above, *rows]
    shown = rows[: max(left - 1, 0)]
    return [*above[: max(room - 1, 0)], *shown, [segment(look, "dim", f" {len(rows) - len(shown)} more {what}")]]


def _series(forecaster: Forecaster, width: int, look: Look) -> tuple[list[Line], list[Line]]:
    """What is forecast, and by which recipes."""
    series = forecaster.series
    days = f"{forecaster.target} over {len(series)} days, {series.label(0)} to {series.label(len(series) - 1)}"
    longest, recipes = max(map(len, RECIPES)), list[Line]()
    for recipe in RECIPES.values():
        name = segment(look, "chosen", f" {recipe.name.ljust(longest)}")
        recipes.append([name, segment(look, "text", f"  {fitted(look, recipe.summary, width - longest - 4)}")])
    return [[segment(look, "hidden", f" {fitted(look, days, width - 2)}")], []], recipes


def _sentences(scenario: Scenario, scores: tuple[Score, ...], width: int, look: Look) -> tuple[list[Line], list[Line]]:
    """The sentences and the names of the columns, and a row a network, a column a size."""
    lines: list[Line] = []
    for text in scenario.sentences:
        quoted = f"“{text}”" if look.glyphs.unicode else f'"{text}"'
        lines += [[segment(look, "hidden", part)] for part in wrap(quoted, width)]
    axis, sizes = scenario.corpus.axis, [size for size, _ in scores[0].by_size]
    names = max(len(score.network) for score in scores)
    least = names + 2 + COLUMN * len(sizes)
    parameters = 20 if least + 20 <= width else 8 if least + 8 <= width else 0
    count = min(max((width - names - 2 - parameters) // COLUMN, 0), len(sizes))
    title = "% correct on held-out sentences" + (f", by {axis}" if axis else "")
    if count < len(sizes):
        title += f", {count} of {len(sizes)}"
    lines += [[], *([segment(look, "dim", part)] for part in wrap(look.text(f"{title}:" if axis else title), width))]
    if axis:
        head = "size".rjust(parameters) if parameters == 8 else " " * parameters
        columns = "".join(f"{size:>{COLUMN}}" for size in sizes[:count])
        lines.append([segment(look, "dim", " " * (names + 1) + head + columns)])
    rows = []
    for score in scores:
        right = (f"{'-' if part is None else round(part * 100):>{COLUMN}}" for _, part in score.by_size[:count])
        size = f" {score.parameters:>7,}" + (" parameters " if parameters == 20 else "")
        rows.append([segment(look, "chosen", f" {fitted(look, score.network, width - 1).ljust(names)}"),
                     segment(look, "dim", size if parameters else ""),
                     segment(look, "text", "".join(right))])  # fmt: skip
    return lines, rows
