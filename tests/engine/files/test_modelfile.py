"""MODEL.toml: what is wrong in it is refused by its line, and no file outside its folder is named."""

from collections.abc import Callable
from pathlib import Path

import pytest
from gatestep.engine.files.modelfile import read_model_file

Refusal = Callable[..., str]
KEYS = {"weights": Path, "text": str, "sequence": int, "fold-case": bool}


def written(text: str, path: Path) -> Path:
    (path / "m.toml").write_bytes(text.encode())
    return path / "m.toml"


def test_values_are_of_their_kinds_and_paths_below_the_folder(tmp_path: Path) -> None:
    text = '# a comment\nweights = "sub/model.pt"\ntext = "a = b"\nsequence = 2\nfold-case = true\n'
    assert read_model_file(written(text, tmp_path), KEYS) == {
        "weights": tmp_path / "sub" / "model.pt", "text": "a = b", "sequence": 2, "fold-case": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('text = "vocab = 1"\nvocab = "x"\n', "line 2: unknown key vocab; choose from weights, text"),
        ('\n\nweigths = "x"\n', "line 3: unknown key weigths; did you mean weights?"),
        ("[model]\n", "line 1: unknown key model"),
        ('weights = "a"\n[text]\nx = 1\n', "line 2: text must be a text in quotes, not a table"),
        ("sequence = true\n", "line 1: sequence must be a whole number, not true or false"),
        ("sequence = 1.5\n", "line 1: sequence must be a whole number, not 1.5"),
        ('fold-case = "yes"\n', "line 1: fold-case must be true or false, not a text"),
        ("weights = model.pt\n", "is not TOML: Invalid value (at line 1"),
        ('text = "a"\ntext = "b"\n', "is not TOML: Cannot overwrite a value (at line 2"),
    ],
)
def test_what_is_wrong_is_refused_by_its_line(text: str, line: str, tmp_path: Path, refusal: Refusal) -> None:
    told = refusal(read_model_file, written(text, tmp_path), KEYS)
    assert told.startswith(str(tmp_path / "m.toml"))
    assert line in told


@pytest.mark.parametrize("name", ["../model.pt", "/etc/passwd", "a/../../b", "", "a\\u0000b"])
def test_no_path_leads_out_of_the_folder(name: str, tmp_path: Path, refusal: Refusal) -> None:
    told = refusal(read_model_file, written(f'\nweights = "{name}"', tmp_path), KEYS)
    assert "line 2: weights = " in told
    assert "only files below its own folder are read" in told


def test_no_link_leads_out_of_the_folder(tmp_path: Path, refusal: Refusal) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "out.pt").touch()
    (folder / "link.pt").symlink_to(tmp_path / "out.pt")
    (folder / "way").symlink_to(tmp_path)
    (folder / "own.pt").touch()
    (folder / "inner.pt").symlink_to(folder / "own.pt")
    for name in ("link.pt", "way/out.pt"):
        assert "is a link that leads out of the folder" in refusal(
            read_model_file, written(f'weights = "{name}"', folder), KEYS
        )
    assert read_model_file(written('weights = "inner.pt"', folder), KEYS)["weights"] == folder / "inner.pt"
    assert read_model_file(folder / "m.toml", KEYS)  # also where the folder itself is reached by a link
    (tmp_path / "linked").symlink_to(folder)
    assert read_model_file(tmp_path / "linked" / "m.toml", KEYS)


def test_what_is_no_text_or_too_large_is_refused(tmp_path: Path, refusal: Refusal) -> None:
    (tmp_path / "m.toml").write_bytes(b"text = '\xff'")
    assert "is not UTF-8 text; a model file is TOML" in refusal(read_model_file, tmp_path / "m.toml", KEYS)
    assert "is larger than 100,000 bytes" in refusal(read_model_file, written("#" * 200_000, tmp_path), KEYS)
