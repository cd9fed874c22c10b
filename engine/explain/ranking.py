"""What units can be ordered by at a timestamp: how active, how saturated, how much they change, how long they remember.

Each looks at one layer at timestamp t and at the SINCE timestamps that were read before it; each returns a number a
unit, (H,).
"""

import numpy as np

from ..arrays import Floats
from ..trace import LayerTrace
from .provenance import memory_path
from .saturation import CLOSED, OPEN

SINCE = 128
"""The timestamps that are looked at, t among them: those that were read last."""


def looked_at(layer: LayerTrace, t: int) -> slice:
    """Return the timestamps that were read up to `t`, the last SINCE of them."""
    return slice(t, min(t + SINCE, len(layer))) if layer.weights.reverse else slice(max(t + 1 - SINCE, 0), t + 1)


def activity(layer: LayerTrace, t: int) -> Floats:
    """Return the mean size of what each unit shows, (H,): its hidden state, or o * tanh(c) before a projection."""
    span = looked_at(layer, t)
    if layer.weights.projection is None:
        shown = np.asarray(layer["hidden"][span], np.float64)
    else:
        memory = np.asarray(layer["cell"][span], np.float64)
        shown = np.asarray(layer["output"][span], np.float64) * layer.cell.output.apply(np, memory)
    sizes: Floats = np.abs(shown).mean(axis=0)
    return sizes


def change(layer: LayerTrace, t: int) -> Floats:
    """Return the size of the change of each unit's memory at `t`, (H,); of its hidden state in a cell without one."""
    state = layer.cell.memory_state or "hidden"
    moved: Floats = np.abs(np.asarray(layer[state][t], np.float64) - layer.before(t, state))
    return np.resize(moved, layer.H) if len(moved) == layer.H else np.pad(moved, (0, layer.H - len(moved)))


def saturation(layer: LayerTrace, t: int) -> Floats | None:
    """Return the share of gate values of each unit below CLOSED or above OPEN, (H,); None without gates."""
    gates = [name for name in layer.cell.gated if name != "candidate"]
    if not gates:
        return None
    values = np.stack([np.asarray(layer[name][looked_at(layer, t)]) for name in gates])
    shares: Floats = ((values < CLOSED) | (values > OPEN)).mean(axis=(0, 1))
    return shares


def half_life(layer: LayerTrace, t: int) -> Floats | None:
    """Return after how many timestamps half of a memory is left, (H,), as each unit has kept it; None without memory.

    That is ln(1/2) / mean(ln keep): inf where everything is kept, 0 where everything is dropped at some timestamp.
    """
    if layer.cell.memory_state is None:
        return None
    span = looked_at(layer, t)
    keep, _, _ = memory_path(layer, np.arange(span.start, span.stop), slice(None))
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.log(np.abs(keep)).mean(axis=0)
        lives: Floats = np.where(rate < 0, np.log(0.5) / rate, np.inf)
    return lives
