"""How the numbers of a network were scaled, from a file: mean and scale, or minimum and maximum, a number a column.

What scikit-learn's StandardScaler and MinMaxScaler keep, under their own names: in JSON, in an .npz archive, or in a
pickle, which is read as data. Nothing in it is run.
"""

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import BadInput
from ..models.scaling import Scaling
from .numpyfiles import read_npz
from .opening import opened, size_of
from .standins import BadPickle, Stand

LARGEST = 16_000_000
"""The most bytes of a file of scalers, which have a number or two a column."""

INPUTS, TARGET, BOTH = "inputs", "target", ""
_GROUP = re.compile(
    r"(?:(?P<inputs>inputs?|x)|(?P<target>targets?|outputs?|y))(?:_scaler)?[._/ ](?P<rest>.+)", re.IGNORECASE
)
_UNUSED = {
    "n_samples_seen", "n_features_in", "feature_names_in", "data_range", "copy", "_sklearn_version", "with_mean",
    "with_std", "clip", "feature_range",
}  # fmt: skip
_KNOWN = {"mean", "scale", "std", "var", "data_min", "data_max", "min", "max"}
_KINDS = ("StandardScaler", "MinMaxScaler")


@dataclass(frozen=True, eq=False)
class Scalers:
    """The scalers of a file called `source`: of the `inputs` and the `target`, or `both`, one that names neither."""

    source: str
    inputs: Scaling | None = None
    target: Scaling | None = None
    both: Scaling | None = None


def read_scalers(path: Path) -> Scalers:
    """Return the scalers in a file. Raises BadInput for another kind of file, and for scalers of another kind."""
    with opened(path) as file:
        if size_of(file) > LARGEST:
            raise BadInput(f"{path}: is larger than {LARGEST:,} bytes; a scaler has a few numbers a column")
        data = file.read()
    source = str(path)
    if data[:1] == b"\x80":
        root = _pickled(data, source)
    elif data[:2] == b"PK":
        root = dict(read_npz(path))
    else:
        root = _json(data, source)
    groups: dict[str, dict[str, Any]] = {}
    for name, value in _flat(root, source):
        group, rest = _grouped(name)
        groups.setdefault(group, {})[rest] = value
    made = {group: _scaling(fields, f"{source}: {group}" if group else source) for group, fields in groups.items()}
    if not made or (BOTH in made and len(made) > 1):
        raise BadInput(f"{source}: holds {_listed(dict(_flat(root, source)))}; {_WANTED}")
    return Scalers(source, made.get(INPUTS), made.get(TARGET), made.get(BOTH))


_WANTED = "a scaler is mean_ and scale_, or data_min_ and data_max_, a number a column, or two such, inputs and target"


def _json(data: bytes, source: str) -> Any:
    try:
        root = json.loads(data)
    except (ValueError, RecursionError):
        raise BadInput(f"{source}: is not JSON, an .npz archive or a pickle; {_WANTED}") from None
    if not isinstance(root, dict):
        raise BadInput(f"{source}: is not a JSON object; {_WANTED}")
    return root


def _pickled(data: bytes, source: str) -> Any:
    from .inert import read_pickle  # not for the scalers that are arrays or text

    try:
        return read_pickle(io.BytesIO(data), len(data))
    except BadPickle as error:
        raise BadInput(f"{source}: is a pickle that cannot be read as data ({error}); joblib's are such: save the "
                       "scaler with pickle.dump, or its mean_ and scale_ as JSON or .npz") from None  # fmt: skip


def _flat(root: Any, source: str, above: str = "") -> list[tuple[str, Any]]:
    """The fields of what a file holds, by their names with those of what they are in before them."""
    if isinstance(root, Stand):
        if root.last not in _KINDS or not isinstance(root.state, dict):
            raise BadInput(f"{source}: holds a {root.last or 'thing of another kind'}; a scaler is a StandardScaler or "
                           "a MinMaxScaler, which alone can be told apart from others by their numbers")  # fmt: skip
        state = dict(root.state)
        if state.get("clip") not in (None, False):
            raise BadInput(f"{source}: its MinMaxScaler clips, which is not what is computed here; save it without")
        if state.get("with_mean") is False:
            state.pop("mean_", None)
            state["mean_"] = 0.0
        if state.get("with_std") is False:
            state["scale_"] = 1.0
        root = state
    if not isinstance(root, dict):
        raise BadInput(f"{source}: {above or 'it'} is not a scaler; {_WANTED}")
    found: list[tuple[str, Any]] = []
    for name, value in root.items():
        whole = f"{above}.{name}" if above else str(name)
        if isinstance(value, dict) or (isinstance(value, Stand) and value.last != "_reconstruct" and value.state and
                                       isinstance(value.state, dict)):  # fmt: skip
            found += _flat(value, source, whole)
        else:
            found.append((whole, value))
    return found


def _grouped(name: str) -> tuple[str, str]:
    """Which scaler a field belongs to, and what it is called there."""
    match = _GROUP.fullmatch(name)
    if match is None:
        return BOTH, name
    return INPUTS if match["inputs"] else TARGET, match["rest"]


def _scaling(fields: Mapping[str, Any], source: str) -> Scaling:
    """The scaling that `fields` describe."""
    numbers: dict[str, np.ndarray] = {}
    names: tuple[str, ...] = ()
    span = (0.0, 1.0)
    for name, value in fields.items():
        own = name.rstrip("_").casefold()
        if own == "feature_names_in":
            names = _names(value)
        elif own == "feature_range":
            low, high = np.ravel(_array(value, f"{source}: {name}"))[:2].tolist()
            span = (low, high)
        elif own in _KNOWN:
            if value is not None:
                numbers[own] = np.atleast_1d(np.ravel(_array(value, f"{source}: {name}")))
        elif own not in _UNUSED:
            raise BadInput(f"{source}: holds {name}, which nothing here uses; {_WANTED}")
    offset, scale = _formula(numbers, span, any(name.endswith("_") for name in fields), source)
    size = max(len(offset), len(scale))
    if {len(offset), len(scale)} - {1, size}:
        raise BadInput(f"{source}: has {len(offset)} and {len(scale)} numbers; they must be equally many, one a column")
    offset, scale = (np.broadcast_to(array, (size,)).copy() for array in (offset, scale))
    if not (np.isfinite(offset).all() and np.isfinite(scale).all() and scale.all()):
        raise BadInput(f"{source}: has a scale of 0, or a number that is not finite; every one must be another")
    return Scaling(offset, scale, names if len(names) == size else ())


def _formula(
    numbers: Mapping[str, np.ndarray], span: tuple[float, float], sklearn: bool, source: str
) -> tuple[np.ndarray, np.ndarray]:
    """Offset and scale of scaled = (v - offset) / scale."""
    n = dict(numbers)
    if "data_min" not in n and "data_max" not in n and {"min", "max"} <= set(n) and "scale" not in n:
        n["data_min"], n["data_max"] = n.pop("min"), n.pop("max")
    if {"data_min", "data_max"} <= set(n) and "mean" not in n:
        low, high = n["data_min"], n["data_max"]
        if len(low) != len(high):
            raise BadInput(f"{source}: has {len(low)} minima and {len(high)} maxima; they must be equally many")
        width = np.where(high == low, 1.0, high - low)  # as scikit-learn does of a column that never changes
        scale = width / (span[1] - span[0])
        if "scale" in n and not np.allclose(n["scale"] * scale, 1, rtol=1e-6):
            raise BadInput(f"{source}: its scale_ differs from what its data_min_ and data_max_ give")
        return low - span[0] * scale, scale
    if "mean" in n and not {"data_min", "data_max", "min", "max"} & set(n):
        for name in ("scale", "std"):
            if name in n:
                return n["mean"], n[name]
        if "var" in n:
            return n["mean"], np.sqrt(np.where(n["var"] == 0, 1.0, n["var"]))
    if set(n) == {"min", "scale"} and sklearn:  # MinMaxScaler's own: scaled = v * scale_ + min_
        return -n["min"] / n["scale"], 1 / n["scale"]
    raise BadInput(f"{source}: holds {_listed(numbers)}; {_WANTED}")


def _array(value: Any, what: str) -> np.ndarray:
    """A number, a list of them, or an array of a pickle, as float64."""
    if isinstance(value, Stand):
        from .torchtensors import Tensors

        tensor = Tensors(what, {}, _nowhere, 0).tensor(value, what)
        if tensor is None:
            raise BadInput(f"{what} does not hold plain numbers, one a column")
        value = tensor.read()
    try:
        array = np.asarray(value, np.float64)
    except (TypeError, ValueError):
        raise BadInput(f"{what} does not hold plain numbers, one a column") from None
    if array.size == 0 or array.ndim > 2 or (array.ndim == 2 and 1 not in array.shape):
        raise BadInput(f"{what} has shape {array.shape}; it must be (C,), a number a column")
    return array


def _nowhere(key: str) -> Any:
    raise BadInput(f"{key} is stored outside of the pickle")


def _names(value: Any) -> tuple[str, ...]:
    found = value.tolist() if isinstance(value, np.ndarray) else value
    return tuple(found) if isinstance(found, list) and all(isinstance(name, str) for name in found) else ()


def _listed(names: Mapping[str, Any]) -> str:
    return ", ".join(list(names)[:6]) or "nothing"
