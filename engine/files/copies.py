"""Which tensors and networks of a file are bit for bit the same, so that a network with two names counts once."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..errors import BadInput
from .contents import Recurrent, Tensor


def same(one: Tensor, other: Tensor) -> bool:
    """Return whether two tensors are the same numbers, bit for bit; one that cannot be read equals no other."""
    if one.shape != other.shape or one.dtype != other.dtype:
        return False
    if one.place is not None and one.place == other.place:
        return True
    try:
        return np.asarray(one.read()).tobytes() == np.asarray(other.read()).tobytes()
    except BadInput:
        return False


def without_copies(networks: Sequence[Recurrent]) -> tuple[Recurrent, ...]:
    """Return `networks` with each that is a bit-identical copy of an earlier one named among its `also`."""
    kept: list[Recurrent] = []
    for network in networks:
        for number, earlier in enumerate(kept):
            if _alike(network, earlier):
                kept[number] = replace(earlier, also=(*earlier.also, network.name))
                break
        else:
            kept.append(network)
    return tuple(kept)


def _alike(one: Recurrent, other: Recurrent) -> bool:
    told = (one.cell, one.activations, one.refused) == (other.cell, other.activations, other.refused)
    names = one.tensors.keys() == other.tensors.keys()
    return told and names and all(same(one.tensors[name], other.tensors[name]) for name in one.tensors)
