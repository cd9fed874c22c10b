"""What causes an answer: the effect of patching one unit at one timestamp, for each of them, run side by side."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np

from ..arrays import Array, Floats
from ..errors import BadInput
from ..hook import Both, Hook
from ..models.words import WordReader
from ..run.batch import read_together, run_batch
from ..run.walk import stream
from ..text import counted
from ..trace import LayerTrace, Trace
from .answers import Answer, Speaker, answer_of

TOGETHER = 2**22
"""Numbers of all states of all runs that are kept at once: so many runs go side by side."""

BLOCK = 2**14
"""Timestamps over which a mean is taken at once."""


@dataclass(frozen=True)
class Patch:
    """`quantity` of `unit` of `layer` is `value` at `t`, and nothing else is changed."""

    layer: str
    quantity: str
    unit: int
    t: int
    value: float


class Patches(Hook):
    """Runs side by side, each with the patches at its place in `runs`; the first is left alone.

    Every quantity has one row a run, (1 + runs, H).
    """

    def __init__(self, runs: Sequence[Sequence[Patch]]):
        found: dict[tuple[str, str, int], list[tuple[int, int, float]]] = {}
        for row, patches in enumerate(runs, 1):
            for p in patches:
                found.setdefault((p.layer, p.quantity, p.t), []).append((row, p.unit, p.value))
        self._found = {
            key: (np.array([r for r, _, _ in each]), np.array([u for _, u, _ in each]), np.array([v for *_, v in each]))
            for key, each in found.items()
        }

    def quantity(self, layer: str, t: int, name: str, values: Array) -> Array:
        """Return `values` (1 + runs, H) with the patches of this quantity at `t`."""
        found = self._found.get((layer, name, t))
        if found is None:
            return values
        rows, units, numbers = found
        changed = values.copy()
        changed[rows, units] = numbers
        return changed


def reaching(trace: Trace, at: int) -> int:
    """Return how many timestamps an answer at `at`, from 0, can depend on: those up to it.

    In a network that reads in both directions these are all timestamps.
    """
    return len(trace) if trace.stack.reads_back else at + 1


def effects_of(
    trace: Trace,
    answer: Answer,
    runs: Sequence[Sequence[Patch]],
    at: int,
    tick: Callable[[], object] | None = None,
) -> tuple[float, np.ndarray]:
    """Return what `answer` is at `at`, and by how much each of `runs`, N of them, changes it, (N,), float64.

    Each batch has a run that is left alone, with which its others are compared. Edits of `trace` stay in force, and a
    patch comes after them. `tick` is called at each timestamp of each batch; what it raises ends the work.
    """
    most = _together(trace, at)
    base, changes = 0.0, [np.zeros(0)]
    for start in range(0, max(len(runs), 1), most):
        part = runs[start : start + most]
        hook = Patches(part) if trace.hook is None else Both(trace.hook, Patches(part))
        top = _tops(trace, hook, 1 + len(part), at, tick)  # (1 + runs, D)
        said = answer.of(top)
        base = float(said[0])
        changes.append(said[1:] - said[0])
    return base, np.concatenate(changes)


def _together(trace: Trace, at: int) -> int:
    """How many runs go side by side up to `at`."""
    states = sum(sum(layer.weights.width(state) for state in layer.cell.states) for layer in trace.layers)
    T = reaching(trace, at)
    return max(TOGETHER // (states * (1 if at + 1 == T else 8 * T)), 1)


def _tops(trace: Trace, hook: Hook, B: int, at: int, tick: Callable[[], object] | None) -> Floats:
    """What the last layer of B runs side by side shows at `at`, (B, D)."""
    initial = [{s: np.tile(a, (B, 1)) for s, a in layer.initial.items()} for layer in trace.layers]
    if trace.stack.reads_back:
        x = np.ascontiguousarray(np.broadcast_to(trace.inputs[:, None], (len(trace), B, trace.inputs.shape[1])))
        _, top = run_batch(trace.stack, x, hook, initial)
        return np.asarray(top[at])
    shown = stream(trace.stack, trace.inputs[: at + 1], initial, hook)
    with np.errstate(over="ignore", invalid="ignore"):
        for top in shown:
            last = top
            if tick is not None:
                tick()
    return np.asarray(last)


@dataclass(frozen=True, eq=False)
class Grid:
    """The effect of patching `quantity` of each unit of `layer` at each timestamp, one at a time.

    `effects` (T, H) are the changes of ln p of the word `answer` at `at`, or of the output of that name in its unit
    where `of_numbers`; it is `base` without a patch. T is at + 1, or all timestamps of a network that reads both ways.
    """

    layer: str
    quantity: str
    answer: str
    at: int
    base: float
    effects: np.ndarray
    of_numbers: bool = False

    def largest(self, count: int) -> list[tuple[int, int, float]]:
        """Return (timestamp, unit, effect) of the `count` largest effects by size, largest first."""
        flat = np.abs(self.effects).ravel()
        order = np.argsort(-flat, kind="stable")[:count]
        H = self.effects.shape[1]
        return [(int(n) // H, int(n) % H, float(self.effects[n // H, n % H])) for n in order]


def patch_grid(
    trace: Trace,
    network: Speaker,
    quantity: str,
    other: Trace | Floats,
    answer: str | None = None,
    layer: str = "l0",
    at: int | None = None,
    on_progress: Callable[[int, int], object] = lambda done, total: None,
) -> Grid:
    """Return by how much the answer at `at` (the end) changes when one unit is patched at one timestamp, for each.

    The values come from the same timestamps of the run `other`, which must be as long, or are the means (H,) of the
    quantity. `network` may be the outputs of one over numbers. `answer` is the likeliest word, or the only output,
    where none is given. `on_progress` receives how many timestamps of all batches are done, of how many; what it raises
    ends the work. It is not called for a network that reads in both directions. Raises BadInput for what does not fit.
    """
    lt, at = _layer(trace, layer, quantity), len(trace) - 1 if at is None else at
    if not 0 <= at < len(trace):
        raise BadInput(f"there is no timestamp {at + 1}; the sequence has 1 to {len(trace)}")
    units, T = lt.weights.width(quantity), reaching(trace, at)
    if isinstance(other, Trace):
        if len(other) != len(trace):
            what = "sequence" if trace.tokens is None else "sentence"
            raise BadInput(f"the other {what} has {counted(len(other))}, and this one {len(trace)}; they must be "
                           "equally long, to patch each timestamp from the same one")  # fmt: skip
        values = np.asarray(other.layer(layer)[quantity][:T])
    else:
        values = np.broadcast_to(other, (T, units))
    places = [(t, unit) for t in range(T) for unit in range(units)]
    runs = [(Patch(layer, quantity, unit, t, float(values[t, unit])),) for t, unit in places]
    watched = answer_of(trace, network, answer, at)
    done, total = count(1), -(-len(runs) // _together(trace, at)) * (at + 1)
    base, changes = effects_of(trace, watched, runs, at, lambda: on_progress(next(done), total))
    effects = changes.reshape(T, units)
    return Grid(layer, quantity, watched.name, at, base, effects, watched.row is None)


def _layer(trace: Trace, layer: str, quantity: str) -> LayerTrace:
    try:
        lt = trace.layer(layer)
    except KeyError as error:
        raise BadInput(str(error.args[0])) from None
    if quantity not in lt.cell.quantities:
        raise BadInput(f"{lt.cell.title} has no {quantity}; choose from {', '.join(lt.cell.quantities)}")
    return lt


def mean_of(network: WordReader, sentences: Sequence[Sequence[str]], quantity: str, layer: str = "l0") -> Floats:
    """Return the mean of `quantity` of `layer` over all words of `sentences`, (H,), in float64 sums.

    Raises BadInput where there are none.
    """
    total, count = np.zeros(1), 0
    for batch in read_together(network, sentences):
        values = batch.layers[layer][quantity]  # (T, B, H)
        total = total + values.sum(axis=(0, 1), dtype=np.float64)
        count += values.shape[0] * values.shape[1]
    return _mean(total, count)


def _mean(total: np.ndarray, count: int) -> Floats:
    if not count:
        raise BadInput("there is nothing to take the mean of")
    return np.asarray(total / count, np.float32)


def mean_over(
    traces: Iterable[Trace], quantity: str, layer: str = "l0", on_progress: Callable[[int], object] = lambda done: None
) -> Floats:
    """Return the mean of `quantity` of `layer` over all timestamps of `traces`, one after another, (H,).

    They may be lazy ones: they are looked at in blocks. `on_progress` receives how many timestamps are done; what it
    raises ends the work. Raises BadInput where there are none.
    """
    total, count = np.zeros(1), 0
    for trace in traces:
        lt = trace.layer(layer)
        for start in range(0, len(lt), BLOCK):
            stop = min(start + BLOCK, len(lt))
            for _ in lt.look(start, stop):
                on_progress(count)
            values = np.asarray(lt[quantity][start:stop])  # (n, H)
            total = total + values.sum(axis=0, dtype=np.float64)
            count += stop - start
            on_progress(count)
    return _mean(total, count)
