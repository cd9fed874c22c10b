"""Many sequences through one network at once, side by side, also with one of its units switched off."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Floats
from ..cells import Quantities
from ..models.words import WordNetwork
from ..weights import Stack
from .forward import project, step_through


@dataclass(frozen=True)
class Silenced:
    """One unit whose hidden state is held at zero at every timestamp: `unit` of the layer called `layer`."""

    layer: str
    unit: int


@dataclass(frozen=True, eq=False)
class Batch:
    """B sentences of T words each: `places` (B,) says which of the sentences given they are.

    `layers` maps each layer's name to its quantities (T, B, H); `top` (T, B, D) is what the readout sees.
    """

    places: tuple[int, ...]
    layers: dict[str, Quantities]
    top: Floats


def run_batch(stack: Stack, inputs: Floats, silenced: Silenced | None = None) -> tuple[dict[str, Quantities], Floats]:
    """Run `stack` from zero states over `inputs` (T, B, I): the quantities (T, B, H) by layer, and the last hidden."""
    zeros = np.zeros((inputs.shape[1], stack.H), np.float32)
    layers: dict[str, Quantities] = {}
    below = inputs
    for layer in stack.layers:
        for weights in layer:
            ordered = below[::-1] if weights.reverse else below
            silent = silenced.unit if silenced and silenced.layer == weights.name else None
            initial = dict.fromkeys(stack.cell.states, zeros)
            q = step_through(weights, project(weights, ordered), initial, silent)
            layers[weights.name] = {name: a[::-1] for name, a in q.items()} if weights.reverse else q
        below = np.concatenate([layers[weights.name]["hidden"] for weights in layer], axis=-1)
    return layers, below


def read_together(
    network: WordNetwork, sentences: Sequence[Sequence[str]], silenced: Silenced | None = None
) -> list[Batch]:
    """Read `sentences`, each of at least one word, in batches of one length, so that nothing has to be padded."""
    lengths: dict[int, list[int]] = {}
    for place, words in enumerate(sentences):
        lengths.setdefault(len(words), []).append(place)
    batches = []
    for _, places in sorted(lengths.items()):
        rows = np.array([[network.vocabulary.index(word) for word in sentences[place]] for place in places])
        layers, top = run_batch(network.stack, network.embedding[rows.T], silenced)
        batches.append(Batch(tuple(places), layers, top))
    return batches
