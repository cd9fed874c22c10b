"""How two runs diverge: the first timestamp at which they differ, and how far apart they are from there on."""

import numpy as np

from ..arrays import Floats
from ..trace import LayerTrace, Trace

ROUNDING = 1e-5
"""Differences up to here can come from float32 sums alone, whose order depends on how long the sequence is."""


def distance(one: LayerTrace, other: LayerTrace, quantity: str) -> Floats:
    """Return how far apart a quantity of the same units is in two runs, (T,) for the T timestamps that both have.

    That is the root mean square over the units. Raises ValueError for layers of different sizes, whose units are not
    each other's.
    """
    if one.H != other.H:
        raise ValueError(f"{one.H} units and {other.H} units have no distance")
    T = min(len(one), len(other))
    with np.errstate(over="ignore", invalid="ignore"):
        gaps = one[quantity][:T].astype(np.float64) - other[quantity][:T]
        rms: Floats = np.sqrt((gaps**2).mean(axis=1))
    return rms


def state_distances(one: Trace, other: Trace) -> dict[str, Floats]:
    """Return how far apart the states of the last layer are in two runs of one network: by name, (T,) each.

    That is `distance`, over the units of both directions where the layer has two.
    """
    count = len(one.stack.layers[-1])
    pairs = list(zip(one.layers[-count:], other.layers[-count:], strict=True))
    names = [name for name in ("cell", "hidden") if name in pairs[0][0].cell.quantities]
    return {name: np.sqrt(np.mean([distance(a, b, name) ** 2 for a, b in pairs], axis=0)) for name in names}


def total_variation(one: Trace, other: Trace) -> Floats:
    """Return how far apart two word networks' distributions are at every timestamp that both have, (T,) in 0..1.

    That is the total variation, half the sum of |p - p'|: the most by which they differ on any set of words. The
    vocabularies must be the same; raises ValueError where they are not.
    """
    if one.vocabulary is None or one.vocabulary != other.vocabulary:
        raise ValueError("networks with different vocabularies do not say the same words")
    pairs = [(one.probabilities(t), other.probabilities(t)) for t in range(min(len(one), len(other)))]
    apart = [0.5 * np.abs(p - q, dtype=np.float64).sum() for p, q in pairs if p is not None and q is not None]
    return np.minimum(apart, 1.0)  # float32 probabilities may add up to a little more


def first_divergence(one: Trace, other: Trace) -> int | None:
    """Return the first timestamp at which two runs diverge, None where they do not in the timestamps that both have.

    Two runs of one network diverge where a hidden state differs by more than ROUNDING, or is NaN in one of them alone;
    two networks, which differ in every number, where another word is likeliest.
    """
    T = min(len(one), len(other))
    if one.stack is other.stack:
        differ = ~np.isclose(one.top[:T], other.top[:T], rtol=0, atol=ROUNDING, equal_nan=True).all(axis=1)
    else:
        differ = np.array([_likeliest(one, t) != _likeliest(other, t) for t in range(T)])
    places = np.flatnonzero(differ)
    return int(places[0]) if len(places) else None


def _likeliest(run: Trace, t: int) -> int:
    p = run.probabilities(t)
    return -1 if p is None else int(p.argmax())
