from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gatestep.engine import CELLS, Stack, has_provenance, provenance, run, stack_from_tensors
from hypothesis import given
from hypothesis import strategies as st

Maker = Callable[..., tuple[Any, Stack]]


@pytest.mark.parametrize("cell", [name for name, cell in CELLS.items() if has_provenance(cell)])
@pytest.mark.parametrize("layer", ["l0", "l0_reverse"])
@given(seed=st.integers(0, 99), T=st.integers(1, 40), data=st.data())
def test_what_everyone_wrote_adds_up_to_the_memory(
    make_network: Maker, cell: str, layer: str, seed: int, T: int, data: st.DataObject
) -> None:
    _, stack = make_network(cell, seed=seed, scale=3, bidirectional=True)
    rng = np.random.default_rng(seed)
    memory = stack.cell.memory_state
    initial = {"cell": "c0", "hidden": "h0"}[memory or ""]
    trace = run(stack, rng.normal(size=(T, 3)), {initial: rng.normal(size=(2, 4)) * 10})
    t, unit = data.draw(st.integers(0, T - 1)), data.draw(st.integers(0, 3))
    found = provenance(trace.layer(layer), t, unit)
    assert found.total == pytest.approx(float(trace[t][f"{layer}.{memory}"][unit]), rel=1e-5, abs=1e-5)
    shares = found.shares()
    assert shares.min() >= 0
    assert shares.sum() <= 1 + 1e-12
    assert [found.timestamps[0], found.timestamps[-1]] == ([0, t] if layer == "l0" else [T - 1, t])


def half_open(bias_of_candidate: float, **more: Any) -> Stack:
    """One unit whose gates all stand at one half and whose candidate is always the same."""
    zeros = np.zeros((4, 1))
    tensors = {"weight_ih_l0": zeros, "weight_hh_l0": zeros, "bias_ih_l0": np.array([0, 0, bias_of_candidate, 0])}
    return stack_from_tensors(tensors | more, "made")


def test_each_step_keeps_the_part_that_the_forget_gate_lets_through() -> None:
    trace = run(half_open(100.0), np.zeros((4, 1)), {"c0": [[16.0]]})
    found = provenance(trace.layer("l0"), 3, 0)
    np.testing.assert_allclose(found.written, [0.0625, 0.125, 0.25, 0.5])
    assert found.initial == 1.0
    np.testing.assert_allclose(found.shares(), found.written / 1.9375)


def test_the_largest_writers_come_first_with_their_shares() -> None:
    trace = run(half_open(-100.0), np.zeros((4, 1)))
    found = provenance(trace.layer("l0"), 2, 0)
    np.testing.assert_allclose(found.largest(2), [(2, -0.5, 4 / 7), (1, -0.25, 2 / 7)])
    assert [t for t, _, _ in found.largest(99)] == [2, 1, 0]


def test_a_reverse_direction_is_written_from_the_end() -> None:
    reverse = {f"{name}_reverse": array for name, array in {
        "weight_ih_l0": np.zeros((4, 1)), "weight_hh_l0": np.zeros((4, 1)), "bias_ih_l0": np.array([0, 0, 100.0, 0]),
    }.items()}  # fmt: skip
    trace = run(half_open(0.0, **reverse), np.zeros((4, 1)))
    found = provenance(trace.layer("l0_reverse"), 1, 0)
    assert found.timestamps.tolist() == [3, 2, 1]
    np.testing.assert_allclose(found.written, [0.125, 0.25, 0.5])


def test_an_empty_memory_has_no_writers() -> None:
    trace = run(half_open(0.0), np.zeros((3, 1)))
    assert provenance(trace.layer("l0"), 2, 0).shares().tolist() == [0, 0, 0]


def test_a_cell_that_rewrites_everything_has_none(make_network: Maker) -> None:
    assert [name for name, cell in CELLS.items() if not has_provenance(cell)] == ["rnn"]
    trace = run(make_network("rnn")[1], np.zeros((2, 3)))
    with pytest.raises(ValueError, match="RNN has no additive memory"):
        provenance(trace.layer("l0"), 0, 0)
