"""A trace that is computed on demand."""

from collections.abc import Mapping
from typing import Any, cast

from ..arrays import Floats
from ..hook import Hook
from ..trace import Trace
from ..weights import CellWeights, Stack
from .forward import checked, initial_states
from .lazy import LazyLayer, LazyRun
from .rows import Looked, Rows, SideBySide
from .walk import through_layers


def run_lazily(
    stack: Stack,
    inputs: Any,
    initial: Mapping[str, Any] | None = None,
    source: str = "input",
    hook: Hook | None = None,
) -> Trace:
    """Return the same Trace as `run` does, with every quantity (T, H) computed where it is indexed.

    Takes and refuses what `run` does. The call itself costs no more than a copy of `inputs` (T, I); `LayerTrace.reach`
    walks to a far timestamp.
    """
    x = checked(stack, inputs, source)
    states = iter(initial_states(stack, initial or {}, source))

    def walk(weights: CellWeights, below: Floats | Rows) -> LazyLayer:
        first = next(states)
        walked = LazyRun(weights, below, first, hook)
        looked = {name: Looked(walked, name) for name in weights.cell.quantities}
        arrays = cast(Mapping[str, Floats], looked)  # they are indexed as arrays are
        return LazyLayer(weights, cast(Floats, below), first, arrays, hook, walk=walked)

    layers, _ = through_layers(stack, x, walk, SideBySide)
    return Trace(stack, x, tuple(layers))
