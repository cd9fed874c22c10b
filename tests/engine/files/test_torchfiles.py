""".pt and .pth files: where the tensors are, and what is no tensor."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gatestep.engine import WorkFailed, read_tensors
from gatestep.engine.files import torchfiles
from tensors import TENSORS, torch_tensors

Refusal = Callable[..., str]


@pytest.mark.parametrize(
    ("checkpoint", "prefix"),
    [
        ({"epoch": 3, "state_dict": torch_tensors()}, "state_dict."),
        ({"run": {"model": torch_tensors(), "lr": 0.1}}, "run.model."),
        ({"optimizer": {"state": {0: {"exp_avg": torch.ones(2)}}}, "model": torch_tensors()}, "model."),
        ({"rng": torch.zeros(3), "model": torch_tensors()}, "model."),
        ({"model": {n: torch.nn.Parameter(t) for n, t in torch_tensors().items()}}, "model."),
        ({"model": {n: t.double() for n, t in torch_tensors().items()}}, "model."),
        ({"model": {n: t.to_sparse() for n, t in torch_tensors().items()}}, "model."),
    ],
    ids=["state_dict", "deeper", "optimizer first", "a tensor beside", "parameters", "double", "sparse"],
)
def test_a_checkpoint_is_searched_for_tensors(checkpoint: Any, prefix: str, tmp_path: Path) -> None:
    path = tmp_path / "w.pt"
    torch.save(checkpoint, path)
    found = read_tensors(path)
    for name, array in TENSORS.items():
        np.testing.assert_array_equal(found[prefix + name], array)


@pytest.mark.parametrize(
    ("tensor", "kind"),
    [
        (torch.zeros(2, dtype=torch.complex64), "complex64"),
        (torch.zeros(2, device="meta"), "a tensor without values"),
    ],
)
def test_tensors_that_are_no_numbers_are_refused(
    tensor: torch.Tensor, kind: str, tmp_path: Path, refusal: Refusal
) -> None:
    torch.save({"weight_ih_l0": tensor}, tmp_path / "w.pt")
    assert f"weight_ih_l0 is stored as {kind}; save it as float32" in refusal(read_tensors, tmp_path / "w.pt")


@pytest.mark.parametrize("content", [[torch.zeros(2)], {"epoch": 3}, torch.zeros(2)], ids=["list", "no tensor", "bare"])
def test_a_torch_file_without_names_is_refused(content: Any, tmp_path: Path, refusal: Refusal) -> None:
    path = tmp_path / "w.pt"
    torch.save(content, path)
    assert refusal(read_tensors, path) == f"{path}: holds no named tensors; save model.state_dict()"


def test_a_torch_file_without_torch_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "w.pt"
    torch.save(torch_tensors(), path)
    monkeypatch.setattr(torchfiles, "find_spec", lambda name: None)
    with pytest.raises(WorkFailed, match="needs PyTorch; install gatestep"):
        read_tensors(path)
