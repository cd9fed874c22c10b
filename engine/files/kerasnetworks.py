"""The recurrent layers of a Keras file as networks: what is stored, with what the configuration says of it."""

from typing import Any

from .contents import Recurrent, Tensor
from .kerasconfig import CUDNN, Declared, Version, kind
from .keraslayouts import Stored, as_pytorch, gates, is_cudnn, misfit, resets_after

CELLS = {4: "lstm", 3: "gru", 1: "rnn"}
"""The cell by the number of its gates."""

FUNCTIONS = {name: name for name in (
    "tanh", "sigmoid", "relu", "linear", "softsign", "softplus", "elu", "selu", "relu6", "exponential", "silu", "mish",
    "hard_tanh", "log_sigmoid",
)} | {"swish": "silu", "leaky_relu": "leaky_relu(0.2)"}  # fmt: skip
"""Keras's activations by their names, as `engine.activations` spells them; hard_sigmoid depends on the version."""

HARD_SIGMOID = "hard_sigmoid"


class _Refused(Exception):
    """The one sentence that says why a layer's numbers cannot be computed."""


def networks_of(found: list[Stored], layers: list[Declared] | None, version: Version) -> tuple[Recurrent, ...]:
    """Return each stored layer as a network, with what the `layers` of the configuration, if there is one, say of it.

    `version` is the version of Keras that wrote the file. A layer whose numbers cannot be computed carries the reason
    as `refused`.
    """
    merged = _merged(found, layers)
    _name(merged, layers)
    return tuple(_network(one, layers, version) for one in merged)


def _merged(found: list[Stored], layers: list[Declared] | None) -> list[Stored]:
    """Join the cells that belong to one layer of the configuration but are stored apart."""
    merged: dict[int, Stored] = {}
    for number, one in enumerate(found):
        layer = _declared(one, layers)
        key = id(layer) if layer is not None and len(layer.cells) + len(layer.backward) > 1 else number
        merged.setdefault(key, Stored(one.name, one.path, one.names, cell=one.cell))
        for (_, turned), arrays in one.cells.items():
            backward = turned or (layer is not None and _is_backward(one.names, layer))
            place = sum(other == backward for _, other in merged[key].cells)
            merged[key].cells[place, backward] = arrays
    return list(merged.values())


def _name(found: list[Stored], layers: list[Declared] | None) -> None:
    """Name each layer as its model does; where two would have the same name, by their places in the file."""
    for one in found:
        layer = _declared(one, layers)
        one.name = "/".join(layer.names) if layer is not None else one.name
    every = [one.name for one in found]
    for one in found:
        if every.count(one.name) > 1:
            one.name = one.path or "/".join(one.names)


def _declared(one: Stored, layers: list[Declared] | None) -> Declared | None:
    """The layer of the configuration whose weights these are; None where none or more than one fits."""
    if layers is None:
        return None
    if one.path:
        path = one.path.replace("_layer_checkpoint_dependencies/", "layers/")
        fits = [layer for layer in layers if layer.path == path]
    else:
        fits = [layer for layer in layers if _is_called(one.names, layer)]
        fits = [layer for layer in fits if len(layer.names) == max(len(other.names) for other in fits)]
    return fits[0] if len(fits) == 1 else None


def _is_backward(names: tuple[str, ...], layer: Declared) -> bool:
    """Whether weights under these names belong to a backward layer that has a name of its own."""
    return bool(layer.backward) and layer.backward is not layer.cells and layer.backward[0][1].get("name") in names


def _is_called(names: tuple[str, ...], layer: Declared) -> bool:
    """Whether weights under these names can be those of `layer`; a user's own class may have other layers inside."""
    if layer.names[0] != names[0] or layer.names[-1] not in names:
        return False
    return bool(layer.cells) or names[-1] == layer.names[-1]


def _network(one: Stored, layers: list[Declared] | None, version: Version) -> Recurrent:
    """A recurrent layer as a network, or refused with what stands in the way."""
    layer = _declared(one, layers)
    tensors: dict[str, Tensor] = {}
    try:
        if layer is not None and not layer.cells:
            raise _Refused(f"its class is {layer.kind or 'not named'}, which is not computed")
        for arrays in one.cells.values():
            if why := misfit(arrays):
                raise _Refused(why)
        kinds = {gates(arrays) for arrays in one.cells.values()}
        numbers = sorted({number for number, _ in one.cells})
        backward = {is_back for _, is_back in one.cells}
        if len(kinds) > 1 or len(one.cells) != len(numbers) * len(backward) or backward == {True}:
            raise _Refused("its cells are of different kinds, or one of its directions is missing")
        turned = layer is not None and layer.from_the_end
        for (number, is_back), arrays in sorted(one.cells.items(), key=lambda cell: cell[0]):
            tensors |= as_pytorch(arrays, f"_l{number}{'_reverse' if is_back or turned else ''}")
        if layer is not None:
            return _as_declared(one, layer, tensors, version)
        inside = ("its configuration is not in the file",) if layers is not None else ()
        return _undeclared(one, tensors, version, inside)
    except _Refused as why:
        return Recurrent(one.name, tensors, refused=str(why))


def _undeclared(one: Stored, tensors: dict[str, Tensor], version: Version, notes: tuple[str, ...]) -> Recurrent:
    """A layer of which there are only the weights: its functions are its version's defaults, or have to be given."""
    if not one.own_cell:
        raise _Refused(f"its cell is {one.cell}, which is not one of Keras's own")
    arrays = next(iter(one.cells.values()))
    cell, options, assumed = CELLS[gates(arrays)], ["--activation", "--recurrent-activation"], ""
    if cell == "gru" and (after := resets_after(arrays)) is not True:
        cell = "gru-before"
        options += ["--cell"] if after is None else []
    if cell == "rnn":
        options.remove("--recurrent-activation")
    activations: dict[str, str] = {}
    if is_cudnn(arrays):
        return Recurrent(one.name, tensors, cell, _functions(cell, "tanh", "sigmoid"), (*notes, "in CuDNN's layout"))
    if version.default_gate is not None and "--cell" not in options:
        activations = _functions(cell, "tanh", version.default_gate)
        named = "tanh" if cell == "rnn" else f"tanh and {version.default_gate}"
        assumed = f"activations {named}, the defaults of Keras {version.text}"
        options = []
    return Recurrent(
        one.name, tensors, None if "--cell" in options else cell, activations, notes, assumed, options=tuple(options)
    )


def _as_declared(one: Stored, layer: Declared, tensors: dict[str, Tensor], version: Version) -> Recurrent:
    """A layer as its configuration says."""
    _check_directions(one, layer)
    every = [*layer.cells, *layer.backward]
    told = {_functions_of(name, config, version) for name, config in every}
    if len(told) > 1:
        raise _Refused("its cells differ in kind or activations; one network has one kind of cell")
    cell, before, function, gate = told.pop()
    for (number, is_back), arrays in one.cells.items():
        name, config = (layer.backward if is_back else layer.cells)[number]
        _check_cell(arrays, name, config, cell, before)
    notes = list(layer.notes)
    if layer.from_the_end:
        notes.append("reads its input from the end (go_backwards); Keras gives its last timestamp first, unlike here")
    if any(config.get("stateful") is True for _, config in every):
        notes.append("carries its state on from one sequence to the next (stateful)")
    full = "gru-before" if before else cell
    assumed = "no timestamp masked" if layer.masked else ""
    return Recurrent(one.name, tensors, full, _functions(cell, function, gate), tuple(notes), assumed)


def _check_directions(one: Stored, layer: Declared) -> None:
    """Raise _Refused where the directions of a layer are not those that are computed."""
    if len(one.cells) != len(layer.cells) + len(layer.backward):
        raise _Refused(f"it has weights for {len(one.cells)} cells; its configuration has "
                       f"{len(layer.cells) + len(layer.backward)}")  # fmt: skip
    if layer.backward and layer.merge not in ("concat", "none"):
        raise _Refused(f"joins its two directions by merge_mode={layer.merge}; only concat is computed")
    if layer.backward and layer.from_the_end:
        raise _Refused("reads its input from the end in both directions, which is not computed")


def _functions_of(name: str, config: Any, version: Version) -> tuple[str, bool, str, str]:
    """What the configuration of a cell says: the cell, whether it resets before, its function and its gates'."""
    cell = kind(name)
    if cell is None:
        raise _Refused(f"its cell is {name or 'not named'}, which is not one of Keras's own")
    if name.startswith(CUDNN):
        return cell, False, "tanh", "sigmoid"
    function = _function(config.get("activation", "tanh"), version)
    if cell == "rnn":
        return cell, False, function, ""
    gate = config.get("recurrent_activation", config.get("inner_activation"))
    if gate is None and version.default_gate is None:
        raise _Refused("its configuration does not say its recurrent_activation")
    before = cell == "gru" and config.get("reset_after", False) is False
    return cell, before, function, version.default_gate or "" if gate is None else _function(gate, version)


def _function(value: Any, version: Version) -> str:
    """An activation by its name in `engine.activations`. Raises _Refused for one that is not computed."""
    name = value.get("config") if isinstance(value, dict) and value.get("class_name") == "function" else value
    if name is None:
        return "linear"
    if name == HARD_SIGMOID:
        if version.hard_sigmoid is None:
            raise _Refused("has hard_sigmoid, and the file does not say which version's; Keras 3 changed its slope")
        return version.hard_sigmoid
    if not isinstance(name, str) or name not in FUNCTIONS:
        called = name if isinstance(name, str) else value.get("class_name") if isinstance(value, dict) else "unknown"
        raise _Refused(f"has the activation {called}, which is not computed")
    return FUNCTIONS[name]


def _check_cell(arrays: dict[str, Tensor], name: str, config: Any, cell: str, before: bool) -> None:
    """Raise _Refused where the weights are not those of the cell that the configuration describes."""
    H, G = arrays["recurrent_kernel"].shape[0], gates(arrays)
    units = config.get("units", config.get("output_dim"))
    if CELLS[G] != cell or units != H:
        raise _Refused(f"its weights are a {CELLS[G]}'s of {H} units; its configuration has {name} of {units}")
    if config.get("use_bias", True) is not ("bias" in arrays):
        raise _Refused("its weights and its configuration differ in whether it has a bias")
    after = resets_after(arrays)
    if is_cudnn(arrays) is not name.startswith(CUDNN):
        raise _Refused("its weights and its configuration differ in whether they have CuDNN's layout")
    if cell == "gru" and not name.startswith(CUDNN) and after is not None and after is before:
        raise _Refused("its bias and its reset_after do not fit each other")


def _functions(cell: str, function: str, gate: str) -> dict[str, str]:
    """The functions of a cell by the parts that they work on."""
    if cell == "rnn":
        return {"candidate": function}
    both = {"gate": gate, "candidate": function}
    return both if cell.startswith("gru") else {**both, "output": function}
