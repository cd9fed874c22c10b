"""A trained forecaster: measured over seeds, written, and read again."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gatestep.engine.files.safetensorsfiles import read_safetensors
from gatestep.scenarios.forecast import (
    ARTICLE,
    WINDOWED,
    Recipe,
    Series,
    TrainedForecaster,
    measured,
    prepare,
    table,
    train,
)
from gatestep.scenarios.forecast.scores import Spread
from gatestep.scenarios.forecast.trained import load_forecaster, save_forecaster
from safetensors.numpy import load, save

Make = Callable[..., Series]
Refusal = Callable[..., str]


def same_networks(one: TrainedForecaster, other: TrainedForecaster) -> bool:
    return all(
        np.array_equal(array, theirs.network.tensors[name])
        for mine, theirs in zip(one.history.checkpoints, other.history.checkpoints, strict=True)
        for name, array in mine.network.tensors.items()
    )


def test_a_course_is_yielded_after_each_seed(make_series: Make, brief: Recipe) -> None:
    task = prepare(make_series(), brief)
    forecasters = list(measured(train(task, 3), 3))
    assert [len(trained.each) for trained in forecasters] == [1, 2, 3]
    assert {trained.seed for trained in forecasters} == {3}
    for n, scores in enumerate(forecasters[-1].each):
        assert scores == task.scores(task.trained(3 + n).checkpoints[-1].network)
    assert forecasters[-1].history.losses == task.trained(3).losses
    assert forecasters[-1].each[:2] == forecasters[1].each


def test_a_forecaster_that_is_trained_is_not_trained_again(
    brief_forecaster: TrainedForecaster, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = []
    trained = type(brief_forecaster.task).trained

    def note(task: Any, seed: int) -> Any:
        seeds.append(seed)
        return trained(task, seed)

    monkeypatch.setattr(type(brief_forecaster.task), "trained", note)
    first = list(measured(brief_forecaster, 3))
    assert seeds == [4, 5]
    assert all(trained.history is brief_forecaster.history for trained in first)
    whole = list(measured(train(brief_forecaster.task, 3), 3))
    assert [trained.each for trained in first] == [trained.each for trained in whole]
    assert same_networks(first[-1], whole[-1])


def test_the_seeds_are_trained_one_by_one_as_they_are_asked_for(
    make_series: Make, brief: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = prepare(make_series(), brief)
    forecasters = measured(train(task, 0), 9)
    next(forecasters)
    monkeypatch.setattr(type(task), "trained", lambda *_: pytest.fail("trained before it was asked for"))
    forecasters.close()  # type: ignore[attr-defined]


def test_the_row_is_the_spread_over_the_seeds(brief_forecaster: TrainedForecaster) -> None:
    *_, trained = measured(brief_forecaster, 3)
    row = trained.row
    assert (row.name, row.seeds) == ("windowed", 3)
    errors = [one["test"]["mae"] for one in trained.each]
    spread = row.spreads["test"]["mae"]
    assert spread.mean == pytest.approx(np.mean(errors))
    assert (spread.least, spread.most) == (min(errors), max(errors))


def test_before_it_is_measured_the_row_is_that_of_its_network(brief_forecaster: TrainedForecaster) -> None:
    assert brief_forecaster.each == ()
    row = brief_forecaster.row
    assert row.seeds == 1
    for part, scores in brief_forecaster.task.scores(brief_forecaster.history.checkpoints[-1].network).items():
        for measure, value in scores.items():
            assert row.spreads[part][measure] == Spread(value, value, value)


def test_the_table_has_the_forecasters_and_the_naive_forecasts(brief_forecaster: TrainedForecaster) -> None:
    rows = table(brief_forecaster.task.series, [brief_forecaster])
    assert [row.name for row in rows] == ["windowed", "persistence", "5-day average", "training mean"]


@pytest.mark.parametrize("recipe", [ARTICLE, WINDOWED, replace(WINDOWED, window=7)], ids=lambda r: f"{r.window}")
def test_a_course_comes_back_as_it_was(recipe: Recipe, make_series: Make, tmp_path: Path) -> None:
    series = make_series()
    recipe = replace(recipe, fit=replace(recipe.fit, epochs=3, units=recipe.fit.units + (recipe.window == 7)))
    *_, trained = measured(train(prepare(series, recipe), 3), 2)
    save_forecaster(trained, tmp_path / "t.safetensors", {"scenario": "a test"})
    found = load_forecaster(tmp_path / "t.safetensors", series)
    assert (found.seed, found.each) == (3, trained.each)
    assert found.history.losses == trained.history.losses
    assert same_networks(found, trained)
    assert found.task.recipe.name == recipe.name
    assert found.task.recipe.window == recipe.window
    assert found.task.recipe.fit.units == recipe.fit.units
    np.testing.assert_array_equal(found.task.windows, trained.task.windows)
    assert found.row == trained.row
    assert read_safetensors(tmp_path / "t.safetensors")[1]["scenario"] == "a test"


def test_scores_that_are_not_numbers_come_back_too(make_series: Make, brief: Recipe, tmp_path: Path) -> None:
    values = np.exp(np.random.default_rng(0).normal(size=(60, 2)))
    values[55, 1] = 0.0
    *_, trained = measured(train(prepare(make_series(values=values, names=("a", "y")), brief), 0), 1)
    assert np.isnan(trained.each[0]["test"]["mape"])
    save_forecaster(trained, tmp_path / "t.safetensors", {})
    found = load_forecaster(tmp_path / "t.safetensors", trained.task.series)
    assert repr(found.each) == repr(trained.each)


@pytest.fixture
def saved(brief_forecaster: TrainedForecaster, tmp_path: Path) -> Path:
    save_forecaster(brief_forecaster, tmp_path / "t.safetensors", {})
    return tmp_path / "t.safetensors"


def with_metadata(path: Path, **change: str | None) -> Path:
    about = read_safetensors(path)[1] | {name: value for name, value in change.items() if value is not None}
    left = {name: value for name, value in about.items() if change.get(name, "") is not None}
    path.write_bytes(save(load(path.read_bytes()), left))
    return path


@pytest.mark.parametrize(
    "change",
    [
        {"recipe": None}, {"recipe": "other"}, {"seed": None}, {"seed": "first"}, {"window": None},
        {"window": "null"}, {"window": "five"}, {"units": None}, {"units": "4.5"}, {"scores_by_seed": None},
        {"scores_by_seed": "["}, {"scores_by_seed": "5"},
    ],
    ids=str,
)  # fmt: skip
def test_a_file_that_does_not_say_its_recipe_gets_one_line(
    change: dict[str, str | None], saved: Path, brief_forecaster: TrainedForecaster, refusal: Refusal
) -> None:
    line = refusal(load_forecaster, with_metadata(saved, **change), brief_forecaster.task.series)
    assert line == f"{saved}: does not name its recipe; make it again with gatestep train starbucks"


def test_a_file_for_another_series_gets_one_line(saved: Path, make_series: Make, refusal: Refusal) -> None:
    line = refusal(load_forecaster, saved, make_series(names=("a", "y")))
    assert line == f"{saved}: reads 3 columns, and t.csv has 2 for it"


def test_no_training_and_no_file_get_one_line(tmp_path: Path, make_series: Make, refusal: Refusal) -> None:
    other = tmp_path / "other.safetensors"
    other.write_bytes(save({"a": np.zeros(2, np.float32)}))
    assert "is not a saved training" in refusal(load_forecaster, other, make_series())
    assert refusal(load_forecaster, tmp_path / "none.safetensors", make_series()).endswith("no such file")


def test_the_metadata_can_be_read_by_a_person(saved: Path, brief_forecaster: TrainedForecaster) -> None:
    about = read_safetensors(saved)[1]
    assert about["recipe"] == "windowed"
    assert (about["window"], about["units"], about["seed"]) == ("5", "4", "3")
    assert json.loads(about["scores_by_seed"]) == list(brief_forecaster.each)
