"""Keras's weights in files without a layout of their own, such as np.savez(file, *model.get_weights()).

A layer has `kernel` (I, G*H), `recurrent_kernel` (H, G*H) and `bias`: an LSTM's in the order i, f, c, o, (4*H,); a
GRU's in the order z, r, h, (2, 3*H) where it resets after the product and (3*H,) where before; SimpleRNN's (H,). No
such file says which functions a layer has: the defaults of Keras since version 2.3 are taken, as a named assumption.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from .contents import Recurrent, Tensor

KERNEL = re.compile(r"(?P<path>(?:.*[./])?)recurrent_kernel(?P<end>(?::0)?)")
ARRAY = re.compile(r"arr_[0-9]{1,6}")
BOTH = "sigmoid and tanh assumed, the defaults of Keras"
ASSUMED = {4: BOTH, 3: BOTH, 1: "tanh assumed, the default of Keras"}

Found = tuple[tuple[Recurrent, set[str]], ...]
"""Networks, each with the names of its tensors in the file."""


def from_kernels(tensors: Mapping[str, Tensor], taken: set[str]) -> Found:
    """Return the networks among tensors called `kernel`, `recurrent_kernel` and `bias`, under any path."""
    found = []
    for name in tensors:
        match = KERNEL.fullmatch(name)
        if match is None or name in taken:
            continue
        path, end = match["path"], match["end"]
        own = {kind: f"{path}{kind}{end}" for kind in ("kernel", "recurrent_kernel", "bias")}
        parts = [tensors.get(own[kind]) for kind in own]
        made = _layer(path.rstrip("./").replace("/", "."), parts[0], parts[1], parts[2])
        if made is not None:
            below = {other for other in tensors if path and other.startswith(path) and other not in own.values()}
            if below:
                made = replace(made, refused=f"has {', '.join(sorted(below)[:6])} beside its kernel, "
                               "with unknown effect")  # fmt: skip
            found.append((made, {n for n in own.values() if n in tensors} | below))
    return tuple(found)


def from_arrays(tensors: Mapping[str, Tensor]) -> Found:
    """Return the networks among arrays without names (`arr_0`, `arr_1`, ...), detected from consecutive shapes.

    Four in a row may also be PyTorch's: weights of G*H rows, and two biases.
    """
    if not tensors or not all(map(ARRAY.fullmatch, tensors)):
        return ()
    names, found, n = list(tensors), [], 0
    while n + 1 < len(names):
        made = taken = None
        for count, make in ((4, _torchs), (3, _layer), (2, _layer)):
            group = [tensors[name] for name in names[n : n + count]]
            if len(group) == count and (made := make(names[n], *group)) is not None:
                taken = names[n : n + count]
                break
        if made is None or taken is None:
            n += 1
            continue
        found.append((made, set(taken)))
        n += len(taken)
    return tuple(found)


def _torchs(name: str, weight_ih: Tensor, weight_hh: Tensor, bias_ih: Tensor, bias_hh: Tensor) -> Recurrent | None:
    """The network of one layer from PyTorch's parameters in their order; None where the shapes are not those of one."""
    if len(weight_ih.shape) != 2 or len(weight_hh.shape) != 2:
        return None
    rows, H = weight_hh.shape
    if not H or rows % H or rows // H not in ASSUMED or weight_ih.shape[0] != rows:
        return None
    if bias_ih.shape != (rows,) or bias_hh.shape != (rows,):
        return None
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    own = dict(zip(names, (weight_ih, weight_hh, bias_ih, bias_hh), strict=True))
    note = "its arrays are taken for PyTorch's parameters in their order"
    return Recurrent(name, own, notes=(note,), assumed="tanh assumed" if rows == H else "")


def _layer(name: str, kernel: Tensor | None, recurrent: Tensor | None, bias: Tensor | None = None) -> Recurrent | None:
    """The network of one layer from Keras's arrays; None where the shapes are not those of one."""
    if kernel is None or recurrent is None or len(kernel.shape) != 2 or len(recurrent.shape) != 2:
        return None
    H, columns = recurrent.shape
    if not H or columns % H or columns // H not in ASSUMED or kernel.shape[1] != columns:
        return None
    G = columns // H
    twice = G == 3 and bias is not None and bias.shape == (2, 3 * H)
    if bias is not None and not twice and bias.shape != (columns,):
        return None
    if bias is None and G == 1:  # two matrices in a row are two dense layers
        return None
    order = _blocks(G, H)
    own = {
        "weight_ih_l0": _turned(kernel, order),
        "weight_hh_l0": _turned(recurrent, order),
    }
    if bias is not None and twice:
        own["bias_ih_l0"], own["bias_hh_l0"] = (_turned(bias, order, row) for row in (0, 1))
    elif bias is not None:
        own["bias_ih_l0"] = _turned(bias, order)
    cell = {4: "lstm", 3: "gru" if twice else "gru-before", 1: "rnn"}[G]
    note = "its matrices are Keras's, transposed" + ("; gates in the order z, r, h" if G == 3 else "")
    if G == 3 and bias is None:
        return Recurrent(name, own, notes=(note,), refused="has no bias, so it is unknown whether its GRU resets "
                         "before or after the product")  # fmt: skip
    return Recurrent(name, own, cell, notes=(note,), assumed=ASSUMED[G])


def _blocks(G: int, H: int) -> Sequence[int]:
    """The places of Keras's columns in PyTorch's order: r, z, n from z, r, h; an LSTM's order is the same."""
    return [*range(H, 2 * H), *range(H), *range(2 * H, 3 * H)] if G == 3 else range(G * H)


def _turned(tensor: Tensor, order: Sequence[int], row: int | None = None) -> Tensor:
    shape = tensor.shape[::-1] if row is None else tensor.shape[1:]

    def read() -> Any:
        array = np.asarray(tensor.read())
        return (array.T if row is None else array[row])[list(order)]

    return Tensor(shape, tensor.dtype, read)
