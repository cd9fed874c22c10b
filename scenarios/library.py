"""Every scenario by name, and the trained networks that ship with them."""

import json
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from ..engine import BadInput, Epoch, Network, Prediction
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


def unit_to_watch(scenario: Scenario, prediction: Prediction) -> int:
    """Return the unit that does what the scenario is about; without one, the unit that matters most at the end."""
    unit = scenario.corpus.unit(prediction.trace)
    if unit is None:
        unit = int(np.abs(prediction.effects(len(prediction.trace) - 1)).argmax()) % prediction.trace.stack.H
    return unit


def why_watched(scenario: Scenario, prediction: Prediction) -> str:
    """Return why the unit to watch is worth watching, in a few words with a timestamp from 1."""
    trace = prediction.trace
    if scenario.corpus.unit(trace) is None:
        return f"matters most at {len(trace)}"
    return scenario.corpus.unit_does(trace)


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
    return (Chart("held-out sentences answered correctly", scenario.corpus.axis, "right", lines), *own)


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
    save_network(network, path, about)
    return path, scores
