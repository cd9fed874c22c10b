"""A run over a long sequence, computed where it is looked at.

Every SPAN timestamps the states are kept: a checkpoint. What lies between two of them is computed when somebody looks
there, all spans that are looked at side by side. How far the checkpoints reach is how far somebody has looked. The way
to them is guessed where the network forgets (`parallel`), and walked through where it does not (`forward`).
"""

from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import RLock
from typing import Any, cast

import numpy as np

from ..arrays import Floats
from ..cell import Quantities
from ..trace import LayerTrace, Trace
from ..weights import CellWeights, Stack
from .forward import checked, initial_states, kernel_pays, project, walk_through
from .parallel import WORTH_GUESSING, walk_by_guessing
from .pytorch import torch_is_loaded
from .walk import Hook, reading_order, step_through, through_layers

SPAN = 64
"""Timestamps from one checkpoint to the next. What is kept is so much smaller than all quantities of all timestamps."""

STRIDE = 512 * SPAN
"""Timestamps that are gone at once on the way to a far one; between two strides the walk can be left."""

PACE = 64 * SPAN
"""Timestamps that are stepped through at once, which takes longer: a tenth of a second, for which a look waits."""

KEPT = 2**25
"""Bytes of spans that each direction of each layer keeps, those that were looked at last."""


class Rows(ABC):
    """Stands in for a read-only array (T, width) of float32 whose rows are computed when they are indexed."""

    dtype = np.dtype(np.float32)
    ndim = 2

    def __init__(self, T: int, width: int, walks: tuple["Walk", ...]) -> None:
        self.shape = (T, width)
        self.walks = walks

    @abstractmethod
    def rows(self, start: int, stop: int) -> Floats:
        """Return the rows of timestamps `start` to `stop` (not included), (stop - start, width)."""

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, key: Any) -> Any:
        """Index as an array is, by a timestamp, a slice or an array of timestamps, and then by unit."""
        first, *rest = key if isinstance(key, tuple) else (key,)
        if isinstance(first, slice):
            start, stop, step = first.indices(len(self))
            if step != 1:
                return self[(np.arange(start, stop, step), *rest)]
            found = self.rows(start, max(stop, start))
        elif isinstance(first, np.ndarray) and first.dtype.kind == "i" and first.size:
            low = int(first.min())
            found = self.rows(low, int(first.max()) + 1)[first - low]
        elif isinstance(first, int | np.integer):
            t: int = int(first) if first >= 0 else int(first) + len(self)
            if not 0 <= t < len(self):
                raise IndexError(f"timestamp {first} is outside 0..{len(self) - 1}")
            return self.rows(t, t + 1)[(0, *rest)]
        else:
            return np.asarray(self)[key]
        return found[(slice(None), *rest)]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return self.rows(0, len(self)).astype(dtype or self.dtype, copy=False)


class Looked(Rows):
    """One quantity of one direction of a layer, (T, H)."""

    def __init__(self, walk: "Walk", quantity: str) -> None:
        super().__init__(walk.T, walk.weights.width(quantity), (walk,))
        self.quantity = quantity

    def rows(self, start: int, stop: int) -> Floats:
        """Return the quantity of every unit from `start` to `stop`, (stop - start, H)."""
        return self.walks[0].rows(self.quantity, start, stop)


class SideBySide(Rows):
    """What a layer reads from both directions of the layer below it, (T, 2*H)."""

    def __init__(self, parts: list[Rows]) -> None:
        super().__init__(len(parts[0]), sum(part.shape[1] for part in parts), sum((p.walks for p in parts), ()))
        self.parts = parts

    def rows(self, start: int, stop: int) -> Floats:
        """Return both parts side by side from `start` to `stop`, (stop - start, 2*H)."""
        return np.concatenate([part.rows(start, stop) for part in self.parts], axis=1)


class Walk:
    """One direction of one layer on its way through `inputs` (T, I), from `initial` states (H,).

    Inside, places count in the order of reading: place p is timestamp p, or T-1-p in a reverse direction. Threads may
    share a walk.
    """

    def __init__(
        self, weights: CellWeights, inputs: Floats | Rows, initial: Mapping[str, Floats], hook: Hook | None = None
    ) -> None:
        self.weights, self.T = weights, len(inputs)
        self._hook, self._order = hook, reading_order(weights, len(inputs))
        self._inputs = inputs
        self._below = inputs.walks if isinstance(inputs, Rows) else ()
        self._spans = -(-self.T // SPAN)
        self._starts = weights.zeros(self._spans)
        for state, starts in self._starts.items():
            starts[0] = initial[state]
        self._reached = 1  # spans whose beginning is known
        self.forgets = hook is None  # until it is found out that it does not; a hook is asked step by step
        self._kept: OrderedDict[int, Quantities] = OrderedDict()
        size = SPAN * weights.H * len(weights.cell.quantities) * np.dtype(np.float32).itemsize
        self._most_kept = max(KEPT // size, 4)
        self._lock = RLock()

    def missing(self, start: int, stop: int) -> int:
        """Return how many timestamps are to be walked through before `start` to `stop` can be looked at."""
        own = max((self._places(start, stop)[1] - 1) // SPAN + 1 - self._reached, 0) * SPAN
        return own + sum(walk.missing(*self._read_until(start, stop)) for walk in self._below)

    def reach(self, start: int, stop: int) -> Iterator[None]:
        """Walk until timestamps `start` to `stop` can be looked at; yields after every stride, to be left there."""
        for walk in self._below:
            yield from walk.reach(*self._read_until(start, stop))
        last = (self._places(start, stop)[1] - 1) // SPAN
        while self._reached <= last:
            with self._lock:
                if (spans := last + 1 - self._reached) > 0:  # nobody else has been there meanwhile
                    self._advance(spans)
            yield

    def rows(self, quantity: str, start: int, stop: int) -> Floats:
        """Return `quantity` of every unit from timestamp `start` to `stop`, (stop - start, H); walks there if need be.

        Read-only.
        """
        for _ in self.reach(start, stop):
            pass
        first, last = self._places(start, stop)
        found = np.empty((max(last - first, 0), self.weights.width(quantity)), np.float32)
        for p in range(first, last, STRIDE):
            until = min(p + STRIDE, last)
            begin = p // SPAN
            spans = [q[quantity] for q in self._looked_at(begin, (until - 1) // SPAN + 1)]
            found[p - first : until - first] = np.concatenate(spans)[p - begin * SPAN : until - begin * SPAN]
        if self.weights.reverse:
            found = found[::-1]
        found.flags.writeable = False
        return found

    def _places(self, start: int, stop: int) -> tuple[int, int]:
        """The places of timestamps `start` to `stop`."""
        return (self.T - stop, self.T - start) if self.weights.reverse else (start, stop)

    def _read_until(self, start: int, stop: int) -> tuple[int, int]:
        """The timestamps that have been read when `start` to `stop` are."""
        return (start, self.T) if self.weights.reverse else (0, stop)

    def _read(self, first: int, last: int) -> Floats:
        """The inputs of places `first` to `last` in the order of reading, (last - first, I)."""
        if self.weights.reverse:
            return cast(Floats, self._inputs[self.T - last : self.T - first][::-1])
        return cast(Floats, self._inputs[first:last])

    def _advance(self, missing: int) -> None:
        """Set some of the `missing` checkpoints from the last one, or find out that this network does not forget."""
        kernel = self._hook is None and kernel_pays([self.weights], missing * SPAN)
        spans = min(STRIDE // SPAN, missing)
        guessing = self.forgets and spans >= WORTH_GUESSING
        if not (guessing or kernel):
            spans = min(PACE // SPAN, spans)
        first = self._reached - 1
        last = first + spans
        start = {state: starts[first] for state, starts in self._starts.items()}
        inputs = self._read(first * SPAN, last * SPAN)
        if guessing:
            ends = walk_by_guessing(self.weights, inputs, start, SPAN)
            if ends is None:
                self.forgets = False
                return
        else:
            q = walk_through(self.weights, inputs, start, kernel, self._hook, self._order[first * SPAN :])
            ends = {state: q[state][SPAN - 1 :: SPAN] for state in start}
        for state, starts in self._starts.items():
            starts[first + 1 : last + 1] = ends[state]
        self._reached = last + 1

    def _looked_at(self, first: int, last: int) -> list[Quantities]:
        """Every quantity of spans `first` to `last`, each (SPAN, H), in the order of reading."""
        with self._lock:
            fresh = self._computed([n for n in range(first, last) if n not in self._kept])
            for n in range(first, last):
                self._kept[n] = fresh[n] if n in fresh else self._kept[n]
                self._kept.move_to_end(n)
            spans = [self._kept[n] for n in range(first, last)]
            while len(self._kept) > self._most_kept:
                self._kept.popitem(last=False)
            return spans

    def _computed(self, spans: list[int]) -> dict[int, Quantities]:
        """Those spans, stepped side by side from their checkpoints; what lies past the end is nobody's."""
        if not spans:
            return {}
        if self._hook is not None:  # which is asked at one timestamp at a time
            return {n: self._hooked(n, self._hook) for n in spans}
        x = np.zeros((len(spans), SPAN, self.weights.I), np.float32)
        for row, n in zip(x, spans, strict=True):
            read = self._read(n * SPAN, min((n + 1) * SPAN, self.T))
            row[: len(read)] = read
        starts = {state: starts[spans] for state, starts in self._starts.items()}
        q = step_through(self.weights, project(self.weights, x.swapaxes(0, 1)), starts)
        return {n: {name: array[:, place] for name, array in q.items()} for place, n in enumerate(spans)}

    def _hooked(self, span: int, hook: Hook) -> Quantities:
        """Every quantity (SPAN or fewer, H) of one span, stepped from its checkpoint."""
        first = span * SPAN
        x = project(self.weights, self._read(first, min(first + SPAN, self.T)))
        start = {state: starts[span] for state, starts in self._starts.items()}
        return step_through(self.weights, x, start, hook, self._order[first:])


@dataclass(frozen=True, eq=False)
class WalkedLayer(LayerTrace):
    """One direction of one layer, of which is computed what is looked at."""

    walk: Walk

    def missing(self, t: int) -> int:
        """Return how many timestamps are to be walked through before anything at `t` can be told."""
        return self.walk.missing(t, t + 1)

    def reach(self, t: int) -> Iterator[None]:
        """Walk to `t`; yields now and then. Whoever stops asking loses nothing."""
        return self.walk.reach(t, t + 1)

    def wants_torch(self) -> bool:
        """Begin the way to the far end, and say whether torch's kernel pays for the rest and has to be loaded."""
        end = max((0, len(self) - 1), key=self.missing)
        if torch_is_loaded() or not kernel_pays([self.weights], self.missing(end)):
            return False
        next(self.reach(end), None)  # nothing is left where another thread has been there meanwhile
        return not self.walk.forgets


def run_lazily(
    stack: Stack,
    inputs: Any,
    initial: Mapping[str, Any] | None = None,
    source: str = "input",
    hook: Hook | None = None,
) -> Trace:
    """Return the same Trace as `run` does, with every quantity (T, H) computed where it is indexed.

    Takes and refuses what `run` does. At once it costs nothing but a copy of `inputs` (T, I); what is far away can be
    walked to by `LayerTrace.reach`.
    """
    x = checked(stack, inputs, source)
    states = iter(initial_states(stack, initial or {}, source))

    def walk(weights: CellWeights, below: Floats | Rows) -> WalkedLayer:
        first = next(states)
        walked = Walk(weights, below, first, hook)
        looked = {name: Looked(walked, name) for name in weights.cell.quantities}
        arrays = cast(Mapping[str, Floats], looked)  # they are indexed as arrays are
        return WalkedLayer(weights, cast(Floats, below), first, arrays, walked)

    layers, _ = through_layers(stack, x, walk, SideBySide)
    return Trace(stack, x, tuple(layers))
