"""Ablation of units, compared with as many drawn at random: an effect that any units would have is not a finding."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import BadInput
from ..hook import Ablated, Both, Hook
from ..run.forward import run
from ..trace import Trace, log_softmax
from .edits import Edit
from .intervene import initial_of
from .plan import Plan


@dataclass(frozen=True)
class Silenced:
    """What ablating `units` does to a run.

    `hidden` is the root mean square change of the other hidden states of the last layer, over all timestamps. For
    words, `log_p` is the change of ln p of the answer, and `changed` the number of timestamps at which another word is
    likeliest.
    """

    units: tuple[int, ...]
    hidden: float
    log_p: float | None = None
    changed: int | None = None


@dataclass(frozen=True)
class Ablation:
    """The effect of ablating the `chosen` units of `layer`, and that of `random` others, None where there are none.

    For words, `answer` is the row of the likeliest word at timestamp `at` before anything is ablated.
    """

    layer: str
    at: int
    chosen: Silenced
    random: Silenced | None
    answer: int | None = None


def ablation(
    trace: Trace,
    layer: str,
    units: Sequence[int],
    at: int | None = None,
    seed: int = 0,
    but: Edit | None = None,
) -> Ablation:
    """Return the effect of holding the hidden states of `units` of `layer` at zero, at every timestamp of `trace`.

    Beside it stands the same for as many other units of the layer (or as many as there are), drawn with `seed`. Edits
    of `trace` stay in force, except `but`, the one of them that ablates these units. `at` is the timestamp, from 0, of
    the answer: the last by default. Raises BadInput for a layer, units and timestamps that do not exist.
    """
    names = [one.name for one in trace.layers]
    if layer not in names:
        raise BadInput(f"there is no layer {layer}; choose from {', '.join(names)}")
    width = trace.layer(layer).weights.width("hidden")
    chosen = tuple(sorted({*units}))
    if not chosen or chosen[0] < 0 or chosen[-1] >= width:
        raise BadInput(f"units {list(chosen)} are not all there; choose from 0 to {width - 1}")
    at = len(trace) - 1 if at is None else at
    if not 0 <= at < len(trace):
        raise BadInput(f"there is no timestamp {at + 1}; choose from 1 to {len(trace)}")
    before = _run(trace, but, Hook())
    others = [unit for unit in range(width) if unit not in chosen]
    drawn = np.random.default_rng(seed).permutation(others)[: len(chosen)].tolist()
    answer = None if trace.readout is None else int(trace.readout.scores(before.top[at]).argmax())

    def silenced(silent: tuple[int, ...]) -> Silenced:
        after = _run(trace, but, Ablated(layer, silent))
        hidden = others_moved(before, after, layer, silent)
        if trace.readout is None or answer is None:
            return Silenced(silent, hidden)
        old, new = (trace.readout.scores(one.top) for one in (before, after))
        logs = [float(log_softmax(scores[at].astype(np.float64))[answer]) for scores in (old, new)]
        return Silenced(silent, hidden, logs[1] - logs[0], int((old.argmax(axis=1) != new.argmax(axis=1)).sum()))

    random = silenced(tuple(sorted(map(int, drawn)))) if drawn else None
    return Ablation(layer, at, silenced(chosen), random, answer)


def others_moved(before: Trace, after: Trace, layer: str, units: Sequence[int], T: int | None = None) -> float:
    """Return how far the last layer's hidden states differ in two runs of one network, without `units` of `layer`.

    That is the root mean square over the first `T` timestamps, or all of them; 0 where there are no other units.
    """
    gaps = []
    for weights in before.stack.layers[-1]:
        one, other = (np.asarray(run.layer(weights.name)["hidden"][:T], np.float64) for run in (before, after))
        with np.errstate(invalid="ignore"):
            gaps.append(np.delete(other - one, units if weights.name == layer else (), axis=1))
    squares = np.concatenate(gaps, axis=1) ** 2
    return float(np.sqrt(squares.mean())) if squares.size else 0.0


def _run(trace: Trace, but: Edit | None, last: Hook) -> Trace:
    """The run of `trace` once more, with its edits but for one, and `last` after them; stepped by NumPy."""
    before = trace.hook.without(but) if but is not None and isinstance(trace.hook, Plan) else trace.hook
    hook = last if before is None else Both(before, last)
    return run(trace.stack, trace.inputs, initial_of(trace), "input", hook)
