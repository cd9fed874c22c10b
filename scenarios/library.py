"""Every scenario by name, and the trained networks that ship with them."""

import json
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from ..engine import BadInput, Epoch, Network, Prediction, WordNetwork
from ..engine.files.networks import load_network, save_network
from ..engine.train.words import train
from .ali import ALI
from .clouds import CLOUDS
from .dna import DNA
from .experiment import Experiment
from .forecast import STARBUCKS, Forecaster
from .gradients import GRADIENTS
from .lengths import LENGTHS
from .order import ORDER
from .pakistan import PAKISTAN
from .scenario import Chart, Networks, Scenario
from .scoring import Scores, accuracy_by_size
from .sharing import SHARING
from .watching import Carrier, Watched, carrier, watched

SCENARIOS: dict[str, Scenario] = {
    scenario.name: scenario for scenario in (ORDER, LENGTHS, SHARING, CLOUDS, PAKISTAN, ALI, DNA)
}
"""Every scenario of sentences, in the order in which they build on each other."""

FORECASTERS: dict[str, Forecaster] = {STARBUCKS.name: STARBUCKS}
"""Every scenario that forecasts numbers."""

EXPERIMENTS: dict[str, Experiment] = {GRADIENTS.name: GRADIENTS}
"""Every experiment; it has questions in place of sentences."""

Study = Scenario | Forecaster | Experiment
"""Anything that can be chosen from the list."""

STUDIES: dict[str, Study] = {**SCENARIOS, **FORECASTERS, **EXPERIMENTS}
"""Everything in the list, in its order."""


def find(name: str) -> Scenario:
    """Return the scenario of sentences called `name`. Raises BadInput, which lists similar names, for any other."""
    study = find_study(name)
    if isinstance(study, Scenario):
        return study
    raise BadInput(f"{name}: has no sentences; open it with gatestep run {name}")


def find_study(name: str) -> Study:
    """Return what the list calls `name`. Raises BadInput, which lists similar names, where there is none."""
    if name in STUDIES:
        return STUDIES[name]
    near = get_close_matches(name, STUDIES, n=3, cutoff=0.5) or list(STUDIES)
    raise BadInput(f"{name}: unknown scenario; choose from {', '.join(near)}")


def study_after(name: str) -> Study | None:
    """Return what the list has after `name`; None after the last, and where `name` is none of them."""
    names = list(STUDIES)
    following = names[names.index(name) + 1 :] if name in names else []
    return STUDIES[following[0]] if following else None


def check_model(scenario: Study, model: str | None) -> str:
    """Return `model`, or the scenario's first. Raises BadInput, which lists the models, for an unknown one."""
    if model is None:
        return scenario.models[0]
    if model not in scenario.models:
        raise BadInput(f"{model}: {scenario.name} has no such model; choose from {', '.join(scenario.models)}")
    return model


@cache
def shipped(scenario: Scenario, model: str) -> tuple[Network, dict[str, str]]:
    """Return the trained network that ships with gatestep, and its metadata; it is read once."""
    with as_file(files("gatestep.data") / file_name(scenario, model)) as path:
        return load_network(path)


class ShippedNetworks(Networks):
    """Every shipped network of a scenario, each read when it is first asked for."""

    def __init__(self, scenario: Scenario):
        self._scenario = scenario

    def __getitem__(self, model: str) -> Network:
        if model not in self._scenario.models:
            raise KeyError(model)
        return shipped(self._scenario, model)[0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._scenario.models)

    def __len__(self) -> int:
        return len(self._scenario.models)


def file_name(scenario: Scenario, model: str) -> str:
    """Return the name of the file of one network's weights."""
    return f"{scenario.name}-{model}.safetensors"


def unit_to_watch(scenario: Scenario, model: str, network: WordNetwork, prediction: Prediction) -> Watched:
    """Return the unit to open `prediction` with, a run of `network`, which may have been trained as `model` anew.

    What ships has its carriers recorded for the scenario's own sentences, so that these open without waiting.
    """
    corpus, tokens = scenario.corpus, prediction.trace.tokens
    if network is shipped(scenario, model)[0]:
        for sentence, recorded in zip(scenario.sentences, recorded_carriers(scenario, model), strict=True):
            if tokens == tuple(corpus.vocabulary.split(sentence)):
                return watched(corpus, prediction, recorded)
    return watched(corpus, prediction, carrier(corpus, network, prediction.trace))


def recorded_carriers(scenario: Scenario, model: str) -> list[Carrier | None]:
    """Return the carrier in each of a scenario's sentences in a shipped recurrent network, as recorded in its file."""
    found = json.loads(shipped(scenario, model)[1]["carriers"])
    return [None if one is None else (int(one[0]), float(one[1])) for one in found]


def recorded_scores(scenario: Scenario, model: str) -> Scores:
    """Return the scores of a shipped network on held-out sentences when it was made, as recorded in its file."""
    scores = json.loads(shipped(scenario, model)[1]["accuracy_by_size"])
    return {int(size): None if score is None else float(score) for size, score in scores.items()}


@cache
def charts_of(scenario: Scenario) -> tuple[Chart, ...]:
    """Return the charts of a scenario's shipped networks: their scores, where its corpus has an axis, and its own."""
    networks = ShippedNetworks(scenario)
    own = tuple(make(networks) for make in scenario.charts)
    if not scenario.corpus.axis:
        return own
    lines = {
        model: [(size, score) for size, score in recorded_scores(scenario, model).items() if score is not None]
        for model in scenario.models
    }
    return (Chart("held-out sentences answered correctly", scenario.corpus.axis, "correct", lines), *own)


def train_and_save(
    scenario: Scenario, model: str, seed: int, directory: Path, on_progress: Callable[[Epoch[Network]], None]
) -> tuple[Path, Scores]:
    """Train a scenario's network from `seed`, score it, write it into `directory`; return its path and scores.

    `on_progress` receives every epoch. Raises BadInput where there is no such directory, and WorkFailed where PyTorch
    is not installed or the file cannot be written.
    """
    recipe, corpus = scenario.recipes[model], scenario.corpus
    for epoch in train(recipe, corpus.vocabulary, corpus.draw, seed):
        on_progress(epoch)
    assert epoch.checkpoint is not None  # the last one is
    network = epoch.checkpoint.network
    scores = accuracy_by_size(network, corpus)
    path = directory / file_name(scenario, model)
    about = {"scenario": scenario.name, "model": model, "seed": str(seed), "accuracy_by_size": json.dumps(scores)}
    if isinstance(network, WordNetwork):
        carriers = [carrier(corpus, network, network.trace(sentence)) for sentence in scenario.sentences]
        about["carriers"] = json.dumps([one and (one[0], round(one[1], 2)) for one in carriers])
    save_network(network, path, about)
    return path, scores
