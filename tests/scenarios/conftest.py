"""What the scenarios' tests share: the networks that ship, and sentences of every corpus."""

import random
from collections.abc import Callable
from functools import cache

import pytest
from gatestep.engine import Network, WordNetwork
from gatestep.engine.train.words import Example
from gatestep.scenarios import SCENARIOS, shipped


@pytest.fixture(scope="session")
def ship() -> Callable[[str, str], tuple[Network, dict[str, str]]]:
    """Return a loader of shipped networks and their metadata, by the names of scenario and model."""
    return lambda scenario, model: shipped(SCENARIOS[scenario], model)


@pytest.fixture(scope="session")
def recurrent() -> Callable[[str, str], WordNetwork]:
    """Return a loader of the shipped networks that are recurrent, by the names of scenario and model."""

    def load(scenario: str, model: str) -> WordNetwork:
        network, _ = shipped(SCENARIOS[scenario], model)
        assert isinstance(network, WordNetwork)
        return network

    return load


@pytest.fixture(scope="session")
def lstm(recurrent: Callable[[str, str], WordNetwork]) -> WordNetwork:
    """The shipped LSTM of the pakistan scenario."""
    return recurrent("pakistan", "lstm")


@pytest.fixture(scope="session")
def trained_on() -> Callable[..., tuple[Example, ...]]:
    """Return a drawer of training sentences from all of training, by the name of the scenario."""

    @cache
    def draw(scenario: str, seed: int = 0, count: int = 1500) -> tuple[Example, ...]:
        rng = random.Random(seed)
        return tuple(SCENARIOS[scenario].corpus.draw(rng, n / count) for n in range(count))

    return draw


@pytest.fixture(scope="session")
def held_out_of() -> Callable[..., tuple[Example, ...]]:
    """Return a drawer of held-out sentences of one size, or of all, by the name of the scenario."""

    @cache
    def draw(scenario: str, size: int | None = None, seed: int = 5, count: int = 100) -> tuple[Example, ...]:
        corpus = SCENARIOS[scenario].corpus
        rng = random.Random(seed)
        sizes = corpus.sizes if size is None else (size,)
        return tuple(corpus.draw_held_out(rng, s) for s in sizes for _ in range(count))

    return draw
