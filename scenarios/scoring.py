"""What networks answer, and how often that is right on sentences that training cannot have shown."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import numpy as np

from ..engine import Ablated, DenseNetwork, Network, Prediction, Trace, WordNetwork, read_together
from ..engine.train.words import Example
from .scenario import Corpus, Networks

HELD_OUT_SEED = 1_000_003
HELD_OUT_COUNT = 300

Scores = Mapping[int, float | None]
"""The share of held-out sentences of each size that are answered correctly; None where a network cannot read them."""


N = TypeVar("N", bound=Network)
P = ParamSpec("P")
R = TypeVar("R")


def kept_with_network(function: Callable[Concatenate[N, P], R]) -> Callable[Concatenate[N, P], R]:
    """Keep what `function` returns about a network for as long as that network exists, and no longer."""
    found: WeakKeyDictionary[N, dict[tuple[object, ...], R]] = WeakKeyDictionary()

    @wraps(function)
    def kept(network: N, /, *args: P.args, **kwargs: P.kwargs) -> R:
        of_network, key = found.setdefault(network, {}), (*args, *sorted(kwargs.items()))
        if key not in of_network:
            of_network[key] = function(network, *args, **kwargs)
        return of_network[key]

    return kept


def predict(corpus: Corpus, network: WordNetwork, sentence: str | Sequence[str]) -> Prediction:
    """Run `network` over a text or its tokens, and return its prediction with the targets of the task.

    Raises BadInput where the text has no words.
    """
    trace = network.trace(sentence)
    return Prediction(trace, network.vocabulary, corpus.targets(trace.tokens or ()), corpus.question)


def likeliest(network: Network, sentence: str | Sequence[str]) -> tuple[str, float] | None:
    """Return the word that `network` holds likeliest at the end of a text or its tokens, and its probability.

    None where a dense network has too few slots for the sentence.
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


def answers(network: Network, sentences: Sequence[Sequence[str]], ablated: Ablated | None = None) -> list[str | None]:
    """Return the word that `network` holds likeliest at the end of each of `sentences`, as `likeliest` does one by one.

    None stands where a dense network has too few slots for the sentence. Units of a recurrent network may be `ablated`
    in these runs.
    """
    found: list[str | None] = [None] * len(sentences)
    if isinstance(network, DenseNetwork):
        for place, words in enumerate(sentences):
            said = likeliest(network, words)
            found[place] = said and said[0]
        return found
    for batch in read_together(network, sentences, ablated):
        rows = network.readout.scores(batch.top[-1]).argmax(axis=-1)
        for place, row in zip(batch.places, rows.tolist(), strict=True):
            found[place] = network.vocabulary.words[row]
    return found


@lru_cache(maxsize=16)
def held_out(corpus: Corpus, count: int = HELD_OUT_COUNT) -> Mapping[int, tuple[Example, ...]]:
    """Return `count` held-out sentences of each size of `corpus`, the same at every call."""
    rng = random.Random(HELD_OUT_SEED)
    return {size: tuple(corpus.draw_held_out(rng, size) for _ in range(count)) for size in corpus.sizes}


@kept_with_network
def accuracy_by_size(
    network: Network, corpus: Corpus, count: int = HELD_OUT_COUNT, ablated: Ablated | None = None
) -> Scores:
    """Return, for each size of `corpus`, the share of `count` held-out sentences whose answer comes out likeliest.

    None stands where a dense network has too few slots for such a sentence. Units of a recurrent network may be
    `ablated` in these runs.
    """
    examples = [example for of_size in held_out(corpus, count).values() for example in of_size]
    said = answers(network, [example.words for example in examples], ablated)
    right = [word == example.targets[-1] for word, example in zip(said, examples, strict=True)]
    scores: dict[int, float | None] = {}
    for n, size in enumerate(corpus.sizes):
        rows = slice(n * count, (n + 1) * count)
        scores[size] = None if None in said[rows] else sum(right[rows]) / count
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
    """Return the smallest score over the sizes that `network` can read, on `count` held-out sentences each."""
    return min(score for score in accuracy_by_size(network, corpus, count).values() if score is not None)


def least_of_both(networks: Networks, corpus: Corpus) -> float:
    """Return `least_right` of the LSTM or of the RNN, whichever is smaller."""
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
    """Return the mean of `values`."""
    return float(np.mean(values))
