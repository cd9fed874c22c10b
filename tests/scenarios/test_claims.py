"""Every claim that a screen makes holds on the weights that ship."""

import pytest
from gatestep.scenarios import SCENARIOS, Claim, Scenario, shipped

CLAIMS = [(scenario, claim) for scenario in SCENARIOS.values() for claim in scenario.claims]


@pytest.mark.parametrize(("scenario", "claim"), CLAIMS, ids=[f"{s.name}: {c.text}" for s, c in CLAIMS])
def test_claim(scenario: Scenario, claim: Claim) -> None:
    assert claim.check(shipped(scenario, scenario.models[0])[0])


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda scenario: scenario.name)
def test_every_scenario_claims_something(scenario: Scenario) -> None:
    assert scenario.claims
