"""Weights that a file keeps in parts, put together as their framework does in eval mode.

Weight norm (Salimans & Kingma 2016) keeps a length g and a direction v; spectral norm (Miyato et al. 2018) the weight
and the two vectors whose product with it is its largest singular value; pruning the weight and a mask; weight drop
(Merity et al. 2017) the weight as `_raw`, beside a copy with some of it dropped, which only training uses.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import BadInput
from .contents import Tensor

PARTS = "parametrizations."
WEIGHT = re.compile(r"weight|bias|\w*[wb]_?[ih]h", re.IGNORECASE)
"""What the name of a weight begins with; a tensor called `x_g` is not the length of one."""


@dataclass(frozen=True)
class _Form:
    """A way of keeping a weight in parts: how the parts are called, and how they are put together.

    `parts` are endings behind the weight's name, or, where `registered`, names below `parametrizations.NAME`.
    """

    parts: tuple[str, ...]
    together: Callable[..., Any]
    registered: bool = False


def _weight_norm(g: Any, v: Any) -> Any:
    """g v / ||v||, the norm over every axis along which g has one number."""
    if g.size == 1:  # one length for the whole weight
        return v * (g.reshape(()) / np.sqrt((v * v).sum()))
    if g.ndim != v.ndim or any(n not in (1, m) for n, m in zip(g.shape, v.shape, strict=True)):
        raise ValueError(f"a length of shape {g.shape} does not fit a direction of shape {v.shape}")
    axes = tuple(n for n in range(v.ndim) if g.shape[n] == 1)
    return v * (g / np.sqrt((v * v).sum(axis=axes, keepdims=True)))


def _spectral_norm(weight: Any, u: Any, v: Any) -> Any:
    """weight / (u W v), with W the weight's matrix: its rows along the axis that u belongs to, the first by default."""
    for axis in range(weight.ndim):
        matrix = np.moveaxis(weight, axis, 0).reshape(weight.shape[axis], -1)
        if matrix.shape == (u.size, v.size):
            return weight / (u @ matrix @ v)
    raise ValueError(f"vectors of {u.size} and {v.size} numbers do not fit a weight of shape {weight.shape}")


def _masked(weight: Any, mask: Any) -> Any:
    if weight.shape != mask.shape:
        raise ValueError(f"a mask of shape {mask.shape} does not fit a weight of shape {weight.shape}")
    return weight * mask


FORMS = {
    "weight norm": _Form(("_g", "_v"), _weight_norm),
    "weight norm, as a parametrization": _Form(("original0", "original1"), _weight_norm, registered=True),
    "spectral norm": _Form(("_orig", "_u", "_v"), _spectral_norm),
    "spectral norm, as a parametrization": _Form(("original", "0._u", "0._v"), _spectral_norm, registered=True),
    "pruning": _Form(("_orig", "_mask"), _masked),
}


def recombined(tensors: Mapping[str, Tensor], source: str) -> dict[str, Tensor]:
    """Return `tensors` with the weights that are kept in parts put together under their own names, in the same places.

    The parts are left out, and so is a weight's copy with some of it dropped. Parts of any other kind stay as they are.
    Reading one of the weights raises BadInput where its parts do not fit; `source` is the file's name in errors.
    """
    made: dict[str, Tensor] = {}  # by the name of the first part
    gone: set[str] = set()
    for name in tensors:
        for form in FORMS.values():
            whole, parts = _parts(name, form, tensors)
            if whole and not gone & set(parts):
                main = max((tensors[part] for part in parts), key=lambda tensor: math.prod(tensor.shape))
                made[name] = Tensor(main.shape, "float32", _reader(whole, parts, form, tensors, source))
                gone |= {*parts, whole}
                break
    found: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        if name in made:
            found[next(whole for form in FORMS.values() if (whole := _parts(name, form, tensors)[0]))] = made[name]
        elif name not in gone:
            found[name] = tensor
    return _undropped(found)


def _parts(name: str, form: _Form, tensors: Mapping[str, Tensor]) -> tuple[str, tuple[str, ...]]:
    """The name of the weight whose first part is `name`, and the names of all its parts; empty where there is none."""
    first = form.parts[0]
    if form.registered:
        module, found, rest = name.rpartition(PARTS)
        if not found or not rest.endswith(f".{first}") or rest.count(".") != 1:
            return "", ()
        own = rest.removesuffix(f".{first}")
        whole, stem = f"{module}{own}", f"{module}{PARTS}{own}."
    elif name.endswith(first) and WEIGHT.match(name.rpartition(".")[2]):
        whole = stem = name.removesuffix(first)
    else:
        return "", ()
    parts = tuple(f"{stem}{part}" for part in form.parts)
    return (whole, parts) if all(part in tensors for part in parts) else ("", ())


def _reader(
    whole: str, parts: tuple[str, ...], form: _Form, tensors: Mapping[str, Tensor], source: str
) -> Callable[[], Any]:
    def read() -> Any:
        try:
            with np.errstate(all="ignore"):  # what is not finite is refused where the weights are checked
                return form.together(*(np.asarray(tensors[part].read(), np.float32) for part in parts))
        except (ValueError, TypeError) as error:
            if isinstance(error, BadInput):
                raise
            raise BadInput(f"{source}: {whole} cannot be put together from {', '.join(parts)} ({error})") from None

    return read


def _undropped(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """`tensors` with each NAME_raw of weight drop as NAME, in the inner `module` where that holds the other weights."""
    renamed: dict[str, str] = {}
    for name in tensors:
        if name.endswith("_raw"):
            own = name.removesuffix("_raw")
            module, _, leaf = own.rpartition(".")
            inner = f"{module}.module." if module else "module."
            within = any(other.startswith(f"{inner}weight_") for other in tensors)
            renamed[name] = f"{inner}{leaf}" if within else own
    return {
        renamed.get(name, name): tensor
        for name, tensor in tensors.items()
        if name in renamed or name not in renamed.values()
    }
