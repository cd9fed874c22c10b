"""Units that are ablated, beside others drawn at random: both are runs of their own."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gatestep.engine import CELLS, Stack, Trace, WordNetwork, ablation, edited, run, stack_from_tensors
from gatestep.engine.trace import log_softmax


def said(trace: Trace, row: int, at: int) -> float:
    assert trace.readout is not None
    return float(log_softmax(trace.readout.scores(trace.top[at]).astype(np.float64))[row])


@pytest.mark.parametrize("cell", CELLS)
def test_both_are_what_edits_do(cell: str, make_word_network: Callable[..., WordNetwork]) -> None:
    trace = make_word_network(cell).trace("my name is Ahmad")
    assert trace.readout is not None
    found = ablation(trace, "l0", [2], at=2)
    assert found.random is not None
    assert found.answer is not None
    assert found.answer == trace.readout.scores(trace.top[2]).argmax()
    for one in (found.chosen, found.random):
        (unit,) = one.units
        alone = edited(trace, [f"hidden[{unit}]=0"])
        assert one.log_p == pytest.approx(said(alone, found.answer, 2) - said(trace, found.answer, 2), abs=1e-5)
        others = np.delete(alone.top - trace.top, unit, axis=1)
        assert one.hidden == pytest.approx(np.sqrt((others.astype(float) ** 2).mean()), abs=1e-6)
        before, after = (trace.readout.scores(run.top).argmax(axis=1) for run in (trace, alone))
        assert one.changed == (before != after).sum()


def test_the_other_unit_is_drawn_with_a_seed_and_is_another(word_network: WordNetwork) -> None:
    trace = word_network.trace("my name is Ahmad")
    drawn = [ablation(trace, "l0", [2], seed=seed).random for seed in range(30)]
    assert {one.units for one in drawn if one} == {(0,), (1,), (3,)}
    assert ablation(trace, "l0", [2], seed=5).random == drawn[5]
    two = ablation(trace, "l0", [0, 1]).random
    assert two is not None
    assert two.units == (2, 3)
    assert ablation(trace, "l0", range(4)).random is None


def test_edits_stay_in_force_but_for_the_one_that_ablates(word_network: WordNetwork) -> None:
    trace = word_network.trace("my name is Ahmad")
    only, both = edited(trace, ["forget[1]=0"]), edited(trace, ["forget[1]=0", "hidden[2]=0"])
    wanted, found = ablation(only, "l0", [2]), ablation(both, "l0", [2], but=both.edits[1])
    assert found == wanted != ablation(trace, "l0", [2])
    again = ablation(both, "l0", [2]).chosen
    assert (again.hidden, again.log_p, again.changed) == (0, 0, 0)


def test_any_direction_of_any_layer_and_networks_without_words(make_network: Callable[..., tuple[Any, Stack]]) -> None:
    _, stack = make_network("lstm", num_layers=2, bidirectional=True)
    trace = run(stack, np.random.default_rng(0).normal(size=(7, stack.I)))
    for layer in ("l0", "l1_reverse"):
        found = ablation(trace, layer, [1])
        gaps = (edited(trace, [f"{layer}.hidden[1]=0"]).top - trace.top).astype(float)
        others = np.delete(gaps, stack.H + 1, axis=1) if layer == "l1_reverse" else gaps
        assert found.chosen.hidden == pytest.approx(np.sqrt((others**2).mean()), abs=1e-6)
        assert (found.chosen.log_p, found.answer) == (None, None)


def test_of_one_unit_there_is_no_other(refusal: Callable[..., str]) -> None:
    weights = {"weight_ih_l0": np.ones((4, 2)), "weight_hh_l0": np.ones((4, 1))}
    trace = run(stack_from_tensors(weights, "made"), np.ones((3, 2)))
    assert ablation(trace, "l0", [0]).random is None
    assert refusal(ablation, trace, "l1", [0]) == "there is no layer l1; choose from l0"
    assert refusal(ablation, trace, "l0", [1]) == "units [1] are not all there; choose from 0 to 0"
    assert refusal(ablation, trace, "l0", [0], 3) == "there is no timestamp 4; choose from 1 to 3"
