"""A run over a long sequence, computed on demand.

The states are kept every SPAN timestamps: a checkpoint. What is between two checkpoints is computed when it is read,
all spans of one read side by side. The checkpoints reach as far as the run has been read. They are computed by torch's
kernel where it is loaded (`fused`), else by fixed-point iteration where the network forgets (`parallel`), else step by
step (`forward`). The kernel returns the memory of an LSTM only where it stops: what is between two of its stops is
computed once more when it is read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import RLock

import numpy as np

from ..arrays import Floats
from ..cell import Quantities
from ..hook import Hook
from ..trace import LayerTrace
from ..weights import CellWeights
from .forward import forward_pass, kernel_pays
from .fused import fused_states, has_kernel, kernel_takes
from .known import Kept, KnownStates
from .parallel import MOST_UNITS, SIDE_BY_SIDE, WORTH_ITERATING, fixed_point_iteration
from .pytorch import torch_is_loaded
from .rows import Rows
from .walk import project, reading_order, step_through

SPAN = 64
"""Timestamps from one checkpoint to the next: checkpoints are much smaller than all quantities of all timestamps."""

STRIDE = 512 * SPAN
"""The most timestamps that are walked at once on the way to a far one; between two strides the walk can be left."""

PACE = 16 * SPAN
"""Timestamps that are stepped through at once, fewer because a step takes longer: a few hundredths of a second."""

STOPS, MOST_STOPS = 1024, 32
"""The kernel stops after STOPS spans over the number of units, MOST_STOPS at most: a stop takes 0.1 ms."""

PRODUCTS = 2**27
"""Multiplications that the kernel is given at once, without gates; a reading thread has to wait for them."""

LOOKED_AT = 2**24, 4
"""The multiplications after which a walk that computes every quantity can be left, and the fewest spans of it."""

FEW, LARGE = 6, 2**17
"""Fewer spans, with so many recurrent weights, go one by one: BLAS copies the weights for a product of two matrices."""

KEPT = 2**25
"""The bytes of recently read spans that each direction of each layer keeps, and of hidden states."""


class LazyRun:
    """One direction of one layer on its way through `inputs` (T, I), from `initial` states (H,).

    Inside, places count in the order of reading: place p is timestamp p, or T-1-p in a reverse direction. Threads may
    share a walk.
    """

    def __init__(
        self, weights: CellWeights, inputs: Floats | Rows, initial: Mapping[str, Floats], hook: Hook | None = None
    ) -> None:
        self.weights, self.T = weights, len(inputs)
        self._hook, self._order = hook, reading_order(weights, len(inputs))
        self.read_above = False  # whether a layer above reads this one
        self._inputs, self._below = inputs, inputs.walks if isinstance(inputs, Rows) else ()
        for walk in self._below:
            walk.read_above = True
        self._spans = -(-self.T // SPAN)
        self._known = KnownStates(weights, self._spans, initial)
        # Assumed until shown otherwise; not tried with many units, nor with a hook, which must see step by step.
        self.forgets = weights.H <= MOST_UNITS and hook is None
        self._stop = min(max(STOPS // weights.H, 1), MOST_STOPS)
        size = SPAN * weights.H * np.dtype(np.float32).itemsize
        self._hidden: Kept[Floats] = Kept(max(KEPT // size, STRIDE // SPAN))  # which a layer above is about to read
        self._kept: Kept[Quantities] = Kept(max(KEPT // (size * len(weights.cell.quantities)), 4))
        self._lock = RLock()

    def missing(self, start: int, stop: int) -> int:
        """Return how many timestamps must be computed before `start` to `stop` can be read."""
        own = max((self._places(start, stop)[1] - 1) // SPAN + 1 - self._known.reached, 0) * SPAN
        return own + sum(walk.missing(*self._read_until(start, stop)) for walk in self._below)

    def reach(self, start: int, stop: int) -> Iterator[None]:
        """Compute until timestamps `start` to `stop` can be read; yields after every stride, so it can be stopped."""
        last = (self._places(start, stop)[1] - 1) // SPAN
        while self._known.reached <= last:  # the layers go side by side: what one has just computed, the next one reads
            until = min((self._known.reached + self._at_once() - 1) * SPAN, (last + 1) * SPAN, self.T)
            past = min(until + SPAN, self.T)  # whoever begins the next span has left this one's hidden states behind
            for walk in self._below:
                yield from walk.reach(*self._read_until(*self._places(0, past)))
            with self._lock:
                if (spans := last + 1 - self._known.reached) > 0:  # nobody else has been there meanwhile
                    self._advance(spans)
            yield
        for walk in self._below:
            yield from walk.reach(*self._read_until(start, stop))

    def look(self, start: int, stop: int) -> Iterator[None]:
        """Walk to timestamps `start` to `stop` and compute every quantity of them in one walk; yields as `reach` does.

        What of it is still kept need not be computed again when it is indexed.
        """
        first, last = self._places(start, stop)
        begin, end = first // SPAN, -(-last // SPAN)
        ready = torch_is_loaded() and has_kernel(self.weights) and self._hook is None
        if self.forgets and not ready:  # then steps side by side are the faster way
            yield from self.reach(start, stop)
            return
        most, least = LOOKED_AT
        size = max(most // self._products, least) if ready else PACE // SPAN
        yield from self.reach(*self._places(begin * SPAN, begin * SPAN + 1))
        for n in range(begin, end, size):
            until = min(n + size, end)
            for walk in self._below:
                yield from walk.reach(*self._read_until(*self._places(n * SPAN, min(until * SPAN, self.T))))
            with self._lock:
                fresh = self._pass(n, until)
            if fresh:
                yield

    def rows(self, quantity: str, start: int, stop: int) -> Floats:
        """Return `quantity` of every unit from timestamp `start` to `stop`, (stop - start, H); walks there if need be.

        Read-only.
        """
        first, last = self._places(start, stop)
        span = first // SPAN
        if last <= (span + 1) * SPAN and (kept := self._kept.get(span)):  # a screen reads number by number
            found: Floats = kept[quantity][first - span * SPAN : last - span * SPAN]
        else:
            found = self._rows(quantity, first, last)
        if self.weights.reverse:
            found = found[::-1]
        found.flags.writeable = False
        return found

    def _rows(self, quantity: str, first: int, last: int) -> Floats:
        """`quantity` of every unit from place `first` to `last`."""
        for _ in self.reach(*self._places(first, last)):
            pass
        found = np.empty((max(last - first, 0), self.weights.width(quantity)), np.float32)
        for p in range(first, last, STRIDE):
            until = min(p + STRIDE, last)
            begin = p // SPAN
            spans = [q[quantity] for q in self._looked_at(begin, (until - 1) // SPAN + 1)]
            found[p - first : until - first] = np.concatenate(spans)[p - begin * SPAN : until - begin * SPAN]
        return found

    def hidden(self, start: int, stop: int) -> Floats:
        """Return the hidden states from timestamp `start` to `stop`, (stop - start, H), to float32 rounding.

        They are those that the walk has kept, or are computed again.
        """
        for _ in self.reach(start, stop):
            pass
        first, last = self._places(start, stop)
        begin, end = first // SPAN, -(-last // SPAN)
        with self._lock:
            left = next((n for n in range(begin, end) if n not in self._hidden), end)  # from there on it was not
            parts = [self._hidden[n] for n in range(begin, left)]
            if left < end:
                known = self._known.last(left)
                if self._kernel_pays(last - known * SPAN) and torch_is_loaded():
                    again = self._walked(self._read(known * SPAN, last), self._known.before(known), True, known)[0]
                    parts.append(again[(left - known) * SPAN :])
                else:
                    parts += [q["hidden"] for q in self._looked_at(left, end)]
        found = np.concatenate(parts)[first - begin * SPAN : last - begin * SPAN]
        return found[::-1] if self.weights.reverse else found

    def _kernel_pays(self, T: int) -> bool:
        """Whether torch's kernel is the way through T timestamps; it asks no hook."""
        return self._hook is None and kernel_pays([self.weights], T)

    def _places(self, start: int, stop: int) -> tuple[int, int]:
        """The places of timestamps `start` to `stop`; the same mapping leads from places back to timestamps."""
        return (self.T - stop, self.T - start) if self.weights.reverse else (start, stop)

    def _read_until(self, start: int, stop: int) -> tuple[int, int]:
        """The timestamps that have been read when `start` to `stop` are."""
        return (start, self.T) if self.weights.reverse else (0, stop)

    def _read(self, first: int, last: int) -> Floats:
        """The inputs of places `first` to `last` in the order of reading, (last - first, I)."""
        start, stop = self._places(first, last)
        below = self._inputs
        read = below.passing(start, stop) if isinstance(below, Rows) else below[start:stop]
        return read[::-1] if self.weights.reverse else read

    def _at_once(self) -> int:
        """How many spans the kernel is given at once."""
        return min(max(PRODUCTS // self._products, self._stop), STRIDE // SPAN)

    @property
    def _products(self) -> int:
        """How many multiplications one span takes."""
        return SPAN * len(self.weights.W) * (self.weights.H + self.weights.I)

    def _advance(self, missing: int) -> None:
        """Compute some of the `missing` checkpoints from the last one, or find that this network does not forget."""
        kernel = self._kernel_pays(missing * SPAN)
        ready = kernel and torch_is_loaded() and self.weights.cell.memory_state == "cell"  # oneDNN has no other cell
        iterating = self.forgets and missing >= WORTH_ITERATING and not ready
        most = SIDE_BY_SIDE // self.weights.H if iterating else self._at_once() if kernel else PACE // SPAN
        spans = min(most, missing, STRIDE // SPAN)
        first = self._known.reached - 1
        last = first + spans
        start = self._known.before(first)
        inputs = self._read(first * SPAN, last * SPAN)
        known = np.arange(1, spans + 1)
        if iterating:
            found = fixed_point_iteration(self.weights, inputs, start, SPAN)
            if found is None:
                self.forgets = False
                return
            ends: Mapping[str, Floats] = found
        else:
            hidden, ends, known = self._walked(inputs, start, kernel, first)
            self._keep_hidden(first, hidden)
        self._known.put(first + known, ends)
        self._known.reached = last + 1

    def _pass(self, first: int, last: int) -> bool:
        """Compute and keep every quantity of spans `first` to `last`, in one walk; returns whether any was missing."""
        if all(n in self._kept for n in range(first, last)):
            return False
        begin = self._known.last(first)
        inputs = self._read(begin * SPAN, min(last * SPAN, self.T))
        q = forward_pass(self.weights, inputs, self._known.before(begin), self._kernel_pays(len(inputs)), self._hook,
                         self._order[begin * SPAN :])  # fmt: skip
        self._kept.keep({n: span for n, span in _cut(q, begin).items() if n >= first})
        self._keep_hidden(begin, q["hidden"])
        ends = {state: q[state][SPAN - 1 :: SPAN] for state in self.weights.cell.states}
        self._known.put(np.arange(begin + 1, begin + 1 + len(inputs) // SPAN), ends)
        self._known.reached = max(self._known.reached, min(last + 1, self._spans))
        return True

    def _walked(
        self, inputs: Floats, initial: Mapping[str, Floats], kernel: bool, first: int
    ) -> tuple[Floats, Mapping[str, Floats], np.ndarray]:
        """The hidden states (T, H) over `inputs`, the states where all are known, (N, H), and after which spans."""
        spans = len(inputs) // SPAN
        if kernel and kernel_takes(self.weights, inputs):
            hidden, ends = fused_states(self.weights, inputs, initial, self._stop * SPAN)
            if self.weights.cell.states == ("hidden",):
                return hidden, {"hidden": hidden[SPAN - 1 :: SPAN]}, np.arange(1, spans + 1)
            return hidden, ends, np.minimum(np.arange(self._stop, spans + self._stop, self._stop), spans)
        q = forward_pass(self.weights, inputs, initial, False, self._hook, self._order[first * SPAN :])
        self._kept.keep(_cut(q, first))  # what is on the way is often what is read next
        return q["hidden"], {state: q[state][SPAN - 1 :: SPAN] for state in initial}, np.arange(1, spans + 1)

    def _keep_hidden(self, first: int, hidden: Floats) -> None:
        """Keep the hidden states (T, H) of the spans from `first` on, where a layer above reads them."""
        if self.read_above:
            self._hidden.keep({first + n: hidden[n * SPAN : (n + 1) * SPAN] for n in range(len(hidden) // SPAN)})

    def _begin(self, span: int) -> None:
        """Find every state before `span`, which the kernel has passed without a stop."""
        if span in self._known:
            return
        first, last = self._known.last(span), self._known.next(span)
        inputs = self._read(first * SPAN, (last - 1) * SPAN)
        q = forward_pass(self.weights, inputs, self._known.before(first), True)
        states = {state: q[state][SPAN - 1 :: SPAN] for state in self.weights.cell.states}
        self._known.put(np.arange(first + 1, last), states)

    def _looked_at(self, first: int, last: int) -> list[Quantities]:
        """Every quantity of spans `first` to `last`, each (SPAN, H), in the order of reading."""
        with self._lock:
            fresh = self._computed([n for n in range(first, last) if n not in self._kept])
            spans = {n: fresh[n] if n in fresh else self._kept[n] for n in range(first, last)}
            self._kept.keep(spans)
            return list(spans.values())

    def _computed(self, spans: list[int]) -> dict[int, Quantities]:
        """Every quantity of `spans`, stepped side by side from their checkpoints; rows past the end are unused."""
        if not spans:
            return {}
        for n in spans:
            self._begin(n)
        if self._hook is not None or (len(spans) < FEW and self.weights.W.size >= LARGE):
            return {n: self._alone(n) for n in spans}  # a hook is asked at one timestamp at a time
        x = np.zeros((len(spans), SPAN, self.weights.I), np.float32)
        for row, n in zip(x, spans, strict=True):
            read = self._read(n * SPAN, min((n + 1) * SPAN, self.T))
            row[: len(read)] = read
        q = step_through(self.weights, project(self.weights, x.swapaxes(0, 1)), self._known.before_each(spans))
        return {n: {name: array[:, place] for name, array in q.items()} for place, n in enumerate(spans)}

    def _alone(self, span: int) -> Quantities:
        """Every quantity (SPAN or fewer, H) of one span, stepped from its checkpoint."""
        first = span * SPAN
        x = project(self.weights, self._read(first, min(first + SPAN, self.T)))
        return step_through(self.weights, x, self._known.before(span), self._hook, self._order[first:])


def _cut(q: Quantities, first: int) -> dict[int, Quantities]:
    """Quantities (T, H) from the beginning of span `first` on, cut into spans of SPAN or fewer timestamps."""
    spans = -(-len(q["hidden"]) // SPAN)
    return {first + n: {name: a[n * SPAN : (n + 1) * SPAN] for name, a in q.items()} for n in range(spans)}


@dataclass(frozen=True, eq=False)
class LazyLayer(LayerTrace):
    """One direction of one layer, computed on demand."""

    walk: LazyRun = field(kw_only=True)

    def missing(self, t: int) -> int:
        """Return how many timestamps must be computed before anything at `t` is known."""
        return self.walk.missing(t, t + 1)

    def reach(self, t: int) -> Iterator[None]:
        """Walk to `t`; yields now and then. A walk that is left loses nothing."""
        return self.walk.reach(t, t + 1)

    def look(self, start: int, stop: int) -> Iterator[None]:
        """Walk to timestamps `start` to `stop` and compute them; yields as `reach` does."""
        return self.walk.look(start, stop)

    def wants_torch(self) -> bool:
        """Begin the way to the far end, and say whether torch's kernel pays for the rest and has to be loaded."""
        end = max((0, len(self) - 1), key=self.missing)
        if torch_is_loaded() or not kernel_pays([self.weights], self.missing(end)):
            return False
        next(self.reach(end), None)  # nothing is left where another thread has been there meanwhile
        return not self.walk.forgets
