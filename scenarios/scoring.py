"""What networks say, and how often it is right on sentences that training cannot have shown."""

import random
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ..engine import DenseNetwork, Network, Prediction, Trace, WordNetwork
from ..engine.train.words import Example
from .scenario import Corpus, Networks

HELD_OUT_SEED = 1_000_003
HELD_OUT_COUNT = 300

Scores = Mapping[int, float | None]
"""The share of held-out sentences of each size that are answered right; None where a network cannot take them."""


def predict(corpus: Corpus, network: WordNetwork, sentence: str | Sequence[str]) -> Prediction:
    """Run `network` over a text or its tokens, and attach what the task wants it to say."""
    trace = network.trace(sentence)
    return Prediction(trace, network.vocabulary, corpus.targets(trace.tokens or ()), corpus.asks)


def says(network: Network, sentence: str | Sequence[str]) -> tuple[str, float] | None:
    """Return the word that `network` holds likeliest at the end of a text or its tokens, and its probability.

    None where a dense network has too few places for the sentence.
    """
    if isinstance(network, DenseNetwork):
        if not network.takes(network.vocabulary.tokens(sentence)):
            return None
        p = network.read(sentence).probabilities
    else:
        trace = network.trace(sentence)
        last = trace.probabilities(len(trace) - 1)
        assert last is not None
        p = last
    return network.vocabulary.likeliest(p, 1)[0]


def held_out(corpus: Corpus, count: int = HELD_OUT_COUNT) -> dict[int, list[Example]]:
    """Return `count` held-out sentences of each size of `corpus`, the same at every call."""
    rng = random.Random(HELD_OUT_SEED)
    return {size: [corpus.draw_held_out(rng, size) for _ in range(count)] for size in corpus.sizes}


def accuracy_by_size(network: Network, corpus: Corpus, count: int = HELD_OUT_COUNT) -> Scores:
    """Return, for each size of `corpus`, the share of `count` held-out sentences whose answer comes out likeliest.

    None stands where a dense network has too few places for such a sentence.
    """
    scores: dict[int, float | None] = {}
    for size, examples in held_out(corpus, count).items():
        said = [says(network, example.words) for example in examples]
        right = [word is not None and word[0] == e.targets[-1] for word, e in zip(said, examples, strict=True)]
        scores[size] = None if None in said else sum(right) / count
    return scores


# For the checks of claims: the networks by name, and what they do over many held-out sentences.


def recurrent(networks: Networks, model: str = "lstm") -> WordNetwork:
    """Return the recurrent network called `model`."""
    network = networks[model]
    assert isinstance(network, WordNetwork)
    return network


def dense(networks: Networks) -> DenseNetwork:
    """Return the dense network."""
    network = networks["dense"]
    assert isinstance(network, DenseNetwork)
    return network


def least_right(network: Network, corpus: Corpus, count: int = 100) -> float:
    """Return the smallest score over the sizes that `network` can take, on `count` held-out sentences each."""
    return min(score for score in accuracy_by_size(network, corpus, count).values() if score is not None)


def least_of_both(networks: Networks, corpus: Corpus) -> float:
    """Return what `least_right` gives of the LSTM or of the RNN, the smaller of the two."""
    return min(least_right(recurrent(networks, model), corpus) for model in ("lstm", "rnn"))


def held_out_traces(network: WordNetwork, corpus: Corpus, count: int = 50) -> Iterator[tuple[Trace, Example]]:
    """Yield the traces of `count` held-out sentences of every size, each with its example."""
    for examples in held_out(corpus, count).values():
        for example in examples:
            yield network.trace(example.words), example


def best_at(prediction: Prediction, t: int) -> tuple[str, float]:
    """Return the likeliest word at `t` and its probability."""
    return prediction.top(t, 1)[0]


def mean(values: list[float]) -> float:
    """Return the mean of what was gathered."""
    return float(np.mean(values))
