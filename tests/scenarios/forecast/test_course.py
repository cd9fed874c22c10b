"""A course: measured over seeds, written, and read again."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gatestep.engine.files.safetensorsfiles import read_safetensors
from gatestep.scenarios.forecast import ARTICLE, WINDOWED, Course, Recipe, Series, begin, measured, prepare, table
from gatestep.scenarios.forecast.course import load_course, save_course
from gatestep.scenarios.forecast.scores import Spread
from safetensors.numpy import load, save

Make = Callable[..., Series]
Refusal = Callable[..., str]


def same_networks(one: Course, other: Course) -> bool:
    return all(
        np.array_equal(array, theirs.network.tensors[name])
        for mine, theirs in zip(one.history.kept, other.history.kept, strict=True)
        for name, array in mine.network.tensors.items()
    )


def test_a_course_is_yielded_after_each_seed(make_series: Make, brief: Recipe) -> None:
    task = prepare(make_series(), brief)
    courses = list(measured(begin(task, 3), 3))
    assert [len(course.each) for course in courses] == [1, 2, 3]
    assert {course.seed for course in courses} == {3}
    for n, scores in enumerate(courses[-1].each):
        assert scores == task.scores(task.trained(3 + n).kept[-1].network)
    assert courses[-1].history.losses == task.trained(3).losses
    assert courses[-1].each[:2] == courses[1].each


def test_a_course_that_is_begun_is_not_trained_again(brief_course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = []
    trained = type(brief_course.task).trained

    def note(task: Any, seed: int) -> Any:
        seeds.append(seed)
        return trained(task, seed)

    monkeypatch.setattr(type(brief_course.task), "trained", note)
    begun = list(measured(brief_course, 3))
    assert seeds == [4, 5]
    assert all(course.history is brief_course.history for course in begun)
    whole = list(measured(begin(brief_course.task, 3), 3))
    assert [course.each for course in begun] == [course.each for course in whole]
    assert same_networks(begun[-1], whole[-1])


def test_the_seeds_are_trained_one_by_one_as_they_are_asked_for(
    make_series: Make, brief: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = prepare(make_series(), brief)
    courses = measured(begin(task, 0), 9)
    next(courses)
    monkeypatch.setattr(type(task), "trained", lambda *_: pytest.fail("trained before it was asked for"))
    courses.close()  # type: ignore[attr-defined]


def test_the_row_is_the_spread_over_the_seeds(brief_course: Course) -> None:
    *_, course = measured(brief_course, 3)
    row = course.row
    assert (row.name, row.seeds) == ("windowed", 3)
    errors = [one["test"]["mae"] for one in course.each]
    spread = row.spreads["test"]["mae"]
    assert spread.mean == pytest.approx(np.mean(errors))
    assert (spread.least, spread.most) == (min(errors), max(errors))


def test_before_it_is_measured_the_row_is_that_of_its_network(brief_course: Course) -> None:
    assert brief_course.each == ()
    row = brief_course.row
    assert row.seeds == 1
    for part, scores in brief_course.task.scores(brief_course.history.kept[-1].network).items():
        for measure, value in scores.items():
            assert row.spreads[part][measure] == Spread(value, value, value)


def test_the_table_has_the_courses_and_the_naive_forecasts(brief_course: Course) -> None:
    rows = table(brief_course.task.series, [brief_course])
    assert [row.name for row in rows] == ["windowed", "persistence", "5-day average", "training mean"]


@pytest.mark.parametrize("recipe", [ARTICLE, WINDOWED, replace(WINDOWED, window=7)], ids=lambda r: f"{r.window}")
def test_a_course_comes_back_as_it_was(recipe: Recipe, make_series: Make, tmp_path: Path) -> None:
    series = make_series()
    recipe = replace(recipe, fit=replace(recipe.fit, epochs=3, units=recipe.fit.units + (recipe.window == 7)))
    *_, course = measured(begin(prepare(series, recipe), 3), 2)
    save_course(course, tmp_path / "t.safetensors", {"scenario": "a test"})
    found = load_course(tmp_path / "t.safetensors", series)
    assert (found.seed, found.each) == (3, course.each)
    assert found.history.losses == course.history.losses
    assert same_networks(found, course)
    assert found.task.recipe.name == recipe.name
    assert found.task.recipe.window == recipe.window
    assert found.task.recipe.fit.units == recipe.fit.units
    np.testing.assert_array_equal(found.task.windows, course.task.windows)
    assert found.row == course.row
    assert read_safetensors(tmp_path / "t.safetensors")[1]["scenario"] == "a test"


def test_scores_that_are_not_numbers_come_back_too(make_series: Make, brief: Recipe, tmp_path: Path) -> None:
    values = np.exp(np.random.default_rng(0).normal(size=(60, 2)))
    values[55, 1] = 0.0
    *_, course = measured(begin(prepare(make_series(values=values, names=("a", "y")), brief), 0), 1)
    assert np.isnan(course.each[0]["test"]["mape"])
    save_course(course, tmp_path / "t.safetensors", {})
    found = load_course(tmp_path / "t.safetensors", course.task.series)
    assert repr(found.each) == repr(course.each)


@pytest.fixture
def saved(brief_course: Course, tmp_path: Path) -> Path:
    save_course(brief_course, tmp_path / "t.safetensors", {})
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
    change: dict[str, str | None], saved: Path, brief_course: Course, refusal: Refusal
) -> None:
    line = refusal(load_course, with_metadata(saved, **change), brief_course.task.series)
    assert line == f"{saved}: does not say its recipe; make it again with gatestep train starbucks"


def test_a_file_for_another_series_gets_one_line(saved: Path, make_series: Make, refusal: Refusal) -> None:
    line = refusal(load_course, saved, make_series(names=("a", "y")))
    assert line == f"{saved}: reads 3 columns, and t.csv has 2 for it"


def test_no_training_and_no_file_get_one_line(tmp_path: Path, make_series: Make, refusal: Refusal) -> None:
    other = tmp_path / "other.safetensors"
    other.write_bytes(save({"a": np.zeros(2, np.float32)}))
    assert "is not a kept training" in refusal(load_course, other, make_series())
    assert refusal(load_course, tmp_path / "none.safetensors", make_series()).endswith("no such file")


def test_the_metadata_can_be_read_by_a_person(saved: Path, brief_course: Course) -> None:
    about = read_safetensors(saved)[1]
    assert about["recipe"] == "windowed"
    assert (about["window"], about["units"], about["seed"]) == ("5", "4", "3")
    assert json.loads(about["scores_by_seed"]) == list(brief_course.each)
