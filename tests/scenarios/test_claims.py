"""Every claim that a screen makes holds on the weights that ship, and would not of networks that learned nothing."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from gatestep.engine import DenseNetwork, Network, Stack, WordNetwork
from gatestep.engine.arrays import frozen
from gatestep.engine.trace import Readout
from gatestep.scenarios import SCENARIOS, Claim, Networks, Scenario, ShippedNetworks

CLAIMS = [(scenario, claim) for scenario in SCENARIOS.values() for claim in scenario.claims]
NAMES = [f"{scenario.name}: {claim.text[:60]}" for scenario, claim in CLAIMS]


@pytest.mark.parametrize(("scenario", "claim"), CLAIMS, ids=NAMES)
def test_claim(scenario: Scenario, claim: Claim[Networks]) -> None:
    assert claim.check(ShippedNetworks(scenario))


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda scenario: scenario.name)
def test_every_scenario_claims_something_that_has_to_be_learned(scenario: Scenario) -> None:
    assert any(not claim.by_design for claim in scenario.claims)


def untrained(scenario: Scenario) -> Mapping[str, Network]:
    """The scenario's networks with random weights in place of the learned ones."""
    rng = np.random.default_rng(7)
    return {model: _random(network, rng) for model, network in ShippedNetworks(scenario).items()}


def _random(network: Network, rng: np.random.Generator) -> Network:
    def drawn(a: np.ndarray) -> np.ndarray:
        return frozen(rng.normal(scale=0.3, size=a.shape).astype(np.float32))

    readout = Readout(drawn(network.readout.matrix), drawn(network.readout.bias))
    if isinstance(network, DenseNetwork):
        return replace(network, embedding=drawn(network.embedding), U=drawn(network.U), readout=readout)
    layers = tuple(
        tuple(replace(w, U=drawn(w.U), W=drawn(w.W), bias_ih=drawn(w.bias_ih)) for w in layer)
        for layer in network.stack.layers
    )
    return WordNetwork(network.vocabulary, drawn(network.embedding), Stack(network.stack.cell, layers), readout)


@pytest.mark.parametrize(("scenario", "claim"), CLAIMS, ids=NAMES)
def test_a_claim_holds_of_untrained_networks_only_where_it_is_true_by_design(
    scenario: Scenario, claim: Claim[Networks]
) -> None:
    assert claim.check(untrained(scenario)) == claim.by_design
