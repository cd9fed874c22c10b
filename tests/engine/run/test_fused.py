"""Torch's kernel beside the plain steps. What the two make of whole networks is in test_running."""

from collections.abc import Callable
from typing import Any
from unittest import mock

import numpy as np
import pytest
import torch
from drawn import normal
from gatestep.engine import CELLS, Stack, Trace, run
from gatestep.engine.run import forward as running
from gatestep.engine.run import fused
from gatestep.engine.run.fused import PIECE, run_fused
from gatestep.engine.run.walk import project, step_through

Maker = Callable[..., tuple[Any, Stack]]
Runner = Callable[..., Trace]


@pytest.mark.parametrize("cell", [name for name in CELLS if name not in ("peephole", "gru-before")])
@pytest.mark.parametrize(("T", "piece"), [(1, PIECE), (2, PIECE), (300, PIECE), (300, 70), (300, 100)])
def test_it_is_the_steps_one_by_one(cell: str, T: int, piece: int, make_network: Maker) -> None:
    weights = make_network(cell, peepholes=False)[1].flat[0]
    x, initial = normal(T, 3), {"hidden": normal(4, seed=1), "cell": normal(4, seed=2)}
    with mock.patch.object(fused, "PIECE", piece):
        walked = run_fused(weights, x, initial)
    stepped = step_through(weights, project(weights, x), initial)
    assert set(walked) == set(stepped) == set(weights.cell.quantities)
    for name, array in stepped.items():
        np.testing.assert_allclose(walked[name], array, rtol=0, atol=1e-6, err_msg=name)


@pytest.mark.parametrize("cell", ["peephole", "coupled-input", "coupled-forget"])
def test_gates_that_look_at_the_memory_are_stepped(cell: str, make_network: Maker, run_by: Runner) -> None:
    _, stack = make_network(cell)
    with mock.patch.object(running, "run_fused", wraps=run_fused) as kernel:
        run(stack, normal(running.WORTH_THE_KERNEL, 3))
        run_by(stack, normal(5, 3), fused=True)
    assert kernel.call_count == 0


@pytest.mark.parametrize(("T", "calls"), [(running.WORTH_THE_KERNEL - 1, 0), (running.WORTH_THE_KERNEL, 2)])
def test_it_is_set_up_only_where_that_pays(T: int, calls: int, make_network: Maker) -> None:
    _, stack = make_network(num_layers=2)
    with mock.patch.object(running, "run_fused", wraps=run_fused) as kernel:
        run(stack, normal(T, 3))
    assert kernel.call_count == calls


def test_it_draws_nothing_from_torchs_generator(make_network: Maker, run_by: Runner) -> None:
    _, stack = make_network()
    before = torch.get_rng_state()
    run_by(stack, normal(5, 3), fused=True)
    assert torch.equal(torch.get_rng_state(), before)


def test_it_minds_no_default_type_of_torchs(make_network: Maker, run_by: Runner) -> None:
    _, stack = make_network()
    expected = run_by(stack, normal(5, 3), fused=True).top
    torch.set_default_dtype(torch.float64)
    try:
        np.testing.assert_array_equal(run_by(stack, normal(5, 3), fused=True).top, expected)
    finally:
        torch.set_default_dtype(torch.float32)
