"""Many sequences through one network at once, side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Floats
from ..cell import Quantities
from ..hook import Hook
from ..models.words import WordReader
from ..weights import CellWeights, Stack
from .forward import run, side_by_side
from .walk import project, reading_order, step_through, through_layers


@dataclass(frozen=True, eq=False)
class Batch:
    """B sentences of T words each: `places` (B,) are their places among the sentences that were given.

    `layers` maps each layer's name to its quantities (T, B, H); `top` (T, B, D) is what the readout sees.
    """

    places: tuple[int, ...]
    layers: dict[str, Quantities]
    top: Floats


def run_batch(
    stack: Stack, inputs: Floats, hook: Hook | None = None, initial: Sequence[Mapping[str, Floats]] | None = None
) -> tuple[dict[str, Quantities], Floats]:
    """Run `stack` over `inputs` (T, B, I); return the quantities (T, B, H) by layer, and the top hidden (T, B, D).

    `hook` may change quantities (B, H) where they are computed. `initial` are each direction's states (B, H) before its
    first timestamp, zeros by default.
    """
    T, B, _ = inputs.shape
    states = iter(initial or [weights.zeros(B) for weights in stack.flat])

    def walk(weights: CellWeights, below: Floats) -> Quantities:
        x = project(weights, below[::-1] if weights.reverse else below)
        q = step_through(weights, x, next(states), hook, reading_order(weights, T))
        return {name: a[::-1] for name, a in q.items()} if weights.reverse else q

    walked, top = through_layers(stack, inputs, walk, side_by_side)
    return {weights.name: q for weights, q in zip(stack.flat, walked, strict=True)}, top


def start_of(network: WordReader, B: int) -> Sequence[Mapping[str, Floats]] | None:
    """Return the states (B, H) that `network` starts from in each of B sequences, by direction; None for zeros."""
    if network.initial is None:
        return None
    trace = run(network.stack, network.embedding[:1], network.initial, "initial state")
    return [{state: np.tile(array, (B, 1)) for state, array in layer.initial.items()} for layer in trace.layers]


def read_together(network: WordReader, sentences: Sequence[Sequence[str]], hook: Hook | None = None) -> list[Batch]:
    """Read `sentences`, each of at least one word, in one batch for each length, so that nothing has to be padded."""
    lengths: dict[int, list[int]] = {}
    for place, words in enumerate(sentences):
        lengths.setdefault(len(words), []).append(place)
    batches = []
    for _, places in sorted(lengths.items()):
        rows = np.array([[network.vocabulary.index(word) for word in sentences[place]] for place in places])
        initial = start_of(network, len(places))
        layers, top = run_batch(network.stack, network.embedding[rows.T], hook, initial)
        batches.append(Batch(tuple(places), layers, top))
    return batches
