"""What data/README.md says of the shipped weights is what stands in them."""

import json
from importlib.resources import as_file, files

import pytest
from gatestep.engine import DenseNetwork
from gatestep.engine.files.histories import load_history
from gatestep.scenarios import SCENARIOS, Scenario, file_name, recorded_scores, shipped
from gatestep.scenarios.forecast import STARBUCKS
from gatestep.scenarios.forecast.scores import naive_scores

NETWORKS = [(scenario, model) for scenario in SCENARIOS.values() for model in scenario.models]
README = files("gatestep.data").joinpath("README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("scenario", "model"), NETWORKS, ids=[file_name(s, m) for s, m in NETWORKS])
def test_the_readme_has_a_row_for_every_network(scenario: Scenario, model: str) -> None:
    network, about = shipped(scenario, model)
    units = network.H if isinstance(network, DenseNetwork) else network.stack.H
    scores = " ".join("-" if s is None else f"{round(s * 100)}" for s in recorded_scores(scenario, model).values())
    assert f"| `{file_name(scenario, model)}` | {units} | {network.parameters:,} | {scores} |" in README
    assert (about["scenario"], about["model"]) == (scenario.name, model)


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda scenario: scenario.name)
def test_the_readme_says_how_long_and_from_which_seed(scenario: Scenario) -> None:
    section = " ".join(README.split(f"\n## {scenario.name}\n")[1].split("\n## ")[0].split())
    (batches,) = {recipe.batches for recipe in scenario.recipes.values()}
    assert f"{batches:,} batches, seed {scenario.seed}." in section


def test_every_file_of_weights_belongs_to_a_scenario() -> None:
    there = {path.name for path in files("gatestep.data").iterdir() if path.name.endswith(".safetensors")}
    forecasts = {STARBUCKS.file_name(model) for model in STARBUCKS.models}
    assert there == forecasts | {file_name(scenario, model) for scenario, model in NETWORKS}


@pytest.mark.parametrize("model", STARBUCKS.models)
def test_the_readme_has_a_row_for_every_forecaster(model: str) -> None:
    trained = STARBUCKS.trained(model)
    test = trained.row.spreads["test"]
    mae, r2 = test["mae"], test["r2"]
    units, parameters = trained.task.recipe.fit.units, trained.history.checkpoints[-1].network.parameters
    scores = f"{mae.mean / 1e6:.2f} ({mae.least / 1e6:.2f} to {mae.most / 1e6:.2f})"
    fractions = f"{r2.mean:.2f} ({r2.least:.2f} to {r2.most:.2f})".replace("-", "−")
    assert f"| `{STARBUCKS.file_name(model)}` | {units} | {parameters:,} | {scores} | {fractions} |" in README


def test_the_readme_has_the_scores_of_forecasts_without_a_network() -> None:
    rows = [found["test"] for found in naive_scores(STARBUCKS.series).values()]
    yesterday, average, train = ((f"{test['mae'] / 1e6:.2f}", f"{test['r2']:.2f}".replace("-", "−")) for test in rows)
    assert (
        f"Yesterday's volume has {' and '.join(yesterday)}, the average of the last five days {' and '.join(average)}, "
        f"the mean of the train days {' and '.join(train)}."
    ) in " ".join(README.split())


def test_the_readme_has_what_was_tried_to_choose_a_window() -> None:
    with as_file(files("gatestep.data") / STARBUCKS.file_name("windowed")) as path:
        tried = json.loads(load_history(path)[1]["tried"])
    by_window: dict[int, list[str]] = {}
    for window, _, error in tried:
        by_window.setdefault(window, []).append(f"{error / 1e6:.2f}")
    for window, errors in by_window.items():
        assert f"| {window} | {' | '.join(errors)} |" in README


CELLS = ("lstm", "gru", "peephole", "coupled-input", "coupled-forget")


@pytest.mark.parametrize("model", CELLS)
def test_the_table_of_cells_has_the_means_and_parameters_of_what_ships(model: str) -> None:
    (row,) = [line for line in README.splitlines() if line.startswith(f"| {model} |")]
    _, _, *columns = (column.strip() for column in row.split("|"))
    for name, (parameters, shares) in (("pakistan", columns[:2]), ("sharing", columns[3:5])):
        scores = [score or 0 for score in recorded_scores(SCENARIOS[name], model).values()]
        assert parameters == f"{shipped(SCENARIOS[name], model)[0].parameters:,}"
        assert shares.split(",")[0] == f"{100 * sum(scores) / len(scores):.0f}"
