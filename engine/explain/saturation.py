"""How often gates are closed and how often open over many sentences, and where they are most extreme.

A gate is closed below 0.1 and open above 0.9, as in the saturation plots of Karpathy, Johnson & Fei-Fei (2015),
"Visualizing and Understanding Recurrent Networks".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..arrays import Floats
from ..models.words import WordNetwork
from ..quantities import QUANTITIES
from ..run.batch import read_together
from ..trace import Trace
from .divergence import ROUNDING

CLOSED, OPEN = 0.1, 0.9


@dataclass(frozen=True)
class Extreme:
    """The `value` of a gate at timestamp `t` of sentence number `sentence`."""

    sentence: int
    t: int
    value: float


@dataclass(frozen=True, eq=False)
class Saturation:
    """The gates of one layer at all N timestamps of many sentences.

    `gates` maps each gate to its values (N, H). `sentence` and `t`, both (N,), say which timestamp each row is.
    """

    sentences: tuple[tuple[str, ...], ...]
    sentence: np.ndarray
    t: np.ndarray
    gates: Mapping[str, Floats]

    def __len__(self) -> int:
        return len(self.t)

    @cached_property
    def closed(self) -> Mapping[str, np.ndarray]:
        """The share of timestamps at which each gate of each unit is below CLOSED: by gate, (H,)."""
        return {gate: (values < CLOSED).mean(axis=0) for gate, values in self.gates.items()}

    @cached_property
    def open(self) -> Mapping[str, np.ndarray]:
        """The share of timestamps at which each gate of each unit is above OPEN: by gate, (H,)."""
        return {gate: (values > OPEN).mean(axis=0) for gate, values in self.gates.items()}

    def extremes(self, gate: str, unit: int, count: int, highest: bool) -> list[Extreme]:
        """Return the `count` timestamps with the highest or lowest values, the most extreme first.

        Sentences that begin with the same words have the same timestamps until they part; each is returned once.
        """
        values = self.gates[gate][:, unit]
        found: list[Extreme] = []
        seen: dict[tuple[str, ...], float] = {}
        for row in rising(-values if highest else values):
            n, t, value = int(self.sentence[row]), int(self.t[row]), float(values[row])
            read = self.sentences[n][: t + 1]
            if read in seen and abs(seen[read] - value) <= ROUNDING:
                continue
            seen[read] = value
            found.append(Extreme(n, t, value))
            if len(found) == count:
                break
        return found


def rising(values: np.ndarray, asked: int = 2**12) -> Iterator[int]:
    """Yield the rows of finite `values` (N,) from the lowest up, equals in their order.

    Sorts little more than is `asked` for, and eight times as many when that was not enough.
    """
    told = 0
    while told < len(values):
        most = np.partition(values, asked - 1)[asked - 1] if asked < len(values) else np.inf
        rows = np.flatnonzero(values <= most)
        yield from rows[np.argsort(values[rows], kind="stable")][told:].tolist()
        asked, told = asked * 8, len(rows)


def gates_of(quantities: Sequence[str]) -> tuple[str, ...]:
    """Return those of `quantities` that are gates: the quantities within 0..1."""
    return tuple(name for name in quantities if (QUANTITIES[name].low, QUANTITIES[name].high) == (0.0, 1.0))


def saturation_of(traces: Sequence[Trace], layer: str = "l0") -> Saturation:
    """Return the gates of `layer` at every timestamp of `traces`, at least one run, all of one network.

    The words of a run over numbers are the numbers of its timestamps, from 1.
    """
    layers = [trace.layer(layer) for trace in traces]
    names = gates_of(layers[0].cell.quantities)
    gates = {name: np.concatenate([np.asarray(one[name][:]) for one in layers]) for name in names}
    order = np.repeat(np.arange(len(traces)), [len(trace) for trace in traces])
    words = [trace.tokens or tuple(str(t + 1) for t in range(len(trace))) for trace in traces]
    return Saturation(tuple(words), order, np.concatenate([np.arange(len(trace)) for trace in traces]), gates)


def saturation(network: WordNetwork, sentences: Sequence[Sequence[str]], layer: str = "l0") -> Saturation:
    """Return the gates of `layer` at every word of `sentences`, at least one, each of at least one word."""
    batches = read_together(network, sentences)
    names = gates_of(next(weights for weights in network.stack.flat if weights.name == layer).cell.quantities)
    order, timestamps, rows = [], [], {name: [] for name in names}  # type: ignore[var-annotated]
    for batch in batches:
        T, B = batch.top.shape[:2]
        order.append(np.tile(np.array(batch.places), T))
        timestamps.append(np.repeat(np.arange(T), B))
        for name in names:
            rows[name].append(batch.layers[layer][name].reshape(T * B, -1))
    gates = {name: np.concatenate(values) for name, values in rows.items()}
    words = tuple(tuple(sentence) for sentence in sentences)
    return Saturation(words, np.concatenate(order), np.concatenate(timestamps), gates)
