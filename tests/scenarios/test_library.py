import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from gatestep.engine import BadInput, DenseNetwork, Epoch, Network, WordNetwork
from gatestep.engine.files.networks import load_network
from gatestep.engine.train.words import Recipe
from gatestep.scenarios import (
    SCENARIOS,
    Chart,
    Networks,
    Scenario,
    ShippedNetworks,
    accuracy_by_size,
    charts_of,
    check_model,
    file_name,
    find,
    library,
    recorded_scores,
    shipped,
    train_and_save,
)

Ship = Callable[[str, str], tuple[Network, dict[str, str]]]
SHIPPED = pytest.mark.parametrize(
    ("scenario", "model"), [(s.name, model) for s in SCENARIOS.values() for model in s.models]
)
EVERY = pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)


def test_a_scenario_is_found_by_its_name() -> None:
    assert {name: find(name).name for name in SCENARIOS} == {name: name for name in SCENARIOS}


@pytest.mark.parametrize("name", ["pakistn", "Pakistan", "xyz", ""])
def test_an_unknown_scenario_is_refused_with_one_that_is_there(name: str) -> None:
    with pytest.raises(BadInput, match=rf"^{name}: unknown scenario; choose from .*pakistan"):
        find(name)


def test_the_first_model_is_the_one_that_opens() -> None:
    assert check_model(SCENARIOS["pakistan"], None) == "lstm"
    assert check_model(SCENARIOS["pakistan"], "rnn") == "rnn"


def test_an_unknown_model_is_refused_with_those_that_are_there() -> None:
    with pytest.raises(BadInput, match=r"^gru: clouds has no such model; choose from lstm, rnn$"):
        check_model(SCENARIOS["clouds"], "gru")


@SHIPPED
def test_a_shipped_network_is_what_its_recipe_makes(scenario: str, model: str, ship: Ship) -> None:
    network, about = ship(scenario, model)
    recipe = SCENARIOS[scenario].recipes[model]
    assert (about["scenario"], about["model"], about["cell"]) == (scenario, model, recipe.cell)
    assert about["seed"] == str(SCENARIOS[scenario].seed)
    assert network.vocabulary.words == SCENARIOS[scenario].corpus.vocabulary.words
    assert network.vocabulary.letters == SCENARIOS[scenario].corpus.vocabulary.letters
    assert network.embedding.shape[1] == recipe.width
    if isinstance(network, DenseNetwork):
        assert (recipe.cell, network.H, network.slots) == ("dense", recipe.units, recipe.slots)
    else:
        assert (network.stack.cell.name, network.stack.H, network.stack.I) == (recipe.cell, recipe.units, recipe.width)


@SHIPPED
def test_the_scores_in_a_shipped_file_come_out_again(scenario: str, model: str, ship: Ship) -> None:
    network, about = ship(scenario, model)
    scores = recorded_scores(SCENARIOS[scenario], model)
    assert {str(size): score for size, score in scores.items()} == json.loads(about["accuracy_by_size"])
    assert accuracy_by_size(network, SCENARIOS[scenario].corpus) == scores


@EVERY
def test_networks_are_recorded_to_have_no_score_where_they_have_no_place(scenario: Scenario) -> None:
    for model, recipe in scenario.recipes.items():
        scores = recorded_scores(scenario, model)
        assert tuple(scores) == scenario.corpus.sizes
        if recipe.slots is None:
            assert None not in scores.values()
    lengths = recorded_scores(SCENARIOS["lengths"], "dense")
    assert [size for size, score in lengths.items() if score is None] == [8, 10, 12, 16, 20]


def test_a_shipped_network_is_read_once() -> None:
    scenario = SCENARIOS["order"]
    assert shipped(scenario, "dense") is shipped(scenario, "dense")
    assert shipped(scenario, "dense")[0] is not shipped(scenario, "lstm")[0]


@EVERY
def test_the_networks_of_a_scenario_are_found_by_the_names_of_its_models(scenario: Scenario) -> None:
    networks = ShippedNetworks(scenario)
    assert tuple(networks) == scenario.models
    assert len(networks) == len(scenario.models)
    assert {model: networks[model] for model in networks} == {m: shipped(scenario, m)[0] for m in scenario.models}
    assert "elman" not in networks
    with pytest.raises(KeyError, match="elman"):
        networks["elman"]


def test_a_network_is_read_when_it_is_first_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def note(scenario: Scenario, model: str) -> tuple[Network, dict[str, str]]:
        asked.append(model)
        return shipped(scenario, model)

    monkeypatch.setattr(library, "shipped", note)
    networks = ShippedNetworks(SCENARIOS["order"])
    assert (list(networks), len(networks), asked) == (["lstm", "rnn", "dense"], 3, [])
    assert isinstance(networks["dense"], DenseNetwork)
    assert asked == ["dense"]


@EVERY
def test_the_first_chart_is_of_the_scores_where_they_have_an_axis(scenario: Scenario) -> None:
    charts = charts_of(scenario)
    assert len(charts) == bool(scenario.corpus.axis) + len(scenario.charts)
    if scenario.corpus.axis:
        assert charts[0].x == scenario.corpus.axis
        for model in scenario.models:
            scores = recorded_scores(scenario, model)
            assert charts[0].lines[model] == [(size, score) for size, score in scores.items() if score is not None]
    for chart in charts:
        for points in chart.lines.values():
            assert [x for x, _ in points] == sorted({x for x, _ in points})


def test_a_scenarios_own_charts_are_drawn_from_its_networks() -> None:
    def make(networks: Networks) -> Chart:
        return Chart("parameters", "models", "", {m: [(0, n.parameters)] for m, n in networks.items()})

    scenario = replace(SCENARIOS["order"], charts=(make,))
    (chart,) = charts_of(scenario)
    assert chart.lines == {m: [(0, shipped(SCENARIOS["order"], m)[0].parameters)] for m in scenario.models}


def test_in_the_chart_of_parameters_only_the_dense_line_rises(ship: Ship) -> None:
    chart = charts_of(SCENARIOS["lengths"])[1]
    for model in ("lstm", "rnn"):
        assert {y for _, y in chart.lines[model]} == {ship("lengths", model)[0].parameters}
    dense, _ = ship("lengths", "dense")
    assert isinstance(dense, DenseNetwork)
    columns = dense.embedding.shape[1]
    for words, parameters in chart.lines["dense"]:
        U = np.zeros((dense.H, int(words) * columns), np.float32)
        assert parameters == replace(dense, U=U, slots=int(words)).parameters


def tiny(**options: int) -> Scenario:
    """The pakistan scenario with a training that takes no time."""
    recipe = Recipe("lstm", units=3, width=2, **({"batches": 3, "batch_size": 4} | options))  # type: ignore[arg-type]
    return replace(SCENARIOS["pakistan"], recipes={"lstm": recipe})


@pytest.fixture(autouse=True)
def few_sentences(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Score freshly trained networks on a few sentences only."""
    if "tmp_path" in request.fixturenames:
        monkeypatch.setattr(
            library, "accuracy_by_size", lambda network, corpus: accuracy_by_size(network, corpus, count=3)
        )


def test_a_trained_network_is_written_with_what_is_known_of_it(tmp_path: Path) -> None:
    told: list[Epoch[Network]] = []
    path, scores = train_and_save(tiny(), "lstm", 5, tmp_path, told.append)
    assert path == tmp_path / file_name(tiny(), "lstm") == tmp_path / "pakistan-lstm.safetensors"
    network, about = load_network(path)
    assert (about["scenario"], about["model"], about["seed"]) == ("pakistan", "lstm", "5")
    assert {int(size): score for size, score in json.loads(about["accuracy_by_size"]).items()} == scores
    assert list(scores) == list(range(9))
    assert isinstance(network, WordNetwork)
    assert network.stack.H == 3
    assert [p.epoch for p in told] == [0, 1, 2, 3]


@pytest.mark.parametrize(("scenario", "slots"), [("order", None), ("lengths", 4), ("dna", None)])
def test_a_dense_network_is_written_too(scenario: str, slots: int | None, tmp_path: Path) -> None:
    recipe = Recipe("dense", units=3, width=2, slots=slots, batches=3, batch_size=4)
    small = replace(SCENARIOS[scenario], recipes={"dense": recipe})
    path, scores = train_and_save(small, "dense", 5, tmp_path, lambda progress: None)
    network, about = load_network(path)
    assert isinstance(network, DenseNetwork)
    assert (network.H, network.slots, about["cell"]) == (3, slots, "dense")
    assert network.vocabulary.letters == (scenario == "dna")
    assert {int(size): score for size, score in json.loads(about["accuracy_by_size"]).items()} == scores
    assert [size for size, score in scores.items() if score is None] == [s for s in scores if slots and s > slots]


def test_a_seed_writes_the_same_weights_again(tmp_path: Path) -> None:
    networks = []
    for name, seed in (("first", 0), ("again", 0), ("other", 1)):
        (tmp_path / name).mkdir()
        networks.append(load_network(train_and_save(tiny(), "lstm", seed, tmp_path / name, lambda p: None)[0])[0])
    first, again, other = (network.embedding for network in networks)
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_training_and_scoring_leave_torchs_generator_and_threads_alone(tmp_path: Path) -> None:
    before, threads = torch.get_rng_state(), torch.get_num_threads()
    train_and_save(tiny(), "lstm", 0, tmp_path, lambda progress: None)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.get_num_threads() == threads


@pytest.mark.parametrize("last", [False, True], ids=["at the first batch", "at the last batch"])
def test_an_interrupted_training_leaves_no_file(last: bool, tmp_path: Path) -> None:
    def interrupt(progress: Epoch[Network]) -> None:
        if not last or progress.epoch == progress.epochs:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_and_save(tiny(), "lstm", 0, tmp_path, interrupt)
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no directory"):
        train_and_save(tiny(), "lstm", 0, tmp_path / "absent", lambda progress: None)
