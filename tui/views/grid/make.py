"""Computing a patch grid."""

from collections.abc import Callable

from ....engine import BadInput, Floats, Grid, Trace, WordNetwork, mean_of, patch_grid
from ...source.edited import words_of
from ...source.held import averaged_over
from .state import GridView, Patched

MOST = 2**31
"""States of all runs together, at all their timestamps, that are computed for one grid; some minutes' work."""


def patched(state: GridView, tick: Callable[[], object]) -> Patched:
    """Return the grid of the selected quantity. Raises BadInput for what cannot be patched."""
    here, network = state.here, words_of(state.here.subject)
    assert network is not None
    T, H = state.timestamps, here.layer_trace.weights.width(here.quantity)
    if T * T * H * sum(layer.H for layer in here.trace.layers) > MOST:
        raise BadInput(f"a grid of {H} units at {T:,} timestamps takes {T * H:,} runs, which is too many here")
    if state.source is None:
        means = mean_of(network, averaged_over(here.subject), here.quantity, here.layer)
        return Patched(_grid(state, network, means, tick), means)
    other = network.trace(state.source)
    return Patched(_grid(state, network, other, tick))


def _grid(state: GridView, network: WordNetwork, other: Trace | Floats, tick: Callable[[], object]) -> Grid:
    here = state.here
    return patch_grid(here.trace, network, here.quantity, other, state.answer, here.layer, state.at, tick)
