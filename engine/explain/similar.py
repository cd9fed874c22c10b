"""Similar passages: every place where the same units are on, with the same signs, as in the timestamps that are chosen.

A unit is on at a timestamp where its value is at least `threshold` away from zero. A place is similar where, at each of
its timestamps, every unit that is on in the passage is on too, and on the same side. Nothing is sampled, and no place
reaches over the border of two sequences. As in the hypotheses of Strobelt et al. (2018), "LSTMVis: A Tool for Visual
Analysis of Hidden State Dynamics in Recurrent Neural Networks".
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Floats
from ..errors import BadInput
from ..run.batch import Batch
from ..trace import LayerTrace, Trace

ON = 0.5
"""The default distance from zero at which a unit is on."""

NO_OTHERS: Mapping[int, Trace] = {}

BLOCK = 2**20
"""Numbers of a lazy run that are looked at together."""


@dataclass(frozen=True)
class Place:
    """A similar place: it begins at timestamp `t` (from 0) of sequence number `sequence`, or of the trace (None).

    `distance` is the root of the mean square by which the units' values differ from those of the passage.
    """

    sequence: int | None
    t: int
    distance: float


@dataclass(frozen=True)
class Standing:
    """How often `words` stand at the similar places, and how often at any place of that length."""

    words: tuple[str, ...]
    there: int
    anywhere: int


@dataclass(frozen=True, eq=False)
class Similar:
    """The places that are similar to timestamps `start` to `stop` (not included), nearest first.

    `signs` (stop - start, U) has 1 and -1 where one of the `units` is on, and 0 where it is not; `looked_at` is how
    many places there are besides the passage and what overlaps it. `standing` counts the words at the similar ones, the
    most frequent first; for numbers, `inputs` (3, I) are the means there and anywhere, and the deviation anywhere.
    """

    start: int
    stop: int
    layer: str
    quantity: str
    threshold: float
    units: tuple[int, ...]
    signs: np.ndarray[Any, np.dtype[np.int8]]
    places: tuple[Place, ...]
    looked_at: int
    standing: tuple[Standing, ...] = ()
    inputs: Floats | None = None

    @property
    def on(self) -> list[tuple[int, int, int]]:
        """The units that are on in the passage: (timestamp from 0, unit, sign), in the order of time."""
        return [(self.start + t, self.units[n], int(self.signs[t, n])) for t, n in np.argwhere(self.signs).tolist()]


def similar(
    trace: Trace,
    start: int,
    stop: int,
    units: Sequence[int] | None = None,
    threshold: float = ON,
    *,
    layer: str | None = None,
    quantity: str = "hidden",
    batches: Sequence[Batch] = (),
    sentences: Sequence[Sequence[str]] = (),
    others: Mapping[int, Trace] = NO_OTHERS,
    on_progress: Callable[[int, int], object] = lambda done, total: None,
) -> Similar:
    """Return every other place of `trace`, and of the `batches` that `sentences` were read in, like `start` to `stop`.

    `others` are runs of the same network over further sequences, by their numbers from 0, which may be lazy ones.
    Asked is `quantity` of `units` (all, where None) of `layer` (by default the first direction of the last one).
    Timestamps count from 0. `on_progress` receives how many timestamps have been searched, of how many. Raises
    BadInput where no unit is on in the passage, KeyError for a layer or quantity and IndexError for a unit or timestamp
    that is not there.
    """
    own = trace.layer(layer if layer is not None else trace.stack.layers[-1][0].name)
    width = own[quantity].shape[1]
    if not 0 <= start < stop <= len(trace) or not all(0 <= unit < width for unit in units or ()):
        raise IndexError(f"timestamps {start}:{stop} of units {units} are outside {len(trace)} x {width}")
    chosen = tuple(range(width)) if units is None else tuple(units)
    passage = _Passage(own[quantity][start:stop], chosen, threshold)
    if not passage.signs.any():
        largest = float(np.abs(passage.values).max())
        where = f"at timestamp {stop}" if stop == start + 1 else f"at timestamps {start + 1} to {stop}"
        raise BadInput(f"no unit is on {where}: the largest |{quantity}| is {largest:.3g}, the threshold {threshold:g}")
    every: dict[int | None, Trace] = dict([(None, trace), *others.items()])
    places = list(passage.along(every, own.name, quantity, start, on_progress))
    for batch in batches:
        t, sequence, distances = passage.alike(batch.layers[own.name][quantity])
        numbers = np.array(batch.places)[sequence]
        places += [Place(*row) for row in zip(numbers.tolist(), t.tolist(), distances.tolist(), strict=True)]
    places.sort(key=lambda place: (place.distance, -1 if place.sequence is None else place.sequence, place.t))
    anywhere = [*_others(len(trace), start, stop)]
    lengths = [*map(len, sentences), *map(len, others.values())]
    looked_at = len(anywhere) + sum(max(length - (stop - start) + 1, 0) for length in lengths)
    standing: tuple[Standing, ...] = ()
    inputs = None
    if trace.tokens is not None and trace.vocabulary is not None:
        standing = _standing(trace.tokens, sentences, anywhere, places, stop - start)
    else:
        inputs = _inputs(every, places, stop - start)
    return Similar(start, stop, own.name, quantity, threshold, chosen, passage.signs, tuple(places), looked_at,
                   standing, inputs)  # fmt: skip


class _Passage:
    """The values (n, U) of the units `chosen` of `values` (n, H) at n timestamps in a row, and which of them are on."""

    def __init__(self, values: Floats, chosen: Sequence[int], threshold: float):
        self.values, self._chosen = values[:, chosen], list(chosen)
        self._threshold, self._length = np.float32(threshold), len(values)
        on = np.abs(self.values) >= self._threshold
        self.signs = np.where(on, np.sign(self.values), 0).astype(np.int8)

    def along(
        self,
        traces: Mapping[int | None, Trace],
        layer: str,
        quantity: str,
        start: int,
        on_progress: Callable[[int, int], object],
    ) -> Iterator[Place]:
        """Yield the similar places of `traces`; in the one called None the passage is at `start`, and none overlaps."""
        before, total = 0, sum(map(len, traces.values()))
        for number, trace in traces.items():
            for first, values in _blocks(trace.layer(layer), quantity, self._length):
                if len(values):
                    t, _, distances = self.alike(values[:, None])
                    t = t + first
                    apart = (np.abs(t - start) >= self._length) | (number is not None)
                    for at, distance in zip(t[apart].tolist(), distances[apart].tolist(), strict=True):
                        yield Place(number, at, distance)
                on_progress(before + first + len(values), total)
            before += len(trace)

    def alike(self, values: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return (timestamp, sequence, distance), each (m,), of the places in `values` (T, B, H) that are similar."""
        values = values[:, :, self._chosen]
        T, B = values.shape[:2]
        t, b = (n.ravel() for n in np.indices((max(T - self._length + 1, 0), B)))
        for step, unit in np.argwhere(self.signs):
            there = values[t + step, b, unit] * self.signs[step, unit]
            kept = there >= self._threshold
            t, b = t[kept], b[kept]
        squares = np.zeros(len(t))
        for step, own in enumerate(self.values):
            squares += np.square(values[t + step, b] - own, dtype=np.float64).sum(axis=1)
        return t, b, np.sqrt(squares / self.values.size)


def _blocks(layer: LayerTrace, quantity: str, length: int) -> Iterator[tuple[int, Floats]]:
    """Yield (first timestamp, values (n, H)) of the whole trace in blocks that overlap, so that no place is missed.

    While a lazy run computes a block, it yields no values.
    """
    array, T = layer[quantity], len(layer)
    wide = layer.H * (len(layer.cell.quantities) if not isinstance(array, np.ndarray) else 1)
    size = max(BLOCK // wide, 2 * length)
    for first in range(0, T, size - length + 1):
        stop = min(first + size, T)
        for _ in layer.look(first, stop):
            yield first, array[:0]
        yield first, array[first:stop]
        if stop == T:
            return


def _others(T: int, start: int, stop: int) -> Iterator[int]:
    """The timestamps at which a place can begin that does not overlap with `start` to `stop`."""
    length = stop - start
    yield from range(start - length + 1)
    yield from range(stop, T - length + 1)


def _standing(
    tokens: Sequence[str],
    sentences: Sequence[Sequence[str]],
    anywhere: Sequence[int],
    places: Sequence[Place],
    length: int,
) -> tuple[Standing, ...]:
    """What stands at the places, against any place; the most frequent first."""

    def at(sequence: int | None, t: int) -> tuple[str, ...]:
        return tuple((tokens if sequence is None else sentences[sequence])[t : t + length])

    there = Counter(at(place.sequence, place.t) for place in places)
    every = Counter(at(None, t) for t in anywhere)
    for words in sentences:
        every.update(zip(*(words[k:] for k in range(length)), strict=False))
    return tuple(Standing(words, count, every[words]) for words, count in there.most_common())


def _inputs(traces: Mapping[int | None, Trace], places: Sequence[Place], length: int) -> Floats | None:
    """The means of the inputs at the places and anywhere, and their deviation, (3, I); None without a place."""
    if not places:
        return None
    at: dict[int | None, list[int]] = {}
    for place in places:
        at.setdefault(place.sequence, []).append(place.t)
    rows = [traces[n].inputs[(np.array(ts)[:, None] + np.arange(length)).ravel()] for n, ts in at.items()]
    there = np.concatenate(rows).mean(axis=0, dtype=np.float64)
    every = np.concatenate([trace.inputs for trace in traces.values()]) if len(traces) > 1 else traces[None].inputs
    mean, deviation = (of(every, axis=0, dtype=np.float64) for of in (np.mean, np.std))
    return np.stack([there, mean, deviation]).astype(np.float32)
