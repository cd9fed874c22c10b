"""Networks that read words: a vocabulary, an embedding in front, a stack, a readout behind."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from ..arrays import Floats
from ..errors import BadInput
from ..run.forward import run
from ..trace import Readout, Trace
from ..weights import Stack

UNKNOWN = "<unknown>"
"""The vocabulary's entry for every word it does not have."""

BLANK = "____"
"""Stands for the word to be predicted, as in "I am ____"."""

TOKEN = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")


SPACED = re.compile(r" ([,.;:!?])")
"""A punctuation mark that people write without a space before it."""


def tokenize(text: str) -> list[str]:
    """Return the words and punctuation marks of a sentence; a trailing blank (one or more `_`) is left off."""
    return TOKEN.findall(re.sub(r"_+\W*$", "", text.strip()))


class Vocabulary:
    """The words a network knows. Case and the kind of apostrophe are ignored in look-ups.

    With `letters` a text is read letter by letter, as a DNA sequence is, and not word by word.
    """

    def __init__(self, words: Sequence[str], letters: bool = False):
        """`words` are in the order of the embedding's rows; the first is UNKNOWN.

        Raises BadInput when another word is first, or one comes twice.
        """
        self.words = tuple(words)
        self.letters = letters
        self._index = {self._key(word): n for n, word in enumerate(self.words)}
        if len(self._index) != len(self.words) or self.words[:1] != (UNKNOWN,):
            raise BadInput(f"a vocabulary must begin with {UNKNOWN} and hold every word once")

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: str) -> bool:
        return self._key(word) in self._index

    def index(self, word: str) -> int:
        """Return the row of `word`, or the row of UNKNOWN."""
        return self._index.get(self._key(word), 0)

    def split(self, text: str) -> list[str]:
        """Return the tokens of `text`. Raises BadInput when there are none."""
        tokens = tokenize(text)
        if not tokens:
            raise BadInput('the sentence has no words; give at least one, as in --text "My name is Ahmad"')
        return list("".join(tokens)) if self.letters else tokens

    def tokens(self, sentence: str | Sequence[str]) -> list[str]:
        """Return the tokens of a text, or those given. Raises BadInput where a text has none."""
        return self.split(sentence) if isinstance(sentence, str) else list(sentence)

    def join(self, tokens: Sequence[str]) -> str:
        """Return a text that splits into `tokens`."""
        return ("" if self.letters else " ").join(tokens)

    def spell(self, tokens: Sequence[str]) -> str:
        """Return `tokens` as people write them, without a space before a comma, where that splits into the same."""
        text = SPACED.sub(r"\1", self.join(tokens))
        return text if tokens and self.split(text) == list(tokens) else self.join(tokens)

    def knows(self, tokens: Sequence[str]) -> tuple[bool, ...]:
        """Return for each token whether the vocabulary has it."""
        return tuple(token in self for token in tokens)

    @property
    def entries(self) -> tuple[str, ...]:
        """The words without UNKNOWN."""
        return self.words[1:]

    def same(self, one: str, other: str) -> bool:
        """Return whether two words are the same to the network."""
        return one == other or (one in self and other in self and self.index(one) == self.index(other))

    def likeliest(self, p: Floats, count: int) -> list[tuple[str, float]]:
        """Return the `count` likeliest words of a distribution `p` (V,) with their probabilities, likeliest first."""
        best = np.argsort(-p, kind="stable")[:count]
        return [(self.words[n], float(p[n])) for n in best]

    @staticmethod
    def _key(word: str) -> str:
        return word.casefold().replace("’", "'")


Runner = Callable[[Stack, Floats, Mapping[str, Any] | None, str], Trace]
"""(stack, inputs (T, I), initial states, what errors call them) -> the run."""


@dataclass(frozen=True, eq=False)
class WordReader:
    """A network that reads words, with or without a readout. `embedding` is (V, I), one row a word.

    `initial` are the states it starts from, as `run` takes them; None for zeros.
    """

    vocabulary: Vocabulary
    embedding: Floats
    stack: Stack
    initial: Mapping[str, Any] | None = field(default=None, kw_only=True)

    def trace(self, sentence: str | Sequence[str], runner: Runner = run) -> Trace:
        """Run the network over a sentence, a text or its tokens; unknown words go in as UNKNOWN, spelled as they are.

        Raises BadInput when there is no word in it, and for an unknown one where the vocabulary has no entry for them.
        """
        tokens = self.vocabulary.tokens(sentence)
        return self.spoken(runner(self.stack, self.inputs(tokens), self.initial, "sentence"), tokens)

    def inputs(self, tokens: Sequence[str]) -> Floats:
        """Return the rows of the embedding for T tokens, (T, I)."""
        rows: Floats = self.embedding[[self.vocabulary.index(token) for token in tokens]]
        return rows

    def spoken(self, trace: Trace, tokens: Sequence[str]) -> Trace:
        """Return a run over the inputs of `tokens` as one that reads these words."""
        return replace(trace, tokens=tuple(tokens), known=self.vocabulary.knows(tokens))


@dataclass(frozen=True, eq=False)
class WordNetwork(WordReader):
    """A trained network that answers at every word: `readout` maps hidden states to scores.

    These are the V scores of the next word, or those of `answers` where it answers with something else, such as tags.
    """

    readout: Readout
    answers: Vocabulary | None = None

    @property
    def output_vocabulary(self) -> Vocabulary:
        """What it answers with: the words that it reads, or its `answers`."""
        return self.vocabulary if self.answers is None else self.answers

    @property
    def why_not_generating(self) -> str:
        """Why it cannot continue a text with its own predictions; "" where it can."""
        if self.stack.reads_back:
            return "a network that reads in both directions has already read the end; it cannot continue from there"
        if self.answers is not None:
            return "this network answers with different words from those it reads, and cannot continue with them"
        return ""

    @property
    def parameters(self) -> int:
        """How many numbers training adjusts, embedding and readout included."""
        return self.embedding.size + self.stack.parameters + self.readout.parameters

    def spoken(self, trace: Trace, tokens: Sequence[str]) -> Trace:
        """Return a run over the inputs of `tokens` as one that reads these words, and says something at each."""
        return replace(super().spoken(trace, tokens), vocabulary=self.output_vocabulary.words, readout=self.readout)


TINY = float(np.finfo(np.float32).tiny)
"""The probability that stands in for one that has underflowed to 0."""


def cross_entropy(p: float) -> float:
    """Return -ln p in nats, finite also where `p` has underflowed to 0."""
    return -math.log(max(p, TINY))


def cross_entropies(p: Floats) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return `cross_entropy` of every probability of `p` (...), (...)."""
    return -np.log(np.maximum(p.astype(np.float64), TINY))


NEXT_WORD, ANSWER = "next word", "answer"
"""The question to a network that predicts the next word, and to any other of which no more is known."""


def next_words(tokens: Sequence[str], answer: str | None = None) -> tuple[str | None, ...]:
    """Return what a next-word network should say after each of `tokens`; `answer` belongs after the last."""
    return (*tokens[1:], answer)


@dataclass(frozen=True, eq=False)
class Prediction:
    """What a word network says after each of the T words of `trace`, and how wrong it was.

    `targets[t]` is what it should say after the word at t, None where none is asked or known; `question` names it.
    """

    trace: Trace
    vocabulary: Vocabulary
    targets: tuple[str | None, ...]
    question: str = NEXT_WORD

    @property
    def question_text(self) -> str:
        """What is asked, in words: the next character of a network that reads characters, else the question."""
        letters = self.question == NEXT_WORD and self.vocabulary.letters and UNKNOWN not in self.vocabulary.words[:1]
        return "next character" if letters else self.question

    @cached_property
    def rows(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """The vocabulary's row of each target, (T,); -1 where there is none, or the network does not know it."""
        return np.array(
            [self.vocabulary.index(w) if w is not None and w in self.vocabulary else -1 for w in self.targets], np.int64
        )

    @property
    def answer(self) -> str | None:
        """What belongs after the last word, where that is known."""
        return self.targets[-1]

    def top(self, t: int, count: int) -> list[tuple[str, float]]:
        """Return the `count` likeliest words at `t` with their probabilities, likeliest first."""
        p = self.trace.probabilities(t)
        assert p is not None
        return self.vocabulary.likeliest(p, count)

    def probability(self, t: int, word: str) -> float:
        """Return the probability of `word` at `t`; an unknown word has that of UNKNOWN."""
        p = self.trace.probabilities(t)
        assert p is not None
        return float(p[self.vocabulary.index(word)])

    def loss(self, t: int) -> float | None:
        """Return -ln p of the target at `t`, or None where there is none, or the network does not know it."""
        word = self.targets[t]
        if word is None or word not in self.vocabulary:
            return None
        return cross_entropy(self.probability(t, word))

    def effects(self, t: int) -> Floats:
        """Return the effect of each unit that the readout sees on the likeliest word at `t`, (D,).

        That is the change of ln p of the word when the unit's hidden state is set to zero.
        """
        readout = self.trace.readout
        assert readout is not None
        return readout.effects(self.trace.top[t])


def unknown_words(trace: Trace) -> list[str]:
    """Return the words of `trace` that its network does not know, each once, in order."""
    if trace.tokens is None or trace.known is None:
        return []
    return list(dict.fromkeys(word for word, known in zip(trace.tokens, trace.known, strict=True) if not known))


def predicted(network: WordNetwork, trace: Trace) -> Prediction:
    """Return the prediction of `network` in its run `trace`, for which no right answers are given.

    Where it answers with the words that it reads, and only reads forwards, the right answer is the word that comes
    next; padding is never one. For any other network no right answer is known.
    """
    tokens = trace.tokens or ()
    if network.answers is not None or network.stack.reads_back:
        return Prediction(trace, network.output_vocabulary, (None,) * len(tokens), ANSWER)
    padding = getattr(network.vocabulary, "padding", None)
    targets = tuple(None if word == padding else word for word in next_words(tokens))
    return Prediction(trace, network.output_vocabulary, targets)
