"""The unit that a run opens with: the one through which its answer depends most on the word that decides it."""

from typing import NamedTuple

import numpy as np

from ..engine import Prediction, Trace, WordNetwork
from .scenario import Corpus
from .scoring import predict

LEAST_EFFECT = 0.1
"""The least change of ln p for which a unit is said to carry a word."""

LONGEST = 200
"""The most timestamps of a run in which words are exchanged before it is shown."""

Carrier = tuple[int, float]
"""(unit of the first layer, change of ln p of the answer at the end)."""


class Watched(NamedTuple):
    """The `unit` of the first layer that a run opens with, and `why`, in a few words with their timestamps.

    `writer` is the timestamp, from 0, of the word that it carries; None where it is watched for something else.
    """

    unit: int = 0
    why: str = ""
    writer: int | None = None


def carrier(corpus: Corpus, network: WordNetwork, trace: Trace) -> Carrier | None:
    """Return the unit through which the evidence changes the answer of `trace` most, and that change of ln p.

    It is the one that `why` ranks first among all that wrote at the evidence. None where there is no evidence, where
    words cannot be exchanged, where less than LEAST_EFFECT depends on any unit, and in a run longer than LONGEST.
    """
    evidence = corpus.evidence(trace.tokens or ())
    if evidence is None or len(trace) > LONGEST or network.answers is not None or network.stack.reads_back:
        return None
    from ..engine import why  # not for what ships, which has its carriers recorded

    writes = why(trace, network, by="exchanged", only=(evidence,), fits=corpus.fits).writes
    first = next(write for write in writes if write.layer == trace.layers[0].name)
    return (first.unit, first.effect) if first.effect <= -LEAST_EFFECT else None


def watched(corpus: Corpus, prediction: Prediction, found: Carrier | None) -> Watched:
    """Return the unit to open with: the one that the lesson follows, the carrier that was `found`, or else the unit
    with the largest effect at the end.
    """
    trace = prediction.trace
    own, evidence = corpus.unit(trace), corpus.evidence(trace.tokens or ())
    if own is not None:
        return Watched(own, corpus.unit_does)
    if found is None or evidence is None or trace.tokens is None:
        return most_effect(prediction.effects(len(trace) - 1)[: trace.layers[0].H], len(trace))
    unit, effect = found
    change = f"ln p {effect:+.2f}".replace("-", "\N{MINUS SIGN}")
    return Watched(unit, carries(f"{trace.tokens[evidence]}@{evidence + 1}", len(trace), change), evidence)


def most_effect(effects: np.ndarray, at: int) -> Watched:
    """Return the unit with the largest of the `effects` (H,) at timestamp `at`, from 1."""
    return Watched(int(np.abs(effects).argmax()), f"largest effect@{at}")


def carries(what: str, at: int, change: str) -> str:
    """Return that a unit carries `what` to the answer at `at`, from 1, and the `change` without it."""
    return f"carries {what} to {at}, {change}"


def marked_unit(corpus: Corpus, network: WordNetwork, sentence: str) -> int:
    """Return the unit that `sentence` opens with in `network`, found anew."""
    prediction = predict(corpus, network, sentence)
    return watched(corpus, prediction, carrier(corpus, network, prediction.trace)).unit
