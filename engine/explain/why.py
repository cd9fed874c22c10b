"""From an answer back to the words it depends on, the units that carry it and the timestamps that wrote them.

Every effect is the change in ln p of the answer once the run has continued; negative ones support it. A unit is erased:
its hidden state is 0 where the answer is given. For words and writes there are two measures, BY:

    exchanged   A word is exchanged for each other word that fits its place, weighted by how well it fits: the
                probability that the network gives it there and all that follows. Where a network does not predict the
                next word, the caller says what fits. A write is exchanged alike: the memory of one unit, at one
                timestamp, is what the other words would have left. This shows what the answer depends on. Where only
                one word fits, such as a comma, nothing depends on which it is, however much the network relies on it.
    erased      A write is erased: the candidate of the unit is 0 at the timestamp, so that nothing is written, as if
                its input gate were 0. A word is erased where this happens to all units of all layers at once. This
                shows what any answer needs: a comma that is counted, no less than the word that decides.

What is stored by forgetting is not a write and cannot be erased: at a country, a counter may be kept in part, and the
part tells which country it was. Exchanging changes what the unit holds, however it came to hold it. A network that
reads in both directions has also read the words after a position; what fits there cannot be asked of it, so it is
erased. A vanilla RNN has no separate memory: its hidden state is used.

Of a network over numbers the answer is a number that its head gives, and an effect the change of it, in its unit: the
largest come first, whichever way they go. No other numbers are known to fit a place; they are erased.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import BadInput
from ..models.words import WordNetwork
from ..trace import LayerTrace, Trace
from .answers import Answer, Speaker, answer_of
from .exchange import Exchanged, Fits, exchanged, other_words
from .patching import Patch, effects_of, reaching
from .provenance import provenance

BY = ("exchanged", "erased")
"""The measures by which words and writes are ranked."""

MOST_TRIED = 4096
"""Runs of each kind; of more, those come first that stand for the largest shares of what the units remember."""


@dataclass(frozen=True)
class Carrier:
    """A unit of the last layer: the answer changes by `effect` when its hidden state is 0 there."""

    layer: str
    unit: int
    effect: float


@dataclass(frozen=True)
class Word:
    """What is read at `t`: the answer changes by `effect` when it is exchanged, or erased.

    It is exchanged for the `others` that fit there. The most fitting come first; where words are erased there are none.
    """

    t: int
    effect: float
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Write:
    """What `unit` of `layer` wrote at `t`: the answer changes by `effect` when it is exchanged, or erased.

    `erased` is the change when it is erased, by either measure. `share` is the part of the unit's memory at the answer
    that it makes up; 0 in a cell without an additive memory.
    """

    layer: str
    unit: int
    t: int
    effect: float
    erased: float
    share: float


@dataclass(frozen=True, eq=False)
class Why:
    """Why `answer` is given at `at`, with ln p `base`: `words`, `carriers` and `writes`, what supports it most first.

    `by` is the measure of words and writes, one of BY. `random` is one drawn at random from the other carriers, to
    compare the first with. `tried` of `possible` timestamps were exchanged, or writes erased. Where `of_numbers`, the
    answer is an output of that name, `base` and effects are in its unit, and the largest effects come first.
    """

    answer: str
    at: int
    base: float
    by: str
    words: tuple[Word, ...]
    carriers: tuple[Carrier, ...]
    random: Carrier
    writes: tuple[Write, ...]
    tried: int
    possible: int
    of_numbers: bool = False


def why(
    trace: Trace,
    network: Speaker,
    answer: str | None = None,
    at: int | None = None,
    seed: int = 0,
    most: int = MOST_TRIED,
    by: str | None = None,
    only: Sequence[int] | None = None,
    tick: Callable[[], object] | None = None,
    fits: Fits | None = None,
) -> Why:
    """Return why `network` says `answer`, or its likeliest word, at timestamp `at`, from 0, or at the end.

    `network` may be the outputs of one over numbers; then `answer` names one, which can be left out where there is one.
    `by` is one of BY; without it, words are exchanged where that can be. `only` are the timestamps, from 0, whose words
    and writes are tried; all by default. At most about `most` runs of each kind are made; edits of the `trace` stay in
    force. `seed` draws the unit that the first carrier is compared with. `tick` is called at every timestamp; what it
    raises ends the work. `fits` says which words fit a place where the network does not predict the next word; without
    it, or where it returns None, the network is asked. Raises BadInput for an answer that the network cannot give, an
    unknown measure, and `by` "exchanged" where it cannot be asked: of numbers, of a network that answers with other
    words than it reads, and of one that reads in both directions.
    """
    reverse = trace.stack.reads_back
    words = network if isinstance(network, WordNetwork) else None
    by = by or ("erased" if reverse or words is None or words.answers is not None else "exchanged")
    if by not in BY:
        raise BadInput(f"{by} is an unknown measure; choose from {', '.join(BY)}")
    if words is None and by == "exchanged":
        raise BadInput("this network reads numbers; which others fit a place is not known, and what is written can "
                       "only be erased")  # fmt: skip
    if words is not None and words.answers is not None and by == "exchanged":
        raise BadInput("this network answers with other words than it reads; which words fit a place cannot be asked "
                       "of it, and words can only be erased")  # fmt: skip
    if reverse and by == "exchanged":
        raise BadInput("a network that reads in both directions has read the words after a place as well; what fits "
                       "there cannot be asked of it, and words can only be erased")  # fmt: skip
    at = len(trace) - 1 if at is None else at
    watched = answer_of(trace, network, answer, at)
    last = [trace.layer(weights.name) for weights in trace.stack.layers[-1]]
    shown = [(layer.name, unit) for layer in last for unit in range(layer.weights.P)]
    silent = [(Patch(name, "hidden", unit, at, 0.0),) for name, unit in shown]
    base, effects = effects_of(trace, watched, silent, at, tick)
    carriers = [Carrier(name, unit, float(e)) for (name, unit), e in zip(shown, effects, strict=True)]
    carriers.sort(key=lambda carrier: watched.rank(carrier.effect))
    others = carriers[1:] or carriers
    T = reaching(trace, at)
    shares = {layer.name: _shares(layer, at, T) for layer in trace.layers}
    asked = _Asked(trace, watched, at, most, T, shares, carriers, only, tick, fits)
    found, writes, tried, possible = _erased(asked) if by == "erased" or words is None else _exchanged(asked, words)
    return Why(
        watched.name, at, base, by, tuple(sorted(found, key=lambda word: watched.rank(word.effect))),
        tuple(carriers), others[int(np.random.default_rng(seed).integers(len(others)))],
        tuple(sorted(writes, key=lambda write: watched.rank(write.effect))), tried, possible, watched.row is None,
    )  # fmt: skip


Answered = tuple[Sequence[Word], Sequence[Write], int, int]
"""Words and writes in any order, and how many were tried of how many there are."""

Place = tuple[LayerTrace, int, int]
"""(layer, unit, timestamp) of a write."""


@dataclass(frozen=True, eq=False)
class _Asked:
    """What is asked: the `answer` at `at`, with at most about `most` runs; `shares` (T, H) are by layer.

    T is how many timestamps the answer can depend on, and `only` are those that are tried, None for all.
    """

    trace: Trace
    answer: Answer
    at: int
    most: int
    T: int
    shares: dict[str, np.ndarray]
    carriers: Sequence[Carrier]
    only: Sequence[int] | None
    tick: Callable[[], object] | None
    fits: Fits | None

    def effects(self, runs: Sequence[Sequence[Patch]]) -> np.ndarray:
        """Return by how much each of `runs`, N of them, changes the answer, (N,)."""
        return effects_of(self.trace, self.answer, runs, self.at, self.tick)[1]

    def promise(self, layer: LayerTrace) -> np.ndarray:
        """Return how promising each write of `layer` is, (T, H): its share, times the effect of its unit as a carrier.

        Where its units are no carriers, below the last layer or before a projection, it is times the mean effect.
        """
        every = np.array([abs(c.effect) for c in self.carriers])
        own = np.array([abs(c.effect) for c in sorted(self.carriers, key=lambda c: c.unit) if c.layer == layer.name])
        promise: np.ndarray = self.shares[layer.name] * (own if len(own) == layer.H else every.mean())
        return promise

    def first(self, promise: np.ndarray) -> list[int]:
        """Return the places of `promise` (T,) or (T, N), flat, most promising first; of equals the nearest to `at`.

        Places at timestamps that are not to be tried are left out.
        """
        near = np.broadcast_to(np.abs(np.arange(self.T) - self.at)[:, None], (self.T, promise.size // self.T))
        found = np.lexsort((near.ravel(), -promise.ravel()))
        if self.only is not None:
            found = found[np.isin(found // near.shape[1], self.only)]
        places: list[int] = found.tolist()
        return places


def _shares(layer: LayerTrace, at: int, T: int) -> np.ndarray:
    """The share of what each unit remembers at `at` that each timestamp wrote, (T, H); 0 without a memory."""
    shares = np.zeros((T, layer.H))
    if layer.cell.memory_state is not None:
        for unit in range(layer.H):
            who = provenance(layer, at, unit)
            shares[who.timestamps, unit] = who.shares()
    return shares


def _nothing(place: Place) -> Patch:
    """The patch by which nothing is written at `place`."""
    layer, unit, t = place
    return Patch(layer.name, "candidate" if layer.cell.memory_state else "hidden", unit, t, 0.0)


def _promises(asked: _Asked) -> np.ndarray:
    """How promising each write of each layer is, (T, units of all layers)."""
    return np.concatenate([asked.promise(layer) for layer in asked.trace.layers], axis=1)


def _erased(asked: _Asked) -> Answered:
    """Erase the most promising writes one by one, and all of the most promising timestamps."""
    layers = asked.trace.layers
    wide = [(layer, unit) for layer in layers for unit in range(layer.H)]
    promise = _promises(asked)
    possible = asked.first(promise)
    places = [(*wide[n % len(wide)], n // len(wide)) for n in possible[: asked.most]]
    effects = asked.effects([(_nothing(place),) for place in places]).tolist()
    writes = [_write(asked, place, e, e) for place, e in zip(places, effects, strict=True)]
    ts = asked.first(promise.sum(axis=1))[: asked.most]
    at_once = asked.effects([[_nothing((layer, unit, t)) for layer, unit in wide] for t in ts]).tolist()
    return [Word(t, e) for t, e in zip(ts, at_once, strict=True)], writes, len(places), len(possible)


def _write(asked: _Asked, place: Place, effect: float, erased: float) -> Write:
    layer, unit, t = place
    return Write(layer.name, unit, t, effect, erased, float(asked.shares[layer.name][t, unit]))


def _exchanged(asked: _Asked, network: WordNetwork) -> Answered:
    """Exchange the words at the most promising timestamps, and the writes at those on which most hangs."""
    assert asked.answer.row is not None
    promising = asked.first(_promises(asked).sum(axis=1))
    pairs, ts, weights = other_words(asked.trace, network, promising, asked.most, asked.at, asked.fits)
    found = exchanged(asked.trace, network, pairs, asked.answer.row, asked.at, asked.tick, weights)
    words = sorted((_word(found, t, network) for t in ts), key=lambda word: word.effect)
    return words, _writes(asked, found, words), len(ts), len(promising)


def _word(found: Exchanged, t: int, network: WordNetwork) -> Word:
    fits = sorted(found.fitting(t), key=lambda n: -found.weights[n])
    effect = sum(float(found.weights[n] * found.effects[n]) for n in fits)
    return Word(t, effect, tuple(network.vocabulary.words[found.pairs[n][1]] for n in fits))


def _writes(asked: _Asked, found: Exchanged, words: Sequence[Word]) -> list[Write]:
    """The writes at the words on which most hangs, as many as are to be tried."""
    places: list[Place] = []
    runs: list[tuple[Patch]] = []
    weights, owners = [], []
    layers = asked.trace.layers
    for word in words:
        fits = found.fitting(word.t)
        if len(runs) + len(fits) * sum(layer.H for layer in layers) > asked.most and runs:
            break
        for layer in layers:
            memory = layer.cell.memory_state or "hidden"
            for unit in range(layer.weights.width(memory)):
                for n in fits:
                    value = float(found.memories[layer.name][n, unit])
                    runs.append((Patch(layer.name, memory, unit, word.t, value),))
                    weights.append(found.weights[n])
                    owners.append(len(places))
                places.append((layer, unit, word.t))
    effects = np.zeros(len(places))
    np.add.at(effects, np.array(owners, int), np.array(weights) * asked.effects(runs))
    erased = asked.effects([(_nothing(place),) for place in places])
    return [_write(asked, place, float(effects[n]), float(erased[n])) for n, place in enumerate(places)]
