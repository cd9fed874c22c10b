"""What a backward pass begins from where there is no loss: an output of a head, or the hidden state of a unit."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..trace import Readout, Trace
from .gradients import Gradients, gradients

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Aim:
    """Output number `output` of a head at timestamp `t`, or there the hidden state of `unit` of the last layer.

    Of a layer of two directions the units of the reverse one come after those of the other.
    """

    t: int
    output: int = 0
    unit: int | None = None


def aimed_gradients(trace: Trace, aim: Aim, head: Readout | None = None) -> Gradients:
    """Return what every state of `trace` has to do with what `aim` is of; its value is the only one of the losses.

    Raises BadInput and WorkFailed as `gradients` does, and ValueError for an output without a `head`.
    """
    if aim.unit is None and head is None:
        raise ValueError("an output takes a head")

    def value(hidden: "torch.Tensor", s: int) -> "torch.Tensor":
        import torch

        if aim.unit is not None or head is None:
            return hidden[aim.unit or 0]
        said: torch.Tensor = head.scores(hidden, lambda array: torch.tensor(array, dtype=torch.float64))[aim.output]
        return said

    return gradients(trace, value, [aim.t])
