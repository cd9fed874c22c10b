"""Every scenario by name, and the trained networks that ship with them."""

import json
import random
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from ..engine import BadInput, Prediction, WordNetwork
from ..engine.training import Progress, train
from ..engine.wordfiles import load_network, save_network
from .carrier import carrier
from .pakistan import PAKISTAN
from .scenario import Corpus, Scenario

SCENARIOS: dict[str, Scenario] = {scenario.name: scenario for scenario in (PAKISTAN,)}
"""Every scenario, in the order in which they build on each other."""

HELD_OUT_SEED = 1_000_003
HELD_OUT_COUNT = 300


def find(name: str) -> Scenario:
    """Return the scenario called `name`; BadInput names the near ones."""
    if name in SCENARIOS:
        return SCENARIOS[name]
    near = get_close_matches(name, SCENARIOS, n=3, cutoff=0.5) or list(SCENARIOS)
    raise BadInput(f"{name}: no such scenario; there is {', '.join(near)}")


def check_model(scenario: Scenario, model: str | None) -> str:
    """Return `model`, or the scenario's first; BadInput lists what there is."""
    if model is None:
        return scenario.models[0]
    if model not in scenario.models:
        raise BadInput(f"{model}: {scenario.name} has no such model; it has {', '.join(scenario.models)}")
    return model


def shipped(scenario: Scenario, model: str) -> tuple[WordNetwork, dict[str, str]]:
    """Return the trained network that comes with gatestep, and its metadata."""
    with as_file(files("gatestep.data") / file_name(scenario, model)) as path:
        return load_network(path)


def file_name(scenario: Scenario, model: str) -> str:
    """Return what the weights file of one network is called."""
    return f"{scenario.name}-{model}.safetensors"


def predict(scenario: Scenario, network: WordNetwork, text: str) -> Prediction:
    """Run `network` over `text` and attach the answer that the scenario's task gives."""
    trace = network.trace(text)
    return Prediction(trace, network.vocabulary, scenario.corpus.answer(trace.tokens or ()))


def unit_to_watch(scenario: Scenario, prediction: Prediction) -> int:
    """Return the unit that carries what the answer depends on; without one, the unit that matters most at the end."""
    trace = prediction.trace
    evidence = scenario.corpus.evidence(trace.tokens or ())
    unit = carrier(trace, evidence) if evidence is not None else None
    if unit is None:
        unit = int(np.abs(prediction.effects(len(trace) - 1)).argmax()) % trace.stack.H
    return unit


def accuracy_by_gap(network: WordNetwork, corpus: Corpus, count: int = HELD_OUT_COUNT) -> dict[int, float]:
    """Return, for each gap of `corpus`, the share of `count` held-out sentences whose answer comes out likeliest."""
    rng = random.Random(HELD_OUT_SEED)
    scores = {}
    for gap in corpus.gaps:
        right = 0
        for _ in range(count):
            example = corpus.draw_held_out(rng, gap)
            trace = network.trace(" ".join(example.words[: example.answer]))
            prediction = Prediction(trace, network.vocabulary)
            right += prediction.top(len(trace) - 1, 1)[0][0] == example.words[example.answer]
        scores[gap] = right / count
    return scores


def train_and_save(
    scenario: Scenario, model: str, seed: int, directory: Path, on_progress: Callable[[Progress], None]
) -> tuple[Path, Mapping[int, float]]:
    """Train a scenario's network from `seed`, score it, write it into `directory`; return its path and scores."""
    recipe, corpus = scenario.recipes[model], scenario.corpus
    network = train(recipe, corpus.vocabulary, corpus.draw, seed, on_progress)
    scores = accuracy_by_gap(network, corpus)
    path = directory / file_name(scenario, model)
    about = {"scenario": scenario.name, "model": model, "seed": str(seed), "accuracy_by_gap": json.dumps(scores)}
    save_network(network, path, about)
    return path, scores
