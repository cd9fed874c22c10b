"""What a file is is told by its content; what is no file of weights is called what it is, in one line."""

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import torch
from gatestep.engine import contents, read_model, read_tensors
from gatestep.engine.files.choosing import SeveralNetworks, choose, chosen, outline, spelled
from gatestep.engine.files.contents import Contents, Recurrent, Tensor
from safetensors.numpy import save_file
from tensors import TENSORS, torch_tensors

Refusal = Callable[..., str]


def zipped(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_dot_", "."), content)
    return made.getvalue()


def tarred() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("w.pt"))
    return made.getvalue()


def one_array() -> bytes:
    made = io.BytesIO()
    np.save(made, np.zeros(3))
    return made.getvalue()


INDEX = {"metadata": {}, "weight_map": {"a.weight": "m-1-of-2.safetensors", "l.weight_hh_l0": "m-2-of-2.safetensors"}}
STRANGE: dict[str, tuple[bytes, str]] = {
    "TensorFlow Lite": (b"\x1c\0\0\0TFL3" + bytes(100), "is a TensorFlow Lite model"),
    "shards": (
        json.dumps(INDEX).encode(),
        "in 2 shards; give the one with the recurrent network, m-2-of-2.safetensors",
    ),
    "JSON": (b'{"a": 1}', "is JSON, not a file of weights"),
    "nested JSON": (b"{" * 100_000, "is JSON, not a file of weights"),
    "gzip": (gzip.compress(b"x" * 99), "is compressed with gzip"),
    "tar": (tarred(), "is a tar archive"),
    "an array": (one_array(), "is one NumPy array"),
    "Git LFS": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "is a pointer of Git LFS"),
    "a web page": (b"<!DOCTYPE html><html>", "is a web page"),
    "text": (b"1,2,3\n4,5,6\n", "is text, not a file of weights"),
    "pictures": (b"\x89PNG\r\n\x1a\n" + bytes(99), "is not a known file of weights"),
    "nothing": (b"", "is empty"),
    "noise": (bytes(range(200, 256)) * 9, "is not a known file of weights"),
    "another zip": (zipped(notes=b"x"), "is a zip archive that is not a known file of weights"),
    "an exported program": (
        zipped(**{"m/archive_format": b"pt2", "m/data/sample_inputs/model.pt": b"x"}),
        "is an archive of torch.export (.pt2), which is not read; save the state_dict()",
    ),
    "a zip around a file": (zipped(best_dot_pt=b"x"), "unpack it, and give best.pt"),
    "a cut zip": (zipped(a=b"x" * 99)[:60], "is not a whole zip archive"),
}


@pytest.mark.parametrize("name", STRANGE)
@pytest.mark.parametrize("read", [contents, read_tensors], ids=["contents", "read_tensors"])
def test_what_is_no_file_of_weights_is_called_what_it_is(
    name: str, read: Callable[[Path], Any], tmp_path: Path, refusal: Refusal
) -> None:
    content, said = STRANGE[name]
    path = tmp_path / "w.pt"
    path.write_bytes(content)
    line = refusal(read, path)
    assert line.startswith(f"{path}: ")
    assert said in line


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("prices.csv", b"1,2\n", "--input and --csv take tables"),
        ("m.toml", b"a = 1\n", "if it is a model file, gatestep run m.toml opens it"),
        ("saved_model.pb", b"\x08\x01\x12\x04abcd", "is the program of a TensorFlow SavedModel"),
        (
            "data.h5",
            None,
            "is an HDF5 file without a recurrent network (weight_ih_l0 under any prefix, ...); it holds x",
        ),
        ("x.pt", None, "it holds a tensor [7, 3]"),
    ],
)
def test_a_line_says_what_else_the_file_is_for(
    name: str, content: bytes | None, said: str, tmp_path: Path, refusal: Refusal
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    elif name == "x.pt":
        torch.save(torch.zeros(7, 3), path)
    else:
        with h5py.File(path, "w") as file:
            file["x"] = np.arange(3.0)
    assert said in refusal(read_model, path)


def test_a_folder_is_called_what_it_is(tmp_path: Path, refusal: Refusal) -> None:
    assert refusal(contents, tmp_path) == f"{tmp_path}: is a directory; give a file"
    (tmp_path / "model.safetensors").touch()
    assert refusal(contents, tmp_path).endswith("is a directory; give a file, such as model.safetensors")
    (tmp_path / "saved_model.pb").touch()
    assert "is a TensorFlow SavedModel" in refusal(contents, tmp_path)


WRITERS: dict[str, Callable[[Path], object]] = {
    "safetensors": lambda path: save_file(TENSORS, path),
    "npz": lambda path: np.savez(path.open("wb"), **TENSORS),  # type: ignore[arg-type]
    "torch": lambda path: torch.save(torch_tensors(), path),
    "old torch": lambda path: torch.save(torch_tensors(), path, _use_new_zipfile_serialization=False),
}


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("ending", ["", ".bin", ".pt", ".npz", ".safetensors", ".onnx", ".h5"])
def test_the_ending_of_a_file_says_nothing(kind: str, ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"w{ending}"
    WRITERS[kind](path)
    found = read_tensors(path)
    assert set(found) == set(TENSORS)
    for name, array in TENSORS.items():
        np.testing.assert_array_equal(found[name], array)
    (network,) = contents(path).networks
    assert set(network.tensors) == set(TENSORS)


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("part", [0.2, 0.6, 0.95])
def test_a_truncated_file_is_refused(kind: str, part: float, tmp_path: Path, refusal: Refusal) -> None:
    path = tmp_path / "w"
    WRITERS[kind](path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    assert refusal(read_tensors, path).startswith(f"{path}: is ")


def network(name: str, rows: int = 8, inputs: int = 3, **more: Any) -> Recurrent:
    shapes = {"weight_ih_l0": (rows, inputs), "weight_hh_l0": (rows, 2), "weight_hh_l0_reverse": (rows, 2)}
    return Recurrent(name, {n: Tensor(shape, "float32", dict) for n, shape in shapes.items()}, **more)


NETWORKS = Contents(
    "made", (network("net.encoder"), network("net.decoder", also=("twin",)), network("net.decoder.low"))
)


@pytest.mark.parametrize(
    ("name", "found"),
    [("net.encoder", 0), ("ENC", 0), ("net.decoder", 1), ("twin", 1), ("win", 1), ("low", 2), ("decoder.l", 2)],
)
def test_a_network_is_chosen_by_any_unambiguous_part_of_its_name(name: str, found: int) -> None:
    assert choose(NETWORKS, "w", name) is NETWORKS.networks[found]


def test_what_is_ambiguous_is_refused_with_the_names(refusal: Refusal) -> None:
    line = refusal(choose, NETWORKS, "w", "decod")
    assert line == "w: --network decod: is a part of 2 names; choose from net.decoder, net.decoder.low"
    with pytest.raises(SeveralNetworks) as several:
        choose(NETWORKS, "w")
    assert several.value.contents is NETWORKS
    assert "--chain names every network; --network does not go with it" in refusal(chosen, NETWORKS, "w", "a", "b")
    assert [n.name for n in chosen(NETWORKS, "w", None, "enc, low")] == ["net.encoder", "net.decoder.low"]
    odd = Contents("made", (network("a", refused="has ln.weight"),))
    assert refusal(chosen, odd, "w", None, None) == "w: has ln.weight"


def test_an_outline_is_told_from_shapes_alone() -> None:
    """No tensor is read: there is nothing behind these."""
    assert spelled(network("a")) == "LSTM, 1 layer both ways, 2 units, 3 inputs"
    assert outline(network("a", 6)).cell == "gru"
    assert outline(network("a", 7)).cell == ""
    assert outline(network("a", 6, cell="gru-before")).cell == "gru-before"
