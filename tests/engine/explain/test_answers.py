"""Why a network over numbers says what it says, and its patch grids, against runs of their own."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gatestep.engine import CELLS, Outputs, Readout, Scaling, Stack, Trace, edited, mean_over, patch_grid, run, why
from gatestep.engine.activations import activation
from gatestep.engine.arrays import frozen
from gatestep.engine.explain.intervene import Surroundings

Make = Callable[..., tuple[Any, Stack]]


def outputs_of(stack: Stack, T: int = 5, names: tuple[str, ...] = ("low", "high"), seed: int = 0) -> Outputs:
    """A run with a head of a hidden layer, whose numbers are in the thousands."""
    rng = np.random.default_rng(seed)
    head = np.random.default_rng(7)
    dense = (frozen(head.normal(size=(6, stack.D))), frozen(head.normal(size=6)))
    matrix, bias = frozen(head.normal(size=(len(names), 6))), frozen(head.normal(size=len(names)))
    trace = run(stack, frozen(rng.normal(size=(T, stack.I))))
    scaling = Scaling(np.linspace(5000, 9000, len(names)), np.linspace(100, 300, len(names)))
    return Outputs(trace, Readout(matrix, bias, (dense, activation("relu"))), "fc", names, scaling=scaling)


def said(outputs: Outputs, trace: Trace, output: int, at: int) -> float:
    """By hand: the head in the unit of its output."""
    assert outputs.scaling is not None
    hidden = trace.top[at].astype(np.float64)
    dense, _ = outputs.head.before
    assert isinstance(dense, tuple)
    matrix, bias = dense
    scaled = outputs.head.matrix @ np.maximum(matrix @ hidden + bias, 0) + outputs.head.bias
    return float(scaled[output] * outputs.scaling.scale[output] + outputs.scaling.offset[output])


@pytest.mark.parametrize("cell", CELLS)
def test_each_write_timestamp_and_unit_that_is_erased_is_a_run_of_its_own(cell: str, make_network: Make) -> None:
    outputs = outputs_of(make_network(cell)[1])
    trace = outputs.trace
    found = why(trace, outputs, "high", at=3)
    nothing = "candidate" if trace.stack.cell.memory_state else "hidden"
    assert (found.of_numbers, found.by, found.answer, found.at) == (True, "erased", "high", 3)
    assert found.base == pytest.approx(said(outputs, trace, 1, 3), rel=1e-6)
    assert found.base == pytest.approx(outputs.values(3, 4)[0, 1], rel=1e-6)
    assert found.tried == found.possible == len(found.writes) == 4 * trace.stack.H
    for write in found.writes:
        alone = said(outputs, edited(trace, [f"{nothing}[{write.unit}]=0@{write.t + 1}"]), 1, 3)
        assert write.effect == write.erased == pytest.approx(alone - found.base, abs=2e-3)
    for word in found.words:
        alone = said(outputs, edited(trace, [f"{nothing}=0@{word.t + 1}"]), 1, 3)
        assert word.effect == pytest.approx(alone - found.base, abs=2e-3)
    for carrier in found.carriers:
        alone = said(outputs, edited(trace, [f"hidden[{carrier.unit}]=0@4"]), 1, 3)
        assert carrier.effect == pytest.approx(alone - found.base, abs=2e-3)
    assert max(abs(write.effect) for write in found.writes) > 1
    for effects in ([w.effect for w in found.writes], [w.effect for w in found.words]):
        assert effects == sorted(effects, key=lambda effect: -abs(effect))


@pytest.mark.parametrize("cell", CELLS)
def test_each_cell_of_a_grid_is_a_run_of_its_own(cell: str, make_network: Make) -> None:
    stack = make_network(cell)[1]
    outputs, other = outputs_of(stack), outputs_of(stack, seed=1).trace
    trace, around = outputs.trace, Surroundings(sequences=lambda number: other)
    for quantity in stack.cell.quantities:
        grid = patch_grid(trace, outputs, quantity, other, "low", at=3)
        assert (grid.of_numbers, grid.answer, grid.effects.shape) == (True, "low", (4, stack.H))
        for t, unit in ((0, 1), (1, 3), (3, 0)):
            patched = edited(trace, [f"{quantity}[{unit}]@{t + 1}=from(2)"], around)
            assert grid.effects[t, unit] == pytest.approx(
                said(outputs, patched, 0, 3) - said(outputs, trace, 0, 3), abs=2e-3
            )


def test_a_stack_of_both_directions_with_edits_in_force(make_network: Make) -> None:
    """What is written after the answer counts in the reverse direction."""
    outputs = outputs_of(make_network("lstm", num_layers=2, bidirectional=True)[1])
    trace = edited(outputs.trace, ["l0.forget[1]=0@2", "l1_reverse.hidden[0]*=.5"])
    found = why(trace, outputs, "1", at=2)
    assert found.answer == "high"
    assert found.base == pytest.approx(said(outputs, trace, 1, 2), rel=1e-6)
    assert {carrier.layer for carrier in found.carriers} == {"l1", "l1_reverse"}
    assert {word.t for word in found.words} == set(range(5))
    after = [write for write in found.writes if write.t > 2 and write.layer == "l0_reverse"]
    for write in (*found.writes[:3], *after[:3]):
        alone = said(outputs, edited(trace, [f"{write.layer}.candidate[{write.unit}]=0@{write.t + 1}"]), 1, 2)
        assert write.effect == pytest.approx(alone - found.base, abs=2e-3)
    assert max(abs(write.effect) for write in after) > 0.1
    other = outputs_of(trace.stack, seed=1).trace
    grid = patch_grid(trace, outputs, "hidden", other, "high", "l0_reverse", at=2)
    patched = edited(trace, ["l0_reverse.hidden[3]@2=from(2)"], Surroundings(sequences=lambda number: other))
    assert grid.effects[1, 3] == pytest.approx(said(outputs, patched, 1, 2) - found.base, abs=2e-3)


def test_a_run_patched_into_itself_changes_nothing(make_network: Make) -> None:
    outputs = outputs_of(make_network("gru")[1], names=("y",))
    grid = patch_grid(outputs.trace, outputs, "cell" if "cell" in outputs.trace.layers[0].quantities else "hidden",
                      outputs.trace)  # fmt: skip
    assert grid.answer == "y"
    np.testing.assert_allclose(grid.effects, 0, atol=1e-3)


def test_a_unit_that_a_rectifier_keeps_out_has_no_effect_at_all(make_network: Make) -> None:
    """Not even one of rounding, which would stand for a number in the unit of the output."""
    stack = make_network("lstm")[1]
    plain = outputs_of(stack, names=("y",))
    dead = (np.flatnonzero(plain.trace.top[-1] < 0)).tolist()
    assert dead
    head = Readout(frozen(np.full((1, stack.D), 0.3)), frozen([0.1]), (activation("relu"),))
    found = why(plain.trace, Outputs(plain.trace, head, "fc", ("y",), scaling=plain.scaling))
    assert [carrier.effect for carrier in found.carriers if carrier.unit in dead] == [0.0] * len(dead)


def test_a_mean_is_that_of_all_timestamps_of_all_runs(make_network: Make) -> None:
    stack = make_network("lstm")[1]
    outputs, others = outputs_of(stack), [outputs_of(stack, T, seed=T).trace for T in (2, 7)]
    mean = mean_over(others, "cell")
    everything = np.concatenate([other.layers[0]["cell"] for other in others])
    np.testing.assert_allclose(mean, everything.mean(axis=0), atol=1e-6)
    grid = patch_grid(outputs.trace, outputs, "cell", mean, "high")
    patched = edited(outputs.trace, [f"cell[2]={float(mean[2])!r}@3"])
    assert grid.effects[2, 2] == pytest.approx(said(outputs, patched, 1, 4) - grid.base, abs=2e-3)


def test_what_does_not_fit_is_refused(make_network: Make, refusal: Callable[..., str]) -> None:
    outputs = outputs_of(make_network("lstm")[1])
    trace = outputs.trace
    assert refusal(why, trace, outputs) == "this network gives 2 outputs; say which of low, high"
    assert refusal(why, trace, outputs, "2") == "there is no output 2; choose from low, high"
    assert refusal(patch_grid, trace, outputs, "cell", trace, "mid") == "there is no output mid; choose from low, high"
    assert refusal(why, trace, outputs, "low", by="exchanged").startswith("this network reads numbers; which others")
    other = outputs_of(trace.stack, 3).trace
    line = refusal(patch_grid, trace, outputs, "cell", other, "low")
    assert line.startswith("the other sequence has 3 timestamps, and this one 5")
