"""Networks that read words as safetensors files: PyTorch's tensor names, the vocabulary and more as metadata."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..arrays import Floats, as_floats, frozen
from ..building import stack_from_tensors
from ..errors import BadInput
from ..models.dense import DENSE, DenseNetwork, Network
from ..models.words import Vocabulary, WordNetwork
from ..trace import Readout
from .read import written_whole
from .safetensorsfiles import read_safetensors


def save_network(network: Network, path: Path, about: Mapping[str, str]) -> None:
    """Write `network` to `path`, whole or not at all; `about` becomes text metadata beside the vocabulary.

    Raises BadInput where there is no directory to write into, and WorkFailed when the file system refuses.
    """
    from safetensors.numpy import save

    tensors = {"embedding.weight": network.embedding, "readout.weight": network.readout.matrix,
               "readout.bias": network.readout.bias}  # fmt: skip
    if isinstance(network, DenseNetwork):
        cell = DENSE
        tensors |= {"dense.weight": network.U, "dense.bias": network.bias}
    else:
        cell = network.stack.cell.name
        for w in network.stack.flat:
            for kind, array in w.tensors.items():
                tensors[f"{cell}.{kind}_{w.name}"] = array
    words = network.vocabulary
    metadata = {**about, "cell": cell, "vocabulary": json.dumps(words.words, ensure_ascii=False)}
    if words.letters:
        metadata["tokens"] = "letters"
    if isinstance(network, DenseNetwork) and network.slots is not None:
        metadata["places"] = str(network.slots)
    with written_whole(path) as file:
        file.write(save(tensors, metadata))


def load_network(path: Path) -> tuple[Network, dict[str, str]]:
    """Return the network in `path` and its metadata. Raises BadInput where it is not one that save_network wrote."""
    tensors, about = read_safetensors(path)
    if "vocabulary" not in about or "cell" not in about:
        raise BadInput(f"{path}: has no vocabulary in its metadata; word networks are made by gatestep train")
    try:
        words = json.loads(about["vocabulary"])
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise ValueError
        "".join(words).encode()  # JSON can spell half a character, which no output can
        vocabulary = Vocabulary(words, letters=about.get("tokens") == "letters")
    except (ValueError, RecursionError):
        raise BadInput(f"{path}: its vocabulary is damaged; it must be a list of different words") from None
    if about["cell"] == DENSE:
        return _dense(tensors, about, vocabulary, path), about
    stack = stack_from_tensors(tensors, str(path), about["cell"], {"candidate": "tanh"})
    V, D = len(vocabulary), stack.D
    embedding = _tensor(tensors, "embedding.weight", (V, stack.I), path)
    return WordNetwork(vocabulary, embedding, stack, _readout(tensors, V, D, path)), about


def _dense(tensors: Mapping[str, Any], about: Mapping[str, str], vocabulary: Vocabulary, path: Path) -> DenseNetwork:
    places = about.get("places")
    if places is not None and not (places.isascii() and places.isdecimal() and len(places) < 6 and int(places) > 0):
        raise BadInput(f"{path}: its number of slots (places) is {places[:20]}; it must be a whole number above 0")
    for name in ("embedding.weight", "dense.weight"):
        if name not in tensors or tensors[name].ndim != 2 or 0 in tensors[name].shape:
            raise BadInput(f"{path}: {name} is missing or not a matrix; a dense network is made by gatestep train")
    V, width, H = len(vocabulary), tensors["embedding.weight"].shape[1], len(tensors["dense.weight"])
    count = int(places) if places else None
    return DenseNetwork(
        vocabulary,
        _tensor(tensors, "embedding.weight", (V, width), path),
        _tensor(tensors, "dense.weight", (H, width * (count or 1)), path),
        _tensor(tensors, "dense.bias", (H,), path),
        _readout(tensors, V, H, path),
        count,
    )


def _readout(tensors: Mapping[str, Any], V: int, D: int, path: Path) -> Readout:
    return Readout(_tensor(tensors, "readout.weight", (V, D), path), _tensor(tensors, "readout.bias", (V,), path))


def _tensor(tensors: Mapping[str, Any], name: str, shape: tuple[int, ...], path: Path) -> Floats:
    if name not in tensors or tensors[name].shape != shape:
        has = f"has shape {tensors[name].shape}" if name in tensors else "is missing"
        raise BadInput(f"{path}: {name} {has}; it must have shape {shape}")
    return frozen(as_floats(tensors[name], f"{path}: {name}"))
