"""Steps down the gradient are those of torch's optimizers to the last bit, and load no compiler."""

import subprocess
import sys
from collections.abc import Callable

import pytest
import torch
from gatestep.engine.train.descent import Adam, descend, forget_gradients

RATE = 0.01


@pytest.mark.parametrize("name", ["Adam", "SGD"])
def test_a_step_is_torchs(name: str) -> None:
    def weights(take: Callable[[list[torch.nn.Parameter]], Callable[[float], object]]) -> list[torch.nn.Parameter]:
        torch.manual_seed(0)
        parameters = [torch.nn.Parameter(torch.randn(5, 3)), torch.nn.Parameter(torch.randn(3))]
        x, step = torch.randn(7, 5), take(parameters)
        for n in range(40):
            forget_gradients(parameters)
            (x @ parameters[0] + parameters[1]).tanh().square().sum().backward()  # type: ignore[no-untyped-call]
            step(RATE * (1 - n / 40))
        return parameters

    def torchs(parameters: list[torch.nn.Parameter]) -> Callable[[float], object]:
        optimizer = getattr(torch.optim, name)(parameters, lr=RATE)

        def step(rate: float) -> None:
            optimizer.param_groups[0]["lr"] = rate
            optimizer.step()

        return step

    def own(parameters: list[torch.nn.Parameter]) -> Callable[[float], object]:
        return Adam(parameters).step if name == "Adam" else lambda rate: descend(parameters, rate)

    for mine, theirs in zip(weights(own), weights(torchs), strict=True):
        assert torch.equal(mine, theirs)


TRAINING = """
import sys
from gatestep.scenarios.forecast import STARBUCKS
from gatestep.scenarios.remembering import learn
training = STARBUCKS.trained("windowed").task.train(0)
assert [next(training).epoch for _ in range(3)] == [0, 1, 2]
learn("rnn", 0, 2, 1.0)
assert "torch" in sys.modules
print([name for name in ("torch._dynamo", "sympy") if name in sys.modules])
"""


def test_training_loads_no_compiler() -> None:
    done = subprocess.run([sys.executable, "-c", TRAINING], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")
