"""How weights follow their gradients: by torch's own functions, so to the last bit as its optimizers move them.

The optimizers of `torch.optim` load torch's compiler when they are made, which takes as long again as torch itself.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


def forget_gradients(parameters: "Sequence[torch.Tensor]") -> None:
    """Let the next backward pass begin with gradients of zero."""
    for parameter in parameters:
        parameter.grad = None


def descend(parameters: "Sequence[torch.Tensor]", rate: float) -> None:
    """Take a step against the gradient, as torch.optim.SGD does; `rate` is its learning rate."""
    import torch

    with torch.no_grad():
        for parameter in parameters:
            if parameter.grad is not None:
                parameter.add_(parameter.grad, alpha=-rate)


class Adam:
    """Steps of `parameters` as torch.optim.Adam takes them with its defaults."""

    def __init__(self, parameters: "Sequence[torch.Tensor]") -> None:
        import torch

        self._parameters = list(parameters)
        self._means = [torch.zeros_like(p, memory_format=torch.preserve_format) for p in self._parameters]
        self._squares = [torch.zeros_like(p, memory_format=torch.preserve_format) for p in self._parameters]
        self._steps = [torch.tensor(0.0) for _ in self._parameters]

    def step(self, rate: float) -> None:
        """Take a step by the gradients, which all parameters have; `rate` is the learning rate."""
        import torch
        from torch.optim.adam import adam

        gradients = [p.grad for p in self._parameters if p.grad is not None]
        with torch.no_grad():
            adam(
                self._parameters, gradients, self._means, self._squares, [], self._steps, foreach=False, amsgrad=False,
                beta1=0.9, beta2=0.999, lr=rate, weight_decay=0, eps=1e-8, maximize=False,
            )  # fmt: skip
