"""What a backward pass begins from where there is no loss: an output of a head, or the hidden state of a unit."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..trace import Readout, Trace
from .gradients import Gradients, gradients

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Aim:
    """Output number `output` of a head at timestamp `t`, or the hidden state of `unit` of the last layer at `t`.

    In a bidirectional layer the units of the reverse direction come after those of the forward one.
    """

    t: int
    output: int = 0
    unit: int | None = None


def aimed_gradients(trace: Trace, aim: Aim, head: Readout | None = None) -> Gradients:
    """Return the gradients of what `aim` names with respect to every state of `trace`; `losses` holds its value.

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
