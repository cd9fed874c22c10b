"""Where Keras puts the weights of a recurrent layer in HDF5, and how they become PyTorch's.

Keras 3 and the last versions of Keras 2 number the variables of each cell: `layers/lstm_1/cell/vars/0`. Older versions
have a group for each layer, with the weights by name: `lstm_1/lstm_1/kernel:0`; Keras 1 has one for each gate:
`lstm_1/lstm_1_W_i`.
A kernel is (I, G*H) and a recurrent kernel (H, G*H), the gates i, f, c, o or z, r, h from left to right.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sized
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .contents import Tensor
from .hdf5files import Hdf5
from .hdf5window import Damaged

VARIABLES = ("kernel", "recurrent_kernel", "bias")
CELL = re.compile(r"(lstm|gru|simple_rnn)_cell(_\d+)?")
OLD = re.compile(r"(?P<layer>.+)_(?P<kind>[WUb])(?:_(?P<gate>[ifcozrh]))?(?:_\d+)?")
"""A weight's name in Keras 1."""

MOST_CELLS = 2000

DIRECTIONS = {"forward", "backward"}
"""What the names of the two halves of a Bidirectional begin with."""

GATES = {4: "ifco", 3: "zrh", 1: ""}
ROWS = {4: (0, 1, 2, 3), 3: (1, 0, 2), 1: (0,)}
"""PyTorch's rows among Keras's columns, by the number of gates: r, z, h for z, r, h."""

Arrays = dict[str, Tensor]
"""The variables of one cell by their names."""


@dataclass
class Stored:
    """The weights of a recurrent layer in a file, by the place of each cell: (number from the bottom up, is backward).

    `name` is what its model calls it, `path` is where Keras 3 keeps it, and `names` are its groups in older files.
    `taken` are the paths of its tensors. `cell` is what its cell is called where that is known, such as lstm_cell_2.
    """

    name: str
    path: str = ""
    names: tuple[str, ...] = ()
    cells: dict[tuple[int, bool], Arrays] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    cell: str = ""

    @property
    def own_cell(self) -> bool:
        """Whether its cell may be one of Keras's own; a user's class would be called my_cell."""
        return not re.search(r"cell(_\d+)?$", self.cell) or CELL.fullmatch(self.cell) is not None


def stored(file: Hdf5, names: Collection[str] = (), gate_by_gate: bool = False) -> list[Stored]:
    """Return the weights of each recurrent layer in `file`.

    `names` are those of the model's layers, which are therefore no directions of one layer; `gate_by_gate` says that
    the weights are kept and named as in Keras 1. Raises Damaged where there are too many layers.
    """
    numbered = _numbered(file)
    return numbered or _named(file, names, gate_by_gate)


def _few(cells: Sized) -> None:
    """Raise Damaged where there are more cells than any model has, because what follows compares every pair."""
    if len(cells) > MOST_CELLS:
        raise Damaged("it has too many recurrent layers")


def _numbered(file: Hdf5) -> list[Stored]:
    """The layers whose variables are numbered."""
    groups: dict[str, Arrays] = {}
    for path, tensor in file.tensors.items():
        parent, _, number = path.rpartition("/")
        if parent.endswith("/vars") and number.isdecimal():
            groups.setdefault(parent.removesuffix("/vars"), {})[number] = tensor
    found: dict[str, Stored] = {}
    for path, variables in sorted(groups.items(), key=lambda group: _counted(group[0])):
        above, _, last = path.rpartition("/")
        stacked = above.endswith("/cell/cells")
        if not (stacked or last == "cell" or CELL.fullmatch(last)):
            continue
        base = above.removesuffix("/cell/cells") if stacked else above if last == "cell" else path
        outer, _, direction = base.rpartition("/")
        backward = direction == "backward_layer"
        base = outer if direction in ("forward_layer", "backward_layer") else base
        layer = found.setdefault(base, Stored(_called(base, file), base))
        place = sum(one == backward for _, one in layer.cells)
        layer.cells[place, backward] = _by_number(variables)
        layer.taken += [f"{path}/vars/{one}" for one in variables]
        layer.cell = str(file.attributes.get(f"{path}/vars", {}).get("name", last if last != "cell" else ""))
        _few(found)
    return list(found.values())


def _by_number(variables: Mapping[str, Tensor]) -> Arrays:
    """Variables by their names in place of their numbers; one without a name keeps its number."""
    return {dict(zip("012", VARIABLES, strict=True)).get(n, n): tensor for n, tensor in variables.items()}


def _counted(path: str) -> list[str | int]:
    """A key that sorts lstm_2 before lstm_10."""
    return [int(part) if n % 2 else part for n, part in enumerate(re.split(r"([0-9]{1,9})", path))]


def _called(path: str, file: Hdf5) -> str:
    """What a model calls the layer at `path`: newer files give the name beside the variables."""
    names, at = [], ""
    for part in path.split("/"):
        at = f"{at}/{part}" if at else part
        if part not in ("layers", "layer", "cell", "_layer_checkpoint_dependencies"):
            name = file.attributes.get(f"{at}/vars", {}).get("name")
            names.append(name if isinstance(name, str) and name else part)
    return "/".join(names)


def _named(file: Hdf5, names: Collection[str], gate_by_gate: bool) -> list[Stored]:
    """The layers of a file with a group for each layer, and the weights in it by name."""
    root = "model_weights/" if "model_weights" in file.attributes else ""
    groups: dict[tuple[str, ...], Arrays] = {}
    paths: dict[tuple[str, ...], list[str]] = {}
    for path in _in_order(file, root):
        *parents, last = path.removeprefix(root).split("/")
        last = re.sub(r":\d+$", "", last)
        if gate_by_gate and (old := OLD.fullmatch(last)):
            parents, last = [*parents, old["layer"]], f"{old['kind']}_{old['gate'] or ''}"
        groups.setdefault(tuple(parents), {})[last] = file.tensors[path]
        paths.setdefault(tuple(parents), []).append(path)
    recurrent = {at: arrays for at, each in groups.items() if "recurrent_kernel" in (arrays := _one_kernel(each))}
    _few(recurrent)
    found: dict[tuple[str, ...], Stored] = {}
    for at, arrays in recurrent.items():
        key, backward = _place(at, recurrent, names)
        layer = found.setdefault(key, Stored(key[0], names=key))
        layer.cells[sum(one == backward for _, one in layer.cells), backward] = arrays
        layer.taken += paths[at]
        layer.cell = at[-1]
    return list(found.values())


def _in_order(file: Hdf5, root: str) -> Iterator[str]:
    """The paths of the weights, in the order of the layers and of the weights in each."""
    attributes = file.attributes.get(root.rstrip("/"), {})
    layers = _listed(attributes, "layer_names")
    below = [path for path in file.tensors if path.startswith(root)]
    inside: dict[str, list[str]] = {name: [] for name in layers}
    for path in below:
        inside.setdefault(path.removeprefix(root).split("/")[0], []).append(path)
    for name, paths in inside.items():
        if layers and name not in layers:
            continue  # an optimizer's
        weights = [f"{root}{name}/{weight}" for weight in _listed(file.attributes.get(root + name, {}), "weight_names")]
        known = {path: None for path in weights if path in file.tensors}
        yield from known
        yield from (path for path in paths if path not in known)


def _listed(attributes: Mapping[str, Any], name: str) -> list[str]:
    """A list of names among the attributes, which Keras splits into several attributes where it is long."""
    whole = attributes.get(name)
    parts = [attributes.get(f"{name}{n}") for n in range(len(attributes))]
    return [one for part in (whole, *parts) if isinstance(part, list) for one in part]


def _place(
    at: tuple[str, ...], others: Collection[tuple[str, ...]], names: Collection[str]
) -> tuple[tuple[str, ...], bool]:
    """The names that a layer stands under, less its cell's and its direction's, and whether it is the backward one."""
    key = at[:-1] if len(at) > 1 and CELL.fullmatch(at[-1]) and not _twins(at, others) else at
    for n, part in enumerate(key[1:], 1):  # the first is a layer's own
        beside = {one[n] for one in others if len(one) > n and one[:n] == key[:n]}
        if len(beside) == 2 and not beside & set(names) and {one.split("_")[0] for one in beside} == DIRECTIONS:
            return (*key[:n], *key[n + 1 :]), part.startswith("backward_")
    return key, False


def _twins(at: tuple[str, ...], others: Collection[tuple[str, ...]]) -> bool:
    """Whether another cell stands beside this one."""
    return any(one != at and one[:-1] == at[:-1] and CELL.fullmatch(one[-1]) for one in others)


def _one_kernel(arrays: Arrays) -> Arrays:
    """Join what Keras 1 kept for each gate to one kernel, recurrent kernel and bias."""
    if not any(name.startswith("U_") for name in arrays):
        return arrays
    joined: Arrays = {}
    for letter, variable in zip("WUb", VARIABLES, strict=True):
        gates = {name[2:]: tensor for name, tensor in arrays.items() if name.startswith(letter + "_")}
        order = next((order for order in GATES.values() if set(order or [""]) == set(gates)), None)
        parts = [gates[gate] for gate in order or [""]] if order is not None else []
        if not parts or len({part.shape for part in parts}) > 1 or not parts[0].shape:
            return arrays  # not a recurrent layer's, or not whole
        width = parts[0].shape[-1] * len(parts)
        shape = (*parts[0].shape[:-1], width)
        joined[variable] = Tensor(shape, parts[0].dtype, _joining(parts))
    return joined


def _joining(parts: list[Tensor]) -> Callable[[], Any]:
    return lambda: np.concatenate([part.read() for part in parts], axis=-1)


def misfit(arrays: Arrays) -> str:
    """Return why these arrays are none of the three cells; "" where they are one."""
    extra = [name for name in arrays if name not in VARIABLES]
    if extra:
        return f"it has {', '.join(extra[:4])} beside its kernels and bias"
    if "kernel" not in arrays or "recurrent_kernel" not in arrays:
        return "its kernel or its recurrent kernel is missing"
    kernel, recurrent = arrays["kernel"].shape, arrays["recurrent_kernel"].shape
    if len(kernel) != 2 or len(recurrent) != 2 or 0 in kernel or 0 in recurrent:
        return f"its kernels have shapes {kernel} and {recurrent}; they must be (I, G*H) and (H, G*H)"
    columns, G = recurrent[1], gates(arrays)
    if G not in ROWS or columns != kernel[1]:
        return f"its kernels have shapes {kernel} and {recurrent}; they must be (I, G*H) and (H, G*H), G = 4, 3 or 1"
    bias = arrays["bias"].shape if "bias" in arrays else (columns,)
    wanted = [(columns,)] + ([(2, columns)] if G == 3 else []) + ([(2 * columns,)] if G > 1 else [])
    if bias not in wanted:
        return f"its bias has shape {bias}; it must be {' or '.join(map(str, wanted))}"
    return ""


def gates(arrays: Arrays) -> int:
    """Return the number of gates G of the kernels (I, G*H) and (H, G*H); 0 where G would not be whole."""
    H, columns = arrays["recurrent_kernel"].shape
    return 0 if columns % H else int(columns // H)


def is_cudnn(arrays: Arrays) -> bool:
    """Whether a cell has CuDNN's layout: its bias is (2*G*H,), those of both products one after the other."""
    return "bias" in arrays and arrays["bias"].shape == (2 * arrays["kernel"].shape[1],)


def resets_after(arrays: Arrays) -> bool | None:
    """Whether a GRU resets after the product, which its bias shows by having two parts; None without a bias."""
    return arrays["bias"].shape != (arrays["kernel"].shape[1],) if "bias" in arrays else None


def as_pytorch(arrays: Arrays, suffix: str) -> dict[str, Tensor]:
    """Return the tensors of one cell by PyTorch's names, which end in `suffix`: (G*H, I), (G*H, H) and (G*H,)."""
    G, cudnn = gates(arrays), is_cudnn(arrays)
    made = {}
    for key, name in (("kernel", "weight_ih"), ("recurrent_kernel", "weight_hh")):
        tensor = arrays[key]
        turned = cudnn and key == "recurrent_kernel"
        made[name + suffix] = Tensor(
            tensor.shape[::-1], tensor.dtype, _matrix(tensor, G, "turned" if turned else "laid flat" if cudnn else "")
        )
    if "bias" in arrays:
        bias = arrays["bias"]
        two = bias.shape != (arrays["kernel"].shape[1],)
        for n, name in enumerate(("bias_ih", "bias_hh") if two else ("bias_ih",)):
            made[name + suffix] = Tensor((arrays["kernel"].shape[1],), bias.dtype, _bias(bias, G, n if two else None))
    return made


def _matrix(tensor: Tensor, G: int, cudnn: str) -> Callable[[], Any]:
    """Read a kernel (N, G*H) as (G*H, N); CuDNN's has each gate turned (N = H), or its (H, N) laid flat as (N, H)."""

    def read() -> Any:
        parts = np.split(np.asarray(tensor.read()), G, axis=1)  # each (N, H)
        if cudnn == "turned":
            parts = [part.T for part in parts]
        elif cudnn:
            parts = [part.T.reshape(part.shape, order="F") for part in parts]
        return np.concatenate([parts[n].T for n in ROWS[G]])

    return read


def _bias(tensor: Tensor, G: int, half: int | None) -> Callable[[], Any]:
    def read() -> Any:
        whole = np.asarray(tensor.read())
        one = whole if half is None else whole.reshape(2, -1)[half]
        return np.concatenate([np.split(one, G)[n] for n in ROWS[G]])

    return read
