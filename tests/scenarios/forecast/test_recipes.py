"""What each recipe reads, what it may not see, and what it makes of the network's number."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import hypothesis
import numpy as np
import pytest
from gatestep.engine import Regressor, Table
from gatestep.scenarios.forecast import (
    ARTICLE,
    RECIPES,
    WINDOWED,
    Recipe,
    Series,
    Task,
    TrainedForecaster,
    prepare,
    series_of,
)
from hypothesis import settings
from hypothesis import strategies as st

Make = Callable[..., Series]
Refusal = Callable[..., str]
FEW = settings(deadline=None, max_examples=25)


def with_values(series: Series, values: np.ndarray) -> Series:
    frame = series.frame.copy()
    frame[:] = values
    return replace(series, frame=frame)


def changed(series: Series, days: slice, seed: int = 0) -> Series:
    """The series with every number of `days` another one, above zero still."""
    values = series.values.copy()
    values[days] *= np.random.default_rng(seed).uniform(0.2, 5, size=values[days].shape)
    return with_values(series, values)


@pytest.fixture(scope="session")
def networks(shipped: Callable[[str], TrainedForecaster]) -> dict[str, Regressor]:
    return {name: shipped(name).history.checkpoints[-1].network for name in RECIPES}


# Shapes


def test_the_articles_task(starbucks: Series) -> None:
    task = prepare(starbucks, ARTICLE)
    assert task.windows.shape == (253, 1, 5)
    assert task.targets.shape == (253,)
    assert task.columns == ("Open", "High", "Low", "Close", "Adj Close")
    assert (task.first, task.fitted) == (0, 200)
    assert task.windows.dtype == task.targets.dtype == np.float32


@pytest.mark.parametrize("window", [1, 5, 20])
def test_the_windowed_task(window: int, starbucks: Series) -> None:
    task = prepare(starbucks, replace(WINDOWED, window=window))
    assert task.windows.shape == (253 - window, window, 6)
    assert task.targets.shape == (253 - window,)
    assert task.columns == starbucks.names
    assert (task.first, task.fitted) == (window, 200)
    assert task.windows.dtype == task.targets.dtype == np.float32


def test_a_window_is_the_days_before_oldest_first_and_the_target_is_the_day(starbucks: Series) -> None:
    task = prepare(starbucks, WINDOWED)
    assert WINDOWED.window == 5
    for day in (5, 77, 252):
        n = day - 5
        expected = task.inputs.scaled(starbucks.values[[day - 5, day - 4, day - 3, day - 2, day - 1]])
        np.testing.assert_array_equal(task.windows[n], expected.astype(np.float32))
        assert task.output.raw(task.targets[n : n + 1, None])[0, 0] == pytest.approx(starbucks.actual[day], rel=1e-6)


def test_one_number_is_forecast_from_itself(make_series: Make) -> None:
    task = prepare(make_series(names=("y",)), WINDOWED)
    assert task.windows.shape == (55, 5, 1)
    assert task.columns == ("y",)


def test_the_target_may_stand_anywhere() -> None:
    values = np.exp(np.random.default_rng(0).normal(size=(50, 3)))
    task = prepare(series_of(Table("t.csv", ("y", "a", "b"), values, tuple(range(50))), "a"), ARTICLE)
    assert task.columns == ("y", "b")
    np.testing.assert_array_equal(task.raw_inputs(7)[0], values[7, [0, 2]])


def test_the_article_needs_another_column(make_series: Make, refusal: Refusal) -> None:
    alone = make_series(names=("y",))
    assert not WINDOWED.cannot(alone)
    line = refusal(prepare, alone, ARTICLE)
    assert line.startswith("t.csv: has no column beside y;")
    assert line.endswith("or --recipe windowed")


def test_the_recipes_say_what_they_are() -> None:
    assert list(RECIPES) == ["article", "windowed"]
    assert ARTICLE.network == "LSTM 2 units, the same day"
    assert WINDOWED.network == "LSTM 4 units, 5 days before"


# What a forecast is made of


@FEW
@hypothesis.given(day=st.integers(5, 252), seed=st.integers(0, 1000))
def test_the_windowed_recipe_never_sees_the_day_nor_what_comes_after(
    day: int, seed: int, starbucks: Series, networks: dict[str, Regressor]
) -> None:
    """For a test day everything is the same; for a train day the scalers have seen later days, as training has."""
    before = prepare(starbucks, WINDOWED)
    after = prepare(changed(starbucks, slice(day, None), seed), WINDOWED)
    np.testing.assert_array_equal(before.raw_inputs(day), after.raw_inputs(day))
    if day < before.fitted:
        after = given(after, windows=rescaled(after, before), output=before.output)
    network = networks["windowed"]
    found, expected = after.forecast(network), before.forecast(network)
    np.testing.assert_array_equal(found[: day + 1], expected[: day + 1])
    if day < 252:
        assert found[day + 1] != expected[day + 1]


def given(task: Task, **made: Any) -> Task:
    """The task with something else in place of what it makes when it is first asked for."""
    other = replace(task)
    vars(other).update(made)
    return other


def rescaled(task: Task, by: Task) -> np.ndarray:
    """The windows of `task` as the scalers `by` have them."""
    days = range(task.first, len(task.series))
    return np.stack([by.inputs.scaled(task.raw_inputs(day)) for day in days]).astype(np.float32)


@FEW
@hypothesis.given(day=st.integers(0, 251), seed=st.integers(0, 1000))
def test_the_windowed_recipe_sees_every_one_of_the_days_before(
    day: int, seed: int, starbucks: Series, networks: dict[str, Regressor]
) -> None:
    before = prepare(starbucks, WINDOWED)
    moved = changed(starbucks, slice(day, day + 1), seed)
    after = given(before, windows=rescaled(replace(before, series=moved), before))
    differs = np.flatnonzero(after.forecast(networks["windowed"]) != before.forecast(networks["windowed"]))
    seen = set(differs) - set(range(5))  # NaN differs from itself
    assert seen == set(range(max(day + 1, 5), min(day + 6, 253)))


@FEW
@hypothesis.given(day=st.integers(0, 252), seed=st.integers(0, 1000))
def test_the_articles_forecast_of_a_day_depends_on_its_own_row_alone(
    day: int, seed: int, starbucks: Series, networks: dict[str, Regressor]
) -> None:
    before = prepare(starbucks, ARTICLE)
    moved = prepare(changed(starbucks, slice(day, day + 1), seed), ARTICLE)
    after = given(before, windows=rescaled(moved, before))
    differs = after.forecast(networks["article"]) != before.forecast(networks["article"])
    assert set(np.flatnonzero(differs)) == {day}


def test_the_articles_forecast_does_not_read_the_volume(starbucks: Series, networks: dict[str, Regressor]) -> None:
    values = starbucks.values.copy()
    values[:, -1] = values[::-1, -1]
    moved = prepare(with_values(starbucks, values), ARTICLE)
    before = prepare(starbucks, ARTICLE)
    np.testing.assert_array_equal(moved.forecast(networks["article"]), before.forecast(networks["article"]))


# What training is made of


def test_what_the_windowed_recipe_learns_from_has_seen_no_test_day(starbucks: Series) -> None:
    brief = replace(WINDOWED, fit=replace(WINDOWED.fit, epochs=4))
    before = prepare(starbucks, brief)
    after = prepare(changed(starbucks, slice(200, None)), brief)
    for scaler in ("inputs", "output"):
        for part in ("offset", "scale", "log"):
            np.testing.assert_array_equal(getattr(getattr(before, scaler), part), getattr(getattr(after, scaler), part))
    np.testing.assert_array_equal(before.windows[:196], after.windows[:196])  # the 196th stands for day 200
    np.testing.assert_array_equal(before.targets[:195], after.targets[:195])
    assert (before.targets[195:] != after.targets[195:]).all()
    one, other = before.trained(0), after.trained(0)
    assert one.losses == other.losses
    for mine, theirs in zip(one.checkpoints, other.checkpoints, strict=True):
        for name, array in mine.network.tensors.items():
            np.testing.assert_array_equal(array, theirs.network.tensors[name])


def test_the_windowed_scalers_are_those_of_the_train_days_by_logarithms(starbucks: Series) -> None:
    task = prepare(starbucks, WINDOWED)
    logs = np.log(starbucks.values[:200])
    np.testing.assert_allclose(task.inputs.offset, logs.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(task.inputs.scale, logs.std(axis=0), rtol=1e-12)
    np.testing.assert_allclose(task.output.offset, logs[:, -1].min())
    np.testing.assert_allclose(task.output.scale, np.ptp(logs[:, -1]))
    assert task.inputs.log.all()
    assert task.output.log.all()


def test_training_on_fewer_days_has_seen_none_of_the_others(starbucks: Series) -> None:
    brief = replace(WINDOWED, fit=replace(WINDOWED.fit, epochs=3))
    before = prepare(starbucks, brief, fitted=160)
    after = prepare(changed(starbucks, slice(160, None)), brief, fitted=160)
    assert before.fitted == 160
    assert before.trained(0).losses == after.trained(0).losses


def test_the_last_train_day_is_learnt_from(starbucks: Series) -> None:
    for recipe in RECIPES.values():
        brief = replace(recipe, fit=replace(recipe.fit, epochs=0))
        before = prepare(starbucks, brief)
        for day, matters in ((199, True), (200, False)):
            moved = before.targets.copy()
            moved[day - before.first] += 1
            losses = given(before, targets=moved).trained(0).losses
            assert (losses != before.trained(0).losses) == matters


def test_the_articles_scalers_have_seen_all_days(starbucks: Series) -> None:
    """As it is published: the mistake is the article's, and the recipe keeps it."""
    before, after = (prepare(s, ARTICLE) for s in (starbucks, changed(starbucks, slice(200, None))))
    x = starbucks.values[:, :-1]
    np.testing.assert_allclose(before.inputs.offset, x.mean(axis=0))
    assert (before.inputs.offset != after.inputs.offset).all()
    assert before.output.offset == starbucks.actual.min()
    assert not before.inputs.log.any()
    assert not before.output.log.any()


def test_columns_at_zero_or_below_are_scaled_as_they_are(make_series: Make) -> None:
    values = np.exp(np.random.default_rng(0).normal(size=(60, 3)))
    values[3, 0], values[4, 1] = 0.0, -2.0
    task = prepare(make_series(values=values), WINDOWED)
    assert task.inputs.log.tolist() == [False, False, True]
    assert task.output.log.tolist() == [True]
    assert np.isfinite(task.windows).all()


# Looking at a day


def test_the_days_that_are_read(starbucks: Series) -> None:
    assert prepare(starbucks, ARTICLE).rows(9) == range(9, 10)
    assert prepare(starbucks, WINDOWED).rows(9) == range(4, 9)


@cache
def tasks(series: Series) -> dict[str, Task]:
    return {name: prepare(series, recipe) for name, recipe in RECIPES.items()}


@pytest.mark.parametrize("model", RECIPES)
@FEW
@hypothesis.given(day=st.integers(5, 252))
def test_a_trace_ends_in_the_forecast_and_its_tokens_are_the_dates(
    model: str, day: int, starbucks: Series, networks: dict[str, Regressor]
) -> None:
    task, network = tasks(starbucks)[model], networks[model]
    trace = task.trace(network, day)
    assert trace.tokens == tuple(starbucks.label(read) for read in task.rows(day))
    assert trace.known == (True,) * len(trace)
    np.testing.assert_array_equal(trace.inputs, task.inputs.scaled(task.raw_inputs(day)).astype(np.float32))
    value = task.in_units(np.array([network.head.value(trace.top[-1])]))[0]
    assert task.forecast(network)[day] == pytest.approx(value, rel=1e-5)


@pytest.mark.parametrize("model", RECIPES)
def test_raw_inputs_are_the_tables_own_numbers(model: str, starbucks: Series) -> None:
    task = tasks(starbucks)[model]
    for day in (task.first, 100, 252):
        expected = [[starbucks.column(name)[read] for name in task.columns] for read in task.rows(day)]
        np.testing.assert_array_equal(task.raw_inputs(day), expected)


@pytest.mark.parametrize(
    ("model", "day", "nearest"),
    [("article", -3, 0), ("article", 0, 0), ("article", 999, 252), ("windowed", 0, 5), ("windowed", 4, 5),
     ("windowed", 5, 5), ("windowed", 100, 100), ("windowed", 253, 252)],
)  # fmt: skip
def test_clamp_gives_the_nearest_day_with_a_forecast(model: str, day: int, nearest: int, starbucks: Series) -> None:
    assert tasks(starbucks)[model].clamp(day) == nearest


@pytest.mark.parametrize("model", RECIPES)
def test_there_is_no_forecast_before_the_first_window(
    model: str, starbucks: Series, networks: dict[str, Regressor]
) -> None:
    task = tasks(starbucks)[model]
    forecast = task.forecast(networks[model])
    assert forecast.shape == (253,)
    assert np.isnan(forecast[: task.first]).all()
    assert np.isfinite(forecast[task.first :]).all()


def test_a_forecast_is_in_shares(starbucks: Series, networks: dict[str, Regressor]) -> None:
    for model, task in tasks(starbucks).items():
        scaled = networks[model].forecast(task.windows).astype(np.float64)
        raw = scaled * task.output.scale[0] + task.output.offset[0]
        expected = np.exp(raw) if model == "windowed" else raw
        np.testing.assert_allclose(task.forecast(networks[model])[task.first :], expected, rtol=1e-12)


def test_a_whole_training_has_every_epoch(make_series: Make, brief: Recipe) -> None:
    task = prepare(make_series(), brief)
    history = task.trained(0)
    assert history.done
    assert len(history.losses) == 6
    assert [epoch.loss for epoch in task.train(0)] == list(history.losses)


def test_the_scores_are_those_of_the_forecast(starbucks: Series, networks: dict[str, Regressor]) -> None:
    for model, task in tasks(starbucks).items():
        error = task.forecast(networks[model])[200:] - starbucks.actual[200:]
        found = task.scores(networks[model])["test"]
        assert found["mae"] == pytest.approx(np.abs(error).mean())
        assert found["rmse"] == pytest.approx(np.sqrt((error**2).mean()))
