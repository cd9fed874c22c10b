import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gatestep.engine import WordNetwork
from gatestep.engine.wordfiles import load_network, save_network
from safetensors import safe_open
from safetensors.numpy import load_file, save_file


@pytest.fixture
def path(word_network: WordNetwork, tmp_path: Path) -> Path:
    """A network's file."""
    path = tmp_path / "words.safetensors"
    save_network(word_network, path, {"seed": "7"})
    return path


def rewritten(path: Path, metadata: dict[str, str | None], **tensors: Any) -> Path:
    """The file again with other metadata and tensors; None takes one away."""
    with safe_open(path, framework="numpy") as file:
        about = {**file.metadata(), **metadata}
    arrays = {**load_file(path), **tensors}
    save_file(
        {name: array for name, array in arrays.items() if array is not None},
        path,
        {name: text for name, text in about.items() if text is not None},
    )
    return path


def test_a_network_comes_back_as_it_was(path: Path, word_network: WordNetwork) -> None:
    network, about = load_network(path)
    assert network.vocabulary.words == word_network.vocabulary.words
    assert (about["seed"], about["cell"]) == ("7", "lstm")
    before, after = (n.trace("my name is Zoë") for n in (word_network, network))
    np.testing.assert_array_equal(after.top, before.top)
    np.testing.assert_array_equal(after.probabilities(3), before.probabilities(3))


def test_the_file_speaks_pytorchs_names(path: Path) -> None:
    assert set(load_file(path)) == {
        "embedding.weight", "readout.weight", "readout.bias",
        *(f"lstm.{kind}_l0" for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ({"vocabulary": None}, "has no vocabulary in its metadata"),
        ({"cell": None}, "has no vocabulary in its metadata"),
        ({"vocabulary": "{"}, "its vocabulary is damaged"),
        ({"vocabulary": '{"my": 1}'}, "its vocabulary is damaged"),
        ({"vocabulary": "[1, 2]"}, "its vocabulary is damaged"),
        ({"vocabulary": '["<unknown>", "my", "My"]'}, "its vocabulary is damaged"),
        ({"vocabulary": '["<unknown>"]'}, "embedding.weight has shape (6, 3); it must have shape (1, 3)"),
        ({"cell": "gru"}, "gru is not a cell that there is; it must be lstm or rnn"),
        ({"cell": "rnn"}, "lstm.weight_hh_l0 has shape (16, 4); rnn must have (1*H, H)"),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else "",
)
def test_metadata_that_does_not_fit_is_refused(
    path: Path, metadata: dict[str, str | None], said: str, refusal: Callable[..., str]
) -> None:
    assert refusal(load_network, rewritten(path, metadata)).startswith(f"{path}: {said}")


@pytest.mark.parametrize(
    ("name", "tensor", "said"),
    [
        ("readout.weight", None, "is missing; it must have shape (6, 4)"),
        ("readout.bias", np.zeros(5, np.float32), "has shape (5,); it must have shape (6,)"),
        ("embedding.weight", np.full((6, 3), np.nan, np.float32), "has nan at [0, 0]"),
        ("lstm.weight_ih_l0", None, "weight_ih_l0 is missing"),
    ],
)
def test_tensors_that_do_not_fit_are_refused(
    path: Path, name: str, tensor: Any, said: str, refusal: Callable[..., str]
) -> None:
    line = refusal(load_network, rewritten(path, {}, **{name: tensor}))
    assert line.startswith(f"{path}: ")
    assert said in line


def test_a_file_that_cannot_be_made_leaves_the_old_one(path: Path, word_network: WordNetwork) -> None:
    before = path.read_bytes()
    with pytest.raises(TypeError):
        save_network(word_network, path, {"seed": 7})  # type: ignore[dict-item]
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
