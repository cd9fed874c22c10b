"""What data/README.md says of the shipped weights is what stands in them."""

from importlib.resources import files

import pytest
from gatestep.engine import DenseNetwork
from gatestep.scenarios import SCENARIOS, Scenario, file_name, recorded_scores, shipped

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
    assert there == {file_name(scenario, model) for scenario, model in NETWORKS}


CELLS = ("lstm", "gru", "peephole", "coupled-input", "coupled-forget")


@pytest.mark.parametrize("model", CELLS)
def test_the_table_of_cells_has_the_means_and_parameters_of_what_ships(model: str) -> None:
    (row,) = [line for line in README.splitlines() if line.startswith(f"| {model} |")]
    _, _, *columns = (column.strip() for column in row.split("|"))
    for name, (parameters, shares) in (("pakistan", columns[:2]), ("sharing", columns[3:5])):
        scores = [score or 0 for score in recorded_scores(SCENARIOS[name], model).values()]
        assert parameters == f"{shipped(SCENARIOS[name], model)[0].parameters:,}"
        assert shares.split(",")[0] == f"{100 * sum(scores) / len(scores):.0f}"
