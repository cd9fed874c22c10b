"""The unit that a run opens with: by effect on the answer, through what the evidence wrote, else at the end."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from gatestep.engine import Network, WordNetwork, why
from gatestep.scenarios import LEAST_EFFECT, SCENARIOS, Scenario, predict, shipped, unit_to_watch, watching
from gatestep.scenarios.library import recorded_carriers
from gatestep.scenarios.watching import carrier, marked_unit

SHIPPED = [
    (scenario, model, sentence)
    for scenario in SCENARIOS.values()
    for model in scenario.models
    if isinstance(shipped(scenario, model)[0], WordNetwork)
    for sentence in scenario.sentences
]
Ship = Callable[[str, str], tuple[Network, dict[str, str]]]


@pytest.mark.parametrize(("scenario", "model", "sentence"), SHIPPED, ids=[f"{s.name} {m}: {t}" for s, m, t in SHIPPED])
def test_it_opens_with_the_unit_that_why_ranks_first_of_all_that_wrote_the_evidence(
    scenario: Scenario, model: str, sentence: str
) -> None:
    """Whatever is recorded in the file: all of `why` again, with every other word in the ranking."""
    network = shipped(scenario, model)[0]
    assert isinstance(network, WordNetwork)
    prediction = predict(scenario.corpus, network, sentence)
    trace, T = prediction.trace, len(prediction.trace)
    opened, evidence = unit_to_watch(scenario, model, network, prediction), scenario.corpus.evidence(trace.tokens or ())
    wrote = [write for write in why(trace, network, fits=scenario.corpus.fits).writes if write.t == evidence]
    own = scenario.corpus.unit(trace)
    if own is not None:
        assert opened == (own, scenario.corpus.unit_does, None)
    elif not wrote or wrote[0].effect > -LEAST_EFFECT:
        assert opened == (int(np.abs(prediction.effects(T - 1)).argmax()), f"largest effect@{T}", None)
    else:
        assert trace.tokens is not None
        assert (opened.unit, opened.writer) == (wrote[0].unit, evidence)
        said, effect = opened.why.split(", ln p \N{MINUS SIGN}")
        assert said == f"carries {trace.tokens[wrote[0].t]}@{wrote[0].t + 1} to {T}"
        assert float(effect) == pytest.approx(-wrote[0].effect, abs=0.02)
        assert len(wrote) == 1 or wrote[0].effect < 1.03 * wrote[1].effect, "not by what a processor rounds"


@pytest.mark.parametrize(("name", "model"), [(s.name, m) for s, m, text in SHIPPED if text == s.sentences[0]])
def test_what_ships_has_its_carriers_recorded(name: str, model: str, ship: Ship) -> None:
    scenario, network = SCENARIOS[name], ship(name, model)[0]
    assert isinstance(network, WordNetwork)
    recorded = recorded_carriers(scenario, model)
    for found, sentence in zip(recorded, scenario.sentences, strict=True):
        again = carrier(scenario.corpus, network, network.trace(sentence))
        assert (found is None) == (again is None)
        if found is not None and again is not None:
            assert found[0] == again[0]
            assert found[1] == pytest.approx(again[1], abs=0.02)


def test_what_is_recorded_is_not_said_of_a_network_with_other_weights(lstm: WordNetwork) -> None:
    scenario = SCENARIOS["pakistan"]
    silent = replace(lstm, readout=replace(lstm.readout, matrix=np.zeros_like(lstm.readout.matrix)))
    prediction = predict(scenario.corpus, silent, scenario.sentences[0])
    assert unit_to_watch(scenario, "lstm", lstm, prediction).writer == 8
    assert unit_to_watch(scenario, "lstm", silent, prediction).writer is None


def test_another_sentence_opens_by_the_same_measure(lstm: WordNetwork) -> None:
    scenario, text = SCENARIOS["pakistan"], "my name is Sara, I live in Kenya, I like tea, I am"
    prediction = predict(scenario.corpus, lstm, text)
    opened = unit_to_watch(scenario, "lstm", lstm, prediction)
    first = why(prediction.trace, lstm).writes[0]
    assert (opened.unit, opened.writer) == (first.unit, first.t)
    assert opened.unit == marked_unit(scenario.corpus, lstm, text)
    assert opened.why.startswith("carries Kenya@9 to 16, ln p \N{MINUS SIGN}")


def test_without_evidence_it_is_the_unit_with_the_largest_effect_at_the_end(lstm: WordNetwork) -> None:
    scenario = SCENARIOS["pakistan"]
    prediction = predict(scenario.corpus, lstm, "it is sunny today")
    opened = unit_to_watch(scenario, "lstm", lstm, prediction)
    assert opened == (int(np.abs(prediction.effects(3)).argmax()), "largest effect@4", None)


def test_nothing_is_exchanged_in_a_long_sentence_before_it_opens(
    lstm: WordNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = SCENARIOS["pakistan"]
    text = "I live in Kenya, " + "I am a good boy, " * 900 + "I am"
    prediction = predict(scenario.corpus, lstm, text)
    assert unit_to_watch(scenario, "lstm", lstm, prediction).why == f"largest effect@{len(prediction.trace)}"
    short = predict(scenario.corpus, lstm, "I live in Kenya, I am")
    assert carrier(scenario.corpus, lstm, short.trace) is not None
    monkeypatch.setattr(watching, "LONGEST", len(short.trace) - 1)
    assert carrier(scenario.corpus, lstm, short.trace) is None
