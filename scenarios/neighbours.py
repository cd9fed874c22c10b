"""Which words may stand between two others: counted in the sentences that a corpus draws."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .scenario import Corpus

DRAWN = 2000
"""The training sentences in which neighbours are counted."""


def between(corpus: "Corpus", tokens: Sequence[str], t: int) -> Mapping[str, float]:
    """Return the words that occur between the neighbours of timestamp `t` of `tokens`, from 0, with their weights.

    A word weighs as often as it follows the word before, times how often the word after follows it, as a share of all
    its occurrences. Nothing is asked of what would follow the last of `tokens`. The weights sum to 1; there are none
    where the neighbours are never seen around one word.
    """
    pairs, words = _counted(corpus)
    rows = [corpus.vocabulary.index(token) for token in tokens]
    before, after = rows[t - 1] if t else None, rows[t + 1] if t + 1 < len(rows) else None
    found: dict[int, float] = {}
    for row, often in words.items():
        weight = float(pairs[before, row])
        if after is not None:
            weight *= pairs[row, after] / often
        if weight:
            found[row] = weight
    total = sum(found.values())
    return {corpus.vocabulary.words[row]: weight / total for row, weight in found.items()}


@cache
def _counted(corpus: "Corpus") -> tuple[Counter[tuple[int | None, int]], Counter[int]]:
    """How often each word follows each other, by row, None standing before the first; and how often it occurs."""
    rng = random.Random(0)
    pairs: Counter[tuple[int | None, int]] = Counter()
    words: Counter[int] = Counter()
    for _ in range(DRAWN):
        rows = [corpus.vocabulary.index(word) for word in corpus.draw(rng, 1.0).words]
        pairs.update(zip([None, *rows], rows, strict=False))
        words.update(rows)
    return pairs, words
