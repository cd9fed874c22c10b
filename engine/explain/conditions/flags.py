"""Conditions with a keyword of their own: token, flips, wrong and nonfinite."""

from typing import Any

import numpy as np

from .holds import Evidence, Holds, Truths
from .nodes import Flag, Token, TokenAmong
from .series import Numbers, Reading, Series, Source, near, needs_answers, needs_words


class Places(Series):
    """The index of a word in a list of words, for each timestamp, (n, 1)."""

    def __init__(self, source: Source, of: Any):
        self.sources, self._of = (source,), of

    def parts(self, start: int, stop: int) -> list[Numbers]:
        """Return the indices from `start` to `stop`, [(n, 1)]."""
        return [self._of(start, stop)[:, None]]


class TokenIs(Holds):
    """Whether the token is a given word, or is not; spellings that the vocabulary maps to one word are the same."""

    def __init__(self, node: Token, reading: Reading):
        tokens, vocabulary = reading.trace.tokens, reading.vocabulary
        if tokens is None:
            node.refuse("this network reads numbers; there are no tokens, but inputs such as x[0]")
        known = vocabulary is not None and node.word in vocabulary
        if not known and node.word not in tokens and vocabulary is not None:
            there = [*dict.fromkeys(tokens), *vocabulary.words]
            node.refuse(f'there is no token "{node.word}"; choose from {near(node.word, there)}', node.word_column)
        row = vocabulary.index(node.word) if vocabulary is not None and known else None

        def same(token: str) -> bool:
            if token == node.word or row is None or vocabulary is None:
                return token == node.word
            return token in vocabulary and vocabulary.index(token) == row

        alike = {token: same(token) for token in set(tokens)}
        self._found = np.array([alike[token] == node.same for token in tokens])
        self.witness = Places(Source("token", words=tokens), np.arange)

    def elements(self, start: int, stop: int) -> list[Truths]:
        """Return whether it is so from `start` to `stop`, [(n, 1)]."""
        return [self._found[start:stop, None]]


class TokenIn(Holds):
    """Whether the token is one of some words."""

    def __init__(self, node: TokenAmong, reading: Reading):
        tokens = reading.trace.tokens
        if tokens is None:
            node.refuse("this network reads numbers; there are no tokens, but inputs such as x[0]")
        self._found = np.array([token in node.words for token in tokens])
        self.witness = Places(Source("token", words=tokens), np.arange)

    def elements(self, start: int, stop: int) -> list[Truths]:
        """Return whether it is so from `start` to `stop`, [(n, 1)]."""
        return [self._found[start:stop, None]]


class Flips(Holds):
    """Whether the likeliest word differs from that at the timestamp before."""

    def __init__(self, node: Flag, reading: Reading):
        vocabulary = needs_words(node, reading, "flips")
        self._reading = reading
        self.witness = Places(Source("prediction", words=vocabulary.words), reading.likeliest)

    def elements(self, start: int, stop: int) -> list[Truths]:
        """Return whether it flips from `start` to `stop`, [(n, 1)]; at the first timestamp it does not."""
        said = self._reading.likeliest(max(start - 1, 0), stop)
        before = said[:1] if start == 0 else said[:0]
        return [(np.diff(said, prepend=before) != 0)[:, None]]


class Wrong(Holds):
    """Whether the likeliest word is not the right one, where the right one is known."""

    def __init__(self, node: Flag, reading: Reading):
        prediction = needs_answers(node, reading, "wrong")
        self._reading, self._rows = reading, prediction.rows
        self._known = np.array([target is not None for target in prediction.targets])
        self.witness = Places(Source("prediction", words=prediction.vocabulary.words), reading.likeliest)

    def elements(self, start: int, stop: int) -> list[Truths]:
        """Return whether it is wrong from `start` to `stop`, [(n, 1)]."""
        said = self._reading.likeliest(start, stop)
        return [(self._known[start:stop] & (said != self._rows[start:stop]))[:, None]]


class Nonfinite(Holds):
    """Whether an input or any quantity of any layer is infinite or not a number."""

    def __init__(self, reading: Reading):
        trace = reading.trace
        reading.look_at(trace.layers, max(trace.stack.I, *(layer.H for layer in trace.layers)))
        self._arrays: list[tuple[Source, Any]] = [(Source("x", units=True), trace.inputs)]
        for layer in trace.layers:
            self._arrays += [(Source(name, layer.name, units=True), array) for name, array in layer.quantities.items()]

    def elements(self, start: int, stop: int) -> list[Truths]:
        """Return whether anything is nonfinite from `start` to `stop`, [(n, 1)]."""
        found = np.zeros(stop - start, bool)
        for _, array in self._arrays:
            values = array[start:stop]
            with np.errstate(over="ignore", invalid="ignore"):
                total = values.sum()
            if not np.isfinite(total):  # a finite sum has finite summands only, and is quicker to check
                found |= ~np.isfinite(values).all(axis=1)
        return [found[:, None]]

    def evidence(self, start: int, stop: int, rows: Numbers) -> Evidence:
        """Return the first input, or quantity of the first layer, that is nonfinite at `rows` (m,)."""
        found: Evidence = []
        left = np.ones(len(rows), bool)
        for source, array in self._arrays:
            values = array[start:stop][rows]
            bad = ~np.isfinite(values)
            unit = bad.argmax(axis=1)
            every = np.arange(len(rows))
            here = left & bad[every, unit]
            found.append((here, source, unit, values[every, unit]))
            left &= ~here
        return found
