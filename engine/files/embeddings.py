"""Embeddings whose rows torch scales when it reads them, where a file describes the module that does.

`nn.Embedding(max_norm=m)` scales each row that is longer than m down to m, by the norm of order `norm_type`, in eval
mode as in training; only the rows that have been read are kept scaled.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..errors import BadInput
from .contents import Module, Tensor

EMBEDDINGS = ("torch.nn.modules.sparse.Embedding", "torch.nn.modules.sparse.EmbeddingBag")
LITTLE = 1e-7
"""What torch adds to a length before it divides by it."""


def as_read(others: Mapping[str, Tensor], modules: Mapping[str, Module], source: str) -> dict[str, Tensor]:
    """Return `others` with the rows of embeddings as their modules read them; `source` is the file's name in errors.

    Reading an embedding raises BadInput where its largest length is not in the file.
    """
    found = dict(others)
    for name, module in modules.items():
        weight = f"{name}.weight" if name else "weight"
        longest, order = module.attributes.get("max_norm"), module.attributes.get("norm_type")
        if module.kind in EMBEDDINGS and longest is not None and weight in found:
            found[weight] = _limited(found[weight], longest, order, f"{source}: {weight}")
    return found


def _limited(tensor: Tensor, longest: Any, order: Any, what: str) -> Tensor:
    """`tensor` with each row no longer than `longest`; where that is no number, reading it raises BadInput."""

    def read() -> Any:
        if not isinstance(longest, int | float) or not isinstance(order, int | float) or not 0 < order <= np.inf:
            raise BadInput(f"{what} is scaled to a largest length (max_norm) that the file does not tell; save the "
                           "module before it is traced, or the rows as they are used")  # fmt: skip
        rows = np.asarray(tensor.read(), np.float32)
        lengths = np.linalg.norm(rows, ord=order, axis=1, keepdims=True)
        return np.where(lengths > longest, rows * (np.float32(longest) / (lengths + LITTLE)), rows).astype(np.float32)

    return replace(tensor, read=read, place=None)
