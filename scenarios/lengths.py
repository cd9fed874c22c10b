"""Lengths: sentences differ in length, and the same weights must handle them all."""

import random
from collections.abc import Sequence

from ..engine import UNKNOWN, Vocabulary
from ..engine.train.words import Example, Recipe
from .grammar import Grammar
from .scenario import Chart, Choices, Claim, Corpus, LessonStep, Networks, Scenario
from .scoring import best_at, dense, least_of_both, likeliest, predict, recurrent

DOINGS = ("sleeping", "working", "reading", "singing")
GRAMMAR = Grammar({
    "name": ("Ahmad", "Hassan", "Ali", "Sara", "Maria", "Omar", "Anna", "Yuki"),
    "kin": ("father", "mother", "brother", "sister"),
    "doing": DOINGS,
})  # fmt: skip
GREETINGS = ("hello", "hi", "well")
ABOUT_DOING = (
    "I am {doing}",
    "are you {doing}",
    "{name} is {doing}",
    "is {name} {doing}",
    "you are {doing}",
    "my {kin} is {doing}",
    "is my {kin} {doing}",
    "am I {doing}",
)
OTHERS = ("how are you", "what is your name", "my name is {name}", "who is {name}", "you are {name}", "are you {name}")
ASKING = ("how", "what", "who", "are", "is", "am")
LONGEST_TRAINED = 10
SLOTS = 4


def held_out(template: str, doing: str) -> bool:
    """Whether training never shows this clause: one doing in four for every template."""
    return (ABOUT_DOING.index(template) + DOINGS.index(doing)) % len(DOINGS) == 0


class LengthsCorpus(Corpus):
    """Clauses joined by "and", questions and statements without their final mark; the last clause decides."""

    task = "end a sentence of any length in ? or ."
    question = "it ends in"
    vocabulary = Vocabulary([UNKNOWN, *GRAMMAR.words([*GREETINGS, *ABOUT_DOING, *OTHERS, "and ? ."])])
    axis = "words"
    sizes = (3, 4, 8, 10, 12, 16, 20)

    def draw(self, rng: random.Random, done: float) -> Example:
        """Return one training sentence of at most LONGEST_TRAINED words."""
        while True:
            words = rng.choice(([], [], [rng.choice(GREETINGS)]))
            for n in range(rng.choice((1, 1, 2, 3))):
                words = words + ["and"] * (n > 0) + self._clause(rng)
            if len(words) <= LONGEST_TRAINED:
                return self.example(words)

    def draw_held_out(self, rng: random.Random, size: int) -> Example:
        """Return a sentence of `size` words that ends in a clause that training never shows."""
        while True:
            template, doing = rng.choice([(t, d) for t in ABOUT_DOING for d in DOINGS if held_out(t, d)])
            words = GRAMMAR.fill(template, rng, doing=doing)
            while len(words) < size:
                words = [*self._clause(rng), "and", *words]
                if len(words) == size - 1:
                    words = [rng.choice(GREETINGS), *words]
            if len(words) == size:
                return self.example(words)

    @staticmethod
    def _clause(rng: random.Random) -> list[str]:
        while True:
            template, doing = rng.choice(ABOUT_DOING + OTHERS), rng.choice(DOINGS)
            if template in OTHERS or not held_out(template, doing):
                return GRAMMAR.fill(template, rng, doing=doing)

    def answer(self, tokens: Sequence[str]) -> str | None:
        """Return ? if the last clause is a question, else a full stop; None where there is no clause."""
        lower = [token.casefold() for token in tokens]
        start = len(lower) - lower[::-1].index("and") if "and" in lower else 0
        clause = lower[start:]
        if clause[:1] and clause[0] in GREETINGS:
            clause = clause[1:]
        return None if not clause else "?" if clause[0] in ASKING else "."


CORPUS = LengthsCorpus()
SENTENCES = ("Hello How are you", "My Name is Ahmad and I am sleeping")


def _any_length(networks: Networks) -> bool:
    return least_of_both(networks, CORPUS) == 1.0


def _asks_early(networks: Networks) -> bool:
    prediction = predict(CORPUS, recurrent(networks), SENTENCES[0])
    early, asked = best_at(prediction, 1), best_at(prediction, 2)
    return early[1] < 0.5 and asked[0] == "?" and asked[1] > 0.9


def _refuses(networks: Networks) -> bool:
    network = dense(networks)
    taken, refused = likeliest(network, SENTENCES[0]), likeliest(network, SENTENCES[1])
    wider = network.parameters_for(8) - network.parameters
    return taken is not None and refused is None and wider == 4 * network.H * network.embedding.shape[1] == 216


def parameters_by_length(networks: Networks) -> Chart:
    """Return the chart of how many parameters each network needs for sentences of each length."""
    lengths = range(SLOTS, 21, 2)
    lines = {model: [(n, recurrent(networks, model).parameters) for n in lengths] for model in ("lstm", "rnn")}
    grown = [(n, dense(networks).parameters_for(n)) for n in lengths]
    return Chart("parameters needed for a sentence", "words", "parameters", lines | {"dense": grown})


LENGTHS = Scenario(
    name="lengths",
    title="Lengths: four words or sixteen",
    summary="Any length with the same weights; a dense network has few slots.",
    sentences=SENTENCES,
    lesson=(
        LessonStep(
            "Four words go in, one at a time, each through the same weights; the network must end the sentence with "
            "? or a full stop. Training had at most ten words. Guess how long a sentence it can handle.",
            Claim(
                "Any length, with no extra weights: LSTM and RNN end every held-out sentence correctly, at 3 words "
                "and at 20, twice as many as in training.",
                _any_length,
            ),
            at="Hello",
            choices=Choices(("10 words", "about 12", "any length"), 2),
        ),
        LessonStep(
            "“Hello How”, and the output is hidden. Guess: is the network already sure that this will be a question?",
            Claim("Not yet: neither mark reaches 0.5. One word later, at “are”, ? is above 0.9.", _asks_early),
            at="How",
            guess=3,
            quantity="output",
            choices=Choices(("yes", "not yet"), 1),
        ),
        LessonStep(
            "The dense network has separate weights for each of four slots. It can read this sentence. Guess what it "
            "makes of “My Name is Ahmad and I am sleeping”, which has eight words.",
            Claim(
                "It cannot read it: there are no weights for words 5 to 8. Four more slots would cost 216 more "
                "parameters, and so on for every word ({key:stepper.charts} has the chart). {key:stepper.edit} and "
                "{key:stepper.model} let you try.",
                _refuses,
                by_design=True,
            ),
            choices=Choices(("it reads the first four", "it guesses", "it cannot read it"), 2),
        ),
    ),
    corpus=CORPUS,
    charts=(parameters_by_length,),
    recipes={
        "lstm": Recipe("lstm", units=6, width=6, batches=3000),
        "rnn": Recipe("rnn", units=10, width=6, batches=3000),
        "dense": Recipe("dense", units=9, width=6, slots=SLOTS, batches=3000),
    },
)
