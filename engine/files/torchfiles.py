"""Tensors in the files of torch.save, by torch's own reader with `weights_only=True` and nothing else.

That reader runs no code, yet it makes what it is asked for: a file of a kilobyte may ask for gigabytes. So what a file
would unpack to, and the names that its pickle calls, are looked at before torch sees it.
"""

import pickletools
import re
import warnings
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from ..errors import BadInput, WorkFailed
from .numpyfiles import unpacked
from .opening import first_line, opened, size_of, warranted

KIND, MAKER = "is not a PyTorch weights file", "torch.save(model.state_dict(), ...)"
UNSAFE = "holds more than tensors, and running what it holds is not safe; save model.state_dict() instead"

PICKLES = 5
"""How many stand one behind the other in a file from before version 1.6."""

ALLOCATES = re.compile(r"(builtins|__builtin__) bytearray|_codecs encode|torch(\.\w+)* \w*Tensor")
"""What weights_only=True lets a pickle call although it makes a thing of any size out of a few bytes."""

LONGEST_NAME = 500


def read_torch(path: Path) -> dict[str, np.ndarray[Any, Any]]:
    """Return the tensors of a .pt or .pth file as float32 arrays of the same shapes, those of nested dicts as `a.b`.

    Raises BadInput for another kind of file and for one that holds more than tensors, WorkFailed without PyTorch.
    """
    if find_spec("torch") is None:
        raise WorkFailed(
            f"{path}: reading it needs PyTorch; install gatestep[torch], or save the weights as .safetensors"
        )
    with opened(path) as file:
        _check(file, path)
        import torch

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about old ways of pickling, which are not the reader's affair
                loaded = torch.load(file, map_location="cpu", weights_only=True)
            tensors = _named_tensors(loaded, torch.Tensor)
        except (OSError, BadInput):
            raise
        except Exception as error:
            if "weights_only" in str(error) or "Unsupported" in str(error):
                raise BadInput(f"{path}: {UNSAFE}") from None
            raise BadInput(f"{path}: {KIND} ({first_line(error)}); save one with {MAKER}") from None
        if not tensors:
            raise BadInput(f"{path}: holds no named tensors; save model.state_dict()")
        if max(map(len, tensors)) > LONGEST_NAME:
            raise BadInput(f"{path}: has a name of more than {LONGEST_NAME} characters; save model.state_dict()")
        if 4 * sum(tensor.numel() for tensor in tensors.values()) > warranted(size_of(file)):
            raise BadInput(f"{path}: its tensors are larger than the file; save each with tensor.clone()")
        return {name: _numbers(tensor, f"{path}: {name}") for name, tensor in tensors.items()}


def _check(file: BinaryIO, path: Path) -> None:
    """Raise BadInput for what torch must not see: another kind of file, a bomb, a pickle that calls too much."""
    start = file.read(2)
    file.seek(0)
    if start == b"PK":  # a zip archive
        with unpacked(file, path, KIND, MAKER) as archive:
            for member in archive.infolist():
                if member.filename.endswith(".pkl"):
                    with archive.open(member) as stream:
                        _called(stream, path)
            # torch counts from the beginning of the file; so must the list of members that is checked here.
            if min((member.header_offset for member in archive.infolist()), default=1):
                raise BadInput(f"{path}: {KIND} (it has something before its first member); save one with {MAKER}")
    elif start.startswith(b"\x80"):  # pickles, as before version 1.6
        for number in range(PICKLES):
            if _called(file, path) and number == 0:  # the first one is a number; this is a pickle of something else
                raise BadInput(f"{path}: {UNSAFE}")
    else:
        raise BadInput(f"{path}: {KIND}; save one with {MAKER}")
    file.seek(0)


def _called(stream: Any, path: Path) -> set[str]:
    """Return the names that the next pickle calls. Raises BadInput where one of them allocates, or it is no pickle."""
    try:
        called = {str(name) for code, name, _ in pickletools.genops(stream) if code.name.endswith("GLOBAL")}
    except Exception as error:  # pickletools has no error of its own
        raise BadInput(f"{path}: {KIND} ({first_line(error)}); save one with {MAKER}") from None
    if any(map(ALLOCATES.fullmatch, called)):
        raise BadInput(f"{path}: {UNSAFE}")
    return called


def _named_tensors(loaded: Any, kind: type) -> dict[str, Any]:
    """Every tensor of a state dict, and of the dicts inside a checkpoint, by its dotted name, in their order."""
    tensors: dict[str, Any] = {}
    seen: set[int] = set()  # dicts that share dicts would be walked for ever
    left = [("", loaded)]
    while left:
        name, value = left.pop()
        if isinstance(value, kind) and value is not loaded:
            tensors[name] = value
        elif isinstance(value, Mapping) and id(value) not in seen:
            seen.add(id(value))
            prefix = f"{name}."[: LONGEST_NAME + 1] if value is not loaded else ""
            named = [(key, inner) for key, inner in value.items() if isinstance(key, str | int)]
            left += [(f"{prefix}{key}", inner) for key, inner in reversed(named)]
    return tensors


def _numbers(tensor: Any, what: str) -> np.ndarray[Any, Any]:
    import torch

    try:
        if tensor.is_complex():
            raise TypeError
        array: np.ndarray[Any, Any] = tensor.detach().to_dense().to(torch.float32).numpy()
    except (TypeError, RuntimeError):  # without values, quantized, complex
        kind = "a tensor without values" if tensor.is_meta else str(tensor.dtype).removeprefix("torch.")
        raise BadInput(f"{what} is stored as {kind}; save it as float32") from None
    return array
