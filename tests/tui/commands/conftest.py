"""What tests of the command line share: files to give it."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file
from unprivileged import unprivileged


@pytest.fixture
def own_series(tmp_path: Path) -> Path:
    """A series of one's own: other names, no dates, 60 rows."""
    path = tmp_path / "energy.csv"
    rng = np.random.default_rng(1)
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["outside °C", "demand", "price"])
        rows.writerows(zip(rng.normal(9, 5, 60), 100 + np.arange(60) % 7, rng.normal(0, 1, 60), strict=True))
    return path


@pytest.fixture
def good_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory to stand in, with w.npz, w.safetensors, w.pt, x.npy, x.npz and x.csv in it."""
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    weights = {"weight_ih_l0": rng.normal(size=(12, 2)), "weight_hh_l0": rng.normal(size=(12, 3))}
    arrays: dict[str, Any] = {name: array.astype(np.float32) for name, array in weights.items()}
    np.savez(tmp_path / "w.npz", **arrays)
    save_file(arrays, tmp_path / "w.safetensors")
    torch.save({name: torch.from_numpy(array) for name, array in arrays.items()}, tmp_path / "w.pt")
    x = rng.normal(size=(4, 2))
    np.save(tmp_path / "x.npy", x)
    np.savez(tmp_path / "x.npz", x=x)
    np.savetxt(tmp_path / "x.csv", x, delimiter=",")
    tmp_path.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def nobody() -> Iterator[None]:
    """A user who may do nothing that is closed to others."""
    with unprivileged():
        yield
