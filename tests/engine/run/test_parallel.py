"""Fixed-point iteration: the very states of the forward pass step by step, or none where the network remembers."""

from collections.abc import Callable, Mapping
from typing import Any
from unittest import mock

import numpy as np
import pytest
from drawn import assert_close, normal
from gatestep.engine import CELLS, Floats, Stack, run, run_lazily, stack_from_tensors
from gatestep.engine.run import lazy as module
from gatestep.engine.run.lazy import SPAN, LazyLayer
from gatestep.engine.run.parallel import fixed_point_iteration
from gatestep.engine.run.walk import project, step_through
from gatestep.engine.weights import CellWeights

SPANS = 20


def stepped(weights: CellWeights, x: Floats, first: Mapping[str, Floats]) -> dict[str, Floats]:
    """Every state at the end of every span, one timestamp after the other."""
    q = step_through(weights, project(weights, x), first)
    return {state: q[state][SPAN - 1 :: SPAN] for state in first}


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("scale", [0.5, 2])
def test_it_ends_where_stepping_ends(make_network: Callable[..., tuple[Any, Stack]], cell: str, scale: float) -> None:
    _, stack = make_network(cell, scale=scale)
    weights, x = stack.flat[0], normal(SPANS * SPAN, 3)
    first = {state: normal(1, 4)[0] for state in stack.cell.states}
    found = fixed_point_iteration(weights, x, first, SPAN)
    assert found is not None
    expected = stepped(weights, x, first)
    for state in first:
        assert_close(found[state], expected[state], state)


def remembering() -> CellWeights:
    """An LSTM whose forget gates stand open."""
    rng = np.random.default_rng(0)
    tensors = {"weight_ih_l0": rng.normal(size=(16, 3)), "weight_hh_l0": rng.normal(size=(16, 4))}
    tensors |= {"bias_ih_l0": np.repeat([0.0, 30.0, 0.0, 0.0], 4), "bias_hh_l0": np.zeros(16)}
    return stack_from_tensors({name: t.astype(np.float32) for name, t in tensors.items()}, "test").flat[0]


def test_it_gives_up_where_the_network_remembers() -> None:
    weights = remembering()
    first = {state: np.zeros(4, np.float32) for state in weights.cell.states}
    assert fixed_point_iteration(weights, normal(SPANS * SPAN, 3), first, SPAN) is None


@pytest.mark.parametrize("kernel", [False, True])
def test_a_network_that_remembers_is_walked_through_all_the_same(kernel: bool) -> None:
    weights, T = remembering(), 3 * SPANS * SPAN + 5
    tensors = {"weight_ih_l0": weights.U, "weight_hh_l0": weights.W, "bias_ih_l0": weights.bias_ih}
    stack = stack_from_tensors({**tensors, "bias_hh_l0": weights.bias_hh}, "test")
    x = normal(T, 3)
    with (
        mock.patch.object(module, "kernel_pays", return_value=kernel),
        mock.patch.object(module, "torch_is_loaded", return_value=False),
        mock.patch.multiple(module, STRIDE=SPANS * SPAN, PACE=4 * SPAN),
        mock.patch.object(module, "fixed_point_iteration", side_effect=fixed_point_iteration) as iteration,
    ):
        layer = run_lazily(stack, x).layers[0]
        assert isinstance(layer, LazyLayer)
        left = [layer.missing(T - 1)]
        left += [layer.missing(T - 1) for _ in layer.reach(T - 1)]
        last = layer["cell"][T - 1]
    assert iteration.call_count == 1, "once is enough to know"
    assert not layer.walk.forgets
    assert max(np.diff(left) * -1) == (SPANS if kernel else 4) * SPAN, "who steps is held up for less long"
    assert_close(last, run(stack, x).layers[0]["cell"][T - 1])
