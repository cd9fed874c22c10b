"""What the units of a trained network do over a whole held-out set: their gates, their worth, and minimal pairs."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from ..engine import Ablated, Saturation, WordNetwork, read_together, saturation
from ..engine.train.words import Example
from .scenario import Corpus
from .scoring import Scores, held_out


@lru_cache(maxsize=4)
def held_out_gates(network: WordNetwork, corpus: Corpus, layer: str = "l0") -> Saturation:
    """Return the gates of `layer` at every word of the held-out sentences of `corpus`; kept for the last networks."""
    return saturation(network, [example.words for example in _held_out(corpus)], layer)


@lru_cache(maxsize=64)
def accuracy_without(network: WordNetwork, corpus: Corpus, ablated: Ablated | None) -> Scores:
    """Return, for each size, the share of held-out sentences answered right with units `ablated`, or with none."""
    examples = _held_out(corpus)
    right = np.zeros(len(examples), bool)
    for batch in read_together(network, [example.words for example in examples], ablated):
        said = network.readout.scores(batch.top[-1]).argmax(axis=-1)
        for place, word in zip(batch.places, said.tolist(), strict=True):
            right[place] = network.vocabulary.words[word] == examples[place].targets[-1]
    by_size = np.split(right, len(corpus.sizes))
    return {size: float(part.mean()) for size, part in zip(corpus.sizes, by_size, strict=True)}


def minimal_pairs(corpus: Corpus, tokens: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the sentences that differ from `tokens` in one word: another one stands where its evidence does.

    The others are those that are the evidence of held-out sentences, as far as the task has an answer with them. There
    are none where the sentence has no evidence, or where it is always the same word.
    """
    place = corpus.evidence(tokens)
    if place is None:
        return []
    pairs = [(*tokens[:place], word, *tokens[place + 1 :]) for word in _evidence(corpus)]
    own = tokens[place].casefold()
    return [
        pair
        for pair in pairs
        if pair[place].casefold() != own and corpus.evidence(pair) == place and corpus.answer(pair) is not None
    ]


@lru_cache(maxsize=4)
def _held_out(corpus: Corpus) -> tuple[Example, ...]:
    return tuple(example for examples in held_out(corpus).values() for example in examples)


@lru_cache(maxsize=4)
def _evidence(corpus: Corpus) -> tuple[str, ...]:
    """Every word that is the evidence of a held-out sentence, in alphabetical order."""
    found: dict[str, str] = {}
    for example in _held_out(corpus):
        place = corpus.evidence(example.words)
        if place is not None:
            found.setdefault(example.words[place].casefold(), example.words[place])
    return tuple(sorted(found.values()))
