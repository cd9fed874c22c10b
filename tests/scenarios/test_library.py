import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from gatestep.engine import BadInput, WordNetwork
from gatestep.engine.training import Progress, Recipe
from gatestep.engine.wordfiles import load_network
from gatestep.scenarios import (
    SCENARIOS,
    Scenario,
    accuracy_by_gap,
    check_model,
    file_name,
    find,
    library,
    train_and_save,
)

Ship = Callable[[str, str], tuple[WordNetwork, dict[str, str]]]
SHIPPED = pytest.mark.parametrize(
    ("scenario", "model"), [(s.name, model) for s in SCENARIOS.values() for model in s.models]
)


def test_a_scenario_is_found_by_its_name() -> None:
    assert {name: find(name).name for name in SCENARIOS} == {name: name for name in SCENARIOS}


@pytest.mark.parametrize("name", ["pakistn", "Pakistan", "xyz", ""])
def test_an_unknown_scenario_is_refused_with_one_that_is_there(name: str) -> None:
    with pytest.raises(BadInput, match=rf"^{name}: no such scenario; there is .*pakistan"):
        find(name)


def test_the_first_model_is_the_one_that_opens() -> None:
    assert check_model(SCENARIOS["pakistan"], None) == "lstm"
    assert check_model(SCENARIOS["pakistan"], "rnn") == "rnn"


def test_an_unknown_model_is_refused_with_those_that_are_there() -> None:
    with pytest.raises(BadInput, match=r"^gru: pakistan has no such model; it has lstm, rnn$"):
        check_model(SCENARIOS["pakistan"], "gru")


@SHIPPED
def test_a_shipped_network_is_what_its_recipe_makes(scenario: str, model: str, ship: Ship) -> None:
    network, about = ship(scenario, model)
    recipe = SCENARIOS[scenario].recipes[model]
    assert (about["scenario"], about["model"], about["cell"]) == (scenario, model, recipe.cell)
    assert about["seed"] == str(SCENARIOS[scenario].seed)
    assert (network.stack.cell.name, network.stack.H, network.stack.I) == (recipe.cell, recipe.units, recipe.width)
    assert network.vocabulary.words == SCENARIOS[scenario].corpus.vocabulary.words


@SHIPPED
def test_the_scores_in_a_shipped_file_come_out_again(scenario: str, model: str, ship: Ship) -> None:
    network, about = ship(scenario, model)
    scores = {int(gap): score for gap, score in json.loads(about["accuracy_by_gap"]).items()}
    assert accuracy_by_gap(network, SCENARIOS[scenario].corpus) == scores


def tiny(**options: int) -> Scenario:
    """The pakistan scenario with a training that takes no time."""
    recipe = Recipe("lstm", units=3, width=2, **({"batches": 3, "batch_size": 4} | options))  # type: ignore[arg-type]
    return replace(SCENARIOS["pakistan"], recipes={"lstm": recipe})


@pytest.fixture(autouse=True)
def few_sentences(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Score freshly trained networks on a few sentences only."""
    if "tmp_path" in request.fixturenames:
        whole = library.accuracy_by_gap
        monkeypatch.setattr(library, "accuracy_by_gap", lambda network, corpus: whole(network, corpus, count=3))


def test_a_trained_network_is_written_with_what_is_known_of_it(tmp_path: Path) -> None:
    told: list[Progress] = []
    path, scores = train_and_save(tiny(), "lstm", 5, tmp_path, told.append)
    assert path == tmp_path / file_name(tiny(), "lstm") == tmp_path / "pakistan-lstm.safetensors"
    network, about = load_network(path)
    assert (about["scenario"], about["model"], about["seed"]) == ("pakistan", "lstm", "5")
    assert {int(gap): score for gap, score in json.loads(about["accuracy_by_gap"]).items()} == scores
    assert list(scores) == list(range(9))
    assert network.stack.H == 3
    assert [p.batch for p in told] == [1, 2, 3]


def test_a_seed_writes_the_same_weights_again(tmp_path: Path) -> None:
    networks = []
    for name, seed in (("first", 0), ("again", 0), ("other", 1)):
        (tmp_path / name).mkdir()
        networks.append(load_network(train_and_save(tiny(), "lstm", seed, tmp_path / name, lambda p: None)[0])[0])
    first, again, other = (network.stack.flat[0].U for network in networks)
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_training_and_scoring_leave_torchs_generator_and_threads_alone(tmp_path: Path) -> None:
    before, threads = torch.get_rng_state(), torch.get_num_threads()
    train_and_save(tiny(), "lstm", 0, tmp_path, lambda progress: None)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.get_num_threads() == threads


@pytest.mark.parametrize("last", [False, True], ids=["at the first batch", "at the last batch"])
def test_an_interrupted_training_leaves_no_file(last: bool, tmp_path: Path) -> None:
    def interrupt(progress: Progress) -> None:
        if not last or progress.batch == progress.batches:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_and_save(tiny(), "lstm", 0, tmp_path, interrupt)
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no directory"):
        train_and_save(tiny(), "lstm", 0, tmp_path / "absent", lambda progress: None)
