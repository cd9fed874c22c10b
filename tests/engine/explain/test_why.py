"""The way back from an answer, against runs in which something is exchanged or erased one by one."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gatestep.engine import (
    CELLS,
    Readout,
    Stack,
    Surroundings,
    Trace,
    Vocabulary,
    WordNetwork,
    edited,
    run_lazily,
    why,
)
from gatestep.engine.arrays import frozen
from gatestep.engine.explain.why import BY
from gatestep.engine.trace import log_softmax
from gatestep.scenarios import find, shipped
from gatestep.tui.commands import why as command

MODELS = ("lstm", "rnn", "gru", "peephole", "coupled-input", "coupled-forget")


def said(trace: Trace, row: int, at: int) -> float:
    assert trace.readout is not None
    return float(log_softmax(trace.readout.scores(trace.top[at]).astype(np.float64))[row])


def shipped_words(scenario: str, model: str, place: int = 0) -> tuple[WordNetwork, Trace]:
    network = shipped(find(scenario), model)[0]
    assert isinstance(network, WordNetwork)
    return network, network.trace(find(scenario).sentences[place])


@pytest.fixture(scope="module")
def pakistan() -> tuple[WordNetwork, Trace]:
    return shipped_words("pakistan", "lstm")


@pytest.mark.parametrize("model", MODELS)
def test_at_the_blank_of_pakistan_it_arrives_at_pakistan(model: str) -> None:
    """For every network that ships; the shares of what is remembered alone name the word before the blank."""
    network, trace = shipped_words("pakistan", model)
    found = why(trace, network, "Pakistani")
    first, second = found.words[:2]
    assert (first.t, found.writes[0].t) == (8, 8)
    assert first.effect < second.effect - 1
    assert {"France", "Japan"} <= {*first.others}
    assert found.tried == found.possible == 24


@pytest.mark.parametrize("by", BY)
def test_words_and_writes_at_some_timestamps_alone_are_those_among_all(
    by: str, pakistan: tuple[WordNetwork, Trace]
) -> None:
    network, trace = pakistan
    whole, part = why(trace, network, by=by), why(trace, network, by=by, only=(8, 19))
    assert {word.t for word in part.words} == {write.t for write in part.writes} == {8, 19}
    there = [(w.t, w.unit) for w in whole.writes if w.t in (8, 19) and abs(w.effect) > 1e-3]
    assert [(w.t, w.unit) for w in part.writes if abs(w.effect) > 1e-3] == there
    effects = {(w.t, w.unit): w.effect for w in whole.writes}
    for write in part.writes:
        assert write.effect == pytest.approx(effects[write.t, write.unit], abs=1e-4)
    assert part.tried == part.possible == (2 if by == "exchanged" else 16)


def test_shares_alone_say_the_word_before_the_blank(pakistan: tuple[WordNetwork, Trace]) -> None:
    network, trace = pakistan
    assert max(why(trace, network, by="erased").writes, key=lambda write: write.share).t == 23


def test_effects_are_those_of_runs_of_their_own(pakistan: tuple[WordNetwork, Trace]) -> None:
    network, trace = pakistan
    found, row, last = why(trace, network), network.vocabulary.index("Pakistani"), len(trace) - 1
    carrier, write = found.carriers[0], next(w for w in found.writes if w.erased < -1)
    silent = said(edited(trace, [f"hidden[{carrier.unit}]=0@{last + 1}"]), row, last)
    assert carrier.effect == pytest.approx(silent - found.base, abs=1e-4)
    shut = said(edited(trace, [f"input[{write.unit}]=0@{write.t + 1}"]), row, last)
    assert write.erased == pytest.approx(shut - found.base, abs=1e-4)
    france = find("pakistan").sentences[0].replace("Pakistan", "France")
    assert said(network.trace(france), row, last) < found.base - 5


@pytest.mark.parametrize("cell", CELLS)
def test_each_write_and_word_that_is_erased_is_a_run_of_its_own(
    cell: str, make_word_network: Callable[..., WordNetwork]
) -> None:
    network = make_word_network(cell)
    trace, row = network.trace("my name is Ahmad"), network.vocabulary.index("is")
    found = why(trace, network, "is", at=2, by="erased")
    stack = trace.stack
    nothing = "candidate" if stack.cell.memory_state else "hidden"
    assert (found.by, found.tried, found.possible, len(found.writes)) == ("erased", 3 * stack.H, 3 * stack.H, 12)
    for write in found.writes:
        alone = said(edited(trace, [f"{nothing}[{write.unit}]=0@{write.t + 1}"]), row, 2)
        assert write.effect == write.erased == pytest.approx(alone - found.base, abs=1e-5)
    for word in found.words:
        alone = said(edited(trace, [f"{nothing}=0@{word.t + 1}"]), row, 2)
        assert word.effect == pytest.approx(alone - found.base, abs=1e-5)
    assert [w.effect for w in found.writes] == sorted(w.effect for w in found.writes)


def two_ways(make_network: Callable[..., tuple[Any, Stack]]) -> WordNetwork:
    _, stack = make_network("lstm", num_layers=2, bidirectional=True)
    rng = np.random.default_rng(0)
    matrix, bias, embedding = (frozen(rng.normal(size=shape)) for shape in ((4, 8), (4,), (4, 3)))
    return WordNetwork(Vocabulary(("<unknown>", "a", "b", "c")), embedding, stack, Readout(matrix, bias))


def test_in_both_directions_words_after_the_answer_count_too(make_network: Callable[..., tuple[Any, Stack]]) -> None:
    network = two_ways(make_network)
    trace, row = network.trace("a b c a"), network.vocabulary.index("b")
    found = why(trace, network, "b", at=1)
    assert (found.by, {word.t for word in found.words}) == ("erased", {0, 1, 2, 3})
    assert {carrier.layer for carrier in found.carriers} == {"l1", "l1_reverse"}
    for carrier in found.carriers[:3]:
        alone = said(edited(trace, [f"{carrier.layer}.hidden[{carrier.unit}]=0@2"]), row, 1)
        assert carrier.effect == pytest.approx(alone - found.base, abs=1e-5)
    after = [write for write in found.writes if write.t > 1 and write.layer == "l0_reverse"]
    for write in after[:3]:
        alone = said(edited(trace, [f"{write.layer}.candidate[{write.unit}]=0@{write.t + 1}"]), row, 1)
        assert write.effect == pytest.approx(alone - found.base, abs=1e-5)
    assert max(abs(write.effect) for write in after) > 1e-3


@pytest.mark.parametrize("by", BY)
def test_edits_stay_in_force(pakistan: tuple[WordNetwork, Trace], by: str) -> None:
    """The unit that holds the country is held still after it was read: the answer depends on the country no more."""
    network, plain = pakistan
    trace = edited(plain, ["cell[5]@9:=from()", "hidden[2]*=.5@9:"], Surroundings(network))
    found, row, last = why(trace, network, "Pakistani", by=by), network.vocabulary.index("Pakistani"), len(trace) - 1
    assert found.base == pytest.approx(said(trace, row, last), abs=1e-4)
    for write in found.writes[:2]:
        alone = said(edited(trace, [f"candidate[{write.unit}]=0@{write.t + 1}"]), row, last)
        assert write.erased == pytest.approx(alone - found.base, abs=1e-4)
    if by == "exchanged":
        held = next(word for word in found.words if word.t == 8)
        free = next(word for word in why(plain, network, "Pakistani").words if word.t == 8)
        assert held.effect > free.effect / 2


def test_another_unit_than_the_first_is_drawn(pakistan: tuple[WordNetwork, Trace]) -> None:
    network, trace = pakistan
    drawn = [why(trace, network, seed=seed, most=1) for seed in range(40)]
    assert {found.random.unit for found in drawn} == set(range(8)) - {drawn[0].carriers[0].unit}
    assert why(trace, network, seed=3, most=1).random == drawn[3].random


def test_a_lazy_run_is_asked_alike(pakistan: tuple[WordNetwork, Trace]) -> None:
    from dataclasses import replace

    network, trace = pakistan
    lazy = replace(trace, layers=run_lazily(trace.stack, trace.inputs).layers)
    one, other = why(trace, network, most=500), why(lazy, network, most=500)
    assert [w.t for w in one.words] == [w.t for w in other.words]
    np.testing.assert_allclose([w.effect for w in one.writes], [w.effect for w in other.writes], atol=1e-4)


def test_few_runs_are_made_where_only_few_may_be(pakistan: tuple[WordNetwork, Trace]) -> None:
    network, trace = pakistan
    found = why(trace, network, most=200)
    assert (found.tried, found.possible) == (3, 24)
    assert len(found.words) == 3
    found = why(trace, network, most=50, by="erased")
    assert (found.tried, found.possible, len(found.writes)) == (50, 24 * 8, 50)


def test_without_shares_the_nearest_come_first() -> None:
    network, trace = shipped_words("pakistan", "rnn")
    found = why(trace, network, most=13, by="erased")
    assert {write.t for write in found.writes} == {23}


def test_what_does_not_fit_is_refused(
    word_network: WordNetwork, make_network: Callable[..., tuple[Any, Stack]], refusal: Callable[..., str]
) -> None:
    trace = word_network.trace("my name")
    assert refusal(why, trace, word_network, "Turkey").startswith("Turkey is not among the words that this network can")
    assert refusal(why, trace, word_network, by="shares") == (
        "shares is an unknown measure; choose from exchanged, erased"
    )
    network = two_ways(make_network)
    line = refusal(why, network.trace("a b"), network, by="exchanged")
    assert line.startswith("a network that reads in both directions has read the words after a place as well")


def test_the_command_knows_the_same_measures() -> None:
    assert command.BY == BY
