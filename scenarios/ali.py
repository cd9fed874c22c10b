"""Relevance: the person whom a story is about is remembered, and what is said about others does not replace them."""

import random
from collections.abc import Sequence

import numpy as np

from ..engine import BLANK, NEXT_WORD, UNKNOWN, Trace, Vocabulary
from ..engine.train.words import Example, Recipe
from .grammar import Grammar
from .scenario import Choices, Claim, Corpus, LessonStep, Networks, Scenario
from .scoring import best_at, held_out_traces, least_right, mean, predict, recurrent
from .watching import marked_unit

PRONOUN = {"Ali": "He", "Ahmad": "He", "Omar": "He", "Hassan": "He",
           "Sara": "She", "Maria": "She", "Anna": "She", "Yuki": "She"}  # fmt: skip
CHILD = {"He": "boy", "She": "girl"}
KIN = {"father": "He", "mother": "She", "brother": "He", "sister": "She"}
GRAMMAR = Grammar({
    "name": tuple(PRONOUN),
    "other": tuple(PRONOUN),
    "pronoun": tuple(CHILD),
    "child": tuple(CHILD.values()),
    "kin": tuple(KIN),
    "quality": ("good", "kind", "happy", "tall"),
    "grade": ("third", "fourth", "fifth", "sixth"),
    "pastime": ("cricket", "football", "music", "tea"),
    "doing": ("sleeping", "working", "reading", "singing"),
})  # fmt: skip

OPENING = "My friend's name is {name}."
RELEVANT = ("{pronoun} is a {quality} {child}.", "{pronoun}'s in {grade} grade.", "{pronoun} likes {pastime}.")
IRRELEVANT = (
    "My {kin} is {doing}.",
    "My {kin} is in {grade} grade.",
    "My {kin} likes {pastime}.",
    "My {kin}'s name is {other}.",
    "{other} is my {kin}.",
)
CLOSING = "{name} is a sharp and intelligent {child}."
MOST_RELEVANT, MOST_IRRELEVANT = 3, 4


def held_out(name: str, kin: str) -> bool:
    """Whether training never mentions this relative in a story about this friend: one relative in four for each."""
    return (list(PRONOUN).index(name) + list(KIN).index(kin)) % len(KIN) == 0


class AliCorpus(Corpus):
    """Stories: a friend's name, sentences about the friend and about relatives, and a last one about the friend."""

    task = "begin the last sentence with the name of the friend"
    question = NEXT_WORD
    vocabulary = Vocabulary([UNKNOWN, *GRAMMAR.words([OPENING, *RELEVANT, *IRRELEVANT, CLOSING])])
    axis = "irrelevant sentences"
    sizes = tuple(range(1, MOST_IRRELEVANT + 1))

    def draw(self, rng: random.Random, done: float) -> Example:
        """Return one training story; it grows over the first half of training."""
        name = rng.choice(tuple(PRONOUN))
        most = min(1.0, 2 * done)
        relevant = rng.randint(0, round(MOST_RELEVANT * most))
        irrelevant = rng.randint(0, round(MOST_IRRELEVANT * most))
        words = self._story(rng, name, relevant, irrelevant, [kin for kin in KIN if not held_out(name, kin)])
        whole = (*words, *GRAMMAR.fill(CLOSING, rng, name=name, child=CHILD[PRONOUN[name]]))
        return Example(whole[:-1], whole[1:], len(words) - 1)

    def draw_held_out(self, rng: random.Random, size: int) -> Example:
        """Return a story with `size` sentences about a relative whom training never mentions with this friend."""
        name = rng.choice(tuple(PRONOUN))
        relevant = rng.randint(0, MOST_RELEVANT)
        return self.example(self._story(rng, name, relevant, size, [kin for kin in KIN if held_out(name, kin)]))

    @staticmethod
    def _story(rng: random.Random, name: str, relevant: int, irrelevant: int, kin: Sequence[str]) -> list[str]:
        """Everything but the last sentence; the irrelevant sentences stand anywhere after the first."""
        templates = [rng.choice(RELEVANT) for _ in range(relevant)]
        templates += [rng.choice(IRRELEVANT) for _ in range(irrelevant)]
        rng.shuffle(templates)
        pronoun = PRONOUN[name]
        words = GRAMMAR.fill(OPENING, rng, name=name)
        for template in templates:
            who = rng.choice(kin)
            other = rng.choice([n for n in PRONOUN if n != name and PRONOUN[n] == KIN[who]])
            words += GRAMMAR.fill(template, rng, pronoun=pronoun, child=CHILD[pronoun], kin=who, other=other)
        return words

    def evidence(self, tokens: Sequence[str]) -> int | None:
        """Return where the friend is named."""
        lower = [token.casefold().replace("’", "'") for token in tokens]
        named = [t for t in range(3, len(lower)) if lower[t - 3 : t] == ["friend's", "name", "is"]]
        return named[-1] if named else None

    def answer(self, tokens: Sequence[str]) -> str | None:
        """Return the name of the friend at the end of a sentence, unless it is the last one, which begins with it."""
        where = self.evidence(tokens)
        if where is None or tokens[-1] != ".":
            return None
        begins = max((t + 1 for t in range(len(tokens) - 1) if tokens[t] == "."), default=0)
        return None if tokens[begins].casefold() == tokens[where].casefold() else tokens[where]


CORPUS = AliCorpus()
SENTENCE = (
    "My friend's name is Ali. He is a good boy. He's in fourth grade. My father is sleeping. "
    "Ali is a sharp and intelligent boy."
)
ASKED = "My friend's name is Ali. He is a good boy. He's in fourth grade. My father is sleeping."


def doorkeeper(trace: Trace) -> int:
    """Return the unit whose input gate differs most between the friend's name and all that comes after it."""
    name = CORPUS.evidence(trace.tokens or ())
    assert name is not None
    gate = trace.layers[0]["input"]
    return int(np.argmax(gate[name] - gate[name + 1 :].mean(axis=0)))


def kinds(tokens: Sequence[str]) -> list[str]:
    """Return for every token whether its sentence is the "opening", "relevant" to the friend, or "irrelevant"."""
    found: list[str] = []
    sentence: list[str] = []
    for token in tokens:
        sentence.append(token.casefold())
        if token == ".":
            opening = "friend's" in sentence
            kind = "opening" if opening else "irrelevant" if "my" in sentence else "relevant"
            found += [kind] * len(sentence)
            sentence = []
    return found


def input_gates(networks: Networks) -> dict[str, np.ndarray]:
    """Return the mean input gates (H,) at the friend's "name", in "relevant" and in "irrelevant" held-out sentences."""
    gates: dict[str, list[np.ndarray]] = {"name": [], "relevant": [], "irrelevant": []}
    for trace, example in held_out_traces(recurrent(networks), CORPUS, 100):
        name = CORPUS.evidence(example.words)
        assert name is not None
        gate = trace.layers[0]["input"]
        gates["name"].append(gate[name])
        for kind, row in zip(kinds(example.words), gate, strict=True):
            if kind in gates:
                gates[kind].append(row)
    return {kind: np.mean(rows, axis=0) for kind, rows in gates.items()}


def _names_the_friend(networks: Networks) -> bool:
    said = best_at(predict(CORPUS, recurrent(networks), ASKED), -1)
    return least_right(recurrent(networks), CORPUS) == 1.0 and said[0] == "Ali" and said[1] > 0.8


def _door(networks: Networks) -> bool:
    unit, gates = doorkeeper(recurrent(networks).trace(SENTENCE)), input_gates(networks)
    return bool(gates["name"][unit] > 0.5 and max(gates[kind][unit] for kind in ("relevant", "irrelevant")) < 0.1)


def _no_door_in_general(networks: Networks) -> bool:
    gates = {kind: float(gate.mean()) for kind, gate in input_gates(networks).items()}
    expected = {"name": 0.75, "relevant": 0.68, "irrelevant": 0.66}
    return all(abs(gates[kind] - value) < 0.02 for kind, value in expected.items())


def _forget_keeps(networks: Networks) -> bool:
    """Whether the marked unit's forget gate is above 0.97 on average in the irrelevant sentences."""
    unit, kept = marked_unit(CORPUS, recurrent(networks), ASKED), []
    for trace, example in held_out_traces(recurrent(networks), CORPUS):
        rows = [t for t, kind in enumerate(kinds(example.words)) if kind == "irrelevant"]
        kept += trace.layers[0]["forget"][rows, unit].tolist()
    return mean(kept) > 0.97


def _stays_without_the_father(networks: Networks) -> bool:
    """Whether it names the friend both with and without the five words about the father."""
    from ..engine import edited  # with all that edits take

    trace = recurrent(networks).trace(ASKED)
    first = (trace.tokens or ()).index("father")
    for run in (trace, edited(trace, [f"skip@{first}:{first + 4}"])):
        p, vocabulary = run.probabilities(len(run) - 1), run.vocabulary
        assert p is not None
        assert vocabulary is not None
        if p[list(vocabulary).index("Ali")] < 0.7:
            return False
    return True


ALI = Scenario(
    name="ali",
    title="Relevance: who is the story about?",
    summary="Someone else is mentioned in between; the friend's name survives.",
    sentences=(f"{ASKED} {BLANK}",),
    lesson=(
        LessonStep(
            "The story is about Ali; one sentence is about a father. The last sentence must begin with the friend's "
            "name again. Guess how often it does, with up to four irrelevant sentences in a story.",
            Claim(
                "Always in the held-out stories, even when a relative's name comes in between. Here it says Ali "
                "after “sleeping.” with a probability above 0.8.",
                _names_the_friend,
            ),
            at="My",
            choices=Choices(("half the time", "nine times in ten", "always"), 2),
        ),
        LessonStep(
            "“Ali” has just been read. The marked unit's input gate best separates the name from the rest. Guess how "
            "open that gate is here, and in “My father is sleeping”.",
            Claim(
                "Over 400 held-out stories its mean is above 0.5 at the name, below 0.1 in irrelevant sentences: a "
                "door that closes. It is just as closed in sentences about the friend: it admits only the name.",
                _door,
            ),
            at="Ali",
            guess=1,
            quantity="input",
            unit=doorkeeper,
            choices=Choices(("open here, closed there", "open at both", "closed at both"), 0),
        ),
        LessonStep(
            "Now all twelve units. In the article the gates decide what is relevant. Guess whether the input gates "
            "are less open, on average, in sentences about relatives than in those about the friend.",
            Claim(
                "Hardly: 0.66 against 0.68, and 0.75 at the name. As a whole, this network does not use its input "
                "gates to keep irrelevant sentences out.",
                _no_door_in_general,
            ),
            at="father",
            quantity="input",
            choices=Choices(("much less", "hardly"), 1),
        ),
        LessonStep(
            "So how does the name survive? Look at the marked unit, through which it changes the answer most. Guess "
            "its forget gate in the irrelevant sentence.",
            Claim(
                "Near 1: above 0.97 on average over held-out irrelevant sentences. The name survives because it is "
                "not forgotten.",
                _forget_keeps,
            ),
            at="sleeping",
            guess=0,
            quantity="forget",
            choices=Choices(("near 0", "about 0.5", "near 1"), 2),
        ),
        LessonStep(
            "Is it then all the same whether “My father is sleeping.” is read? {key:stepper.set} takes any edit: with "
            "skip@18:22 nothing is read there, and memory and hidden state stay. Guess what comes after it.",
            Claim(
                "Ali, with more than 0.7 as before: the sentence about the father changes nothing of that. "
                "{key:stepper.compare} shows both runs.",
                _stays_without_the_father,
            ),
            at="father",
            quantity="cell",
            choices=Choices(("Ali", "another name", "My"), 0),
        ),
    ),
    corpus=CORPUS,
    recipes={
        "lstm": Recipe("lstm", units=12, width=8, batches=6000, answer_weight=16),
        "rnn": Recipe("rnn", units=20, width=8, batches=6000, answer_weight=16),
    },
)
