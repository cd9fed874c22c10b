"""A thumbnail for each scenario: two rows of what it is about, over time."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from ....engine import WordNetwork
from ....scenarios import Experiment, Forecaster, Scenario, Study, predict, shipped, unit_to_watch
from ...draw import heat
from ...draw.heat import Scale
from ...draw.lines import Line
from ...draw.look import Look


@dataclass(frozen=True, eq=False)
class Thumbnail:
    """`values` (T, 2) over time, drawn on `scale`; `of` says in a few words what they are."""

    values: np.ndarray
    scale: Scale
    role: str
    of: str


@cache
def thumbnail(study: Study) -> Thumbnail:
    """Return the thumbnail of a scenario: what two units of its network remember, or its series, or its gradients."""
    if isinstance(study, Forecaster):
        actual = study.actual
        return Thumbnail(np.stack([actual, actual], 1), Scale(float(actual.max()), False), "input", "the series")
    if isinstance(study, Experiment):
        return _gradients(study)
    return _memories(study)


def _memories(scenario: Scenario) -> Thumbnail:
    """The memory of the unit to watch, and that of the other unit whose memory changes most."""
    network, _ = shipped(scenario, scenario.models[0])
    assert isinstance(network, WordNetwork)
    prediction = predict(scenario.corpus, network, scenario.sentences[0])
    layer = prediction.trace.layers[0]
    name = layer.cell.memory_state or "hidden"
    values = np.asarray(layer[name], float)  # (T, H)
    watched = unit_to_watch(scenario, scenario.models[0], network, prediction).unit
    moves = values.std(axis=0) / np.maximum(np.abs(values).max(axis=0), 1e-9)
    moves[watched] = -1.0
    chosen = values[:, [watched, int(moves.argmax())]]
    full = np.quantile(np.abs(chosen), 0.9, axis=0)
    return Thumbnail(np.clip(chosen / np.maximum(full, 1e-9), -1, 1), Scale(1.0, True), name, "two units' memory")


def _gradients(experiment: Experiment) -> Thumbnail:
    """The first two curves of the first chart, on one scale; the one that changes more comes first."""
    chart = next(part.chart for part in experiment.parts if part.chart)()
    curves = [np.array([y for _, y in points]) for points in list(chart.lines.values())[:2]]
    curves.sort(key=np.ptp, reverse=True)
    low, high = min(c.min() for c in curves), max(c.max() for c in curves)
    return Thumbnail(np.stack([(c - low) / (high - low) for c in curves], 1), Scale(1.0, False), "output", "gradients")


def strip(thumb: Thumbnail, cells: int, look: Look) -> Line:
    """Return the thumbnail in one row of `cells`; where values are digits, only its first series."""
    cell = heat.least(thumb.scale, look)
    count = min(cells // cell, len(thumb.values))
    wide = max(cells // count, cell)
    places = np.linspace(0, len(thumb.values) - 1, count).round().astype(int)
    half = heat.shaded(look)
    values = thumb.values[places][:, : 1 + half]
    levels = thumb.scale.levels(values, None, heat.steps(thumb.scale, look))
    (row,) = heat.rows(levels, thumb.scale, thumb.role, wide, look, half)
    return row
