"""Long memory: the country is named early, and the last word depends on it however much is said in between."""

import random

from ..engine import UNKNOWN, Vocabulary
from ..engine.training import Example, Recipe
from .grammar import Grammar
from .scenario import Corpus, Scenario

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

    def answer(self, tokens: tuple[str, ...]) -> str | None:
        """Return the nationality of the last country that somebody lives in, if the sentence ends in "I am"."""
        lower = [token.casefold() for token in tokens]
        if lower[-2:] != ["i", "am"]:
            return None
        by_country = {country.casefold(): nationality for country, nationality in NATIONALITY.items()}
        lived = [c for a, b, c in zip(lower, lower[1:], lower[2:], strict=False) if (a, b) == ("live", "in")]
        return by_country.get(lived[-1]) if lived else None

    @staticmethod
    def _country(name: str, rng: random.Random) -> str:
        return rng.choice([country for country in NATIONALITY if not held_out(name, country)])


PAKISTAN = Scenario(
    name="pakistan",
    title="Long memory: where does Ahmad live?",
    summary="The country is named early; the last word depends on it.",
    sentences=("My name is Ahmad, I live in Pakistan, I am a good boy, I am in 5th grade, I am ____",),
    lesson=(
        "Step to “Pakistan” and watch which units open their input gate.",
        "Step on through the filler: their forget gate stays open, so the cell state stays.",
        "At the last “am” the output gate shows it, and the next word follows.",
    ),
    corpus=PakistanCorpus(),
    recipes={
        "lstm": Recipe("lstm", units=8, width=8),
        "rnn": Recipe("rnn", units=8, width=8),
    },
)
