"""What a reader finds in a file before anybody asks what of it is a recurrent network: tensors and modules by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .contents import Module, Tensor


@dataclass(frozen=True)
class Listing:
    """Tensors by their dotted names in the file's order, and modules by theirs where the file tells of any.

    `kind` is what a user calls such a file; `quantized` says that it holds weights in a quantized, packed form;
    `texts` are its plain lists and maps of text, as in `Contents`.
    """

    kind: str
    tensors: Mapping[str, Tensor]
    modules: Mapping[str, Module] = field(default_factory=dict)
    quantized: bool = False
    texts: Mapping[str, Any] = field(default_factory=dict)
