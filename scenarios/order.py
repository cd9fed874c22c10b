"""Order: the same words in a different order say the opposite."""

import random
from collections.abc import Sequence
from itertools import permutations

import numpy as np

from ..engine import UNKNOWN, Vocabulary
from ..engine.train.words import Example, Recipe
from .grammar import Grammar
from .scenario import Chart, Choices, Claim, Corpus, LessonStep, Networks, Scenario
from .scoring import accuracy_by_size, best_at, dense, least_of_both, predict, recurrent

NAMES = ("Ahmad", "Hassan", "Ali", "Sara", "Maria", "Omar", "Anna", "Yuki")
GRAMMAR = Grammar({"speaker": NAMES, "other": NAMES})
TEMPLATES = (
    "I am {speaker}, not {other}",
    "I am not {other}, I am {speaker}",
    "not {other}, I am {speaker}",
    "my name is {speaker}, not {other}",
    "my name is not {other}, it is {speaker}",
    "{speaker} is my name, not {other}",
    "{other} is not my name, I am {speaker}",
)


def held_out(one: str, other: str) -> bool:
    """Whether training never shows these two people together, in either order: one other in seven for every name."""
    return (NAMES.index(one) + NAMES.index(other)) % len(NAMES) == 1


PAIRS = tuple((a, b) for a in NAMES for b in NAMES if a != b)


class OrderCorpus(Corpus):
    """Sentences that name two people and say which of them is the speaker."""

    task = "name the speaker of a sentence that names two people"
    question = "speaker"
    vocabulary = Vocabulary([UNKNOWN, *GRAMMAR.words(TEMPLATES)])

    def draw(self, rng: random.Random, done: float) -> Example:
        """Return one training sentence."""
        return self._sentence(rng, False)

    def draw_held_out(self, rng: random.Random, size: int) -> Example:
        """Return a sentence about two people whom training never shows together; `size` does not matter."""
        return self._sentence(rng, True)

    def _sentence(self, rng: random.Random, out: bool) -> Example:
        speaker, other = rng.choice([pair for pair in PAIRS if held_out(*pair) == out])
        return self.example(GRAMMAR.fill(rng.choice(TEMPLATES), rng, speaker=speaker, other=other))

    def answer(self, tokens: Sequence[str]) -> str | None:
        """Return the one of two names that is not denied, by a "not" before it or "is not" after it."""
        lower = [token.casefold() for token in tokens]
        by_lower = {name.casefold(): name for name in NAMES}
        named = [t for t, word in enumerate(lower) if word in by_lower]
        if len(named) != 2:
            return None
        denied = [t for t in named if lower[max(t - 1, 0)] == "not" or lower[t + 1 : t + 3] == ["is", "not"]]
        if len(denied) != 1:
            return None
        speaker = next(t for t in named if t not in denied)
        return by_lower[lower[speaker]]

    def evidence(self, tokens: Sequence[str]) -> int | None:
        """Return where the speaker is named."""
        speaker = self.answer(tokens)
        return None if speaker is None else [t.casefold() for t in tokens].index(speaker.casefold())


CORPUS = OrderCorpus()
SENTENCES = ("I am Ahmad, not Hassan", "I am Hassan, not Ahmad")
SPEAKER = 2
"""Where the first sentence names the speaker."""


def _who_can(networks: Networks) -> bool:
    score = accuracy_by_size(dense(networks), CORPUS)[0]
    return least_of_both(networks, CORPUS) == 1.0 and score is not None and 0.4 < score < 0.6


def _at_once(networks: Networks) -> bool:
    word, p = best_at(predict(CORPUS, recurrent(networks), SENTENCES[0]), SPEAKER)
    return word == "Ahmad" and p > 0.99


def _still_ahmad(networks: Networks) -> bool:
    said = [best_at(predict(CORPUS, recurrent(networks), text), -1) for text in SENTENCES]
    return [word for word, _ in said] == ["Ahmad", "Hassan"] and min(p for _, p in said) > 0.9


def _bit_for_bit(networks: Networks) -> bool:
    first = dense(networks).read(SENTENCES[0])
    readings = (dense(networks).read(words) for words in permutations(first.tokens))
    return all(np.array_equal(first.probabilities, other.probabilities) for other in readings)


def speaker_by_word(networks: Networks) -> Chart:
    """Return the chart of how likely the LSTM holds it, word by word of each sentence, that Ahmad is the speaker."""
    network, name = recurrent(networks), NAMES[0]
    predictions = {text: predict(CORPUS, network, text) for text in SENTENCES}
    lines = {
        text: [(t + 1, prediction.probability(t, name)) for t in range(len(prediction.trace))]
        for text, prediction in predictions.items()
    }
    return Chart(f"that {name} speaks, as the LSTM reads", "words read", "p", lines)


ORDER = Scenario(
    name="order",
    title="Order: who speaks?",
    summary="The same words in a different order; a bag of words cannot tell.",
    sentences=SENTENCES,
    lesson=(
        LessonStep(
            "Each row of the table is one unit of the network, and → reads the next word. The two sentences here have "
            "the same words. Guess which of three networks can tell who is speaking: LSTM, RNN, dense.",
            Claim(
                "LSTM and RNN name the speaker in every held-out sentence. The dense network, which adds up the words "
                "regardless of order, does no better than a coin toss: about half.",
                _who_can,
            ),
            at="I",
            choices=Choices(("all three", "LSTM and RNN", "only the LSTM"), 1),
        ),
        LessonStep(
            "The network has read “I am Ahmad”, and two words are still to come. Its output is hidden for now. Guess "
            "whom it would name at this point.",
            Claim("Ahmad, with a probability above 0.99: after “I am” a name counts at once.", _at_once),
            at="Ahmad",
            guess=3,
            quantity="cell",
            choices=Choices(("nobody yet", "Ahmad", "Hassan"), 1),
        ),
        LessonStep(
            "“Hassan”, the very last word, is a name too; the other sentence has it where this one has “Ahmad”. Guess "
            "whom the network names now.",
            Claim(
                "Still Ahmad, and Hassan in the other sentence, each above 0.9. {key:stepper.compare} puts the two "
                "side by side and shows where they diverge.",
                _still_ahmad,
            ),
            at="Hassan",
            guess=3,
            quantity="forget",
            choices=Choices(("Ahmad", "Hassan", "both alike"), 0),
        ),
        LessonStep(
            "The dense network gets each word's count but not its position. Guess how much its outputs differ between "
            "the two sentences. ({key:stepper.model} cycles through the networks.)",
            Claim(
                "Not at all: they are identical bit for bit, and so are those of all 720 orders of these words and "
                "their comma.",
                _bit_for_bit,
                by_design=True,
            ),
            choices=Choices(("not at all", "a little", "completely"), 0),
        ),
    ),
    corpus=CORPUS,
    charts=(speaker_by_word,),
    recipes={
        "lstm": Recipe("lstm", units=8, width=8, batches=4000),
        "rnn": Recipe("rnn", units=15, width=8, batches=4000),
        "dense": Recipe("dense", units=16, width=16, batches=4000),
    },
)
