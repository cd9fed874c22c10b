"""README's example of the engine runs as it stands, and prints what stands below it."""

import re
from pathlib import Path

import pytest


def test_the_example_is_short_and_prints_what_readme_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```python\n(.*?)```\n\nIt prints:\n\n```text\n(.*?)```\n", readme, re.DOTALL)
    assert example
    code, printed = example.groups()
    assert len([line for line in code.splitlines() if line]) <= 11
    for shown in ("read_tensors(", "run(", '"l0.forget"', "ledger(", "provenance("):
        assert shown in code
    monkeypatch.chdir(tmp_path)
    exec(code, {})
    assert capsys.readouterr().out == printed
