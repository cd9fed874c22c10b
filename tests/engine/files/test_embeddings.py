"""Embeddings with a largest length of their rows: as torch reads them where the file tells of the module."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gatestep.engine import run
from gatestep.engine.files.own import Own, prepare

Refusal = Callable[..., str]
IDS = np.array([1, 4, 0, 2, 5, 1, 3])
LIMITS = [{"max_norm": 0.5}, {"max_norm": 1.2}, {"max_norm": 1.5, "norm_type": 1.0},
          {"max_norm": 1.0, "norm_type": float("inf")}, {"max_norm": 9.0}, {}, {"padding_idx": 0}]  # fmt: skip


class Tagger(torch.nn.Module):
    """Word numbers through an embedding into an LSTM."""

    def __init__(self, **limits: Any) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.words, self.rnn = torch.nn.Embedding(6, 3, **limits), torch.nn.LSTM(3, 4)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        output: torch.Tensor = self.rnn(self.words(ids))[0]
        return output


SAVED: dict[str, Callable[[Any, Path], object]] = {
    "whole": lambda model, path: torch.save(model, path),
    "old": lambda model, path: torch.save(model, path, _use_new_zipfile_serialization=False),
    "scripted": lambda model, path: torch.jit.script(model).save(str(path)),
}


@pytest.mark.parametrize("how", SAVED)
@pytest.mark.parametrize("limits", LIMITS, ids=str)
def test_rows_are_what_torch_reads(limits: dict[str, Any], how: str, tmp_path: Path) -> None:
    np.save(tmp_path / "ids.npy", IDS)
    model = Tagger(**limits)
    SAVED[how](model, tmp_path / "w")  # before it reads, which scales the rows in place
    with torch.no_grad():
        right = model.eval()(torch.from_numpy(IDS)).numpy()
    ready = prepare(Own(tmp_path / "w", tmp_path / "ids.npy"))
    np.testing.assert_allclose(run(ready.stack, ready.inputs).top, right, atol=2e-6)


@pytest.mark.filterwarnings("ignore")  # torch has much to say of tracing
def test_a_traced_one_does_not_tell_and_is_refused(tmp_path: Path, refusal: Refusal) -> None:
    np.save(tmp_path / "ids.npy", IDS)
    trace: Callable[..., Any] = torch.jit.trace
    trace(Tagger(max_norm=0.5), torch.from_numpy(IDS)).save(str(tmp_path / "w"))
    line = refusal(prepare, Own(tmp_path / "w", tmp_path / "ids.npy"))
    assert "words.weight is scaled to a largest length (max_norm) that the file does not tell" in line
