"""Short memory: the word that the blank depends on is a few words before it."""

import random
from collections.abc import Sequence

from ..engine import NEXT_WORD, UNKNOWN, Vocabulary, provenance
from ..engine.train.words import Example, Recipe
from .grammar import Grammar
from .scenario import Choices, Claim, Corpus, LessonStep, Networks, Scenario
from .scoring import best_at, held_out_traces, least_of_both, mean, predict, recurrent
from .watching import marked_unit

PLACE = {
    "clouds": "sky",
    "fish": "sea",
    "trees": "forest",
    "cows": "field",
    "books": "library",
    "cars": "street",
    "children": "school",
    "cups": "kitchen",
}
OPENINGS = ("the", "today the", "look, the", "now all the")
QUALITIES = ("", "white", "small", "old", "good", "many", "other", "same")
ADVERBS = ("still", "now", "always", "all")
GRAMMAR = Grammar({"thing": tuple(PLACE), "place": tuple(PLACE.values())})


def held_out(quality: str, thing: str) -> bool:
    """Whether training never shows this thing with this quality: one thing in eight for every quality, "" included."""
    return (QUALITIES.index(quality) + list(PLACE).index(thing)) % len(PLACE) == 0


class CloudsCorpus(Corpus):
    """Sentences that say in which place a thing is, with a few words between the thing and the place."""

    task = "name the place where such things are"
    question = NEXT_WORD
    vocabulary = Vocabulary([
        UNKNOWN, *GRAMMAR.words([*OPENINGS, *QUALITIES[1:], "{thing} are", *ADVERBS, "in the {place}", "."])
    ])  # fmt: skip
    axis = "words in between"
    sizes = (3, 4, 5)

    def draw(self, rng: random.Random, done: float) -> Example:
        """Return one training sentence; the longer ones come in over the first half of training."""
        among = self.sizes[: 1 + int(2 * len(self.sizes) * done)]
        words = self._sentence(rng, False, rng.choice(among))
        answer = self.answer(words)
        assert answer is not None
        whole = (*words, answer, ".")
        return Example(whole[:-1], whole[1:], len(words) - 1)

    def draw_held_out(self, rng: random.Random, size: int) -> Example:
        """Return a sentence with a thing and a quality that training never shows together."""
        return self.example(self._sentence(rng, True, size))

    @staticmethod
    def _sentence(rng: random.Random, out: bool, size: int) -> list[str]:
        while True:
            opening, quality, thing = rng.choice(OPENINGS), rng.choice(QUALITIES), rng.choice(tuple(PLACE))
            if held_out(quality, thing) == out:
                adverbs = " ".join(rng.choice(ADVERBS) for _ in range(size - 3))
                return GRAMMAR.fill(f"{opening} {quality} {{thing}} are {adverbs} in the", rng, thing=thing)

    def evidence(self, tokens: Sequence[str]) -> int | None:
        """Return where the last of the things that have a place is named."""
        named = [t for t, token in enumerate(tokens) if token.casefold() in PLACE]
        return named[-1] if named else None

    def answer(self, tokens: Sequence[str]) -> str | None:
        """Return the place of the last thing named, if the sentence ends in "in the"."""
        where = self.evidence(tokens)
        if where is None or [token.casefold() for token in tokens[-2:]] != ["in", "the"]:
            return None
        return PLACE[tokens[where].casefold()]


CORPUS = CloudsCorpus()
SENTENCE = "The clouds are in the ____"


def _both_can(networks: Networks) -> bool:
    return least_of_both(networks, CORPUS) >= 0.98


def _left(networks: Networks) -> bool:
    unit, left = marked_unit(CORPUS, recurrent(networks), SENTENCE), []
    for trace, example in held_out_traces(recurrent(networks), CORPUS):
        where, layer = CORPUS.evidence(example.words), trace.layers[0]
        assert where is not None
        left.append(provenance(layer, len(trace) - 1, unit).by(where) / provenance(layer, where, unit).by(where))
    return mean(left) > 0.95


def _sky(networks: Networks) -> bool:
    said = [best_at(predict(CORPUS, recurrent(networks, model), SENTENCE), -1) for model in ("lstm", "rnn")]
    return [word for word, _ in said] == ["sky", "sky"] and said[0][1] > 0.9


CLOUDS = Scenario(
    name="clouds",
    title="Short memory: where are the clouds?",
    summary="The deciding word is close by; an RNN is enough.",
    sentences=(SENTENCE,),
    lesson=(
        LessonStep(
            "Three words separate the deciding word, “clouds”, from the blank. Guess how much better an LSTM "
            "is here than a vanilla RNN of about the same size.",
            Claim(
                "Not at all: both name the place in at least 98 % of held-out sentences. Over so short a gap an RNN "
                "is enough.",
                _both_can,
            ),
            at="The",
            choices=Choices(("not at all", "a little", "it is right twice as often"), 0),
        ),
        LessonStep(
            "“clouds” has been read. Guess how much of what it writes into the marked unit is left at the blank.",
            Claim(
                "More than 95 % on average over held-out sentences: for a few words, not forgetting is enough.",
                _left,
            ),
            at="clouds",
            guess=2,
            quantity="cell",
            choices=Choices(("almost nothing", "half", "nearly all"), 2),
        ),
        LessonStep(
            "Now the blank. Guess what the LSTM says, and what the RNN says ({key:stepper.model}, or "
            "{key:stepper.compare} for both).",
            Claim("Both say sky.", _sky),
            guess=3,
            quantity="hidden",
            choices=Choices(("only the LSTM says sky", "both say sky", "neither does"), 1),
        ),
    ),
    corpus=CORPUS,
    recipes={
        "lstm": Recipe("lstm", units=8, width=8, batches=6000, rate=0.005, answer_weight=16, unknown=0.1),
        "rnn": Recipe("rnn", units=14, width=8, batches=6000, rate=0.005, answer_weight=16, unknown=0.1),
    },
    seed=1,
)
