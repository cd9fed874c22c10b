"""Files in the layouts of real networks, written by torch itself, with what torch itself computes for each."""

import io
import warnings
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

T, WIDTH, H = 7, 3, 5
Write = Callable[[Path], object]


@dataclass(frozen=True)
class Made:
    """How a file is written, the options that open it, and what is expected.

    That is what torch computes, the last layer's hidden states (T, D), or a part of the error.
    """

    write: Write
    expected: Any
    options: Mapping[str, Any] = field(default_factory=dict)


class LanguageModel(nn.Module):
    """An embedding, an LSTM of two layers and a readout, as in PyTorch's word language model."""

    def __init__(self) -> None:
        super().__init__()
        self.drop = nn.Dropout(0.2)
        self.encoder = nn.Embedding(11, WIDTH)
        self.rnn = nn.LSTM(WIDTH, H, 2)
        self.decoder = nn.Linear(H, 11)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        scores: torch.Tensor = self.decoder(self.rnn(self.encoder(ids))[0])
        return scores


class Rectified(nn.Module):
    """An RNN with ReLU inside a module."""

    def __init__(self) -> None:
        super().__init__()
        self.core = nn.RNN(WIDTH, H, nonlinearity="relu")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        shown: torch.Tensor = self.core(x)[0]
        return shown


class Stepwise(nn.Module):
    """A cell that is stepped by its module, with ReLU."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.RNNCell(WIDTH, H, nonlinearity="relu")

    def forward(self, x: torch.Tensor, h: torch.Tensor) -> torch.Tensor:
        shown: torch.Tensor = self.cell(x, h)
        return shown


class Normed(nn.Module):
    """An LSTM cell with layer norms, whose names are unlike those of its weights."""

    def __init__(self) -> None:
        super().__init__()
        self.weight_ih = nn.Parameter(torch.randn(4 * H, WIDTH))
        self.weight_hh = nn.Parameter(torch.randn(4 * H, H))
        self.layernorm_i = nn.LayerNorm(4 * H)
        self.layernorm_c = nn.LayerNorm(H)


def inputs() -> torch.Tensor:
    """Return the inputs (T, WIDTH), the same for every file."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        return torch.randn(T, WIDTH)


def hidden(module: Any, x: torch.Tensor | None = None, **states: Any) -> Any:
    """What a recurrent module of torch computes, (T, D)."""
    with torch.no_grad():
        return module((inputs() if x is None else x)[:, None], **states)[0][:, 0].numpy()


def stepped(cell: nn.Module, x: torch.Tensor) -> Any:
    """What a cell of torch computes one step after the other, (T, H)."""
    h, rows = torch.zeros(H), []
    with torch.no_grad():
        for row in x:
            h = cell(row, h)
            rows.append(h.numpy())
    return np.array(rows)


def saved(content: Any, **how: Any) -> Write:
    """Write `content` with torch.save."""
    return lambda path: torch.save(content, path, **how)


def within(**modules: nn.Module) -> dict[str, torch.Tensor]:
    """The tensors of modules under their names."""
    return {f"{p}.{name}": t for p, module in modules.items() for name, t in module.state_dict().items()}


def scripted(module: nn.Module) -> Write:
    """Write a module as TorchScript."""

    def write(path: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.jit.save(torch.jit.script(module), path)

    return write


def frozen(module: nn.Module) -> Write:
    """Write a module as TorchScript with its weights as constants of the code."""
    return lambda path: torch.jit.save(torch.jit.freeze(torch.jit.script(module)), path)


def traced(module: nn.Module, *example: torch.Tensor) -> Write:
    """Write a module as a traced one."""

    def write(path: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.jit.save(torch.jit.trace(module, example), path)  # type: ignore[no-untyped-call]

    return write


def policy(tensors: Mapping[str, torch.Tensor]) -> Write:
    """Write tensors as an archive of stable-baselines3."""

    def write(path: Path) -> None:
        inner = io.BytesIO()
        torch.save(tensors, inner)
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("data", "{}")
            archive.writestr("policy.pth", inner.getvalue())
            archive.writestr("pytorch_variables.pth", inner.getvalue()[:10])
            archive.writestr("_stable_baselines3_version", "2.9.2")

    return write


def arrays(*unnamed: Any, **named: Any) -> Write:
    """Write arrays as a NumPy archive."""
    return lambda path: np.savez(path, *unnamed, **named)


def renamed(tensors: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return tensors with parts of their names replaced, as `names` maps them."""
    found = {}
    for name, tensor in tensors.items():
        for part, other in names.items():
            name = name.replace(part, other)
        found[name] = tensor
    return found


def in_parts() -> dict[str, torch.Tensor]:
    """The tensors of an LSTM under the old weight norm."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return dict(nn.utils.weight_norm(nn.LSTM(2, 3), "weight_hh_l0").state_dict())


def rectified() -> Rectified:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        return Rectified()
