"""Long memory: the country is named early, and the last word depends on it, however much is said in between."""

import random
from collections.abc import Sequence

from ..engine import NEXT_WORD, UNKNOWN, Trace, Vocabulary, next_words, provenance, tokenize
from ..engine.train.words import Example, Recipe
from .grammar import Grammar
from .scenario import Choices, Claim, Corpus, LessonStep, Networks, Scenario
from .scoring import accuracy_by_size, best_at, held_out_traces, least_right, mean, predict, recurrent
from .watching import marked_unit

NATIONALITY = {
    "Pakistan": "Pakistani",
    "France": "French",
    "Japan": "Japanese",
    "Kenya": "Kenyan",
    "Brazil": "Brazilian",
    "Turkey": "Turkish",
    "Canada": "Canadian",
    "India": "Indian",
}
NAMES = ("Ahmad", "Hassan", "Ali", "Sara", "Maria", "Omar", "Anna", "Yuki")

GRAMMAR = Grammar({
    "name": NAMES,
    "country": tuple(NATIONALITY),
    "nationality": tuple(NATIONALITY.values()),
    "quality": ("good", "kind", "happy", "tall"),
    "child": ("boy", "girl"),
    "grade": ("3rd", "4th", "5th", "6th", "7th"),
    "pastime": ("cricket", "football", "music", "tea"),
    "kin": ("brother", "sister", "cat"),
    "parent": ("father", "mother", "friend"),
    "doing": ("sleeping", "working"),
})  # fmt: skip

OPENING = "my name is {name}, I live in {country},"
MOVE = "now I live in {country},"
FILLERS = (
    "I am a {quality} {child},",
    "I am in {grade} grade,",
    "I like {pastime},",
    "I have a {kin},",
    "my {parent} is {doing},",
    "it is sunny today,",
)
CLOSING = "I am"
LONGEST_GAP = 8


def held_out(name: str, country: str) -> bool:
    """Whether training never shows this person in this country: one country in eight for every name."""
    return (NAMES.index(name) + list(NATIONALITY).index(country)) % len(NAMES) == 0


class PakistanCorpus(Corpus):
    """Sentences of an opening, clauses about something else, now and then a move to another country, and "I am"."""

    task = "name the nationality that goes with the country of the last `live in`"
    question = NEXT_WORD
    vocabulary = Vocabulary([UNKNOWN, *GRAMMAR.words([OPENING, MOVE, *FILLERS, CLOSING, "{nationality}", "."])])
    axis = "clauses in between"
    sizes = tuple(range(LONGEST_GAP + 1))

    def draw(self, rng: random.Random, done: float) -> Example:
        """Return one training sentence; the gap grows from 0 to LONGEST_GAP over the first half of training."""
        name = rng.choice(NAMES)
        country = self._country(name, rng)
        words = GRAMMAR.fill(OPENING, rng, name=name, country=country)
        longest = min(LONGEST_GAP, int((LONGEST_GAP + 1) * 2 * done))
        for _ in range(min(rng.randint(0, LONGEST_GAP), rng.randint(0, LONGEST_GAP), longest)):
            template = rng.choice((*FILLERS, MOVE))
            if template is MOVE:
                country = self._country(name, rng)
            words += GRAMMAR.fill(template, rng, country=country)
        words += [*GRAMMAR.fill(CLOSING, rng), NATIONALITY[country], "."]
        return Example(tuple(words[:-1]), next_words(words)[:-1], len(words) - 3)

    def draw_held_out(self, rng: random.Random, size: int) -> Example:
        """Return a sentence about a person in a country where training never puts them, `size` clauses before the end.

        Half of them live somewhere else first.
        """
        name = rng.choice(NAMES)
        country = next(c for c in NATIONALITY if held_out(name, c))
        if rng.random() < 0.5:
            words = GRAMMAR.fill(OPENING, rng, name=name, country=self._country(name, rng))
            words += GRAMMAR.fill(rng.choice(FILLERS), rng) + GRAMMAR.fill(MOVE, rng, country=country)
        else:
            words = GRAMMAR.fill(OPENING, rng, name=name, country=country)
        for _ in range(size):
            words += GRAMMAR.fill(rng.choice(FILLERS), rng)
        return self.example([*words, *GRAMMAR.fill(CLOSING, rng)])

    def evidence(self, tokens: Sequence[str]) -> int | None:
        """Return where the country of the last "live in" is named."""
        lower = [token.casefold() for token in tokens]
        lived = [t for t in range(2, len(lower)) if lower[t - 2 : t] == ["live", "in"]]
        return lived[-1] if lived else None

    def answer(self, tokens: Sequence[str]) -> str | None:
        """Return the nationality for the country of the last "live in", if the sentence ends in "I am"."""
        where = self.evidence(tokens)
        if where is None or [token.casefold() for token in tokens[-2:]] != ["i", "am"]:
            return None
        by_country = {country.casefold(): nationality for country, nationality in NATIONALITY.items()}
        return by_country.get(tokens[where].casefold())

    @staticmethod
    def _country(name: str, rng: random.Random) -> str:
        return rng.choice([country for country in NATIONALITY if not held_out(name, country)])


CORPUS = PakistanCorpus()
SENTENCE = "My name is Ahmad, I live in Pakistan, I am a good boy, I am in 5th grade, I am ____"
ONE_MORE = SENTENCE.replace("5th grade,", "5th grade, my father is sleeping,")
"""SENTENCE with one more clause, over which the RNN does not keep the country."""

SENTENCE_COUNTRY = tokenize(SENTENCE).index("Pakistan")


def _answers(networks: Networks) -> bool:
    return least_right(recurrent(networks), CORPUS) == 1.0


def _marked(networks: Networks) -> int:
    return marked_unit(CORPUS, recurrent(networks), SENTENCE)


def _nine_tenths_left(networks: Networks) -> bool:
    layer, unit = recurrent(networks).trace(SENTENCE).layers[0], _marked(networks)
    written, left = (provenance(layer, t, unit).by(SENTENCE_COUNTRY) for t in (SENTENCE_COUNTRY, len(layer) - 1))
    return abs(left) > 0.9 * abs(written) > 0


def _keeps_with_open_doors(networks: Networks) -> bool:
    unit, forget, let_in = _marked(networks), list[float](), list[float]()
    for trace, example in held_out_traces(recurrent(networks), CORPUS):
        country = CORPUS.evidence(example.words)
        assert country is not None
        forget += trace.layers[0]["forget"][country + 1 :, unit].tolist()
        let_in += trace.layers[0]["input"][country + 1 :, unit].tolist()
    return min(forget) > 0.95 and abs(mean(let_in) - 0.8) < 0.05 and _nine_tenths_left(networks)


def _cleared(networks: Networks) -> bool:
    """Whether the marked unit forgets most at "live" in every held-out move "now I live in ...", and nothing before."""
    unit, at_live, before = _marked(networks), list[float](), list[float]()
    for trace, example in held_out_traces(recurrent(networks), CORPUS):
        if "now" in example.words:
            live = example.words.index("now") + 2
            assert example.words[live] == "live"
            *earlier, here = trace.layers[0]["forget"][live - 2 : live + 1, unit].tolist()
            before += earlier
            at_live.append(here)
    return len(at_live) > 100 and max(at_live) < 0.3 and min(before) > 0.95


def _rnn_loses_it(networks: Networks) -> bool:
    scores = accuracy_by_size(recurrent(networks, "rnn"), CORPUS, 200)
    near, far = scores[0], scores[LONGEST_GAP]
    assert near is not None
    assert far is not None
    fewer = abs(networks["rnn"].parameters / networks["lstm"].parameters - 1) < 0.05
    return 0.8 < near < 0.95 and 0.3 < far < 0.5 and fewer


def _one_more_clause(networks: Networks) -> bool:
    """Whether the RNN is wrong with one more clause and the LSTM right, by a margin far beyond any rounding."""
    rnn, lstm = (predict(CORPUS, recurrent(networks, model), ONE_MORE) for model in ("rnn", "lstm"))
    says, p = best_at(rnn, -1)
    wrong = says == "Brazilian" and p > rnn.probability(-1, "Pakistani") + 0.2
    return wrong and best_at(lstm, -1)[0] == "Pakistani" and _rnn_loses_it(networks)


def _follows_a_patch(networks: Networks) -> bool:
    """Whether the answer follows the country of the sentence from which the memory at “Pakistan” is taken."""
    from ..engine import Surroundings, edited  # with all that edits take

    network = recurrent(networks)
    trace, T = network.trace(SENTENCE), SENTENCE_COUNTRY + 1
    for country, nationality in NATIONALITY.items():
        other = SENTENCE[: SENTENCE.index(" ____")].replace("Pakistan", country)
        patched = edited(trace, [f'cell@{T}=from("{other}")'], Surroundings(network))
        if _chance(patched, nationality) < 0.8:
            return False
    return True


def _lost_when_forgotten(networks: Networks) -> bool:
    from ..engine import edited

    trace = recurrent(networks).trace(SENTENCE)
    forgotten = edited(trace, [f"forget[{_marked(networks)}]=0@{SENTENCE_COUNTRY + 2}"])
    left = _chance(forgotten, "Pakistani")
    return _chance(trace, "Pakistani") > 0.8 and left < 0.42 and _chance(forgotten, "Turkish") > left + 0.03


def _chance(trace: Trace, word: str) -> float:
    """The probability of `word` at the end."""
    p, vocabulary = trace.probabilities(len(trace) - 1), trace.vocabulary
    assert p is not None
    assert vocabulary is not None
    return float(p[list(vocabulary).index(word)])


PAKISTAN = Scenario(
    name="pakistan",
    title="Long memory: where does Ahmad live?",
    summary="The country is named early; the last word depends on it.",
    sentences=(SENTENCE, ONE_MORE),
    lesson=(
        LessonStep(
            "The blank depends on “Pakistan”, and many words about other things come in between. Guess how "
            "often the network is right with eight such clauses before the blank.",
            Claim("Always: in all 900 held-out sentences, from no clause in between to eight.", _answers),
            at="My",
            choices=Choices(("half the time", "nine times in ten", "always"), 2),
        ),
        LessonStep(
            "“Pakistan”: the forget and input gates are shown, not the new memory. Through the marked unit this word "
            "changes the answer most. Guess how much of what it writes there is left at the blank, 15 words later.",
            Claim("More than nine tenths of what “Pakistan” writes into it.", _nine_tenths_left),
            at="Pakistan",
            guess=2,
            quantity="cell",
            choices=Choices(("almost nothing", "half", "more than nine tenths"), 2),
        ),
        LessonStep(
            "Filler. To keep the country, the marked unit must not forget it; that much is clear. Now guess its input "
            "gate: does it keep the filler out?",
            Claim(
                "It does not: over the held-out filler its f never falls below 0.95, but its i is 0.8 on average. "
                "Filler is added to the memory, and the country's share stays.",
                _keeps_with_open_doors,
            ),
            at="good",
            guess=1,
            quantity="input",
            choices=Choices(("yes, i is near 0", "no, i is about 0.8"), 1),
        ),
        LessonStep(
            "What would clear the memory? If you like, press {key:stepper.edit} and add “now I live in Japan, I am”. "
            "Guess at which word most of the old country is forgotten.",
            Claim(
                "At “live”: in every held-out move, the marked unit's f is above 0.95 until then and below 0.3 there, "
                "two words before the new country is even named.",
                _cleared,
            ),
            at="live",
            quantity="forget",
            choices=Choices(("now", "live", "Japan"), 1),
        ),
        LessonStep(
            "A vanilla RNN of about the same size was trained on the same sentences. Guess how often it is right "
            "right after the country, and how often eight clauses later.",
            Claim(
                "Between 80 and 95 % right after it, less than half after eight clauses. With one clause more than "
                "here it says Brazilian: {key:stepper.compare}, then {key:compare.model}, shows it.",
                _one_more_clause,
            ),
            guess=3,
            quantity="hidden",
            choices=Choices(("95 %, then 90 %", "about 90 %, then less than half", "half, then half"), 1),
        ),
        LessonStep(
            "Change one thing: {key:stepper.patch} takes the memory from a sentence about another country, of one "
            "unit, or without [5] of all. Guess the answer with all of it from “France”.",
            Claim(
                "French: whichever of the eight countries the memory at this word is from, its nationality is the "
                "answer, with more than 0.8. {key:stepper.undo} takes it back.",
                _follows_a_patch,
            ),
            at="Pakistan",
            quantity="cell",
            choices=Choices(("Pakistani, as before", "French", "neither"), 1),
        ),
        LessonStep(
            "And if the marked unit alone forgets, at this comma alone? {key:stepper.set} sets its forget gate to 0. "
            "Guess whether the answer survives.",
            Claim(
                "It does not: Pakistani falls from more than 0.8 to less than 0.42, and Turkish is likelier. "
                "{key:stepper.compare} shows the original beside it, {key:stepper.edits} the list of edits.",
                _lost_when_forgotten,
            ),
            at=",",
            nth=2,
            quantity="forget",
            choices=Choices(("it survives", "it is lost"), 1),
        ),
    ),
    corpus=CORPUS,
    recipes={
        "lstm": Recipe("lstm", units=8, width=8),
        "rnn": Recipe("rnn", units=13, width=8),
        "gru": Recipe("gru", units=9, width=8),
        "peephole": Recipe("peephole", units=8, width=8),
        "coupled-input": Recipe("coupled-input", units=9, width=8),
        "coupled-forget": Recipe("coupled-forget", units=9, width=8),
    },
)
