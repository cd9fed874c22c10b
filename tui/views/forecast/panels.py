"""The pages of a forecaster: its data, its forecast against the actual values, its training, and its scores."""

from rich.cells import cell_len
from rich.segment import Segment

from ....engine import Checkpoint, Regressor
from ....scenarios.forecast import PAGES, Series
from ...draw.charts import draw, draw_over
from ...draw.lines import Line, clickable, fitted, flow, on_cursor, row_clickable, rule, segment, spread
from ...draw.look import Look
from ...draw.numbers import large, plain_column, plainly, with_error
from ...keys import with_keys
from ...source.days import error_chart, forecast_chart, series_chart
from ..base.training_progress import checkpoints, how_far
from . import scores
from .state import (
    CHOOSING,
    DATA,
    FORECAST,
    LEARNING,
    Forecasting,
    loss_chart,
)

LEAST_CHART_ROWS = 8
MOST_TABLE_ROWS = 6
AROUND = 22
"""Cells beside the days of a chart: its axis and its names."""

COLUMN = 11
"""Cells of a number column."""


def heading(state: Forecasting, width: int, height: int, look: Look) -> list[Line]:
    """Return the line that says what is looked at, and the names of the pages."""
    dot, task = f" {look.glyphs.dot} ", state.task
    when = f"after epoch {state.checkpoint.epoch} of {state.history.epochs}" if state.checkpoint else "not trained"
    left = [
        segment(look, "title", f" {fitted(look, state.title, 24)}"),
        segment(look, "dim", f"{dot}{task.recipe.name}: {task.network}{dot}"),
        segment(look, "text", when),
    ]
    tabs: Line = [segment(look, "text", " ")]
    for page in PAGES:
        tab = on_cursor(look, page) if page == state.page else segment(look, "dim", f" {page} ")
        tabs += [clickable(look, tab, f"page:{page}"), segment(look, "text", " ")]
    return [spread(left, [], width, look), spread(tabs, _progress(state, look), width, look)][:height]


def _progress(state: Forecasting, look: Look) -> Line:
    if state.state == CHOOSING:
        return [segment(look, "key", f"choosing {state.task.recipe.choice}: {len(state.candidates)} tried ")]
    return how_far(state, look)


def page(state: Forecasting, width: int, height: int, look: Look) -> list[Line]:
    """Return the page that is open."""
    make = {DATA: _data, FORECAST: _forecast, LEARNING: _learning}.get(state.page, scores.page)
    return make(state, width, height, look)[:height]


def _data(state: Forecasting, width: int, height: int, look: Look) -> list[Line]:
    """The table around the day, and the target over all days."""
    chart_rows = max(height - MOST_TABLE_ROWS - 1, LEAST_CHART_ROWS)
    rows = max(min(height - chart_rows - 1, MOST_TABLE_ROWS - 1), 1)
    lines = head(state.series, state.day, width, rows, look)
    return [*lines, *draw(series_chart(state.series), width, height - len(lines), look, state.day)]


def head(series: Series, chosen: int | None, width: int, rows: int, look: Look) -> list[Line]:
    """Return the names of the columns and `rows` days: those around the `chosen` one, or the first where it is None."""
    names, label = series.names, max(len(series.label(day)) for day in (0, len(series) - 1))
    more = ""
    if len(names) * COLUMN + label + 2 > width:  # the target always shows
        kept = series.others[: max((width - label - 2) // COLUMN - 2, 0)]
        names, more = (*kept, series.target), f"{len(series.names) - len(kept) - 1} more "
    head = " " * (label + 1) + "".join(_right(fitted(look, n, COLUMN - 1)) for n in names)
    lines: list[Line] = [spread([segment(look, "dim", head)], [segment(look, "dim", more)], width, look)]
    top = min((chosen or 0) // rows * rows, len(series) - rows)
    columns = [plain_column(series.column(name)[top : top + rows].tolist(), look) for name in names]
    for day, numbers in enumerate(zip(*columns, strict=True), top):
        cells = "".join(f"{number:>{COLUMN}}" for number in numbers)
        here = day == chosen
        line = [
            segment(look, "key", look.glyphs.chosen if here else " "),
            segment(look, "chosen" if here else "dim", f"{series.label(day):<{label}}"), segment(look, "text", cells),
        ]  # fmt: skip
        lines.append(row_clickable(look, line, f"at:{day}"))
    return lines


def _right(name: str) -> str:
    """The name at the right end of its column."""
    return " " * (COLUMN - cell_len(name)) + name


def _forecast(state: Forecasting, width: int, height: int, look: Look) -> list[Line]:
    if state.checkpoint is None:
        return _untrained(state, width, height, look)
    task, network, epoch = state.task, state.checkpoint.network, state.checkpoint.epoch
    first, last = _days_shown(state, width, look)
    chart, errors = (make(task, network, epoch, first, last) for make in (forecast_chart, error_chart))
    return draw_over(chart, errors, width, height, look, state.day)


def _days_shown(state: Forecasting, width: int, look: Look) -> tuple[int, int]:
    """The first and the last day in the picture: all, or those of a page where only marks tell the lines apart."""
    days = len(state.series)
    if look.glyphs.unicode and look.depth != "none":
        return 0, days - 1
    count = min(max((width - AROUND) // 2, 10), days)
    first = min(state.day // count * count, days - count)
    return first, first + count - 1


def _untrained(state: Forecasting, width: int, height: int, look: Look) -> list[Line]:
    """What is to be learned, and what comes next: the key that trains, sizes that are tried, or the first epochs."""
    if state.state == CHOOSING or (state.state and state.candidates):
        return _choosing(state, width, height, look)
    fit = state.task.recipe.fit
    told = f"Not trained yet: {{key:forecast.train}} trains this network for {fit.epochs:,} epochs."
    if state.state:
        told = "The training begins in a few seconds, once PyTorch is loaded."
    lines: list[Line] = [[segment(look, "key", f" {with_keys(told, look.glyphs.unicode)}")]]
    return [*lines, *draw(series_chart(state.series), width, height - 1, look, state.day)]


def _choosing(state: Forecasting, width: int, height: int, look: Look) -> list[Line]:
    """The sizes that are tried, and how far off each is on train days that it has not seen."""
    recipe, tried = state.task.recipe, state.candidates
    title = [segment(look, "title", f"{recipe.choice}, on held-out days")]
    unit = f"MAE in {look.text(state.series.target)}; {scores.BEST} lowest"
    lines = [rule(look, title, [segment(look, "dim", unit)], width)]
    if not tried:
        lines.append([segment(look, "dim", " The first size is tried in a few seconds, once PyTorch is loaded.")])
    largest, least = (choose((one.error for one in tried), default=0.0) for choose in (max, min))
    for one in tried[-max(height - 1, 1) :]:
        mark, role = (scores.BEST, "key") if one.error == least else (" ", "dim")
        name = f"{one.window:3} days  {one.units:2} units {large(one.error):>10}  "
        bar = look.bar(one.error / largest if largest else 0.0, max(width - len(name) - 3, 1)).rstrip()
        lines.append([segment(look, "key", mark), segment(look, "text", name), segment(look, role, bar)])
    return lines


def _learning(state: Forecasting, width: int, height: int, look: Look) -> list[Line]:
    """The loss over the epochs, and which parts have a gradient."""
    if not state.history.losses:
        return _untrained(state, width, height, look)
    checkpoint = state.checkpoint
    below = [*_gradients(checkpoint, width, look), *checkpoints(state, "epochs", width, look)] if checkpoint else []
    if checkpoint and height - len(below) < LEAST_CHART_ROWS:
        below = _gradients(checkpoint, width, look)
    rows = height - len(below)
    if rows < LEAST_CHART_ROWS:
        return below
    return [*draw(loss_chart(state.history), width, rows, look, checkpoint.epoch if checkpoint else None), *below]


def _gradients(checkpoint: Checkpoint[Regressor], width: int, look: Look) -> list[Line]:
    """A row a tensor of the recurrent layer, a column a gate; then the dense layers."""
    gates = checkpoint.network.stack.cell.rows
    title = [segment(look, "text", f"largest gradient after epoch {checkpoint.epoch}")]
    lines = [rule(look, title, [segment(look, "dim", "0 is exactly zero")], width)]
    lines.append([segment(look, "dim", " " * 18), *(segment(look, gate, f"{gate:>11}") for gate in gates)])
    tensors = list(
        dict.fromkeys(name.rpartition(".")[0] for name in checkpoint.gradients if name.endswith(f".{gates[0]}"))
    )
    meaning = {"weight_ih_l0": "U, on x", "weight_hh_l0": f"W, on h{look.glyphs.prime}", "bias_ih_l0": "b"}
    for tensor in tensors:
        if tensor not in meaning:
            continue  # the second bias has the same gradients as the first
        line = [segment(look, "text", f" {meaning[tensor]:<17}")]
        for gate in gates:
            value = checkpoint.gradients[f"{tensor}.{gate}"]
            text = _small(value, look)
            line += [Segment(" " * (11 - len(text))), segment(look, gate if value else "warning", text)]
        lines.append(line)
    dense = [
        (name, value) for name, value in checkpoint.gradients.items() if name.startswith("fc") and "weight" in name
    ]
    pieces = [[segment(look, "dim", f" {name} "), segment(look, "text", f"{_small(v, look)} ")] for name, v in dense]
    return [*lines, *flow(pieces, width, 1, look)]


def day(state: Forecasting, width: int, height: int, look: Look) -> list[Line]:
    """Return what is known of the cursor's day: the actual value, the forecast, and its error."""
    series, there = state.series, state.forecast
    part = "train" if state.day < series.train else "test"
    dot = f" {look.glyphs.dot} "
    lines = [rule(look, [segment(look, "title", series.label(state.day))],
                  [segment(look, "dim", f"day {state.day + 1} of {len(series)}{dot}{part}")], width)]  # fmt: skip
    actual = float(series.actual[state.day])
    pieces: list[Line] = [
        [segment(look, "dim", f" {fitted(look, series.target, 20)} "),
         segment(look, "chosen", f"{plainly(actual, look)} ")],
    ]  # fmt: skip
    if there is None:
        why = "no network yet" if state.checkpoint is None else f"too few days before it: {state.task.first} are needed"
        pieces.append([segment(look, "dim", f"  forecast: {why}")])
    else:
        t = len(there.trace) - 1
        pieces += with_error(there.value(t), actual, look)
        pieces.append([segment(look, "dim", "  read "), segment(look, "text", _read(state))])
    return [*lines, *flow(pieces, width, height - 1, look, indent=1)]


def _read(state: Forecasting) -> str:
    rows = state.task.rows(state.day)
    first, last = state.series.label(rows[0]), state.series.label(rows[-1])
    return first if first == last else f"{first} to {last}"


def _small(value: float, look: Look) -> str:
    return "0" if value == 0 else f"{value:.1e}".replace("-", look.glyphs.minus)
