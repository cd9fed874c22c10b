import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gatestep.engine import DenseNetwork, Vocabulary, WordNetwork
from gatestep.engine.files.networks import load_network, save_network
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
    assert isinstance(network, WordNetwork)
    assert network.vocabulary.words == word_network.vocabulary.words
    assert not network.vocabulary.letters
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
        pytest.param({"vocabulary": "[" * 100_000}, "its vocabulary is damaged", id="brackets without end"),
        ({"vocabulary": '["<unknown>", "\\ud800"]'}, "its vocabulary is damaged"),
        ({"vocabulary": '["<unknown>"]'}, "embedding.weight has shape (6, 3); it must have shape (1, 3)"),
        ({"cell": "elman"}, "elman is an unknown cell; choose from lstm, rnn"),
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


def test_a_network_that_reads_letters_still_does(word_network: WordNetwork, tmp_path: Path) -> None:
    letters = Vocabulary(["<unknown>", "A", "C", "G", "T", "stop"], letters=True)
    path = tmp_path / "letters.safetensors"
    save_network(replace(word_network, vocabulary=letters), path, {})
    network, about = load_network(path)
    assert isinstance(network, WordNetwork)
    assert about["tokens"] == "letters"
    assert (network.vocabulary.words, network.vocabulary.letters) == (letters.words, True)
    assert network.trace("gatC").tokens == ("g", "a", "t", "C")


PLACES = pytest.mark.parametrize("places", [None, 4], ids=["a bag", "4 slots"])
MakeDense = Callable[..., tuple[Any, DenseNetwork]]


@pytest.fixture
def dense_file(make_dense: MakeDense, tmp_path: Path) -> Callable[[int | None], Path]:
    """Return a writer of dense networks."""

    def write(places: int | None) -> Path:
        path = tmp_path / "dense.safetensors"
        save_network(make_dense(places)[1], path, {"seed": "7"})
        return path

    return write


@PLACES
def test_a_dense_network_comes_back_as_it_was(
    dense_file: Callable[[int | None], Path], make_dense: MakeDense, places: int | None
) -> None:
    network, about = load_network(dense_file(places))
    assert isinstance(network, DenseNetwork)
    assert network.slots == places
    assert (about["seed"], about["cell"], about.get("places")) == ("7", "dense", str(places) if places else None)
    assert network.vocabulary.words == make_dense(places)[1].vocabulary.words
    before, after = (n.read("my name is Zoë") for n in (make_dense(places)[1], network))
    for name in ("x", "terms", "hidden", "probabilities"):
        np.testing.assert_array_equal(getattr(after, name), getattr(before, name))
    arrays = (network.embedding, network.U, network.bias, network.readout.matrix, network.readout.bias)
    assert not any(array.flags.writeable for array in arrays)


def test_a_dense_file_speaks_pytorchs_names(dense_file: Callable[[int | None], Path], make_dense: MakeDense) -> None:
    arrays = load_file(dense_file(4))
    assert set(arrays) == {
        "embedding.weight", "dense.weight", "dense.bias", "readout.weight", "readout.bias",
    }  # fmt: skip
    layers, _ = make_dense(4)
    for name, parameter in layers.named_parameters():
        np.testing.assert_array_equal(arrays[name], parameter.detach().numpy())


NOT_A_NUMBER = "its number of slots (places) is {}; it must be a whole number above 0"


@pytest.mark.parametrize(
    ("places", "text", "said"),
    [
        *((4, text, NOT_A_NUMBER.format(text)) for text in ("0", "-4", "4.0", "four", "", " 4", "٤", "1000000", "4_0")),
        pytest.param(4, "9" * 400, NOT_A_NUMBER.format("9" * 20), id="many digits"),
        pytest.param(4, "000004" + "0" * 5000, NOT_A_NUMBER.format("000004" + "0" * 14), id="zeros before many digits"),
        (4, "5", "dense.weight has shape (5, 12); it must have shape (5, 15)"),
        (4, "99999", "dense.weight has shape (5, 12); it must have shape (5, 299997)"),
        (4, None, "dense.weight has shape (5, 12); it must have shape (5, 3)"),
        (None, "4", "dense.weight has shape (5, 3); it must have shape (5, 12)"),
    ],
)
def test_places_that_do_not_fit_are_refused(
    dense_file: Callable[[int | None], Path], places: int | None, text: str | None, said: str,
    refusal: Callable[..., str],
) -> None:  # fmt: skip
    path = rewritten(dense_file(places), {"places": text})
    assert refusal(load_network, path).startswith(f"{path}: {said}")


NO_MATRIX = "{} is missing or not a matrix; a dense network is made by gatestep train"


@pytest.mark.parametrize(
    ("name", "tensor", "said"),
    [
        ("embedding.weight", None, NO_MATRIX.format("embedding.weight")),
        ("embedding.weight", np.zeros(6, np.float32), NO_MATRIX.format("embedding.weight")),
        ("embedding.weight", np.zeros((6, 0), np.float32), NO_MATRIX.format("embedding.weight")),
        ("embedding.weight", np.zeros((5, 3), np.float32), "embedding.weight has shape (5, 3); it must have"),
        ("embedding.weight", np.zeros((6, 2), np.float32), "dense.weight has shape (5, 12); it must have shape (5, 8)"),
        ("dense.weight", None, NO_MATRIX.format("dense.weight")),
        ("dense.weight", np.zeros((5, 4, 3), np.float32), NO_MATRIX.format("dense.weight")),
        ("dense.weight", np.zeros((5, 11), np.float32), "dense.weight has shape (5, 11); it must have shape (5, 12)"),
        ("dense.weight", np.zeros((4, 12), np.float32), "dense.bias has shape (5,); it must have shape (4,)"),
        ("dense.weight", np.full((5, 12), np.inf, np.float32), "dense.weight has inf at [0, 0]"),
        ("dense.bias", None, "dense.bias is missing; it must have shape (5,)"),
        ("readout.weight", None, "readout.weight is missing; it must have shape (6, 5)"),
        ("readout.weight", np.zeros((6, 4), np.float32), "readout.weight has shape (6, 4); it must have shape (6, 5)"),
        ("readout.bias", None, "readout.bias is missing; it must have shape (6,)"),
    ],
)
def test_tensors_of_a_dense_network_that_do_not_fit_are_refused(
    dense_file: Callable[[int | None], Path], name: str, tensor: Any, said: str, refusal: Callable[..., str]
) -> None:
    path = rewritten(dense_file(4), {}, **{name: tensor})
    assert refusal(load_network, path).startswith(f"{path}: {said}")


@pytest.mark.parametrize("cell", ["lstm", "Dense", ""])
def test_a_dense_network_that_says_it_is_none_is_refused(
    dense_file: Callable[[int | None], Path], cell: str, refusal: Callable[..., str]
) -> None:
    path = rewritten(dense_file(4), {"cell": cell})
    assert refusal(load_network, path).startswith(f"{path}: has no weight_ih_l0 in PyTorch's names")


def test_a_recurrent_network_that_says_it_is_dense_is_refused(path: Path, refusal: Callable[..., str]) -> None:
    line = refusal(load_network, rewritten(path, {"cell": "dense"}))
    assert line == f"{path}: {NO_MATRIX.format('dense.weight')}"


def test_a_file_that_cannot_be_made_leaves_the_old_one(path: Path, word_network: WordNetwork) -> None:
    before = path.read_bytes()
    with pytest.raises(TypeError):
        save_network(word_network, path, {"seed": 7})  # type: ignore[dict-item]
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
