"""Sharing: one set of weights at every position, so that a word counts the same wherever it occurs."""

import random
from collections.abc import Sequence

import numpy as np

from ..engine import UNKNOWN, BadInput, Trace, Vocabulary
from ..engine.train.words import Example, Recipe
from .grammar import Grammar
from .scenario import Choices, Claim, Corpus, LessonStep, Networks, Scenario
from .scoring import (
    accuracy_by_size,
    best_at,
    dense,
    held_out_traces,
    least_of_both,
    likeliest,
    mean,
    predict,
    recurrent,
)
from .units import held_out_batches

COUNTS = ("zero", "one", "two", "three", "four")
COUNTED = "name"
OTHERS = ("friend", "teacher", "song")
GRAMMAR = Grammar({
    "person": ("Ahmad", "Hassan", "Ali", "Sara", "Maria", "Omar", "Anna", "Yuki"),
    "noun": (COUNTED, *OTHERS),
})  # fmt: skip
CLAUSES = (
    "what is your {noun}?",
    "my {noun} is {person}",
    "my {noun} and your {noun},",
    "is {person} your {noun}?",
    "a {noun},",
    "my {noun},",
    "how are you?",
    "I am {person}",
)
"""Another noun fits wherever "name" does, so that the words around it do not give it away."""

SLOTS, LONGEST = 12, 30
TRAINED = 8
"""The number of places, from the first, at which training may show the word that is counted."""


class SharingCorpus(Corpus):
    """Clauses with and without "name"; after every word the count so far is asked for."""

    task = "count how often “name” has occurred"
    question = "count of “name”"
    vocabulary = Vocabulary([UNKNOWN, *GRAMMAR.words([*CLAUSES, *COUNTS])])
    unit_does = f"follows the count of “{COUNTED}”"
    axis = "times “name” has occurred, at least once at a position where training never shows it"
    sizes = (1, 2, 3)

    def draw(self, rng: random.Random, done: float) -> Example:
        """Return one training sentence, with "name" among the first TRAINED places only."""
        while True:
            words = self._sentence(rng, rng.choice((SLOTS, LONGEST)), TRAINED)
            if words.count(COUNTED) < len(COUNTS):
                return self.example(words)

    def draw_held_out(self, rng: random.Random, size: int) -> Example:
        """Return a sentence with `size` times "name", at least once after the first TRAINED places."""
        while True:
            words = self._sentence(rng, SLOTS, SLOTS)
            if COUNTED in words[TRAINED:] and words.count(COUNTED) == size:
                return self.example(words)

    @staticmethod
    def _sentence(rng: random.Random, most: int, places: int) -> list[str]:
        """Clauses cut off at up to `most` words, with "name" among the first `places` of them only."""
        words: list[str] = []
        length, often = rng.randint(3, most), rng.random()
        while len(words) < length:
            words += GRAMMAR.fill(rng.choice(CLAUSES), rng)
        for t, word in enumerate(words):
            if word == COUNTED or word in OTHERS:
                words[t] = COUNTED if t < places and rng.random() < often else rng.choice(OTHERS)
        return words[:length]

    def targets(self, tokens: Sequence[str]) -> tuple[str | None, ...]:
        """Return the count so far after every word, None where there is no word for it."""
        lower = [token.casefold() for token in tokens]
        counts = [lower[: t + 1].count(COUNTED) for t in range(len(lower))]
        return tuple(COUNTS[count] if count < len(COUNTS) else None for count in counts)

    def answer(self, tokens: Sequence[str]) -> str | None:
        """Return the count at the end."""
        return self.targets(tokens)[-1] if tokens else None

    def unit(self, trace: Trace) -> int | None:
        """Return the unit that counts."""
        return counter(trace)


def counter(trace: Trace) -> int | None:
    """Return the unit whose state follows the count of "name" most closely; None where there is nothing to follow.

    That is the largest correlation, of either sign, between the state that the cell carries on and the count so far.
    """
    layer = trace.layers[0]
    states = layer[layer.cell.memory_state or "hidden"].astype(np.float64)  # (T, H)
    counts = np.cumsum([token.casefold() == COUNTED for token in trace.tokens or ()])
    moving = [unit for unit in range(layer.H) if np.ptp(states[:, unit]) > 0]
    if counts[0] == counts[-1] or not moving:
        return None
    return max(moving, key=lambda unit: abs(np.corrcoef(states[:, unit], counts)[0, 1]))


CORPUS = SharingCorpus()
SENTENCE = "what is your name? My name is Ahmad"


def _counts(networks: Networks) -> bool:
    return least_of_both(networks, CORPUS) > 0.99


def _steps(networks: Networks) -> tuple[float, float]:
    """How far the counting unit's cell state moves on average at "name", and at other words."""
    network = recurrent(networks)
    unit = counter(network.trace(SENTENCE))
    at_name, elsewhere = list[float](), list[float]()
    for trace, example in held_out_traces(network, CORPUS):
        moved = np.diff(trace.layers[0]["cell"][:, unit], prepend=0.0)
        for word, step in zip(example.words, moved.tolist(), strict=True):
            (at_name if word == COUNTED else elsewhere).append(step)
    return mean(at_name), mean(elsewhere)


def _one_unit_counts(networks: Networks) -> bool:
    at_name, elsewhere = _steps(networks)
    return -1.3 < at_name < -1.1 and abs(elsewhere) < 0.05


def _says_two(networks: Networks) -> bool:
    prediction = predict(CORPUS, recurrent(networks), SENTENCE)
    second = [t for t, word in enumerate(prediction.trace.tokens or ()) if word == COUNTED][1]
    unit = counter(prediction.trace)
    before, after = prediction.trace.layers[0]["cell"][second - 1 : second + 1, unit].ravel().tolist()
    said = [best_at(prediction, t)[0] for t in (second - 1, second, -1)]
    return said == ["one", "two", "two"] and after < before - 0.5


def _no_sharing(networks: Networks) -> bool:
    elsewhere = max(score or 0.0 for score in accuracy_by_size(dense(networks), CORPUS, 100).values())
    rng, right = random.Random(0), list[bool]()
    while len(right) < 300:
        example = CORPUS.draw(rng, 1.0)
        if len(example.words) <= SLOTS:
            said = likeliest(dense(networks), example.words)
            right.append(said is not None and said[0] == example.targets[-1])
    return elsewhere < 0.02 and sum(right) > 0.95 * len(right)


def _on_after_the_first(networks: Networks) -> bool:
    """Whether the counting unit is on, as at the first “name”, at nearly all places after one, and hardly elsewhere."""
    from ..engine import similar  # only for this check

    network = recurrent(networks)
    trace = network.trace(SENTENCE)
    batches, sentences = held_out_batches(network, CORPUS)
    start = (trace.tokens or ()).index(COUNTED)
    unit = counter(trace)
    assert unit is not None
    try:
        found = similar(trace, start, start + 1, [unit], batches=batches, sentences=sentences)
    except BadInput:  # it is not on there
        return False
    come = [[COUNTED in words[: t + 1] for t in range(len(words))] for words in sentences]
    after = sum(map(sum, come))
    places = [(place.sequence, place.t) for place in found.places if place.sequence is not None]
    right = sum(come[sequence][t] for sequence, t in places)
    return right > 0.99 * len(places) > 0.98 * after > 1000


SHARING = Scenario(
    name="sharing",
    title="Sharing: the same word at two positions",
    summary="One set of weights at every position: a cell that counts “name”.",
    sentences=(SENTENCE,),
    lesson=(
        LessonStep(
            "After every word the network must say how often “name” has occurred. In training it was among the first "
            "eight positions only. Guess: does the network still count at positions nine to twelve?",
            Claim(
                "Yes: LSTM and RNN count correctly in more than 99 % of held-out sentences. The same weights read "
                "position 9 and position 4.",
                _counts,
            ),
            at="what",
            choices=Choices(("yes", "at some of them", "no"), 0),
        ),
        LessonStep(
            "The first “name”. The marked unit was found by what it does: of all units, its memory c follows the "
            "count most closely. Guess how it moves here.",
            Claim(
                "Down by about one. Over the held-out sentences it moves by 1.2 on average at “name” and by less than "
                "0.05 at all other words: that is counting.",
                _one_unit_counts,
            ),
            at="name",
            guess=2,
            quantity="cell",
            choices=Choices(("up by one", "down by one", "hardly"), 1),
        ),
        LessonStep(
            "The second “name”, at a different position. Guess how c moves, and what the network says.",
            Claim("Down again, and from “one” to “two”, which it still says at the end.", _says_two),
            at="name",
            nth=2,
            guess=2,
            quantity="cell",
            choices=Choices(("down again, “two”", "up, “two”", "not at all, “one”"), 0),
        ),
        LessonStep(
            "The dense network has separate weights for every position and read the same sentences. Guess how often "
            "it is right when “name” is at a position where training never had it.",
            Claim(
                "Hardly ever: in less than 2 % of these sentences, and in more than 95 % of those like the ones it "
                "was trained on. What it learned about “name” at position 4 is of no use at position 9.",
                _no_sharing,
            ),
            choices=Choices(("nearly always", "half the time", "hardly ever"), 2),
        ),
        LessonStep(
            "Press {key:stepper.similar} twice here: it lists every other place at which the same units are on. With "
            "{key:similar.units}, keep the marked unit alone. Guess what these places have in common.",
            Claim(
                "That a “name” has come: more than 99 in 100 of them stand at or after one, and more than 98 in 100 of "
                "all such places in the held-out sentences are among them. Which word stands there does not matter.",
                _on_after_the_first,
            ),
            at="name",
            quantity="hidden",
            choices=Choices(("the word “name”", "that one has come", "the position"), 1),
        ),
    ),
    corpus=CORPUS,
    recipes={
        "lstm": Recipe("lstm", units=4, width=6, batches=6000),
        "rnn": Recipe("rnn", units=7, width=6, batches=6000),
        "gru": Recipe("gru", units=5, width=6, batches=6000),
        "peephole": Recipe("peephole", units=4, width=6, batches=6000),
        "coupled-input": Recipe("coupled-input", units=5, width=6, batches=6000),
        "coupled-forget": Recipe("coupled-forget", units=5, width=6, batches=6000),
        "dense": Recipe("dense", units=3, width=6, slots=SLOTS, batches=6000),
    },
    seed=1,
)
