"""What the units of a trained network do over all held-out sentences: their gates, and minimal pairs."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from ..engine import Batch, WordNetwork, read_together
from ..engine.train.words import Example
from .scenario import Corpus
from .scoring import held_out, kept_with_network

if TYPE_CHECKING:
    from ..engine import Saturation


@kept_with_network
def held_out_gates(network: WordNetwork, corpus: Corpus, layer: str = "l0") -> "Saturation":
    """Return the gates of `layer` at every word of the held-out sentences of `corpus`."""
    from ..engine import saturation  # not before the gates are asked for

    return saturation(network, [example.words for example in _examples(corpus)], layer)


@kept_with_network
def held_out_batches(network: WordNetwork, corpus: Corpus) -> tuple[list[Batch], tuple[tuple[str, ...], ...]]:
    """Return the runs of `network` over all held-out sentences of `corpus`, in batches, and the sentences by number."""
    sentences = tuple(tuple(example.words) for example in _examples(corpus))
    return read_together(network, sentences), sentences


def minimal_pairs(corpus: Corpus, tokens: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the sentences that differ from `tokens` in one word, their evidence, and therefore in their answer.

    The other words are the evidence of held-out sentences, as far as the task has another answer with them. There are
    no pairs where the sentence has no evidence, or where no other word makes a difference.
    """
    place = corpus.evidence(tokens)
    if place is None:
        return []
    pairs = [(*tokens[:place], word, *tokens[place + 1 :]) for word in _evidence(corpus)]
    own = corpus.answer(tokens)
    return [pair for pair in pairs if corpus.evidence(pair) == place and corpus.answer(pair) not in (None, own)]


def _examples(corpus: Corpus) -> Iterator[Example]:
    return (example for examples in held_out(corpus).values() for example in examples)


@lru_cache(maxsize=4)
def _evidence(corpus: Corpus) -> tuple[str, ...]:
    """Every word that is the evidence of a held-out sentence, in alphabetical order."""
    found: dict[str, str] = {}
    for example in _examples(corpus):
        place = corpus.evidence(example.words)
        if place is not None:
            found.setdefault(example.words[place].casefold(), example.words[place])
    return tuple(sorted(found.values()))
