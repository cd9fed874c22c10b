"""From an answer back to the units that carry it and the timestamps that wrote them, by effect.

The measure is always the same: something is erased, the run goes on, and ln p of the answer changes. A unit is erased
by setting its hidden state to 0 where the answer is given. A write is erased by setting the candidate of a unit to 0 at
a timestamp, so that its input gate lets nothing in, whatever the cell; a vanilla RNN, which has no memory apart, by
setting its hidden state to 0 there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..models.words import WordNetwork
from ..trace import LayerTrace, Trace
from .patching import Patch, answer_row, effects_of
from .provenance import provenance

MOST_TRIED = 4096
"""Writes that are erased one by one; of more, those with the largest shares are."""


@dataclass(frozen=True)
class Carrier:
    """A unit of the last layer: ln p of the answer changes by `effect` when its hidden state is 0 at the answer."""

    layer: str
    unit: int
    effect: float


@dataclass(frozen=True)
class Write:
    """What `unit` of `layer` wrote at `t`: ln p of the answer changes by `effect` when it is erased.

    `share` is the part of the unit's memory at the answer that it is; 0 in a cell without an additive memory.
    """

    layer: str
    unit: int
    t: int
    effect: float
    share: float


@dataclass(frozen=True, eq=False)
class Why:
    """Why `answer` is said at `at`, with ln p `base`.

    `carriers` and `writes` come with what supports the answer most first, that is the most negative effect. `random` is
    a carrier drawn by chance, to compare the first with. `moments` are the effects of erasing all writes of a timestamp
    at once, (at + 1,). `tried` of `possible` writes were erased.
    """

    answer: str
    at: int
    base: float
    carriers: tuple[Carrier, ...]
    random: Carrier
    writes: tuple[Write, ...]
    moments: np.ndarray
    tried: int
    possible: int


def why(
    trace: Trace,
    network: WordNetwork,
    answer: str | None = None,
    at: int | None = None,
    seed: int = 0,
    most: int = MOST_TRIED,
) -> Why:
    """Return why `network` says `answer`, or its likeliest word, at timestamp `at`, from 0, or at the end.

    At most `most` writes are erased one by one. `seed` draws the unit that the carriers are compared with. Raises
    BadInput for a word that the network cannot say.
    """
    at = len(trace) - 1 if at is None else at
    row = answer_row(trace, network, answer, at)
    last = trace.layers[-len(trace.stack.layers[-1]) :]
    shown = [(layer.name, unit) for layer in last for unit in range(layer.weights.P)]
    base, effects = effects_of(trace, network, [(Patch(n, "hidden", u, at, 0.0),) for n, u in shown], row, at)
    carriers = [Carrier(name, unit, float(e)) for (name, unit), e in zip(shown, effects, strict=True)]
    weight = {(c.layer, c.unit): abs(c.effect) for c in carriers}
    possible = [write for layer in trace.layers for write in _writes(layer, at, weight)]
    chosen = sorted(possible, key=lambda each: -each[0])[:most]
    _, changes = effects_of(trace, network, [(patch,) for _, patch, _ in chosen], row, at)
    writes = [Write(p.layer, p.unit, p.t, float(e), share) for (_, p, share), e in zip(chosen, changes, strict=True)]
    moments = [[_erased(layer, unit, t) for layer in trace.layers for unit in range(layer.H)] for t in range(at + 1)]
    _, together = effects_of(trace, network, moments, row, at)
    return Why(
        network.vocabulary.words[row],
        at,
        base,
        tuple(sorted(carriers, key=lambda c: c.effect)),
        carriers[int(np.random.default_rng(seed).integers(len(carriers)))],
        tuple(sorted(writes, key=lambda w: w.effect)),
        together,
        len(chosen),
        len(possible),
    )


def _erased(layer: LayerTrace, unit: int, t: int) -> Patch:
    """The patch that takes away what `unit` writes at `t`."""
    return Patch(layer.name, "candidate" if layer.cell.remembers else "hidden", unit, t, 0.0)


def _writes(layer: LayerTrace, at: int, weight: dict[tuple[str, int], float]) -> Sequence[tuple[float, Patch, float]]:
    """Return (how promising it is, the patch that erases it, its share) of every write of `layer` up to `at`.

    Promising is a large share of what the unit remembers at `at`, and a unit that carries the answer.
    """
    found = []
    average = sum(weight.values()) / len(weight)
    for unit in range(layer.H):
        matters = weight.get((layer.name, unit), average)
        if layer.cell.remembers is None:
            sizes = np.abs(layer["hidden"][: at + 1, unit])
            found += [(matters * float(size), _erased(layer, unit, t), 0.0) for t, size in enumerate(sizes)]
            continue
        who = provenance(layer, at, unit)
        shares = dict(zip(who.timestamps.tolist(), who.shares().tolist(), strict=True))
        reach = range(at, len(layer)) if layer.weights.reverse else range(at + 1)
        found += [(matters * shares.get(t, 0.0), _erased(layer, unit, t), shares.get(t, 0.0)) for t in reach]
    return found
