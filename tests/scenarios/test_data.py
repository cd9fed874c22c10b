"""What data/README.md says of the shipped weights is what stands in them."""

import json
from importlib.resources import files

import pytest
from gatestep.scenarios import SCENARIOS, Scenario, file_name, shipped

NETWORKS = [(scenario, model) for scenario in SCENARIOS.values() for model in scenario.models]


@pytest.mark.parametrize(("scenario", "model"), NETWORKS, ids=[file_name(s, m) for s, m in NETWORKS])
def test_the_readme_has_a_row_for_every_network(scenario: Scenario, model: str) -> None:
    network, about = shipped(scenario, model)
    scores = " ".join(f"{round(score * 100)}" for score in json.loads(about["accuracy_by_gap"]).values())
    row = f"| `{file_name(scenario, model)}` | {network.stack.H} | {network.parameters:,} | {scores} |"
    assert row in files("gatestep.data").joinpath("README.md").read_text(encoding="utf-8")
    assert (about["scenario"], about["model"]) == (scenario.name, model)
