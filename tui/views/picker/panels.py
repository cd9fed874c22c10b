"""The list of scenarios, and what the chosen one is about."""

from dataclasses import dataclass

from ....scenarios import Chart, Experiment, Forecaster, Scenario, Study
from ....scenarios.forecast import RECIPES
from ...draw.charts import LEAST_WIDTH, draw
from ...draw.lines import Line, fitted, row_clickable, rule, segment, spread, width_of, wrap
from ...draw.look import Look
from ...keys import with_keys
from .thumbs import Thumbnail, strip

COLUMN = 5
"""Cells of a share in the table of scores."""

LEAST_CHART_ROWS = 11
"""The fewest rows for which the chart is drawn."""


@dataclass(frozen=True)
class Score:
    """How one network does on held-out sentences, by their size; None where it cannot take them."""

    network: str
    parameters: int
    by_size: tuple[tuple[int, float | None], ...]


@dataclass(frozen=True)
class Choice:
    """What the picker shows: every scenario, the index of the chosen one, its networks' scores, and a chart of them.

    Only scenarios of sentences have scores. `finished` names those whose lesson was finished in this session;
    `thumbnails` are those that have been drawn.
    """

    studies: tuple[Study, ...]
    index: int
    scores: tuple[Score, ...] = ()
    chart: Chart | None = None
    finished: frozenset[str] = frozenset()
    thumbnails: tuple[Thumbnail, ...] = ()

    @property
    def study(self) -> Study:
        """The chosen one."""
        return self.studies[self.index]


GROUPS = (
    ("in order, at any length", ("order", "lengths", "sharing")),
    ("what is remembered", ("clouds", "pakistan", "ali", "dna")),
    ("numbers, and training", ("starbucks", "gradients")),
)
"""The scenarios by what they are about, in the order of the list."""

STRIP, WIDE_STRIP = 12, 24
"""Cells of a thumbnail, and those on a terminal of at least WIDE columns."""

WIDE = 110
LEAST_DETAILS = 10
"""The fewest rows for the chosen scenario below the list."""


def picker(choice: Choice, width: int, height: int, look: Look) -> list[Line]:
    """Return the title, the list, and below it the chosen scenario's sentences, lesson and networks."""
    count = len(choice.studies)
    rows = max(height - LEAST_DETAILS - 1, min(count, height - LEAST_DETAILS // 2 - 2), 3)
    listed, places = _listed(choice, width, look, grouped=count + len(GROUPS) <= rows)
    shown = rows if rows >= count else rows - 1
    top = max(0, min(places[choice.index] - shown // 2, len(listed) - shown))
    title: Line = [segment(look, "title", " gatestep")]
    tasks = "  step through a recurrent network, one word at a time"
    where = f"{choice.index + 1} of {count} "
    title.append(segment(look, "dim", fitted(look, tasks, width - 11 - len(where))))
    lines = [spread(title, [segment(look, "dim", where)], width, look), *listed[top : top + shown]]
    if shown < rows:
        more = f" {count} scenarios; {{key:picker.choose_back}} {{key:picker.choose}} reach the others"
        lines.append([segment(look, "dim", fitted(look, with_keys(more, look.glyphs.unicode), width))])
    lines += [rule(look, [segment(look, "title", fitted(look, choice.study.summary, width - 5))], [], width)]
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


def _listed(choice: Choice, width: int, look: Look, grouped: bool) -> tuple[list[Line], list[int]]:
    """The rows of the list, with the headings of the groups where there is room, and the row of each scenario."""
    lines, places = list[Line](), list[int]()
    headings = {names[0]: title for title, names in GROUPS}
    done = " lesson finished" if choice.finished else ""
    for n, study in enumerate(choice.studies):
        if grouped and study.name in headings:
            right = [segment(look, "key", look.glyphs.right), segment(look, "dim", done)] if done else []
            lines.append(rule(look, [segment(look, "dim", headings[study.name])], right, width))
            done = ""
        places.append(len(lines))
        lines.append(row_clickable(look, _row(choice, n, width, look), f"row:{n}"))
    return lines, places


def _row(choice: Choice, n: int, width: int, look: Look) -> Line:
    """One scenario: whether its lesson is finished, its number and name, its thumbnail, and what it is about."""
    study, longest = choice.studies[n], max(len(s.name) for s in choice.studies)
    chosen, done = n == choice.index, study.name in choice.finished
    line = [
        segment(look, "chosen", f" {look.glyphs.chosen}" if chosen else "  "),
        segment(look, "key", f"{look.glyphs.right if done else ' '}"),
        segment(look, "dim", f"{n + 1} "),
        segment(look, "cursor" if chosen else "text", f" {study.name.ljust(longest)} "),
        segment(look, "text", "  "),
    ]
    cells = (WIDE_STRIP if width >= WIDE else STRIP) if width >= LEAST_WIDTH + 20 else 0
    if cells:
        thumb = choice.thumbnails[n] if n < len(choice.thumbnails) else None
        drawn = strip(thumb, cells, look) if thumb else []
        line += [*drawn, segment(look, "text", " " * (cells - width_of(drawn) + 2))]
    return [*line, segment(look, "text", fitted(look, study.title, width - width_of(line) - 1))]


def fitting(above: list[Line], rows: list[Line], room: int, what: str, look: Look) -> list[Line]:
    """Return both in `room` lines: empty lines are left out first; then the last line counts the missing `what`."""
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
    """The sentences and the names of the columns, and a row for each network with a column for each size."""
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
