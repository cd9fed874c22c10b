"""Word networks as safetensors files: PyTorch's tensor names, the vocabulary and what is known of it as metadata."""

import json
from collections.abc import Mapping
from pathlib import Path

from .arrays import as_floats, frozen
from .errors import BadInput
from .files import read_metadata, read_tensors, written_whole
from .trace import Readout
from .weights import stack_from_tensors
from .words import Vocabulary, WordNetwork


def save_network(network: WordNetwork, path: Path, about: Mapping[str, str]) -> None:
    """Write `network` to `path`, whole or not at all; `about` becomes text metadata beside the vocabulary."""
    from safetensors.numpy import save

    cell = network.stack.cell.name
    tensors = {"embedding.weight": network.embedding, "readout.weight": network.readout.matrix,
               "readout.bias": network.readout.bias}  # fmt: skip
    for w in network.stack.flat:
        for kind, array in (("weight_ih", w.U), ("weight_hh", w.W), ("bias_ih", w.bias_ih), ("bias_hh", w.bias_hh)):
            tensors[f"{cell}.{kind}_{w.name}"] = array
    metadata = {**about, "cell": cell, "vocabulary": json.dumps(network.vocabulary.words, ensure_ascii=False)}
    with written_whole(path) as file:
        file.write(save(tensors, metadata))


def load_network(path: Path) -> tuple[WordNetwork, dict[str, str]]:
    """Return the network in `path` and its metadata. Raises BadInput when it is not one that save_network made."""
    about = read_metadata(path)
    if "vocabulary" not in about or "cell" not in about:
        raise BadInput(f"{path}: has no vocabulary in its metadata; word networks are made by gatestep train")
    try:
        words = json.loads(about["vocabulary"])
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise ValueError
        vocabulary = Vocabulary(words)
    except ValueError:
        raise BadInput(f"{path}: its vocabulary is damaged; it must be a list of different words") from None
    tensors = read_tensors(path)
    stack = stack_from_tensors(tensors, str(path), about["cell"])
    V, D = len(vocabulary), stack.H * len(stack.layers[-1])
    wanted = {"embedding.weight": (V, stack.I), "readout.weight": (V, D), "readout.bias": (V,)}
    found = {}
    for name, shape in wanted.items():
        if name not in tensors or tensors[name].shape != shape:
            has = f"has shape {tensors[name].shape}" if name in tensors else "is missing"
            raise BadInput(f"{path}: {name} {has}; it must have shape {shape}")
        found[name] = frozen(as_floats(tensors[name], f"{path}: {name}"))
    readout = Readout(found["readout.weight"], found["readout.bias"])
    return WordNetwork(vocabulary, found["embedding.weight"], stack, readout), about
