"""Measures against scikit-learn's, and what several seeds make of them."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from gatestep.scenarios.forecast import MEASURES, Series
from gatestep.scenarios.forecast.scores import PARTS, Spread, by_part, naive_scores, row, scores
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

UNHURRIED = settings(deadline=None, max_examples=60)
Make = Callable[..., Series]


def drawn(seed: int, size: float) -> tuple[np.ndarray, np.ndarray]:
    """A forecast and what was to be forecast, 12 days of changing numbers that are not zero."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=12) * size, rng.choice([-1, 1], size=12) * rng.uniform(0.1, 1, size=12) * size


PAIRS = st.builds(drawn, st.integers(0, 2**32 - 1), st.sampled_from([1e-3, 1.0, 1e7]))


def sklearns(forecast: np.ndarray, actual: np.ndarray) -> dict[str, float]:
    return {
        "mae": metrics.mean_absolute_error(actual, forecast),
        "rmse": math.sqrt(metrics.mean_squared_error(actual, forecast)),
        "mape": metrics.mean_absolute_percentage_error(actual, forecast),
        "r2": metrics.r2_score(actual, forecast),
    }


@UNHURRIED
@given(PAIRS)
def test_they_are_scikit_learns(both: tuple[np.ndarray, np.ndarray]) -> None:
    forecast, actual = both
    assert scores(forecast, actual) == pytest.approx(sklearns(forecast, actual), rel=1e-9, abs=1e-9)


def test_of_the_series_that_ships_too(starbucks: Series) -> None:
    y = starbucks.actual
    forecast = y * np.random.default_rng(0).uniform(0.5, 1.5, size=len(y))
    for part, days in (("train", slice(200)), ("test", slice(200, None))):
        expected = sklearns(forecast[days], y[days])
        assert by_part(forecast, starbucks)[part] == pytest.approx(expected, rel=1e-12)


def test_by_hand() -> None:
    found = scores(np.array([1.0, 4.0, 2.0]), np.array([2.0, 2.0, 5.0]))
    assert found == pytest.approx({"mae": 2, "rmse": math.sqrt(14 / 3), "mape": (0.5 + 1 + 0.6) / 3, "r2": 1 - 14 / 6})


def test_a_perfect_forecast_and_the_mean() -> None:
    y = np.array([1.0, 2.0, 4.0])
    assert scores(y, y) == {"mae": 0.0, "rmse": 0.0, "mape": 0.0, "r2": 1.0}
    assert scores(np.full(3, y.mean()), y)["r2"] == pytest.approx(0)


@pytest.mark.parametrize("said", [0.0, 1.0])
def test_a_share_of_nothing_is_not_a_number(said: float, recwarn: pytest.WarningsRecorder) -> None:
    found = scores(np.array([said, 2.0, 3.0]), np.array([0.0, 2.0, 4.0]))
    assert math.isnan(found["mape"])
    assert found["mae"] == pytest.approx((said + 1) / 3)
    assert not recwarn.list


@UNHURRIED
@given(PAIRS, st.integers(1, 9))
def test_days_without_a_forecast_are_left_out(both: tuple[np.ndarray, np.ndarray], missing: int) -> None:
    forecast, actual = both
    nothing = forecast.copy()
    nothing[:missing] = np.nan
    assert scores(nothing, actual) == scores(forecast[missing:], actual[missing:])


def test_a_zero_on_a_day_without_a_forecast_does_no_harm() -> None:
    assert scores(np.array([np.nan, 2.0, 3.0]), np.array([0.0, 2.0, 4.0]))["mape"] == pytest.approx(0.125)


def test_the_parts_are_cut_where_the_test_days_begin(make_series: Make) -> None:
    series = make_series(60)
    forecast = series.actual.copy()
    forecast[series.train - 1] += 1
    found = by_part(forecast, series)
    assert found["train"]["mae"] == pytest.approx(1 / series.train)
    assert found["test"]["mae"] == 0
    assert tuple(found) == PARTS


@given(st.lists(st.floats(-1e9, 1e9), min_size=1))
def test_a_spread_is_the_mean_the_least_and_the_most(values: list[float]) -> None:
    spread = Spread.of(values)
    assert spread.mean == pytest.approx(np.mean(values), rel=1e-9, abs=1e-3)
    assert (spread.least, spread.most) == (min(values), max(values))


def test_a_row_has_each_measure_of_each_part_over_the_seeds() -> None:
    each = [{part: {m: seed + 10.0 * n + 100.0 * p for n, m in enumerate(MEASURES)} for p, part in enumerate(PARTS)}
            for seed in (4.0, 1.0, 7.0)]  # fmt: skip
    found = row("mine", each)
    assert (found.name, found.seeds) == ("mine", 3)
    assert found.spreads.keys() == set(PARTS)
    assert found.spreads["train"]["mae"] == Spread(4.0, 1.0, 7.0)
    assert found.spreads["test"]["r2"] == Spread(134.0, 131.0, 137.0)


def test_forecasts_without_a_network_have_rows_of_one_seed(starbucks: Series) -> None:
    rows = [row(name, [found]) for name, found in naive_scores(starbucks).items()]
    assert [r.name for r in rows] == ["persistence", "5-day average", "training mean"]
    assert {r.seeds for r in rows} == {1}
    y = starbucks.actual
    assert rows[0].spreads["test"]["mae"].mean == pytest.approx(metrics.mean_absolute_error(y[200:], y[199:-1]))
    assert rows[0].spreads["train"]["mae"].mean == pytest.approx(metrics.mean_absolute_error(y[1:200], y[:199]))
    assert rows[2].spreads["train"]["r2"].mean == pytest.approx(0, abs=1e-12)


def test_a_forecast_beyond_all_numbers_is_as_bad_as_can_be() -> None:
    found = scores(np.array([1.0, np.inf]), np.array([1.0, 2.0]))
    assert found == {"mae": math.inf, "rmse": math.inf, "mape": math.inf, "r2": -math.inf}
