"""The vocabulary of a user's network: its entries as the model had them, and how a text becomes them."""

import re
from collections.abc import Sequence

from ..errors import BadInput
from .words import TOKEN, Vocabulary

UNKNOWNS = ("<unk>", "<unknown>", "[unk]", "<oov>", "[oov]", "<unk/>", "unk", "oov")
STARTS = ("<s>", "<bos>", "<sos>", "<start>", "<go>", "[bos]", "[sos]", "[start]", "[cls]")
ENDS = ("</s>", "<eos>", "<end>", "<stop>", "[eos]", "[end]", "[sep]", "<|endoftext|>")
PADS = ("<pad>", "<padding>", "[pad]", "_pad_", "<blank>", "pad")
"""What the entries for unknown words, the start, the end and padding are called, in any case."""

SPECIAL = re.compile(r"<[^<>\s]+>|\[[^\[\]\s]+\]")
"""An entry that stands for no text, and is one token wherever it is written."""

BLANK_AT_END = re.compile(r"\s*_{4,}\s*$")


class OwnVocabulary(Vocabulary):
    """The entries of an embedding, in the order of its rows; look-ups are case-sensitive unless `fold` lowers the case.

    `how` is one of HOW. `unknown` is the entry for words that are no entry; where it is None, such a word is refused.
    `start`, `end` and `padding` are the entries with such names, or None.
    """

    def __init__(self, words: Sequence[str], how: str = "words", fold: bool = False, unknown: str | None = None):
        """Raises BadInput where an entry occurs twice, or `unknown` is none of them."""
        self.words = tuple(words)
        self.how, self.fold, self.letters = how, fold, how == "characters"
        self._index = {word: row for row, word in enumerate(self.words)}
        if len(self._index) != len(self.words):
            twice = next(word for row, word in enumerate(self.words) if self._index[word] != row)
            raise BadInput(f"the entry {twice!r} occurs twice in the vocabulary; each entry must occur once")
        if unknown is not None and unknown not in self._index:
            raise BadInput(f"--unknown {unknown}: is not among the {len(self.words):,} entries of the vocabulary")
        self.unknown = unknown if unknown is not None else self._called(UNKNOWNS)
        self.start, self.end, self.padding = self._called(STARTS), self._called(ENDS), self._called(PADS)
        special = sorted(filter(SPECIAL.fullmatch, self.words), key=len, reverse=True)
        usual = "(?s:.)" if self.letters else TOKEN.pattern
        self._token = re.compile("|".join([*map(re.escape, special), usual]))

    def __contains__(self, word: str) -> bool:
        return self._row(word) is not None

    def index(self, word: str) -> int:
        """Return the row of `word`, or that of the entry for unknown words. Raises BadInput where there is none."""
        row = self._row(word)
        if row is None and self.unknown is None:
            lower = ", or --fold-case" if not self.fold and word.lower() in self._index else ""
            raise BadInput(f"{word!r} is not among the {len(self.words):,} entries of the vocabulary, which has none "
                           f"for unknown words; give other text{lower}, or --unknown TOKEN")  # fmt: skip
        return self._index[self.unknown or ""] if row is None else row

    def split(self, text: str) -> list[str]:
        """Return the tokens of `text`; a blank of four or more _ at the end of words is left off.

        Raises BadInput where there are none, and for a number that is no entry's.
        """
        if not self.letters:
            text = BLANK_AT_END.sub("", text)
        if self.how == "ids":
            tokens = [self._numbered(number) for number in text.replace(",", " ").split()]
        else:
            tokens = text.split() if self.how == "spaces" else self._token.findall(text)
        if not tokens:
            raise BadInput(f"the text has no tokens; give at least one {_ONE[self.how]}")
        return tokens

    def join(self, tokens: Sequence[str]) -> str:
        """Return a text that splits into `tokens`."""
        if self.how == "ids":
            return " ".join(str(self.index(token)) for token in tokens)
        return ("" if self.letters else " ").join(tokens)

    @property
    def entries(self) -> tuple[str, ...]:
        """The entries that stand for text or have a meaning, without the one for unknown words."""
        return tuple(word for word in self.words if word != self.unknown)

    def _row(self, word: str) -> int | None:
        row = self._index.get(word)
        return self._index.get(word.lower()) if row is None and self.fold else row

    def _called(self, names: Sequence[str]) -> str | None:
        """The entry with the first of `names` that there is."""
        lowered = {word.lower(): word for word in reversed(self.words) if len(word) < 20}
        return next((lowered[name] for name in names if name in lowered), None)

    def _numbered(self, number: str) -> str:
        if not (number.isascii() and number.isdecimal() and len(number) < 12 and int(number) < len(self.words)):
            raise BadInput(f"{number[:40]!r} is not the number of an entry; entries are 0 to {len(self.words) - 1}")
        return self.words[int(number)]


_ONE = {"words": "word", "characters": "character", "spaces": "word", "ids": "number of an entry"}
