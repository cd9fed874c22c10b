"""Whole held-out sets: gates of shipped networks, what ablating a unit costs, sentences that differ in one word."""

import gc
import weakref
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from gatestep.engine import Ablated, Readout, Stack, WordNetwork, gates_of
from gatestep.engine.arrays import frozen
from gatestep.scenarios import SCENARIOS, accuracy_by_size, held_out_gates, minimal_pairs
from gatestep.scenarios.scoring import HELD_OUT_COUNT, held_out, held_out_traces

GATED = [
    ("order", "lstm"),
    ("clouds", "lstm"),
    ("sharing", "gru"),
    ("sharing", "peephole"),
    ("sharing", "coupled-input"),
]
Load = Callable[[str, str], WordNetwork]


@pytest.mark.parametrize(("name", "model"), GATED)
def test_the_shares_are_those_of_a_loop_over_the_held_out_traces(name: str, model: str, recurrent: Load) -> None:
    network, corpus = recurrent(name, model), SCENARIOS[name].corpus
    found = held_out_gates(network, corpus)
    layers = [trace.layers[0] for trace, _ in held_out_traces(network, corpus, HELD_OUT_COUNT)]
    assert len(found) == sum(map(len, layers))
    assert len(found.sentences) == HELD_OUT_COUNT * len(corpus.sizes)
    for gate in gates_of(network.stack.cell.quantities):
        values = np.concatenate([layer[gate] for layer in layers])
        np.testing.assert_allclose(found.closed[gate], (values < 0.1).mean(axis=0), atol=2 / len(values))
        np.testing.assert_allclose(found.open[gate], (values > 0.9).mean(axis=0), atol=2 / len(values))
        for unit in (0, network.stack.H - 1):
            (high,), (low,) = (found.extremes(gate, unit, 1, highest) for highest in (True, False))
            assert high.value == pytest.approx(values[:, unit].max(), abs=1e-6)
            assert low.value == pytest.approx(values[:, unit].min(), abs=1e-6)
            for extreme in (high, low):
                trace = network.trace(corpus.vocabulary.join(found.sentences[extreme.sentence]))
                assert trace.layers[0][gate][extreme.t, unit] == pytest.approx(extreme.value, abs=1e-6)


@pytest.mark.parametrize(("name", "model"), [*GATED, ("clouds", "rnn")])
def test_without_a_unit_the_score_is_that_of_a_network_in_which_nothing_leads_from_it(
    name: str, model: str, recurrent: Load
) -> None:
    network, corpus = recurrent(name, model), SCENARIOS[name].corpus
    for unit in (0, network.stack.H - 1):
        heard = np.arange(network.stack.H) != unit
        weights = network.stack.layers[0][0]
        stack = Stack(network.stack.cell, ((replace(weights, W=frozen(weights.W * heard)),),))
        readout = Readout(frozen(network.readout.matrix * heard), network.readout.bias)
        cut = accuracy_by_size(replace(network, stack=stack, readout=readout), corpus)
        assert accuracy_by_size(network, corpus, ablated=Ablated("l0", (unit,))) == cut


@pytest.mark.parametrize("name", SCENARIOS)
def test_pairs_differ_in_one_word_and_the_task_has_another_answer_to_each(name: str) -> None:
    corpus = SCENARIOS[name].corpus
    examples = [examples[0].words for examples in held_out(corpus, 1).values()]
    for tokens in [*map(corpus.vocabulary.split, SCENARIOS[name].sentences), *examples]:
        pairs = minimal_pairs(corpus, tokens)
        assert len(set(pairs)) == len(pairs)
        for pair in pairs:
            differ = [t for t, (one, other) in enumerate(zip(tokens, pair, strict=True)) if one != other]
            assert differ == [corpus.evidence(tokens)]
            assert pair[differ[0]] in corpus.vocabulary
            assert corpus.answer(pair) not in (None, corpus.answer(tokens))


def test_every_other_country_takes_the_place_of_pakistan_and_no_other_word() -> None:
    corpus = SCENARIOS["pakistan"].corpus
    pairs = minimal_pairs(corpus, corpus.vocabulary.split(SCENARIOS["pakistan"].sentences[0]))
    assert [pair[8] for pair in pairs] == ["Brazil", "Canada", "France", "India", "Japan", "Kenya", "Turkey"]
    assert len({corpus.answer(pair) for pair in pairs}) == 7


def test_there_are_no_pairs_where_no_word_is_the_evidence_or_no_other_makes_a_difference() -> None:
    assert minimal_pairs(SCENARIOS["pakistan"].corpus, ["it", "is", "sunny"]) == []
    assert minimal_pairs(SCENARIOS["dna"].corpus, list("CCATGGC")) == []
    assert minimal_pairs(SCENARIOS["dna"].corpus, list("CCATGTAG")) == [], "TAA stops it as well"


def test_what_is_read_is_kept(lstm: WordNetwork) -> None:
    corpus = SCENARIOS["pakistan"].corpus
    assert held_out_gates(lstm, corpus) is held_out_gates(lstm, corpus)


def test_what_is_found_of_a_network_is_kept_as_long_as_the_network(recurrent: Load) -> None:
    corpus, network = SCENARIOS["order"].corpus, replace(recurrent("order", "lstm"))
    gates = held_out_gates(network, corpus)
    assert held_out_gates(network, corpus) is gates
    assert accuracy_by_size(network, corpus) is accuracy_by_size(network, corpus)
    there = weakref.ref(network)
    del network
    gc.collect()
    assert there() is None
