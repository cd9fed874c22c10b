"""Computing a patch grid."""

from collections.abc import Callable

from ....engine import BadInput, patch_grid
from ...source.patches import mean_values, source_run
from ...source.speaking import speaker_of
from .state import GridView, Patched

MOST = 2**31
"""The most states, of all runs at all their timestamps, that are computed for one grid: some minutes' work."""


def patched(state: GridView, on_progress: Callable[[int, int], object]) -> Patched:
    """Return the grid of the selected quantity. Raises BadInput for what cannot be patched, or takes too many runs.

    `on_progress` receives how much is done, and of how much; what it raises ends the work.
    """
    here, speaker = state.here, speaker_of(state.here.subject)
    assert speaker is not None
    T, H = state.timestamps, state.units
    if T * T * H * sum(layer.H for layer in here.trace.layers) > MOST:
        raise BadInput(
            f"a grid of {H} units at {T:,} timestamps takes {T * H:,} runs, which is too many here; it ends at the "
            "cursor: open it at an earlier timestamp"
        )
    means, other = None, None
    if state.source is None:
        means = mean_values(here.subject, speaker, here.quantity, here.layer, on_progress)
    else:
        other = source_run(here.subject, speaker, state.source)
    values = means if other is None else other
    assert values is not None
    grid = patch_grid(here.trace, speaker, here.quantity, values, state.answer, here.layer, state.at, on_progress)
    return Patched(grid, means)
