"""README's example of the engine runs as it stands."""

import re
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file


def test_the_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```python\n(.*?)```", readme, re.DOTALL)
    assert example
    rng = np.random.default_rng(0)
    weights = {"weight_ih_l0": rng.normal(size=(16, 3)), "weight_hh_l0": rng.normal(size=(16, 4))}
    save_file({name: array.astype(np.float32) for name, array in weights.items()}, tmp_path / "lstm.safetensors")
    np.save(tmp_path / "x.npy", rng.normal(size=(6, 3)))
    monkeypatch.chdir(tmp_path)
    exec(example[1], {})
    forget, terms, writers = capsys.readouterr().out.splitlines()
    assert forget.startswith("[")
    assert terms.startswith("(Term(source='bias'")
    assert writers.startswith("[(")
