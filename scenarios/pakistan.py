"""Long memory: the country is named early, and the last word depends on it however much is said in between."""

import random
from collections.abc import Iterator

from ..engine import UNKNOWN, Prediction, Trace, Vocabulary, WordNetwork, provenance, tokenize
from ..engine.training import Example, Recipe
from .carrier import carrier
from .grammar import Grammar
from .scenario import Claim, Corpus, Scenario

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
    """Whether training never shows this person in this country: one country of eight for every name."""
    return (NAMES.index(name) + list(NATIONALITY).index(country)) % len(NAMES) == 0


class PakistanCorpus(Corpus):
    """Sentences of an opening, clauses about something else, now and then a move to another country, and "I am"."""

    task = "name the nationality that goes with the country of the last `live in`"
    vocabulary = Vocabulary([UNKNOWN, *GRAMMAR.words([OPENING, MOVE, *FILLERS, CLOSING, "{nationality}", "."])])
    gaps = tuple(range(LONGEST_GAP + 1))

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
        return Example(tuple(words), len(words) - 2)

    def draw_held_out(self, rng: random.Random, gap: int) -> Example:
        """Return a sentence about a person in the country where training never put them, `gap` clauses before the end.

        Half of them live somewhere else first.
        """
        name = rng.choice(NAMES)
        country = next(c for c in NATIONALITY if held_out(name, c))
        if rng.random() < 0.5:
            words = GRAMMAR.fill(OPENING, rng, name=name, country=self._country(name, rng))
            words += GRAMMAR.fill(rng.choice(FILLERS), rng) + GRAMMAR.fill(MOVE, rng, country=country)
        else:
            words = GRAMMAR.fill(OPENING, rng, name=name, country=country)
        for _ in range(gap):
            words += GRAMMAR.fill(rng.choice(FILLERS), rng)
        words += [*GRAMMAR.fill(CLOSING, rng), NATIONALITY[country]]
        return Example(tuple(words), len(words) - 1)

    def evidence(self, tokens: tuple[str, ...]) -> int | None:
        """Return where the last country that somebody lives in is named."""
        lower = [token.casefold() for token in tokens]
        lived = [t for t in range(2, len(lower)) if lower[t - 2 : t] == ["live", "in"]]
        return lived[-1] if lived else None

    def answer(self, tokens: tuple[str, ...]) -> str | None:
        """Return the nationality of the last country that somebody lives in, if the sentence ends in "I am"."""
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
SENTENCE_COUNTRY = tokenize(SENTENCE).index("Pakistan")


def _marked(network: WordNetwork) -> int:
    trace = network.trace(SENTENCE)
    unit = carrier(trace, SENTENCE_COUNTRY)
    assert unit is not None
    return unit


def _held_out_traces(network: WordNetwork) -> Iterator[tuple[Trace, int, str]]:
    """Fifty held-out sentences for every gap: their traces, where the country stands, the answer."""
    rng = random.Random(2)
    for gap in CORPUS.gaps:
        for _ in range(50):
            example = CORPUS.draw_held_out(rng, gap)
            tokens = example.words[: example.answer]
            country = CORPUS.evidence(tokens)
            assert country is not None
            yield network.trace(" ".join(tokens)), country, example.words[example.answer]


def _nine_tenths_left(network: WordNetwork) -> bool:
    layer, unit = network.trace(SENTENCE).layers[0], _marked(network)
    written, left = (provenance(layer, t, unit).by(SENTENCE_COUNTRY) for t in (SENTENCE_COUNTRY, len(layer) - 1))
    return abs(left) > 0.9 * abs(written) > 0


def _keeps(network: WordNetwork) -> bool:
    unit = _marked(network)
    forget = [trace.layers[0]["forget"][country + 1 :, unit] for trace, country, _ in _held_out_traces(network)]
    return min(float(f.min()) for f in forget) > 0.9


def _answers(network: WordNetwork) -> bool:
    longest = [
        Prediction(trace, network.vocabulary).top(len(trace) - 1, 1)[0][0] == answer
        for trace, _, answer in _held_out_traces(network)
    ][-50:]
    return sum(longest) >= 0.95 * len(longest)


PAKISTAN = Scenario(
    name="pakistan",
    title="Long memory: where does Ahmad live?",
    summary="The country is named early; the last word depends on it.",
    sentences=(SENTENCE,),
    lesson="Go to “Pakistan” (/ finds it) and step on to the end. The marked unit is the one to watch.",
    claims=(
        Claim("Of what “Pakistan” writes into it, more than nine tenths are left at the end.", _nine_tenths_left),
        Claim("From the country on it keeps: f stays above 0.9, whatever is said in between.", _keeps),
        Claim("The network still names the nationality after eight clauses about something else.", _answers),
    ),
    corpus=CORPUS,
    recipes={
        "lstm": Recipe("lstm", units=8, width=8),
        "rnn": Recipe("rnn", units=8, width=8),
    },
)
