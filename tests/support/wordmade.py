"""Networks that read words, written in plain torch as people write them, and what torch computes for a text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

WORDS = ["<unk>", "The", "cat", "sat", "on", "the", "mat", ".", ",", "dog", "ran", "don't"]
CHARACTERS = [" ", "!", ",", ".", "A", "B", "H", "T", "a", "b", "c", "e", "h", "i", "l", "o", "r", "s", "t", "w", "\n"]
PHONEMES = ["<pad>", "<unk>", "<s>", "</s>", "AA0", "AA1", "B", "D", "HH", "IY1", "K", "L", "OW1", "T", "Z"]
TAGS = ["NOUN", "VERB", "DET", "PUNCT"]
SENTENCE = "The cat sat on the mat ."


class WordModel(nn.Module):
    """An embedding, an LSTM of two layers, and a readout."""

    def __init__(
        self, words: int = len(WORDS), cell: Callable[..., nn.RNNBase] = nn.LSTM, out: int | None = None, **options: Any
    ):
        super().__init__()
        both = 2 if options.get("bidirectional") else 1
        self.embedding = nn.Embedding(words, 6)
        self.rnn = cell(6, 8, **{"num_layers": 2, **options})
        self.fc = nn.Linear(8 * both, out or words)

    def forward(self, ids: torch.Tensor, start: Any = None) -> torch.Tensor:
        scores: torch.Tensor = self.fc(self.rnn(self.embedding(ids), start)[0])
        return scores


def made(model: type[nn.Module] | Any = WordModel, *arguments: Any, scale: float = 2.0, **options: Any) -> Any:
    """Return a model with weights drawn from seed 0, scaled so that its gates move."""
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(0)
        module = model(*arguments, **options)
        for parameter in module.parameters():
            parameter *= scale
    return module.eval()


def said(model: nn.Module, ids: Sequence[int], *more: Any) -> np.ndarray[Any, Any]:
    """Return the probabilities (T, V) that torch gives after each of `ids`."""
    with torch.no_grad():
        probabilities: np.ndarray[Any, Any] = model(torch.tensor(ids), *more).softmax(-1).numpy()
    return probabilities


@dataclass(frozen=True)
class OnDisk:
    """A model, and the files that it was written into."""

    model: Any
    weights: Path
    vocabulary: Path
