"""README's examples run as they stand, and print what stands below them."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gatestep.engine import read_inputs, read_tensors, run, stack_from_tensors
from gatestep.tui.cli import main
from wordmade import WORDS, made

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_the_example_is_short_and_prints_what_readme_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    example = re.search(r"```python\n((?:(?!```).)*)```\n\nIt prints:\n\n```text\n(.*?)```\n", README, re.DOTALL)
    assert example
    code, printed = example.groups()
    assert len([line for line in code.splitlines() if line]) <= 11
    for shown in ("read_model(", "run(", '"l0.forget"', "ledger(", "provenance(", "find(", "edited("):
        assert shown in code
    monkeypatch.chdir(tmp_path)
    exec(code, {})
    assert capsys.readouterr().out == printed


def test_the_lines_for_a_network_of_ones_own_save_what_the_commands_below_them_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    torch = pytest.importorskip("torch")
    section = README.split("\n## Your network\n")[1].split("\n## ")[0]
    (code,) = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    commands = re.findall(r"^    gatestep (.*)$", section, re.MULTILINE)
    assert len([line for line in code.splitlines() if line]) == 3
    assert len(commands) == 4
    torch.manual_seed(0)
    model = torch.nn.ModuleDict(
        {"lstm": torch.nn.LSTM(3, 5, num_layers=2, batch_first=True), "head": torch.nn.Linear(5, 1)}
    )
    x: Any = torch.randn(4, 7, 3, requires_grad=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TERM", "dumb")
    exec(code, {"model": model, "x": x})
    own = run(stack_from_tensors(read_tensors(Path("model.pt")), source="model.pt"), read_inputs(Path("x.npy")))
    theirs = model["lstm"](x)[0][0].numpy(force=True)
    assert np.allclose(own.layer("l1")["hidden"], theirs, atol=1e-6)
    assert main(commands[0].split()) == 0
    assert "model.pt * LSTM 5 units x 2 layers" in capsys.readouterr().out
    assert main(commands[3].partition("#")[0].split()) == 0
    where = commands[2].partition(" --where ")
    assert main([*where[0].split(), "--where", where[2].strip("'")]) in (0, 1)
    torch.save(made().state_dict(), "model.pt")  # --text is for a network that reads words
    Path("words.json").write_text(json.dumps(WORDS), encoding="utf-8")
    capsys.readouterr()
    assert main(shlex.split(commands[1])) == 0
    assert "The  cat  sat  on [the]" in capsys.readouterr().out
