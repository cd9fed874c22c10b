"""What the lesson claims of the forecasters that ship, and their numbers."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gatestep.engine import Checkpoint, Head, History, Regressor, Stack
from gatestep.engine.files.safetensorsfiles import read_safetensors
from gatestep.scenarios.forecast import (
    ARTICLE,
    PAGES,
    RECIPES,
    SEEDS,
    STARBUCKS,
    WINDOWED,
    Candidate,
    Forecasters,
    Recipe,
    TrainedForecaster,
    candidates,
    prepare,
    starbucks,
    unlearnt,
)
from gatestep.scenarios.forecast.scores import naive_scores
from gatestep.scenarios.forecast.starbucks import scores_are_its_networks
from gatestep.scenarios.scenario import Claim
from sklearn.metrics import mean_absolute_error, r2_score

MODELS = pytest.mark.parametrize("model", RECIPES)
BY_ITS_TEXT = {claim.text[:40]: claim for claim in STARBUCKS.claims}
EVERY_CLAIM = pytest.mark.parametrize("claim", BY_ITS_TEXT.values(), ids=BY_ITS_TEXT)


def about(model: str) -> dict[str, str]:
    with as_file(files("gatestep.data") / STARBUCKS.file_name(model)) as path:
        return read_safetensors(path)[1]


def network(model: str) -> Regressor:
    return STARBUCKS.trained(model).history.checkpoints[-1].network


def drawn_again(network: Regressor, rng: np.random.Generator) -> Regressor:
    """The same layers with random numbers."""

    def drawn(array: np.ndarray) -> np.ndarray:
        made: np.ndarray = rng.normal(scale=0.5, size=array.shape).astype(np.float32)
        return made

    (w,) = network.stack.flat
    w = replace(w, U=drawn(w.U), W=drawn(w.W), bias_ih=drawn(w.bias_ih), bias_hh=drawn(w.bias_hh))
    layers = tuple((drawn(matrix), drawn(bias)) for matrix, bias in network.head.layers)
    return Regressor(Stack(network.stack.cell, ((w,),)), Head(layers, network.head.rectified))


def measured_with(trained: TrainedForecaster, networks: list[Regressor]) -> TrainedForecaster:
    """The forecaster with other networks: the first after no epochs, the rest are the other seeds'."""
    checkpoint = Checkpoint(0, networks[0], dict.fromkeys(trained.history.checkpoints[0].gradients, 0.1))
    history = History(trained.history.epochs, (1.0,), (checkpoint,))
    return replace(trained, history=history, each=tuple(trained.task.scores(n) for n in networks))


def untrained() -> dict[str, TrainedForecaster]:
    """Forecasters of networks with random numbers, that all have a gradient."""
    rng = np.random.default_rng(7)
    return {
        name: measured_with(trained, [drawn_again(network(name), rng) for _ in range(SEEDS)])
        for name, trained in STARBUCKS.forecasters.items()
    }


# Claims


@EVERY_CLAIM
def test_a_claim_holds_of_what_ships(claim: Claim[Forecasters]) -> None:
    assert claim.check(STARBUCKS.forecasters)


@EVERY_CLAIM
def test_a_claim_holds_of_random_networks_only_where_it_is_true_by_design(claim: Claim[Forecasters]) -> None:
    assert claim.check(untrained()) == claim.by_design


def test_most_is_claimed_of_what_was_learnt() -> None:
    assert sum(not claim.by_design for claim in STARBUCKS.claims) >= 3


@EVERY_CLAIM
def test_no_claim_holds_when_the_windowed_forecaster_stands_for_the_articles(claim: Claim[Forecasters]) -> None:
    ships = STARBUCKS.forecasters
    other = replace(ships["windowed"], each=tuple(reversed(ships["windowed"].each)))
    if claim is STARBUCKS.claims[3]:
        other = ships["article"]
        assert not claim.check({"article": ships["article"], "windowed": other})
    else:
        assert not claim.check({"article": other, "windowed": ships["windowed"]})


def with_each(model: str, change: Callable[[tuple[Any, ...]], tuple[Any, ...]]) -> Mapping[str, TrainedForecaster]:
    ships = dict(STARBUCKS.forecasters)
    ships[model] = replace(ships[model], each=change(ships[model].each))
    return ships


def scaled_test(one: Mapping[str, Any], **by: float) -> dict[str, Any]:
    return {**one, "test": {m: value * by.get(m, 1.0) for m, value in one["test"].items()}}


@pytest.mark.parametrize(("model", "number"), [("article", 2), ("windowed", 3)])
def test_a_claim_on_ten_seeds_needs_ten_seeds_and_these(model: str, number: int) -> None:
    claim = STARBUCKS.claims[number]
    assert not claim.check(with_each(model, lambda each: each[:9]))
    assert not claim.check(with_each(model, lambda each: each[:1] * 10))
    best = min(range(SEEDS), key=lambda n: STARBUCKS.trained(model).each[n]["test"]["mae"])
    worst = max(range(SEEDS), key=lambda n: STARBUCKS.trained(model).each[n]["test"]["mae"])
    for n in (best, worst):
        for by in (0.5, 2.0):
            wrong = with_each(
                model, lambda each, n=n, by=by: (*each[:n], scaled_test(each[n], mae=by), *each[n + 1 :])  # type: ignore[misc]
            )  # fmt: skip
            assert not claim.check(wrong)


def test_the_claim_on_r2_is_checked() -> None:
    assert not STARBUCKS.claims[2].check(with_each("article", lambda each: tuple(scaled_test(e, r2=2.0) for e in each)))


def test_the_windowed_claim_needs_its_window() -> None:
    ships = STARBUCKS.forecasters
    recipe = replace(ships["windowed"].task.recipe, window=10)
    other = replace(ships["windowed"], task=prepare(STARBUCKS.series, recipe))
    assert not STARBUCKS.claims[3].check({**ships, "windowed": other})


def test_the_claim_on_thirty_weights_fails_when_one_has_a_gradient_or_moves() -> None:
    trained = STARBUCKS.trained("article")
    first, *others = trained.history.checkpoints
    for part in unlearnt(trained):
        for n in (0, 7, -1):
            checkpoints = list(trained.history.checkpoints)
            checkpoints[n] = replace(checkpoints[n], gradients={**checkpoints[n].gradients, part: 1e-9})
            touched = replace(trained, history=replace(trained.history, checkpoints=tuple(checkpoints)))
            assert part not in unlearnt(touched)
            assert not STARBUCKS.claims[1].check({"article": touched})
    (w,) = first.network.stack.flat
    for name, row in (("W", 0), ("W", 7), ("U", 2), ("U", 3), ("bias_ih", 2), ("bias_hh", 3)):
        array = getattr(w, name).copy()
        array[row] = np.nextafter(array[row], np.float32(9))  # the least that can be
        moved = replace(first.network, stack=Stack(w.cell, ((replace(w, **{name: array}),),)))
        history = replace(trained.history, checkpoints=(replace(first, network=moved), *others))
        assert not STARBUCKS.claims[1].check({"article": replace(trained, history=history)})


def test_what_never_learns_is_named_with_its_size() -> None:
    assert unlearnt(STARBUCKS.trained("article")) == {
        "weight_hh_l0.input": 4, "weight_hh_l0.forget": 4, "weight_hh_l0.candidate": 4, "weight_hh_l0.output": 4,
        "weight_ih_l0.forget": 10, "bias_ih_l0.forget": 2, "bias_hh_l0.forget": 2,
    }  # fmt: skip
    assert unlearnt(STARBUCKS.trained("windowed")) == {}


@pytest.mark.parametrize("seed", range(5))
def test_any_other_forget_gate_and_any_other_recurrent_weights_forecast_the_same_bit_for_bit(seed: int) -> None:
    rng = np.random.default_rng(seed)
    task, ships = STARBUCKS.trained("article").task, network("article")
    (w,) = ships.stack.flat
    forget = slice(w.row("forget", 0), w.row("forget", 0) + w.H)
    drawn = {name: getattr(w, name).copy() for name in ("U", "W", "bias_ih", "bias_hh")}
    for array in drawn.values():
        array[forget] = rng.normal(size=array[forget].shape) * 3
    drawn["W"][:] = rng.normal(size=w.W.shape) * 3
    other = replace(ships, stack=Stack(w.cell, ((replace(w, **drawn),),)))
    assert task.forecast(other).tobytes() == task.forecast(ships).tobytes()


def test_any_other_input_gate_does_not() -> None:
    task, ships = STARBUCKS.trained("article").task, network("article")
    (w,) = ships.stack.flat
    bias = w.bias_ih.copy()
    bias[w.row("input", 0)] += 1
    other = replace(ships, stack=Stack(w.cell, ((replace(w, bias_ih=bias),),)))
    assert (task.forecast(other) != task.forecast(ships)).any()


# Numbers


def test_the_articles_recipe_from_seed_0() -> None:
    trained, y = STARBUCKS.trained("article"), STARBUCKS.series.actual
    forecast = trained.task.forecast(network("article"))
    assert mean_absolute_error(y[200:], forecast[200:]) / 1e6 == pytest.approx(1.92, abs=0.01)
    assert r2_score(y[200:], forecast[200:]) == pytest.approx(-0.01, abs=0.02)


def test_yesterdays_volume() -> None:
    y = STARBUCKS.series.actual
    assert mean_absolute_error(y[200:], y[199:-1]) / 1e6 == pytest.approx(2.04, abs=0.005)
    average = [y[day - 5 : day].mean() for day in range(200, 253)]
    assert mean_absolute_error(y[200:], average) / 1e6 == pytest.approx(1.81, abs=0.005)


@MODELS
def test_the_recorded_scores_are_those_of_the_network_that_ships(model: str) -> None:
    trained = STARBUCKS.trained(model)
    assert len(trained.each) == SEEDS == 10
    assert scores_are_its_networks(trained)
    for part in trained.each[0]:
        for measure, value in trained.each[0][part].items():
            other = {**trained.each[0], part: {**trained.each[0][part], measure: value * 1.01}}
            assert not scores_are_its_networks(replace(trained, each=(other, *trained.each[1:])))


def test_window_and_units_that_ship_are_the_least_of_those_tried() -> None:
    results = [Candidate(*one) for one in json.loads(about("windowed")["tried"])]
    assert {(t.window, t.units) for t in results} == {(w, u) for w in (5, 10, 20) for u in (2, 4, 8)}
    least = min(results, key=lambda t: t.error)
    recipe = STARBUCKS.trained("windowed").task.recipe
    assert (recipe.window, recipe.fit.units) == (least.window, least.units)
    assert (WINDOWED.window, WINDOWED.fit.units) == (least.window, least.units)


# What ships


@MODELS
def test_the_scalers_and_naive_scores_that_ship_are_scikit_learns(model: str) -> None:
    """Looking needs no scikit-learn: what it would compute is in the file, and is the same."""
    ships = STARBUCKS.trained(model)
    again = prepare(STARBUCKS.series, ships.task.recipe)
    for mine, theirs in ((ships.task.inputs, again.inputs), (ships.task.output, again.output)):
        assert mine.fitted is None
        assert type(theirs.fitted).__module__.startswith("sklearn.")
        for part in ("offset", "scale", "log", "least"):
            np.testing.assert_allclose(getattr(mine, part), getattr(theirs, part), rtol=1e-12)
    np.testing.assert_array_equal(ships.task.windows, again.windows)
    np.testing.assert_array_equal(ships.task.targets, again.targets)
    found = naive_scores(STARBUCKS.series)
    assert ships.naive is not None
    assert {name: dict(parts) for name, parts in ships.naive.items()}.keys() == found.keys()
    for name, parts in found.items():
        for part, measures in parts.items():
            assert measures == pytest.approx(dict(ships.naive[name][part]), rel=1e-9), (name, part)


@MODELS
def test_a_forecaster_that_ships_fits_its_recipe(model: str) -> None:
    trained = STARBUCKS.trained(model)
    assert trained.task.recipe == RECIPES[model]
    assert trained.history.done
    ships = network(model)
    assert trained.task.recipe.fit.units == ships.stack.H
    assert trained.task.windows.shape[2] == ships.stack.I
    assert tuple(len(bias) for _, bias in ships.head.layers[:-1]) == trained.task.recipe.fit.dense
    assert ships.head.rectified == trained.task.recipe.fit.rectified
    assert about(model)["scenario"] == "starbucks"
    assert about(model)["model"] == model


def test_the_lesson_asks_of_pages_and_recipes_that_there_are() -> None:
    for step in STARBUCKS.lesson:
        assert step.page in PAGES
        assert step.recipe in STARBUCKS.models
        assert step.text
        assert step.claim.text
    assert STARBUCKS.models == tuple(RECIPES)
    assert set(STARBUCKS.forecasters) == set(RECIPES)


def test_the_lessons_numbers_of_weights_are_the_networks() -> None:
    assert network("article").stack.parameters == 72
    assert network("article").parameters == 72 + 2 * 128 + 128 + 128 + 1


def _brief(recipe: Recipe) -> Recipe:
    return replace(recipe, fit=replace(recipe.fit, epochs=2))


@MODELS
def test_it_is_made_again_and_written_as_it_ships(model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With two epochs and two seeds: what is told, and what the file says."""
    monkeypatch.setattr(starbucks, "SEEDS", 2)
    monkeypatch.setattr(starbucks, "ARTICLE", _brief(ARTICLE))
    monkeypatch.setattr(starbucks, "WINDOWED", _brief(WINDOWED))
    monkeypatch.setattr(candidates, "SEEDS", (0,))
    told: list[Candidate | TrainedForecaster] = []
    path, trained = STARBUCKS.train_and_save(model, 4, tmp_path, told.append)
    assert path == tmp_path / f"starbucks-{model}.safetensors"
    assert list(tmp_path.iterdir()) == [path]
    assert [type(item) for item in told] == [Candidate] * (9 if model == "windowed" else 0) + [TrainedForecaster] * 2
    assert told[-1] is trained
    assert (trained.seed, len(trained.each)) == (4, 2)
    written = read_safetensors(path)[1]
    assert written.keys() == about(model).keys()
    assert (written["seed"], written["model"]) == ("4", model)
    if model == "windowed":
        results = [item for item in told if isinstance(item, Candidate)]
        least = min(results, key=lambda t: t.error)
        assert (trained.task.recipe.window, trained.task.recipe.fit.units) == (least.window, least.units)
        expected = [[t.window, t.units, round(t.error, 1)] for t in results]
        assert json.loads(written["tried"]) == expected


def test_a_training_that_is_stopped_writes_nothing(tmp_path: Path) -> None:
    def stop(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        STARBUCKS.train_and_save("windowed", 0, tmp_path, stop)
    assert list(tmp_path.iterdir()) == []
