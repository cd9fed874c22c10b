"""The door to files of weights: the format is detected from the content, never from the name's ending."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from ..errors import BadInput
from .contents import Contents
from .copies import without_copies
from .listing import Listing
from .numpyfiles import holds_arrays, list_npz, members
from .opening import opened, size_of, warranted
from .recurrent import networks_in
from .safetensorsfiles import list_safetensors

BEGINNING = 2048
HDF5 = b"\x89HDF\r\n\x1a\n"
LONGEST_INDEX = 20_000_000

OTHERS: tuple[tuple[int, bytes, str], ...] = (
    (4, b"TFL3", "is a TensorFlow Lite model, whose weights are fused for a phone; open the model that it was made of"),
    (0, b"\x93NUMPY", "is one NumPy array, and a network has several; give it as --input, or weights as .npz"),
    (0, b"GGUF", "is a GGUF file of a language model, which has no recurrent network that is known here"),
    (0, b"\x1f\x8b", "is compressed with gzip; unpack it with gunzip first"),
    (0, b"BZh", "is compressed with bzip2; unpack it first"),
    (0, b"\xfd7zXZ\x00", "is compressed with xz; unpack it first"),
    (0, b"\x28\xb5\x2f\xfd", "is compressed with zstd; unpack it first"),
    (0, b"7z\xbc\xaf", "is a 7z archive; unpack it first"),
    (257, b"ustar", "is a tar archive; unpack it, and give the file of weights within"),
    (0, b"version https://git-lfs", "is a pointer of Git LFS, not the file itself; fetch it with git lfs pull"),
    (0, b"<!DOCTYPE", "is a web page, not a file of weights; download the file itself"),
    (0, b"<html", "is a web page, not a file of weights; download the file itself"),
)
"""Formats that are detected from the bytes at an offset, and that no reader opens."""

KNOWN = "PyTorch, TorchScript, safetensors, .npz, Keras, ONNX or stable-baselines3"


def contents(path: Path) -> Contents:
    """Return what a file of weights holds; no more than names and shapes is read until a tensor is asked for.

    Raises BadInput for what is no such file, is damaged, or holds more than it may; WorkFailed where reading it takes
    an optional package that is not installed.
    """
    found = _reader(path)(path)
    if isinstance(found, Listing):
        quantized, found = found.quantized, networks_in(found, str(path))
        if quantized and not found.networks:
            raise BadInput(f"{path}: is quantized (weights as whole numbers, packed by torch); save the float model's "
                           "state_dict() instead")  # fmt: skip
    _check_sizes(found, path)
    return replace(found, networks=without_copies(found.networks))


def read_tensors(path: Path) -> dict[str, Any]:
    """Return every tensor of a weights file by name, as the file has them, in their own shapes.

    Raises BadInput for a file that is none, for formats whose networks are read as a whole (Keras, ONNX), and where the
    tensors are no plain numbers or larger than the file.
    """
    found = _reader(path)(path)
    if isinstance(found, Contents):
        raise BadInput(f"{path}: is a {found.kind}; its networks are read, not its tensors by name")
    if set(found.tensors) <= {""}:
        raise BadInput(f"{path}: holds no named tensors; save model.state_dict()")
    _check_total(sum(_bytes(tensor.shape) for tensor in found.tensors.values()), path)
    return {name: tensor.read() for name, tensor in found.tensors.items()}


def _reader(path: Path) -> Callable[[Path], Listing | Contents]:
    """The reader for the content of a file. Raises BadInput, which says what it is, where there is none."""
    if os.path.isdir(path):
        raise BadInput(f"{path}: {_folder(path)}")
    with opened(path) as file:
        start = file.read(BEGINNING)
        if not start:
            raise BadInput(f"{path}: is empty")
        if start[:2] == b"PK":
            return _archive(file, path)
        if start[:1] == b"\x80":
            from .torchfiles import read_old_torch  # with what reads pickles

            return read_old_torch
        if start[8:9] == b"{" and (path.suffix.lower() == ".safetensors" or start[7] == 0):
            return list_safetensors
        if any(start[place : place + 8] == HDF5 for place in (0, 512, 1024)):
            return _by("keras")
        for place, magic, said in OTHERS:
            if start[place : place + len(magic)] == magic:
                raise BadInput(f"{path}: {said}")
        text = start.lstrip()
        if text[:1] == b"{" and size_of(file) < LONGEST_INDEX:
            file.seek(0)
            raise BadInput(f"{path}: {_json(file.read())}")
        if _is_text(start):
            raise BadInput(f"{path}: is text, not a file of weights ({KNOWN}){_of_text(path)}")
    return _last


def _last(path: Path) -> Contents:
    """The contents of an ONNX model, which has nothing at its beginning to tell it by."""
    try:
        return _by("onnx")(path)
    except BadInput as error:
        if path.suffix.lower() == ".onnx" or "is not an ONNX model" not in str(error):
            raise
        if path.name == "saved_model.pb":
            raise BadInput(
                f"{path}: is the program of a TensorFlow SavedModel; save the model as .keras or .h5"
            ) from None
        raise BadInput(f"{path}: is not a known file of weights ({KNOWN}), or damaged") from None


def _by(kind: str) -> Callable[[Path], Contents]:
    """The reader of a format that takes an optional package, imported when it is needed."""
    reader: Callable[[Path], Contents] = getattr(import_module(f".{kind}files", __package__), f"read_{kind}")
    return reader


def _archive(file: Any, path: Path) -> Callable[[Path], Listing | Contents]:
    """The reader of a zip archive, by the names of its members."""
    from .torchfiles import POLICY, read_sb3, read_torch_zip

    names = members(file, path)
    if POLICY in names:
        return read_sb3
    if any(name == "data.pkl" or name.endswith("/data.pkl") for name in names):
        return read_torch_zip
    if "model.weights.h5" in names or "config.json" in names:
        return _by("keras")
    if holds_arrays(names) or not names:
        return list_npz
    if any(name.rpartition("/")[2] == "archive_format" for name in names):
        raise BadInput(f"{path}: is an archive of torch.export (.pt2), which is not read; save the state_dict() of the "
                       "model that it was made of")  # fmt: skip
    within = [name for name in names if name.endswith((".pt", ".pth", ".ckpt", ".bin", ".safetensors", ".h5", ".onnx"))]
    hint = f"; unpack it, and give {within[0][:80]}" if within else f"; it begins with {names[0][:80]}"
    raise BadInput(f"{path}: is a zip archive that is not a known file of weights ({KNOWN}){hint}")


def _folder(path: Path) -> str:
    """What a folder is, for an error."""
    try:
        names = sorted(os.listdir(path))[:1000]
    except OSError:
        names = []
    if "saved_model.pb" in names:
        return "is a TensorFlow SavedModel, a folder with a program in it; save the model as .keras or .h5"
    known = (".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".keras", ".h5", ".onnx", ".npz")
    within = next((name for name in names if name.endswith(known)), None)
    return f"is a directory; give a file{f', such as {within}' if within else ''}"


def _json(text: bytes) -> str:
    """What a JSON file is, for an error."""
    try:
        whole = json.loads(text)
        shards = whole["weight_map"]
        recurrent = sorted({shards[name] for name in shards if "weight_hh" in name or "recurrent_kernel" in name})
        files = sorted(set(shards.values()))
        one = ", ".join(recurrent[:3] or files[:3])
        return f"is the index of a checkpoint in {len(files)} shards; give the one with the recurrent network, {one}"
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return f"is JSON, not a file of weights ({KNOWN})"


def _of_text(path: Path) -> str:
    """What a file of text is good for, by its ending."""
    if path.suffix.lower() == ".toml":
        return f"; if it is a model file, gatestep run {path.name} opens it"
    return "; --input and --csv take tables" if path.suffix.lower() in (".csv", ".tsv", ".txt") else ""


def _is_text(start: bytes) -> bool:
    try:
        return start[:-3].decode().replace("\n", "").replace("\r", "").replace("\t", "").isprintable()
    except UnicodeDecodeError:
        return False


def _check_sizes(found: Contents, path: Path) -> None:
    """Raise BadInput where a network would take more memory than its file is worth."""
    for network in found.networks:
        _check_total(sum(_bytes(tensor.shape) for tensor in network.tensors.values()), path)


def _check_total(total: int, path: Path) -> None:
    with opened(path) as file:
        if total > warranted(size_of(file)):
            raise BadInput(f"{path}: its tensors are larger than the file; save each with tensor.clone()")


def _bytes(shape: tuple[int, ...]) -> int:
    product = 4
    for n in shape:
        product *= n
    return product
