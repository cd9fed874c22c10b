"""Words exchanged for others that fit their places: what the network would have answered to another word there."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Array, Floats
from ..hook import Both, Hook, States
from ..models.words import WordNetwork
from ..run.walk import stream
from ..trace import Trace, log_softmax
from .edits import INPUT

LEAST = 0.01
"""The weight below which a word does not count as one that fits."""

OTHERS = 128
"""The words that are tried at one place: those that the network holds likeliest there."""

TOGETHER = 2**22
"""Scores that are kept at once: so many runs go side by side."""

Fits = Callable[[Sequence[str], int], Mapping[str, float] | None]
"""Which words may stand at a timestamp, from 0, of those given, and how well each fits; None: ask the network."""

Pair = tuple[int, int]
"""(timestamp, row of the word that stands there instead)."""


@dataclass(frozen=True, eq=False)
class Exchanged:
    """What comes of exchanging the word at each of `pairs`, N of them.

    `own` is the row of the word that is there, by timestamp; `weights` (N,) are how well each word fits, among all that
    were tried at its place, the word that is there included; `effects` (N,) are the changes of ln p of the answer;
    `memories` (N, H), by layer, are what each left at its timestamp.
    """

    pairs: Sequence[Pair]
    own: Mapping[int, int]
    weights: np.ndarray
    effects: np.ndarray
    memories: Mapping[str, Floats]

    def fitting(self, t: int) -> list[int]:
        """Return which of the pairs are other words that fit at `t`."""
        return [
            n
            for n, (place, row) in enumerate(self.pairs)
            if place == t and row != self.own[t] and self.weights[n] >= LEAST
        ]


def other_words(
    trace: Trace, network: WordNetwork, ts: Sequence[int], most: int, at: int, fits: Fits | None = None
) -> tuple[list[Pair], list[int], dict[Pair, float]]:
    """Return the pairs to run at the first of `ts`, about `most` of them, the timestamps that they cover, and weights.

    At each place these are the one that is there, and the OTHERS that fit best by `fits`, which is given the words up
    to `at`; there are weights for these. Without it they are those that the network holds likeliest.
    """
    V = len(network.vocabulary)
    count = min(V, OTHERS)
    assert trace.tokens is not None
    pairs: list[Pair] = []
    tried = []
    weights: dict[Pair, float] = {}
    for t in map(int, ts):
        if len(pairs) + count > most and pairs:
            break
        own = network.vocabulary.index(trace.tokens[t])
        given = None if fits is None else fits(trace.tokens[: at + 1], t)
        rows: Sequence[int]
        if given is not None:
            best = sorted(given.items(), key=lambda one: -one[1])[:count]
            known = {network.vocabulary.index(word): weight for word, weight in best}
            weights |= {(t, row): known.get(row, 0.0) for row in (own, *known)}
            rows = list(known)
        else:
            p = trace.probabilities(t - 1) if t else None
            rows = range(count) if p is None else np.argsort(-p, kind="stable")[:count].tolist()
        pairs += [(t, row) for row in dict.fromkeys([own, *rows])]
        tried.append(t)
    return pairs, tried, weights


def exchanged(
    trace: Trace,
    network: WordNetwork,
    pairs: Sequence[Pair],
    row: int,
    at: int,
    tick: Callable[[], object] | None = None,
    given: Mapping[Pair, float] | None = None,
) -> Exchanged:
    """Return the effect of each of `pairs` on ln p of the word in `row` at timestamp `at`, run side by side.

    For each place, the word that is there must be among `pairs`. How well a word fits is how likely the network holds
    it and all that follows it, up to `at`, unless `given` has weights for the pairs of its place. Edits of `trace` stay
    in force. `tick` is called at each timestamp of each batch; what it raises ends the work.
    """
    assert trace.tokens is not None
    rows = [network.vocabulary.index(token) for token in trace.tokens[: at + 1]]
    most = max(TOGETHER // len(network.vocabulary), 1)
    parts = [_run(trace, network, rows, pairs[start : start + most], row, tick) for start in range(0, len(pairs), most)]
    fits, answers = (np.concatenate([part[n] for part in parts]) for n in (0, 1))
    memories = {layer.name: np.concatenate([part[2][layer.name] for part in parts]) for layer in trace.layers}
    own = {t: rows[t] for t in {t for t, _ in pairs}}
    weights, effects = np.zeros(len(pairs)), np.zeros(len(pairs))
    for t in own:
        here = np.array([n for n, (place, _) in enumerate(pairs) if place == t])
        as_it_is = next(n for n in here if pairs[n][1] == own[t])
        if given and pairs[here[0]] in given:
            likely = np.array([given[pairs[n]] for n in here])
        else:
            likely = np.exp(fits[here] - fits[here].max())
        weights[here] = likely / max(likely.sum(), np.finfo(float).tiny)  # nothing fits: no weight at all
        effects[here] = answers[here] - answers[as_it_is]
    return Exchanged(pairs, own, weights, effects, memories)


def _run(
    trace: Trace,
    network: WordNetwork,
    rows: Sequence[int],
    pairs: Sequence[Pair],
    row: int,
    tick: Callable[[], object] | None,
) -> tuple[np.ndarray, np.ndarray, dict[str, Floats]]:
    """Return ln p of the exchanged word and all after it, (B,), that of the answer, (B,), and the memories (B, H)."""
    ts, others = np.array([t for t, _ in pairs]), np.array([r for _, r in pairs])
    said = np.tile(np.array(rows), (len(pairs), 1))  # (B, T)
    said[np.arange(len(pairs)), ts] = others
    keep = _Memories(ts, {layer.name: layer.cell.memory_state or "hidden" for layer in trace.layers})

    def inputs() -> Iterator[Array]:
        for t in range(len(rows)):
            read = network.embedding[said[:, t]]
            yield read if trace.hook is None else trace.hook.quantity("", t, INPUT, read)

    initial = [{s: np.tile(a, (len(pairs), 1)) for s, a in layer.initial.items()} for layer in trace.layers]
    fits, answers = np.zeros(len(pairs)), np.zeros(len(pairs))
    for t, top in enumerate(
        stream(trace.stack, inputs(), initial, keep if trace.hook is None else Both(trace.hook, keep))
    ):
        logs = log_softmax(network.readout.scores(top))  # (B, V)
        if t + 1 < len(rows):
            follows = logs[np.arange(len(pairs)), said[:, t + 1]]
            fits += np.where(t + 1 >= ts, follows, 0.0)  # what stands before the exchanged word is the same for all
        answers = logs[:, row].astype(np.float64)
        if tick is not None:
            tick()
    return fits, answers, keep.found


class _Memories(Hook):
    """Keeps what each run, one a row, left in memory at its own timestamp."""

    def __init__(self, ts: np.ndarray, memory: Mapping[str, str]):
        self._ts, self._memory = ts, memory
        self.found: dict[str, Floats] = {}

    def finish(self, layer: str, t: int, found: Mapping[str, Array], computed: States) -> States:
        """Return `computed` as it is, with the memories (B, H) of the rows whose timestamp `t` is kept."""
        values = computed[self._memory[layer]]
        kept = self.found.setdefault(layer, np.zeros_like(values))
        here = self._ts == t
        kept[here] = values[here]
        return computed
