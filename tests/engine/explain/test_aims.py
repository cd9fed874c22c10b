"""Gradients of an output or of a unit are those that torch's autograd gives through its own LSTM."""

import numpy as np
import pytest
import torch
from gatestep.engine import activation, run, stack_from_tensors
from gatestep.engine.explain.aims import Aim, aimed_gradients
from gatestep.engine.trace import Readout
from torch import nn

T, INPUTS, H, K = 6, 2, 3, 2


def expected(lstm: nn.LSTM, head: nn.Sequential, x: torch.Tensor, aim: Aim) -> np.ndarray:
    """|d value / d h_k| for every timestamp k up to the aim, by stepping torch's own LSTM one timestamp at a time."""
    states: list[torch.Tensor] = []
    h, c = (torch.zeros(1, H, dtype=torch.float64, requires_grad=True) for _ in range(2))
    for t in range(aim.t + 1):
        _, (h, c) = lstm(x[t : t + 1], (h, c))
        h.retain_grad()
        states.append(h)
    hidden = states[-1][0]
    value = hidden[aim.unit] if aim.unit is not None else head(hidden)[aim.output]
    value.backward()
    return np.array([float(s.grad.norm()) for s in states if s.grad is not None])


@pytest.mark.parametrize("aim", [Aim(5), Aim(3, 1), Aim(4, unit=2), Aim(0, unit=0)], ids=str)
def test_they_are_torchs(aim: Aim) -> None:
    torch.manual_seed(0)
    lstm = nn.LSTM(INPUTS, H).double()
    head = nn.Sequential(nn.ReLU(), nn.Linear(H, 4), nn.Tanh(), nn.Linear(4, K)).double()
    x = torch.randn(T, INPUTS, dtype=torch.float64)
    tensors = {name: p.detach().numpy() for name, p in lstm.named_parameters()}
    trace = run(stack_from_tensors(tensors, "lstm"), x.numpy())

    def dense(layer: nn.Module) -> tuple[np.ndarray, np.ndarray]:
        assert isinstance(layer, nn.Linear)
        return layer.weight.detach().numpy(), layer.bias.detach().numpy()

    readout = Readout(*dense(head[3]), (activation("relu"), dense(head[1]), activation("tanh")))
    found = aimed_gradients(trace, aim, readout)
    wanted = expected(lstm, head, x, aim)
    np.testing.assert_allclose(found.layers[0].norms("hidden")[: aim.t + 1], wanted, rtol=1e-5, atol=1e-7)
    assert not found.layers[0].norms("hidden")[aim.t + 1 :].any()


def test_an_output_takes_a_head() -> None:
    rng = np.random.default_rng(0)
    tensors = {"weight_ih_l0": rng.normal(size=(4, INPUTS)), "weight_hh_l0": rng.normal(size=(4, 1))}
    stack = stack_from_tensors(tensors, "w")
    with pytest.raises(ValueError, match="takes a head"):
        aimed_gradients(run(stack, rng.normal(size=(T, INPUTS))), Aim(0))
