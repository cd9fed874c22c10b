"""Scalers against scikit-learn's, and back again."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gatestep.scenarios.forecast import Series
from gatestep.scenarios.forecast.scalers import Scaler, carried, min_max, standard
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.preprocessing import MinMaxScaler, StandardScaler

UNHURRIED = settings(deadline=None, max_examples=60)
Made = Callable[..., Scaler]
PAIRS: list[tuple[Made, Callable[[], Any]]] = [(standard, StandardScaler), (min_max, MinMaxScaler)]
BOTH = pytest.mark.parametrize(("made", "oracle"), PAIRS, ids=["standard", "min_max"])


def tables(low: float, high: float) -> st.SearchStrategy[np.ndarray]:
    """Whole tables whose columns change; a step of 1/1024 keeps differences above rounding."""
    numbers = st.integers(round(low * 1024), round(high * 1024)).map(lambda n: n / 1024)
    shapes = st.tuples(st.integers(2, 12), st.integers(1, 4))
    return shapes.flatmap(lambda shape: arrays(np.float64, shape, elements=numbers))


@BOTH
def test_the_series_that_ships_is_scaled_as_by_scikit_learn(
    made: Made, oracle: Callable[[], Any], starbucks: Series
) -> None:
    values = starbucks.values
    found, expected = made(values).scaled(values), oracle().fit_transform(values)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)
    np.testing.assert_array_equal(found.astype(np.float32), expected.astype(np.float32))


@BOTH
def test_what_was_not_fitted_is_scaled_as_by_scikit_learn(
    made: Made, oracle: Callable[[], Any], starbucks: Series
) -> None:
    fitted, others = starbucks.values[:200], starbucks.values[200:]
    expected = oracle().fit(fitted).transform(others)
    np.testing.assert_allclose(made(fitted).scaled(others), expected, rtol=1e-12, atol=1e-13)


@BOTH
def test_scaled_numbers_come_back_as_by_scikit_learn(made: Made, oracle: Callable[[], Any], starbucks: Series) -> None:
    values = starbucks.values
    scaled = np.random.default_rng(0).normal(size=(9, values.shape[1])).astype(np.float32)
    expected = oracle().fit(values).inverse_transform(scaled.astype(np.float64))
    np.testing.assert_allclose(made(values).raw(scaled), expected, rtol=1e-12)


@BOTH
@UNHURRIED
@given(values=tables(-1e6, 1e6), log=st.booleans())
def test_what_a_file_carries_does_the_same(
    made: Made, oracle: Callable[[], Any], values: np.ndarray, log: bool
) -> None:
    fitted = made(values, log)
    alone = carried(json.loads(json.dumps(fitted.carried)), values.shape[1])
    assert alone.fitted is None
    assert isinstance(fitted.fitted, oracle)  # type: ignore[arg-type]
    np.testing.assert_allclose(alone.scaled(values), fitted.scaled(values), rtol=1e-9, atol=1e-9)
    size = np.abs(values).max() + 1
    np.testing.assert_allclose(alone.raw(fitted.scaled(values)), values, rtol=1e-9, atol=1e-9 * size)


@pytest.mark.parametrize(
    "change",
    [{"scale": [0.0, 1.0]}, {"offset": [1.0]}, {"offset": [float("nan"), 0.0]}, {"log": [0, 1]}, {"least": "x"},
     {"log": [True, True], "least": [0.0, 1.0]}],
)  # fmt: skip
def test_what_is_no_scaler_is_not_taken_for_one(change: dict[str, Any]) -> None:
    good: dict[str, Any] = {"offset": [1.0, 2.0], "scale": [3.0, 4.0], "log": [False, True], "least": [0.0, 1.0]}
    assert carried(good, 2).scaled(np.array([[4.0, np.e**6]])).tolist() == [[1.0, 1.0]]
    with pytest.raises((ValueError, TypeError)):
        carried({**good, **change}, 2)
    with pytest.raises(KeyError):
        carried({}, 2)


@BOTH
@UNHURRIED
@given(values=tables(-1e6, 1e6))
def test_any_table_is_scaled_as_by_scikit_learn(made: Made, oracle: Callable[[], Any], values: np.ndarray) -> None:
    constant = (values == values[0]).all(axis=0)
    expected = oracle().fit_transform(values)
    found = made(values).scaled(values)
    np.testing.assert_allclose(found[:, ~constant], expected[:, ~constant], rtol=1e-9, atol=1e-9)


@BOTH
@pytest.mark.parametrize("value", [0.0, 1.0, -3.0, 86.25, 4921900.0, 1e9 + 0.1, 0.1, 1e-3])
def test_a_column_that_never_changes_becomes_zero_and_comes_back(
    made: Made, oracle: Callable[[], Any], value: float
) -> None:
    values = np.column_stack([np.full(64, value), np.arange(64.0)])
    scaler, theirs = made(values), oracle()
    np.testing.assert_allclose(scaler.scaled(values), theirs.fit_transform(values), rtol=1e-12, atol=1e-14)
    assert scaler.scale[0] == theirs.scale_[0] == 1.0
    assert np.abs(scaler.scaled(values)[:, 0]).max() <= 1e-14 * max(abs(value), 1)
    np.testing.assert_allclose(scaler.raw(scaler.scaled(values))[:, 0], value, rtol=1e-15)


def test_what_is_not_above_zero_later_is_read_as_the_least_that_was_fitted() -> None:
    scaler = standard(np.array([[2.0], [4.0], [8.0]]), log=True)
    later = scaler.scaled(np.array([[0.0], [-3.0], [2.0], [1.0]]))[:, 0]
    assert later[0] == later[1] == later[2] > later[3]


def test_a_standard_column_has_mean_0_and_deviation_1_and_a_min_max_one_spans_0_to_1(starbucks: Series) -> None:
    values = starbucks.values
    scaled = standard(values).scaled(values)
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(scaled.std(axis=0), 1)
    scaled = min_max(values).scaled(values)
    np.testing.assert_allclose(scaled.min(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(scaled.max(axis=0), 1)


@BOTH
def test_a_column_by_its_logarithm_is_the_logarithm_scaled(made: Made, oracle: Callable[[], Any]) -> None:
    rng = np.random.default_rng(0)
    values = np.column_stack([np.exp(rng.normal(size=30) * 3), rng.normal(size=30), np.exp(rng.normal(size=30))])
    transformed = np.column_stack([np.log(values[:, 0]), values[:, 1], np.log(values[:, 2])])
    scaler = made(values, True)
    assert scaler.log.tolist() == [True, False, True]
    np.testing.assert_allclose(scaler.scaled(values), oracle().fit_transform(transformed), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(scaler.raw(scaler.scaled(values)), values, rtol=1e-12)


def test_a_column_that_is_no_logarithm_may_be_zero_or_below_beside_one_that_is() -> None:
    values = np.array([[1.0, 0.0], [2.0, -5.0], [8.0, 3.0]])
    with np.errstate(all="raise"):
        scaler = standard(values, log=True)
        np.testing.assert_allclose(scaler.raw(scaler.scaled(values)), values, atol=1e-12)


@BOTH
@UNHURRIED
@given(values=tables(-1e9, 1e9), more=st.booleans())
def test_raw_undoes_scaled(made: Made, oracle: Callable[[], Any], values: np.ndarray, more: bool) -> None:
    scaler = made(values)
    seen = values * 3 + 1 if more else values
    size = np.abs(values).max() + 1
    np.testing.assert_allclose(scaler.raw(scaler.scaled(seen)), seen, rtol=1e-9, atol=1e-9 * size)


@BOTH
@UNHURRIED
@given(values=tables(1 / 1024, 1e9))
def test_raw_undoes_scaled_by_logarithms(made: Made, oracle: Callable[[], Any], values: np.ndarray) -> None:
    scaler = made(values, True)
    np.testing.assert_allclose(scaler.raw(scaler.scaled(values)), values, rtol=1e-9)


@UNHURRIED
@given(arrays(np.float32, (5, 1), elements=st.floats(-100, 100, width=32)))
def test_whatever_a_network_says_a_logarithm_makes_it_a_number_above_zero(scaled: np.ndarray) -> None:
    scaler = standard(np.array([[1.0], [2.0], [4.0]]), log=True)
    assert (scaler.raw(scaled) > 0).all()


def test_numbers_far_out_come_back_without_a_warning(recwarn: pytest.WarningsRecorder) -> None:
    scaler = standard(np.array([[1.0, -1.0], [2.0, 3.0]]), log=True)
    assert scaler.raw(np.full((1, 2), 3e38, np.float32))[0, 0] == np.inf
    assert not recwarn.list


def test_any_shape_before_the_columns_is_fine(starbucks: Series) -> None:
    values = starbucks.values
    scaler = standard(values)
    stacked = values[:250].reshape(50, 5, -1)
    np.testing.assert_array_equal(scaler.scaled(stacked), scaler.scaled(values[:250]).reshape(50, 5, -1))


def test_what_is_scaled_is_not_changed(starbucks: Series) -> None:
    before = starbucks.values.copy()
    standard(starbucks.values, log=True).scaled(starbucks.values)
    np.testing.assert_array_equal(starbucks.values, before)
