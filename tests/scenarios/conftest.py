"""What the scenarios' tests share: the networks that ship."""

from collections.abc import Callable

import pytest
from gatestep.engine import WordNetwork
from gatestep.scenarios import SCENARIOS, shipped


@pytest.fixture(scope="session")
def ship() -> Callable[[str, str], tuple[WordNetwork, dict[str, str]]]:
    """Return a loader of shipped networks and their metadata, by the names of scenario and model."""
    return lambda scenario, model: shipped(SCENARIOS[scenario], model)


@pytest.fixture(scope="session")
def lstm() -> WordNetwork:
    """The shipped LSTM of the pakistan scenario."""
    return shipped(SCENARIOS["pakistan"], "lstm")[0]
