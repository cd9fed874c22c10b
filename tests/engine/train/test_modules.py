"""Trainable layers beside the traces of the same weights."""

import numpy as np
import pytest
import torch
from gatestep.engine import CELLS, Stack, run, stack_from_tensors
from gatestep.engine.train.modules import hidden_states, recurrent_module

EVERY = pytest.mark.parametrize("cell", CELLS)


def made(cell: str, seed: int = 0) -> tuple[torch.nn.Module, Stack]:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        module = recurrent_module(cell, 3, 5)
    arrays = {name: tensor.numpy() for name, tensor in module.state_dict().items()}
    return module, stack_from_tensors(arrays, "made", cell)


@EVERY
def test_what_is_trained_is_what_is_stepped(cell: str) -> None:
    module, stack = made(cell)
    x = torch.randn(4, 9, 3, generator=torch.Generator().manual_seed(0))
    hidden = hidden_states(cell, module, x)
    assert hidden.shape == (4, 9, 5)
    for n in range(4):
        np.testing.assert_allclose(run(stack, x[n].numpy()).top, hidden[n].detach().numpy(), rtol=0, atol=1e-6)


@EVERY
def test_every_parameter_that_is_used_has_a_gradient(cell: str) -> None:
    module, _ = made(cell)
    (hidden_states(cell, module, torch.ones(2, 9, 3)) ** 2).sum().backward()  # type: ignore[no-untyped-call]
    for name, parameter in module.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().max() > 0, name


@pytest.mark.parametrize("cell", ["coupled-input", "coupled-forget"])
def test_gradients_by_the_kernel_are_those_of_the_equations(cell: str) -> None:
    """Peepholes of zero have the equations unrolled."""
    module, _ = made(cell)
    unrolled = torch.nn.ParameterDict({name: p.detach().clone() for name, p in module.named_parameters()})
    unrolled["weight_peephole_l0"] = torch.nn.Parameter(torch.zeros(3, 5))
    for each in (module, unrolled):
        (hidden_states(cell, each, torch.ones(2, 9, 3)) ** 2).sum().backward()  # type: ignore[no-untyped-call]
    for name, parameter in module.named_parameters():
        torch.testing.assert_close(parameter.grad, unrolled[name].grad, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("cell", ["lstm", "gru", "peephole", "coupled-input", "coupled-forget"])
def test_it_starts_out_keeping(cell: str) -> None:
    _, stack = made(cell)
    memory = stack.cell.memory(dict(run(stack, np.zeros((1, 3))).layer("l0").quantities))
    assert memory is not None
    assert memory[0].min() > 0.5
    low, high = (0.9, 0.98) if cell == "coupled-input" else (0.65, 0.8)
    assert low < memory[0].mean() < high
