"""Small word networks of every kind, trained on two letters: what tests of training ask of them."""

import random
from collections.abc import Callable

import numpy as np
import pytest
from gatestep.engine import DenseNetwork, Epoch, Vocabulary
from gatestep.engine.models.dense import Network
from gatestep.engine.train.words import Example, Recipe, train

VOCABULARY = Vocabulary(["<unknown>", "a", "b", "yes", "no"])
KINDS = {
    "lstm": Recipe("lstm", units=4, width=3, batches=5, batch_size=8),
    "rnn": Recipe("rnn", units=4, width=3, batches=5, batch_size=8),
    "gru": Recipe("gru", units=4, width=3, batches=5, batch_size=8),
    "peephole": Recipe("peephole", units=4, width=3, batches=5, batch_size=8),
    "coupled-input": Recipe("coupled-input", units=4, width=3, batches=5, batch_size=8),
    "coupled-forget": Recipe("coupled-forget", units=4, width=3, batches=5, batch_size=8),
    "a bag": Recipe("dense", units=4, width=3, batches=5, batch_size=8),
    "3 slots": Recipe("dense", units=4, width=3, slots=3, batches=5, batch_size=8),
}
EVERY_KIND = pytest.mark.parametrize("recipe", KINDS.values(), ids=KINDS)


def example(rng: random.Random, done: float) -> Example:
    """The answer at the end depends on the first word; before it, the next word is asked for."""
    first = rng.choice("ab")
    words = (first, *(rng.choice("ab") for _ in range(rng.randint(0, 2))))
    return Example(words, (*words[1:], {"a": "yes", "b": "no"}[first]), len(words) - 1)


def any_b(rng: random.Random, done: float) -> Example:
    """The answer depends on whether there is a "b", wherever it stands; nothing is asked before the end."""
    words = tuple(rng.choice("aaab") for _ in range(rng.randint(1, 3)))
    return Example(words, (*(None for _ in words[1:]), "yes" if "b" in words else "no"), len(words) - 1)


Draw = Callable[[random.Random, float], Example]


def all_of(recipe: Recipe, draw: Draw = example, seed: int = 0) -> list[Epoch[Network]]:
    return list(train(recipe, VOCABULARY, draw, seed))


def made(recipe: Recipe, draw: Draw = example, seed: int = 0) -> Network:
    """The network at the end."""
    last = all_of(recipe, draw, seed)[-1].checkpoint
    assert last is not None
    return last.network


def numbers(network: Network) -> np.ndarray:
    arrays = [network.embedding, network.readout.matrix, network.readout.bias]
    if isinstance(network, DenseNetwork):
        arrays += [network.U, network.bias]
    else:
        arrays += network.stack.flat[0].tensors.values()
    return np.concatenate([array.ravel() for array in arrays])


def distributions(network: Network, words: tuple[str, ...]) -> dict[int, np.ndarray]:
    """What a network says at every timestamp it has; a dense one has the end alone."""
    if isinstance(network, DenseNetwork):
        return {len(words) - 1: network.read(" ".join(words)).probabilities}
    trace = network.trace(" ".join(words))
    found = {t: trace.probabilities(t) for t in range(len(words))}
    return {t: p for t, p in found.items() if p is not None}


def likeliest(network: Network, text: str) -> str:
    words = tuple(text.split())
    return network.vocabulary.words[int(distributions(network, words)[len(words) - 1].argmax())]
