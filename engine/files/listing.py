"""What a reader finds in a file before its recurrent networks are sorted out: tensors and modules by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .contents import Module, Tensor


@dataclass(frozen=True)
class Listing:
    """Tensors by their dotted names in the file's order, and modules by theirs where the file describes any.

    `kind` is what a user calls such a file; `quantized` says that it holds weights in a quantized, packed form;
    `texts` are its plain lists and maps of text, as in `Contents`.
    """

    kind: str
    tensors: Mapping[str, Tensor]
    modules: Mapping[str, Module] = field(default_factory=dict)
    quantized: bool = False
    texts: Mapping[str, Any] = field(default_factory=dict)


def is_text(held: Any) -> bool:
    """Return whether `held` is a list of text alone, or a dict between text and whole numbers."""
    if isinstance(held, dict):
        one, other = next(iter(held.items()), (None, None))
        kinds = (str, int) if isinstance(one, str) else (int, str)
        return isinstance(other, kinds[1]) and all(
            isinstance(key, kinds[0]) and isinstance(value, kinds[1]) and not isinstance(value, bool)
            for key, value in held.items()
        )
    return isinstance(held, list | tuple) and len(held) > 1 and all(isinstance(value, str) for value in held)
