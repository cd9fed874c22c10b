"""MODEL.toml on the command line: it opens what it says, options override it, and `inspect --write` begins one."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch
from gatestep.tui.commands.model_file import keys
from wordmade import WORDS, made

if TYPE_CHECKING:
    from tests.tui.conftest import Command


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A word model, its vocabulary and its model file; the current directory is another one."""
    torch.save(made().state_dict(), tmp_path / "model.pt")
    (tmp_path / "words.json").write_text(json.dumps(WORDS))
    (tmp_path / "m.toml").write_text('weights = "model.pt"\nvocabulary = "words.json"\ntext = "The cat sat"\n')
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    return tmp_path


def test_it_opens_what_it_says_from_anywhere(folder: Path, gatestep: "Command") -> None:
    for words in (("../m.toml",), ("run", str(folder / "m.toml"))):
        code, out, error = gatestep(*words, "--plain")
        assert (code, error) == (0, "")
        assert "The  cat [sat]" in out


def test_options_override_it(folder: Path, gatestep: "Command") -> None:
    assert "the [dog]" in gatestep("run", "../m.toml", "--text", "the dog", "--plain")[1]
    torch.save(made(scale=3.0).state_dict(), folder / "other.pt")
    first, second = (gatestep("trace", "../m.toml", *more)[1] for more in ((), ("--weights", "../other.pt")))
    assert first.splitlines()[:2] == second.splitlines()[:2]
    assert first != second


def test_what_is_wrong_is_one_line(folder: Path, gatestep: "Command") -> None:
    (folder / "bad.toml").write_text('weights = "model.pt"\nlayout = "sideways"\n')
    code, out, error = gatestep("../bad.toml", "--plain")
    assert (code, out) == (2, "")
    assert error == 'gatestep: ../bad.toml: layout = "sideways": choose from time-first, batch-first\n'
    (folder / "none.toml").write_text('text = "a"\n')
    assert "has no key weights; write weights" in gatestep("../none.toml", "--plain")[2]


def test_every_option_of_a_file_is_a_key() -> None:
    found = keys()
    assert found["weights"] is found["input"] is found["vocabulary"] is Path
    assert found["fold-case"] is found["carry"] is bool
    assert found["sequence"] is int
    assert found["text"] is str
    assert "expect" not in found


def test_inspect_begins_one(folder: Path, gatestep: "Command") -> None:
    code, out, _ = gatestep("inspect", "../model.pt", "--write", "../new.toml")
    assert code == 0
    assert "written to ../new.toml; fill it in, then open it with: gatestep ../new.toml" in out
    assert 'or on words: --text "..." --vocabulary FILE in place of --input FILE' in out
    text = (folder / "new.toml").read_text()
    assert '\nweights = "model.pt"\n' in text
    (folder / "new.toml").write_text(
        text.replace('# text = "a sentence"', 'text = "The cat sat"').replace("# vocabulary", "vocabulary")
        .replace("# tokens", "tokens").replace("# embedding", "embedding").replace("# readout", "readout")
        .replace("# fold-case", "fold-case").replace("# unknown", "unknown")
    )  # fmt: skip
    assert "The  cat [sat]" in gatestep("../new.toml", "--plain")[1]


def test_inspect_never_writes_over_a_file_nor_beside_other_weights(folder: Path, gatestep: "Command") -> None:
    before = (folder / "m.toml").read_text()
    code, _, error = gatestep("inspect", "../model.pt", "--write", "../m.toml")
    assert (code, (folder / "m.toml").read_text()) == (2, before)
    assert "exists and is not overwritten" in error
    assert "is not in its folder or below" in gatestep("inspect", "../model.pt", "--write", "m.toml")[2]
    assert "ends in .toml" in gatestep("inspect", "../model.pt", "--write", "../m.json")[2]
    assert not (folder / "elsewhere" / "m.toml").exists()


def test_networks_of_a_file_are_named_in_it(tmp_path: Path, gatestep: "Command") -> None:
    torch.save(torch.nn.ModuleDict({"a": torch.nn.LSTM(2, 3), "b": torch.nn.GRU(2, 3)}).state_dict(), tmp_path / "m.pt")
    assert gatestep("inspect", str(tmp_path / "m.pt"), "--write", str(tmp_path / "m.toml"))[0] == 0
    assert '# network = "a"  # LSTM, 1 layer, 3 units, 2 inputs' in (tmp_path / "m.toml").read_text()


class Own(torch.nn.LSTM):
    """A class whose forward no file tells."""


def test_what_has_to_be_settled_is_in_it(tmp_path: Path, gatestep: "Command") -> None:
    torch.save(torch.nn.ModuleDict({"own": Own(2, 3)}), tmp_path / "m.pt")
    (tmp_path / "x.csv").write_text("1,2\n3,4\n")
    assert gatestep("inspect", str(tmp_path / "m.pt"), "--write", str(tmp_path / "m.toml"))[0] == 0
    text = (tmp_path / "m.toml").read_text()
    assert '# cell = "lstm"' in text
    settled = text.replace('# cell = "lstm"', 'cell = "lstm"').replace('# input = "inputs.npy"', 'input = "x.csv"')
    (tmp_path / "m.toml").write_text(settled)
    assert gatestep("run", str(tmp_path / "m.toml"), "--plain").code == 0
