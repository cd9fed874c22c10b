"""Finding units by what they do."""

import numpy as np

from ..engine import Trace, has_provenance, provenance


def carrier(trace: Trace, evidence: int) -> int | None:
    """Return the unit of the first layer in which most of what was written at `evidence` is left at the end.

    None for a cell without an additive memory, where nothing can be traced to its writer.
    """
    layer = trace.layers[0]
    if not has_provenance(layer.cell):
        return None
    left = [abs(provenance(layer, len(trace) - 1, unit).by(evidence)) for unit in range(layer.H)]
    return int(np.argmax(left))
