"""What is tried in place of a word where a scenario asks something else than the next word."""

import pytest
from gatestep.engine import NEXT_WORD, WordNetwork, why
from gatestep.scenarios import SCENARIOS, Scenario, shipped
from gatestep.scenarios.dna import BASES
from gatestep.scenarios.order import NAMES

ASKED = [scenario for scenario in SCENARIOS.values() if scenario.corpus.question != NEXT_WORD]
RUNS = [
    (scenario, model, sentence)
    for scenario in ASKED
    for model in scenario.models
    if isinstance(shipped(scenario, model)[0], WordNetwork)
    for sentence in scenario.sentences
]


def test_the_four_scenarios_that_ask_for_labels_say_what_fits() -> None:
    assert {scenario.name for scenario in ASKED} == {"order", "lengths", "sharing", "dna"}
    for scenario in SCENARIOS.values():
        tokens = scenario.corpus.vocabulary.split(scenario.sentences[0])
        assert (scenario.corpus.fits(tokens, 1) is None) == (scenario not in ASKED)


@pytest.mark.parametrize(("scenario", "model", "sentence"), RUNS, ids=[f"{s.name} {m}: {t}" for s, m, t in RUNS])
def test_every_replacement_occurs_between_these_neighbours(scenario: Scenario, model: str, sentence: str) -> None:
    network, corpus = shipped(scenario, model)[0], scenario.corpus
    assert isinstance(network, WordNetwork)
    trace = network.trace(sentence)
    tokens = trace.tokens or ()
    found = why(trace, network, fits=corpus.fits)
    for word in found.words:
        fits = corpus.fits(tokens, word.t) or {}
        assert set(word.others) <= set(fits)
        assert list(word.others) == sorted(word.others, key=lambda other: -fits[other]), "what fits best comes first"
        if scenario.name == "dna":
            assert set(word.others) <= set(BASES)


def test_a_base_is_exchanged_for_the_three_others() -> None:
    dna = SCENARIOS["dna"]
    network = shipped(dna, "lstm")[0]
    assert isinstance(network, WordNetwork)
    found = why(network.trace(dna.sentences[0]), network, fits=dna.corpus.fits)
    by_place = {word.t: set(word.others) for word in found.words}
    assert by_place[9] == set(BASES) - {"A"}


def test_the_speaker_is_exchanged_for_other_names_alone() -> None:
    order = SCENARIOS["order"]
    network = shipped(order, "lstm")[0]
    assert isinstance(network, WordNetwork)
    first = why(network.trace(order.sentences[0]), network, fits=order.corpus.fits).words[0]
    assert (first.t, bool(first.others)) == (2, True)
    assert set(first.others) <= set(NAMES) - {"Ahmad"}


def test_weights_sum_to_one_and_neighbours_never_seen_have_none() -> None:
    corpus = SCENARIOS["order"].corpus
    tokens = ("I", "am", "Ahmad", ",", "not", "Ali")
    for t in range(len(tokens)):
        assert sum((corpus.fits(tokens, t) or {}).values()) == pytest.approx(1)
    assert corpus.fits(("not", "I", "not"), 1) == {}
