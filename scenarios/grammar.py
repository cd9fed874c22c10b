"""A template grammar: sentences with slots, filled from lists of words by a seeded generator."""

import random
import re
from collections.abc import Iterable, Mapping, Sequence

from ..engine import tokenize

SLOT = re.compile(r"{(\w+)}")
SLOT_AND_ENDING = re.compile(r"({\w+}(?:'\w+)?)")
"""A slot with the ending that is part of its word, as in "{name}'s"."""


class Grammar:
    """Slots by name, each a list of words. A template is text such as "I am a {quality} {child},"."""

    def __init__(self, slots: Mapping[str, Sequence[str]]):
        """`slots` maps each name to the words that may stand there."""
        self.slots = {name: tuple(words) for name, words in slots.items()}

    def fill(self, template: str, rng: random.Random, **chosen: str) -> list[str]:
        """Return the tokens of `template`, its slots as `chosen` or drawn by `rng`."""
        return tokenize(SLOT.sub(lambda m: chosen.get(m[1]) or rng.choice(self.slots[m[1]]), template))

    def words(self, templates: Iterable[str]) -> list[str]:
        """Return every word that the templates can produce, each once, in order of first appearance."""
        found: dict[str, str] = {}
        for template in templates:
            for piece in SLOT_AND_ENDING.split(template):
                slot = SLOT.match(piece)
                for text in [value + piece[slot.end() :] for value in self.slots[slot[1]]] if slot else [piece]:
                    for word in tokenize(text):
                        found.setdefault(word.casefold(), word)
        return list(found.values())
