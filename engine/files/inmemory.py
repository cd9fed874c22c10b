"""A network in a script's memory: a torch module's tensors and modules, read as those of a file are.

Torch is never imported here: whoever has a torch module has imported it.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import BadInput
from .contents import TORCH, Contents, Module, Tensor
from .copies import without_copies
from .inputs import Given
from .listing import Listing
from .recurrent import networks_in
from .torchtree import PLAIN
from .vocabularies import Entries, entries_of

RECURRENT = ("LSTM", "GRU", "RNN")


def contents_of(module: Any, source: str) -> Contents:
    """Return what a torch module holds, as a file of it would; its numbers are read when they are asked for.

    Raises BadInput, which begins with `source`, for what is no torch module.
    """
    if not callable(getattr(module, "state_dict", None)) or not callable(getattr(module, "named_modules", None)):
        raise BadInput(f"{source}: is not a torch module; give an nn.LSTM, nn.GRU, nn.RNN, or a module that holds one")
    tensors = {name: _tensor(tensor) for name, tensor in module.state_dict().items() if hasattr(tensor, "shape")}
    modules = {name: _module(inner) for name, inner in module.named_modules()}
    found = networks_in(Listing("torch module", tensors, modules), source)
    return replace(found, networks=without_copies(found.networks))


def given_array(x: Any, name: str = "x") -> Given:
    """Return inputs (T, I), ids (T,), or a batch of either, as if read from a file.

    Raises BadInput, which begins with `name`, for what is no array of numbers.
    """
    if type(x).__name__ == "PackedSequence":
        raise BadInput(f"{name}: is a PackedSequence; give the padded batch, and lengths=")
    try:
        array = np.asarray(_plain(x))
    except (TypeError, ValueError):
        array = np.asarray(None)
    if array.dtype.kind not in "iufb":
        raise BadInput(f"{name}: is not an array of numbers; give (T, inputs), ids (T,), a batch of them, or a text")
    return Given(Path(name), array)


def batch_first(module: Any) -> bool | None:
    """Return whether the recurrent modules inside `module` take the batch axis first; None where they disagree."""
    said = {
        bool(getattr(inner, "batch_first", False))
        for _, inner in module.named_modules()
        if _kind(type(inner)).__name__ in RECURRENT
    }
    return said.pop() if len(said) == 1 else None


def states_of(initial: Any) -> dict[str, Any] | None:
    """Return h0 and c0 in their own shapes from what a recurrent module takes: h, (h, c), or a dict; None for zeros."""
    if initial is None:
        return None
    if isinstance(initial, Mapping):
        return {str(name): np.asarray(_plain(array)) for name, array in initial.items()}
    parts = initial if isinstance(initial, tuple) else (initial,)
    return {name: np.asarray(_plain(array)) for name, array in zip(("h0", "c0"), parts, strict=False)}


def vocabulary_of(held: Any, name: str) -> Path | Entries | None:
    """Return a vocabulary that is given as a path, a list of entries, or a dict between entries and rows.

    Raises BadInput, which begins with `name`, where the entries are none.
    """
    if held is None or isinstance(held, str | Path):
        return None if held is None else Path(held)
    return entries_of(dict(held) if isinstance(held, Mapping) else list(held), name)


def _tensor(tensor: Any) -> Tensor:
    return Tensor(tuple(tensor.shape), str(tensor.dtype).removeprefix("torch."), lambda: np.array(_plain(tensor)))


def _plain(tensor: Any) -> Any:
    """A tensor on any device and of any type as a NumPy array; anything else as it is."""
    if not hasattr(tensor, "detach"):
        return tensor
    tensor = tensor.detach().cpu()
    return (tensor.float() if str(tensor.dtype) == "torch.bfloat16" else tensor).numpy()


def _module(module: Any) -> Module:
    plain = {name: value for name, value in vars(module).items() if isinstance(value, PLAIN)}
    kind = _kind(type(module))
    return Module(f"{kind.__module__}.{kind.__qualname__}", plain)


def _kind(own: type) -> type:
    """The class, or the class of torch's whose `forward` it inherits."""
    torchs = next((one for one in own.__mro__ if one.__module__.startswith(TORCH)), own)
    return torchs if getattr(torchs, "forward", None) is getattr(own, "forward", 0) else own
