"""The baseline that recurrent networks are compared with: a dense network reads a sentence whole and has no timestamps.

        hidden = tanh(b + U x)            scores = readout(hidden)

There are two kinds, by what x is. A bag of words adds up the words' embeddings, so x is the same for every order.
A network with `slots` sets the embeddings side by side, so it has weights of its own for every slot, and no slot
for one word more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Floats, frozen
from ..errors import BadInput
from ..trace import Readout, softmax
from .words import Vocabulary, WordNetwork


@dataclass(frozen=True, eq=False)
class DenseReading:
    """What a dense network made of a sentence: `x` (X,) goes in, `hidden` is (H,), `probabilities` (V,) come out.

    `terms[n]` (H,) is what word n of `tokens` adds to the sum under tanh; with the bias they are all of it.
    """

    tokens: tuple[str, ...]
    known: tuple[bool, ...]
    x: Floats
    terms: Floats
    hidden: Floats
    probabilities: Floats


@dataclass(frozen=True, eq=False)
class DenseNetwork:
    """A trained dense network: `embedding` (V, I), `U` (H, X) and `bias` (H,), a `readout` of H units to V scores.

    X is I for a bag of words, where `slots` is None, and slots * I otherwise; an empty slot is zeros.
    """

    vocabulary: Vocabulary
    embedding: Floats
    U: Floats
    bias: Floats
    readout: Readout
    slots: int | None = None

    @property
    def H(self) -> int:
        """The number of hidden units."""
        return len(self.bias)

    @property
    def parameters(self) -> int:
        """How many numbers training adjusts."""
        return sum(a.size for a in (self.embedding, self.U, self.bias, self.readout.matrix, self.readout.bias))

    def parameters_for(self, words: int) -> int:
        """Return how many parameters the same network needs to have a slot for each of `words` words."""
        x = int(self.embedding.shape[1]) * (1 if self.slots is None else words)
        return self.parameters - int(self.U.size) + self.H * x

    def takes(self, tokens: Sequence[str]) -> bool:
        """Whether there is a slot for every word."""
        return self.slots is None or len(tokens) <= self.slots

    def read(self, sentence: str | Sequence[str]) -> DenseReading:
        """Run the network over a sentence, a text or its tokens; words outside the vocabulary go in as UNKNOWN.

        Raises BadInput when there is no word in it, or more words than slots.
        """
        tokens = self.vocabulary.tokens(sentence)
        if not self.takes(tokens):
            assert self.slots is not None
            raise BadInput(
                f"this dense network has {self.slots} slots and the sentence has {len(tokens)} words: its weights are"
                f" one block of {self.H} x {self.embedding.shape[1]} a slot, and there is none for word"
                f" {self.slots + 1}; give at most {self.slots} words, or take a recurrent network"
            )
        rows = [self.vocabulary.index(token) for token in tokens]
        # In float64: products of two float32 numbers, however large, then neither overflow nor meet as inf - inf.
        embedding, U = self.embedding.astype(np.float64), self.U.astype(np.float64)
        if self.slots is None:
            # Counts first: a sum over words in their order would differ in its last bits from one order to another.
            x = np.bincount(rows, minlength=len(self.vocabulary)) @ embedding
            terms = embedding[rows] @ U.T
        else:
            side_by_side = np.zeros((self.slots, embedding.shape[1]))
            side_by_side[: len(rows)] = embedding[rows]
            x = side_by_side.ravel()
            blocks = U.reshape(self.H, self.slots, -1)[:, : len(rows)]  # (H, T, I)
            terms = np.einsum("hti,ti->th", blocks, side_by_side[: len(rows)])
        hidden = np.tanh(U @ x + self.bias)
        probabilities = softmax(hidden @ self.readout.matrix.T.astype(np.float64) + self.readout.bias)
        known = self.vocabulary.knows(tokens)
        with np.errstate(over="ignore"):
            return DenseReading(tuple(tokens), known, *(frozen(a) for a in (x, terms, hidden, probabilities)))


Network = WordNetwork | DenseNetwork
"""A network that reads words: recurrent, or dense."""

DENSE = "dense"
"""What a dense network is called where a recurrent one has the name of its cell."""
