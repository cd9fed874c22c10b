"""Window, horizon and split as a user asks for them: what is read, what is learned from, what it is compared with.

The oracle is written with loops over plain lists of rows and with scikit-learn, beside the code that is tested.
"""

from collections.abc import Callable
from dataclasses import replace

import hypothesis
import numpy as np
import pytest
from gatestep.scenarios.forecast import ARTICLE, WINDOWED, Recipe, Series, Task, grid_search, prepare, recipes, table
from gatestep.scenarios.forecast.recipes import fitted_days
from gatestep.scenarios.forecast.series import LEAST_PART, train_days
from gatestep.scenarios.forecast.trained import TrainedForecaster
from hypothesis import assume, settings
from hypothesis import strategies as st
from sklearn import metrics
from sklearn.preprocessing import MinMaxScaler, StandardScaler

Make = Callable[..., Series]
Refusal = Callable[..., str]
FEW = settings(deadline=None, max_examples=25)

WINDOW, HORIZON, DAYS, CUT = st.integers(1, 12), st.integers(1, 9), st.integers(60, 90), st.integers(30, 50)


def asked(make: Make, window: int, horizon: int, days: int, cut: int, seed: int = 0) -> Task:
    """A task with a window, a horizon and the first day that tests, if there is room for it."""
    series = replace(make(days, dates=True, seed=seed), split=cut, horizon=horizon)
    recipe = recipes(window)["windowed"]
    assume(not recipe.cannot(series))
    return prepare(series, recipe)


@FEW
@hypothesis.given(window=WINDOW, horizon=HORIZON, days=DAYS, cut=CUT)
def test_windows_targets_and_scalers_are_those_of_an_oracle(
    make_series: Make, window: int, horizon: int, days: int, cut: int
) -> None:
    task = asked(make_series, window, horizon, days, cut)
    rows, actual = task.series.values.tolist(), task.series.actual.tolist()
    inputs = StandardScaler().fit(np.log(rows[:cut]))
    output = MinMaxScaler().fit(np.log(np.array(actual[:cut])[:, None]))
    examples = [(rows[day - horizon - window + 1 : day - horizon + 1], actual[day]) for day in range(days)
                if day - horizon - window + 1 >= 0]  # fmt: skip
    assert task.first == days - len(examples) == window + horizon - 1
    assert task.windows.shape == (len(examples), window, 3)
    for own, target, (read, came) in zip(task.windows, task.targets, examples, strict=True):
        np.testing.assert_allclose(own, inputs.transform(np.log(read)), rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(target, output.transform(np.log([[came]]))[0, 0], rtol=1e-5, atol=1e-6)
    for day in range(task.first, days):
        np.testing.assert_array_equal(task.raw_inputs(day), examples[day - task.first][0])


@FEW
@hypothesis.given(window=WINDOW, horizon=HORIZON, days=DAYS, cut=CUT, seed=st.integers(0, 99))
def test_no_test_day_reaches_what_is_learned_from(
    make_series: Make, window: int, horizon: int, days: int, cut: int, seed: int
) -> None:
    before = asked(make_series, window, horizon, days, cut)
    values = before.series.values.copy()
    values[cut:] *= np.random.default_rng(seed).uniform(0.1, 10, size=values[cut:].shape)
    after = prepare(replace(make_series(values=values), split=cut, horizon=horizon), before.recipe)
    learned = cut - before.first
    np.testing.assert_array_equal(before.windows[:learned], after.windows[:learned])
    np.testing.assert_array_equal(before.targets[:learned], after.targets[:learned])
    assert (before.targets[learned:] != after.targets[learned:]).all()
    for scaler in ("inputs", "output"):
        assert getattr(before, scaler).carried == getattr(after, scaler).carried
    read = [set(before.rows(day)) for day in range(before.first, days)]
    assert all(max(rows) == day - horizon for day, rows in enumerate(read, before.first))
    assert not any(rows & set(range(cut, days)) for rows in read[:learned])


@pytest.mark.parametrize("horizon", [1, 2, 5])
def test_what_needs_no_network_looks_as_far_ahead(make_series: Make, horizon: int) -> None:
    series = replace(make_series(60), split=45, horizon=horizon)
    y, naive = series.actual.tolist(), series.naive
    for day in range(60):
        last = day - horizon
        expected = y[last] if last >= 0 else np.nan
        average = sum(y[last - 4 : last + 1]) / 5 if last >= 4 else np.nan
        assert naive["persistence"][day] == pytest.approx(expected, nan_ok=True)
        assert naive["5-day average"][day] == pytest.approx(average, nan_ok=True)
        assert naive["training mean"][day] == pytest.approx(sum(y[:45]) / 45)


def test_every_score_is_scikit_learns_over_the_days_of_the_split(make_series: Make, brief: Recipe) -> None:
    series = replace(make_series(70), split=48, horizon=4)
    task = prepare(series, replace(brief, window=6, tried=(6,)))
    trained = TrainedForecaster(task, task.trained(1), 1)
    said = task.forecast(trained.history.checkpoints[-1].network)
    assert np.isnan(said[: 6 + 4 - 1]).all()
    forecasts = {"windowed": said, **series.naive}
    for row in table(series, [trained]):
        forecast = forecasts[row.name]
        for part, days in (("train", range(48)), ("test", range(48, 70))):
            there = [day for day in days if not np.isnan(forecast[day])]
            assert part == "train" or len(there) == 22
            y, f = series.actual[there], forecast[there]
            assert row.spreads[part]["mae"].mean == pytest.approx(metrics.mean_absolute_error(y, f))
            assert row.spreads[part]["rmse"].mean == pytest.approx(metrics.root_mean_squared_error(y, f))
            assert row.spreads[part]["r2"].mean == pytest.approx(metrics.r2_score(y, f))


def test_a_window_that_was_asked_for_is_the_only_one_that_is_tried(make_series: Make, brief: Recipe) -> None:
    own = replace(brief, window=7, tried=(7,))
    assert {one.window for one in grid_search(make_series(60), own)} == {7}
    assert recipes(7)["windowed"] == replace(WINDOWED, window=7, tried=(7,))
    assert recipes() == {"article": ARTICLE, "windowed": WINDOWED}


@FEW
@hypothesis.given(window=st.one_of(st.none(), st.integers(1, 60)), horizon=st.integers(1, 60), cut=st.integers(8, 72))
def test_there_is_room_for_all_that_is_not_refused(
    make_series: Make, window: int | None, horizon: int, cut: int
) -> None:
    series = replace(make_series(80), split=cut, horizon=horizon)
    recipe = recipes(window)["windowed"]
    if why := recipe.cannot(series):
        least = int(why.split(" rows to train")[0].split()[-1].replace(",", ""))
        assert least > cut
        assert recipe.cannot(replace(series, split=least - 1))
        assert not recipe.cannot(replace(series, split=least))
        if "window of at most" in why:
            most = int(why.split("at most ")[1].split(", or")[0].replace(",", ""))
            assert not recipes(most)["windowed"].cannot(series)
            assert recipes(most + 1)["windowed"].cannot(series)
        return
    for tried in recipe.windows(series):
        task = prepare(series, replace(recipe, window=tried), fitted_days(cut))
        assert task.fitted - task.first >= LEAST_PART  # to learn from while the choice is made
        assert task.first < fitted_days(cut) < cut  # each day by which it is made, and each that tests, is forecast


def test_the_articles_recipe_has_no_horizon(make_series: Make, refusal: Refusal) -> None:
    line = refusal(prepare, replace(make_series(60), horizon=2), ARTICLE)
    assert line.endswith("reads the very day that it forecasts, so a horizon of 2 goes with --recipe windowed")


# The split


@pytest.mark.parametrize(
    ("split", "train"),
    [
        ("2020-03-21", 40),  # every other day from 2020-01-01 on
        ("2020-03-20", 40),
        (" 2020-03-20 ", 40),
        ("2020-03-19 12:00", 40),
        ("2020-03-19", 39),
        ("0.5", 30),
        (".75", 45),
        ("75 %", 45),
        ("75%", 45),
        ("66.6 %", 40),
    ],
)
def test_days_before_a_date_train_or_a_share_of_them(make_series: Make, split: str, train: int) -> None:
    series = make_series(60, dates=True)
    assert train_days(series, split) == train
    if "%" not in split and "." not in split:
        labels = [series.label(day) for day in range(60)]
        assert labels[train - 1] < split.strip() <= labels[train]


@pytest.mark.parametrize(
    ("split", "said"),
    [
        ("2019-12-31", "the dates go from 2020-01-01 to 2020-04-28; days before the split train"),
        ("2020-01-01", "the dates go from 2020-01-01 to 2020-04-28; days before the split train"),
        ("2020-04-29", "the dates go from 2020-01-01 to 2020-04-28; days before the split train"),
        ("2020-02-30", "no such date exists"),
        ("2020-01-05", "leaves 2 days to train and 58 to test, and each needs 8; give a date from 2020-01-17 to"),
        ("0.99", "leaves 59 days to train and 1 to test, and each needs 8"),
        ("40", "must be the first date that tests, such as 2020-04-04, or the share of days that train, such as 0.8"),
        ("1.0", "must be the first date"),
        ("0", "must be the first date"),
        ("100 %", "must be the first date"),
        ("28.3.2020", "must be the first date"),
        ("0.8 or so", "must be the first date"),
        ("", "must be the first date"),
    ],
)
def test_no_other_split_is_taken(make_series: Make, refusal: Refusal, split: str, said: str) -> None:
    line = refusal(train_days, make_series(60, dates=True), split)
    assert line.startswith(f"t.csv: --split {split}")
    assert said in line


def test_the_dates_and_shares_that_a_refusal_gives_are_taken(make_series: Make, refusal: Refusal) -> None:
    for days in (40, 53, 253):
        series = make_series(days, dates=True)
        right = refusal(train_days, series, "0.01").split("; give ")[1]
        first, last = right.split("a date from ")[1].split(", or ")[0].split(" to ")
        least, most = right.split(", or ")[1].split(" to ")
        assert train_days(series, first) == 8
        assert train_days(series, last) == days - 8
        assert train_days(series, least) >= 8
        assert train_days(series, most) <= days - 8


def test_without_dates_a_share_is_asked_for(make_series: Make, refusal: Refusal) -> None:
    series = make_series(60)
    for split in ("2020-01-01", "soon"):
        assert refusal(train_days, series, split).endswith("the share of days that train, such as 0.8")
    assert refusal(train_days, series, "0.01").endswith("; give 14 % to 86 %")
