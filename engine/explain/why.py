"""From an answer back to the words it hangs on, the units that carry it and the timestamps that wrote them, by effect.

Every effect is a change of ln p of the answer after the run has gone on, so that negative ones support it:

    a unit      is erased: its hidden state is 0 where the answer is given
    a word      is exchanged for each other word that fits its place, weighted by how well it fits: the probability that
                the network gives it there and all that follows. Where only one word can stand, a comma, nothing hangs
                on which it is, however much the network counts on it
    a write     is exchanged alike: the memory of one unit, at one timestamp, is what the other words would have left
    a write     is erased: the candidate of the unit is 0 there, so that nothing is let in, as if its input gate were 0

Exchanging tells what the answer hangs on; erasing also finds what any answer needs. A vanilla RNN has no memory apart:
its hidden state stands for it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import BadInput
from ..models.words import WordNetwork
from ..trace import LayerTrace, Trace
from .exchange import Exchanged, exchanged, other_words
from .patching import Patch, answer_row, effects_of
from .provenance import provenance

MOST_TRIED = 4096
"""Runs of each kind; of more, those come first that stand for the largest shares of what the units remember."""


@dataclass(frozen=True)
class Carrier:
    """A unit of the last layer: ln p of the answer changes by `effect` when its hidden state is 0 at the answer."""

    layer: str
    unit: int
    effect: float


@dataclass(frozen=True)
class Word:
    """The word at `t`: exchanged for the `others` that fit there, most fitting first, ln p changes by `effect`."""

    t: int
    effect: float
    others: tuple[str, ...]


@dataclass(frozen=True)
class Write:
    """What `unit` of `layer` wrote at `t`: ln p of the answer changes by `effect` when it is exchanged.

    By `erased` it changes when nothing is written. `share` is the part of the unit's memory at the answer that it is; 0
    in a cell without an additive memory.
    """

    layer: str
    unit: int
    t: int
    effect: float
    erased: float
    share: float


@dataclass(frozen=True, eq=False)
class Why:
    """Why `answer` is said at `at`, with ln p `base`: `words`, `carriers` and `writes`, what supports it most first.

    `random` is a carrier drawn by chance, to compare the first with. `tried` of `possible` timestamps were exchanged.
    """

    answer: str
    at: int
    base: float
    words: tuple[Word, ...]
    carriers: tuple[Carrier, ...]
    random: Carrier
    writes: tuple[Write, ...]
    tried: int
    possible: int


def why(
    trace: Trace,
    network: WordNetwork,
    answer: str | None = None,
    at: int | None = None,
    seed: int = 0,
    most: int = MOST_TRIED,
    tick: Callable[[], object] | None = None,
) -> Why:
    """Return why `network` says `answer`, or its likeliest word, at timestamp `at`, from 0, or at the end.

    At most about `most` runs of each kind are made. `seed` draws the unit that the carriers are compared with. What
    `tick` raises, which is called at every timestamp, ends the work. Raises BadInput for a word that the network cannot
    say, and for one that reads in both directions.
    """
    if any(weights.reverse for weights in trace.stack.flat):
        raise BadInput("a network that reads in both directions has read the words after a place as well; what fits "
                       "there cannot be asked of it")  # fmt: skip
    at = len(trace) - 1 if at is None else at
    row = answer_row(trace, network, answer, at)
    last = trace.layers[-1]
    silent = [(Patch(last.name, "hidden", unit, at, 0.0),) for unit in range(last.weights.P)]
    base, effects = effects_of(trace, network, silent, row, at, tick)
    carriers = [Carrier(last.name, unit, float(e)) for unit, e in enumerate(effects)]
    shares = {layer.name: _shares(layer, at) for layer in trace.layers}
    promising = np.argsort(-_promise(shares, carriers), kind="stable").tolist()
    pairs, ts = other_words(trace, network, promising, most)
    found = exchanged(trace, network, pairs, row, at, tick)
    words = [_word(found, t, network) for t in ts]
    words.sort(key=lambda word: word.effect)
    return Why(
        network.vocabulary.words[row],
        at,
        base,
        tuple(words),
        tuple(sorted(carriers, key=lambda c: c.effect)),
        carriers[int(np.random.default_rng(seed).integers(len(carriers)))],
        tuple(_writes(trace, network, found, words, shares, row, at, most, tick)),
        len(ts),
        at + 1,
    )


def _shares(layer: LayerTrace, at: int) -> np.ndarray:
    """The share of what each unit remembers at `at` that each timestamp wrote, (at + 1, H); 0 without a memory."""
    shares = np.zeros((at + 1, layer.H))
    if layer.cell.memory_state is not None:
        for unit in range(layer.H):
            who = provenance(layer, at, unit)
            shares[who.timestamps, unit] = who.shares()
    return shares


def _promise(shares: dict[str, np.ndarray], carriers: Sequence[Carrier]) -> np.ndarray:
    """How promising each timestamp is, (at + 1,): its shares, in the last layer by what each unit carries."""
    weight = np.array([abs(c.effect) for c in carriers])
    total = np.zeros(len(next(iter(shares.values()))))
    for name, part in shares.items():
        known = name == carriers[0].layer and len(weight) == part.shape[1]
        total += part @ weight if known else part.sum(axis=1) * weight.mean()
    return total


def _word(found: Exchanged, t: int, network: WordNetwork) -> Word:
    fits = sorted(found.fitting(t), key=lambda n: -found.weights[n])
    effect = sum(float(found.weights[n] * found.effects[n]) for n in fits)
    return Word(t, effect, tuple(network.vocabulary.words[found.pairs[n][1]] for n in fits))


def _writes(
    trace: Trace,
    network: WordNetwork,
    found: Exchanged,
    words: Sequence[Word],
    shares: dict[str, np.ndarray],
    row: int,
    at: int,
    most: int,
    tick: Callable[[], object] | None,
) -> list[Write]:
    """The writes at the words on which most hangs, as many as are to be tried."""
    places: list[tuple[LayerTrace, int, int]] = []
    runs: list[tuple[Patch]] = []
    weights, owners = [], []
    for word in words:
        fits = found.fitting(word.t)
        if len(runs) + len(fits) * sum(layer.H for layer in trace.layers) > most and runs:
            break
        for layer in trace.layers:
            memory = layer.cell.memory_state or "hidden"
            for unit in range(layer.weights.width(memory)):
                for n in fits:
                    value = float(found.memories[layer.name][n, unit])
                    runs.append((Patch(layer.name, memory, unit, word.t, value),))
                    weights.append(found.weights[n])
                    owners.append(len(places))
                places.append((layer, unit, word.t))
    _, changes = effects_of(trace, network, runs, row, at, tick)
    effects = np.zeros(len(places))
    np.add.at(effects, np.array(owners, int), np.array(weights) * changes)
    nothing = [
        (Patch(layer.name, "candidate" if layer.cell.memory_state else "hidden", unit, t, 0.0),)
        for layer, unit, t in places
    ]
    _, erased = effects_of(trace, network, nothing, row, at, tick)
    made = [
        Write(layer.name, unit, t, float(effects[n]), float(erased[n]), float(shares[layer.name][t, unit]))
        for n, (layer, unit, t) in enumerate(places)
    ]
    return sorted(made, key=lambda write: write.effect)
