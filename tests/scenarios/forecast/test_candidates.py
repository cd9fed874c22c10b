"""How window and size are chosen: by the last train days alone, on networks that never saw them."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from gatestep.scenarios.forecast import WINDOWED, Candidate, Recipe, Series, best, candidates, grid_search, prepare
from sklearn.metrics import mean_absolute_error

Make = Callable[..., Series]


@pytest.fixture(autouse=True)
def few_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "UNITS", (2, 3))
    monkeypatch.setattr(candidates, "SEEDS", (0, 1))


def test_every_window_and_every_size_is_tried(make_series: Make, brief: Recipe) -> None:
    results = list(grid_search(make_series(120), brief))
    assert [(t.window, t.units) for t in results] == [(5, 2), (5, 3), (10, 2), (10, 3)]  # 4 * 20 is more than 76 days


@pytest.mark.parametrize(("days", "windows"), [(40, {5}), (63, {5, 10}), (62, {5}), (125, {5, 10}), (126, {5, 10, 20})])
def test_a_window_needs_four_times_its_days_to_learn_from(
    days: int, windows: set[int], make_series: Make, brief: Recipe
) -> None:
    series = make_series(days)
    fitted = round(0.8 * series.train)
    assert windows == {w for w in (5, 10, 20) if 4 * w <= fitted}
    assert {t.window for t in grid_search(series, brief)} == windows


def test_the_error_is_that_of_the_last_fifth_of_train_days_over_the_seeds(make_series: Make, brief: Recipe) -> None:
    series = make_series(60)
    assert series.train == 47
    first = next(iter(grid_search(series, brief)))
    recipe = replace(brief, window=5, fit=replace(brief.fit, units=2))
    task = prepare(series, recipe, fitted=38)  # a fifth of 47 is 9
    forecasts = [task.forecast(task.trained(seed).checkpoints[-1].network)[38:47] for seed in (0, 1)]
    errors = [mean_absolute_error(series.actual[38:47], forecast) for forecast in forecasts]
    assert (first.window, first.units) == (5, 2)
    assert first.error == pytest.approx(np.mean(errors))


def test_the_choice_does_not_look_at_test_days(make_series: Make, brief: Recipe) -> None:
    series = make_series(60)
    values = series.values.copy()
    values[series.train :] *= 3
    assert list(grid_search(series, brief)) == list(grid_search(make_series(values=values), brief))


def test_the_networks_do_not_see_the_days_by_which_they_are_measured(
    make_series: Make, monkeypatch: pytest.MonkeyPatch, brief: Recipe
) -> None:
    """What is forecast with stays the same when the last train days change."""
    said: list[np.ndarray] = []

    def note(forecast: np.ndarray, actual: np.ndarray) -> dict[str, float]:
        assert len(forecast) == len(actual) == 9
        said.append(forecast[:1])  # its window holds days before only
        return {"mae": float(actual.sum())}

    monkeypatch.setattr(candidates, "scores", note)
    series = make_series(60)
    values = series.values.copy()
    values[38:] *= 2
    before, after = list(grid_search(series, brief)), list(grid_search(make_series(values=values), brief))
    half = len(said) // 2
    np.testing.assert_array_equal(said[:half], said[half:])
    assert before != after


def test_the_choice_is_the_same_again(make_series: Make, brief: Recipe) -> None:
    assert list(grid_search(make_series(60), brief)) == list(grid_search(make_series(60), brief))


def test_the_best_is_the_least() -> None:
    results = [Candidate(5, 2, 3.0), Candidate(10, 8, 1.0), Candidate(20, 4, 2.0)]
    assert best(results, WINDOWED).window == 10
    assert best(results, WINDOWED).fit.units == 8
    assert best(results[::-1], WINDOWED) == best(results, WINDOWED)


def test_the_rest_of_the_recipe_is_the_windowed_ones() -> None:
    found = best([Candidate(20, 8, 1.0)], WINDOWED)
    assert replace(found, window=5, fit=replace(found.fit, units=4)) == WINDOWED
