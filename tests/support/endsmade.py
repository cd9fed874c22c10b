"""Language models in files: an embedding, an LSTM and what stands behind it, and what the opened network says."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from gatestep.engine import WordNetwork
from gatestep.engine.files.own import Own, Ready, prepare
from gatestep.engine.trace import softmax
from torch import nn

V, E, H = 11, 6, 8
IDS = [3, 1, 4, 1, 5, 9]


class Model(nn.Module):
    """An embedding, an LSTM and whatever stands behind it."""

    def __init__(self, behind: nn.Module, width: int = E, both: bool = False, **more: nn.Module):
        super().__init__()
        self.encoder = nn.Embedding(V, width)
        self.rnn = nn.LSTM(width, H, bidirectional=both)
        self.decoder = behind
        for name, module in more.items():
            self.add_module(name, module)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        scores: torch.Tensor = self.decoder(self.rnn(self.encoder(ids))[0])
        return scores


def opened(model: nn.Module, path: Path, whole: bool = False, **more: Any) -> Ready:
    """Write a model, and open it on numbers of rows."""
    torch.save(model if whole else model.state_dict(), path / "model.pt")
    return prepare(Own(path / "model.pt", text=" ".join(map(str, IDS)), **more))


def agrees(ready: Ready, model: nn.Module) -> bool:
    """Whether the network says what torch says."""
    assert ready.language is not None
    network = ready.language.reader
    assert isinstance(network, WordNetwork), ready.notes
    with torch.no_grad():
        expected = model.eval()(torch.tensor(IDS)).softmax(-1).numpy()
    found = softmax(network.readout.scores(network.trace(ready.words or ()).top))
    return np.allclose(found, expected, atol=1e-5)


def silent(ready: Ready) -> str:
    """Return why the network says nothing."""
    assert ready.language is not None
    assert not isinstance(ready.language.reader, WordNetwork)
    return " ".join(ready.notes)
