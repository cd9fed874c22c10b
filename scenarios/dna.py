"""Sequences that are not language: in DNA the same letters mean something else one position later."""

import random
from collections.abc import Sequence
from itertools import pairwise

from ..engine import UNKNOWN, Vocabulary, first_divergence
from ..engine.train.words import Example, Recipe
from .scenario import Choices, Claim, Corpus, LessonStep, Networks, Scenario
from .scoring import accuracy_by_size, best_at, dense, least_of_both, predict, recurrent

BASES = "ACGT"
START = "ATG"
STOPS = ("TAA", "TAG", "TGA")
PLACES = ("first", "second", "third")
OUTSIDE, STOP = "outside", "stop"
CODONS = tuple(a + b + c for a in BASES for b in BASES for c in BASES if a + b + c not in STOPS)
LONGEST_TRAINED = 8


def held_out(codon: str, following: str) -> bool:
    """Whether training never shows these two codons in a row: one pair in eight."""
    return (CODONS.index(codon) + CODONS.index(following)) % 8 == 0


class DnaCorpus(Corpus):
    """Bases with one reading frame: from ATG, in triplets, to TAA, TAG or TGA.

    Only counting from the start shows which base of its codon each one is; a stop that is out of step with the triplets
    ends nothing.
    """

    task = "tell which base of its codon each base is"
    question = "reading frame"
    vocabulary = Vocabulary([UNKNOWN, *BASES, OUTSIDE, *PLACES, STOP], letters=True)
    axis = "codons since the start"
    sizes = (2, 4, 8, 12, 16)

    def draw(self, rng: random.Random, done: float) -> Example:
        """Return one training sequence with up to LONGEST_TRAINED codons in its frame, cut anywhere."""
        while True:
            codons = [rng.choice(CODONS) for _ in range(rng.randint(0, LONGEST_TRAINED))]
            if not any(held_out(a, b) for a, b in pairwise(codons)):
                break
        words = self._noise(rng) + START + "".join(codons) + rng.choice(STOPS) + self._noise(rng)
        return self.example(words[: rng.randint(3, len(words))])

    def draw_held_out(self, rng: random.Random, size: int) -> Example:
        """Return a sequence that ends in codon `size` + 1, with two codons in a row that training never shows so."""
        while True:
            codons = [rng.choice(CODONS) for _ in range(size + 1)]
            if any(held_out(a, b) for a, b in pairwise(codons[:size])):
                break
        if rng.random() < 0.25:
            codons[size] = rng.choice(STOPS)
        words = self._noise(rng) + START + "".join(codons)
        return self.example(words[: len(words) - rng.randint(0, 2)])

    @staticmethod
    def _noise(rng: random.Random) -> str:
        """Up to six bases without a start among them."""
        while True:
            bases = "".join(rng.choice(BASES) for _ in range(rng.randint(0, 6)))
            if START not in bases:
                return bases

    def targets(self, tokens: Sequence[str]) -> tuple[str | None, ...]:
        """Return for every base its place in its codon, OUTSIDE where it is in no frame, or STOP where a frame ends."""
        bases = "".join(token.upper() for token in tokens)
        labels: list[str] = []
        start: int | None = None
        for t in range(len(bases)):
            if start is None:
                begun = bases[max(t - 2, 0) : t + 1] == START and STOP not in labels[max(t - 2, 0) :]
                labels.append(PLACES[2] if begun else OUTSIDE)
                start = t + 1 if begun else None
            elif (t - start) % 3 == 2 and bases[t - 2 : t + 1] in STOPS:
                labels.append(STOP)
                start = None
            else:
                labels.append(PLACES[(t - start) % 3])
        return tuple(labels)

    def answer(self, tokens: Sequence[str]) -> str | None:
        """Return the label of the last base."""
        return self.targets(tokens)[-1] if tokens else None

    def evidence(self, tokens: Sequence[str]) -> int | None:
        """Return where the start codon ends and, once its frame has stopped, where the stop codon does."""
        labels = self.targets(tokens)
        begun = [t for t, (before, now) in enumerate(pairwise(labels), 1) if before == OUTSIDE != now]
        stopped = [t for t, label in enumerate(labels) if label == STOP]
        return max(begun + stopped, default=None)


CORPUS = DnaCorpus()
SENTENCES = ("CCATGGCTTAGCATAACC", "CCATGGACTTAGCATAACC")
INSERTED = 6
"""Where the second sequence has one more base."""


def _keeps_count(networks: Networks) -> bool:
    return least_of_both(networks, CORPUS) > 0.99


def _labels(networks: Networks, text: str) -> list[str]:
    prediction = predict(CORPUS, recurrent(networks), text)
    return [best_at(prediction, t)[0] for t in range(len(prediction.trace))]


def _starts(networks: Networks) -> bool:
    prediction = predict(CORPUS, recurrent(networks), SENTENCES[0])
    word, p = best_at(prediction, 4)
    return word == "third" and p > 0.99 and best_at(prediction, 3)[0] == OUTSIDE


def _stops_in_frame(networks: Networks) -> bool:
    short, long = (_labels(networks, text) for text in SENTENCES)
    right = all(_labels(networks, text) == list(CORPUS.targets(text)) for text in SENTENCES)
    return right and short.index(STOP) == 10 and long.index(STOP) == 16


def _parts(networks: Networks) -> bool:
    one, other = (recurrent(networks).trace(text) for text in SENTENCES)
    return first_divergence(one, other) == INSERTED


def _no_order_no_frame(networks: Networks) -> bool:
    without_order = max(score or 0.0 for score in accuracy_by_size(dense(networks), CORPUS).values())
    return without_order < 0.3 and _keeps_count(networks)


DNA = Scenario(
    name="dna",
    title="Not only words: a reading frame",
    summary="One extra base, and everything after it is read differently.",
    sentences=SENTENCES,
    lesson=(
        LessonStep(
            "Now bases, not words. From ATG on they are read in triplets, up to TAA, TAG or TGA. For each base the "
            "network predicts its position in the triplet. Training had up to 8 triplets. Guess: can it handle 16?",
            Claim(
                "Yes, and so can the RNN: both are right in more than 99 % of held-out sequences at every length.",
                _keeps_count,
            ),
            at="C",
            choices=Choices(("yes", "half as well", "no"), 0),
        ),
        LessonStep(
            "A, T, and now G: the start is complete. The network's output is hidden. Guess its label for this G.",
            Claim(
                "“third”, with a probability above 0.99. One base earlier it was “outside”: AT alone starts nothing.",
                _starts,
            ),
            at="G",
            guess=3,
            quantity="cell",
            choices=Choices(("outside", "first", "third"), 2),
        ),
        LessonStep(
            "T, A, G: a stop codon in the frame (ATG GCT TAG). In the scenario's other sequence, one base longer, the "
            "same three letters come one base later (ATG GAC TTA GCA TAA). Guess what that does.",
            Claim(
                "Here the frame stops; there it reads past the same TAG and stops at TAA, six bases later.",
                _stops_in_frame,
            ),
            at="G",
            nth=3,
            guess=3,
            quantity="cell",
            choices=Choices(("the frame stops there too", "it reads on, past it"), 1),
        ),
        LessonStep(
            "{key:stepper.compare} puts the two sequences side by side. Guess at which timestamp the network's states "
            "diverge.",
            Claim("At timestamp 7, the first base that differs, and no earlier.", _parts, by_design=True),
            at="C",
            nth=3,
            quantity="hidden",
            choices=Choices(("at the first", "at 7", "at the last"), 1),
        ),
        LessonStep(
            "A dense network over a bag of bases was trained on the same sequences. Guess how often it knows the "
            "position of the last base.",
            Claim(
                "In less than 30 % of held-out sequences, whatever their length; the LSTM in more than 99 %: "
                "without order, there is no frame.",
                _no_order_no_frame,
            ),
            choices=Choices(("less than a third of the time", "half the time", "nearly always"), 0),
        ),
    ),
    corpus=CORPUS,
    recipes={
        "lstm": Recipe("lstm", units=12, width=4, batches=6000),
        "rnn": Recipe("rnn", units=24, width=4, batches=6000),
        "dense": Recipe("dense", units=64, width=4, batches=6000),
    },
)
